input "team" {
  type    = string
  default = "nobody"
}

resource_policy "aws_subnet" "in_its_network" {
  locals {
    networks = core::getresources("aws_vpc", { id = attrs.vpc_id })
    network  = core::one(local.networks)
  }

  enforce {
    condition     = local.network != null
    error_message = "${attrs.cidr_block} is in no network."
  }

  enforce {
    condition = core::try(local.network.tags.team, "") == input.team && core::cidrnetmask(local.network.cidr_block) == "255.255.0.0"
  }
}
