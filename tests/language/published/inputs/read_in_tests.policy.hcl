input "lowest_version" {
  type    = string
  default = "3.1.0"
}

input "owners" {
  type = object({
    allowed = list(string)
    address = string
  })
  default = {
    allowed = ["web", "data"]
    address = "teams@example.com"
  }
}

module_policy "app.terraform.io/garden/network/aws" "network_is_recent" {
  enforce {
    condition     = core::semverconstraint(meta.version, ">= ${input.lowest_version}")
    error_message = "The network needs ${input.lowest_version}, and ${meta.address} has ${meta.version}."
  }
}

resource_policy "aws_sns_topic" "topic_has_a_known_owner" {
  enforce {
    condition     = core::contains(input.owners.allowed, core::try(attrs.tags.Owner, ""))
    error_message = "Ask ${input.owners.address} for an owner."
  }
}
