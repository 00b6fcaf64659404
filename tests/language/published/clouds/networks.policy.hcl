input "private_ranges" {
  type = map(object({ cidr = string, note = optional(string, "none"), ports = optional(set(number)) }))
  default = {
    office = { cidr = "10.1.0.0/16" }
    vpn    = { cidr = "10.2.0.0/16", ports = [22, 443] }
  }
}
input "region_azs" {
  type    = map(number)
  default = { "eu-west-1" = 3 }
}
locals {
  forbidden_ports = core::toset([22, 3389])
}
resource_policy "aws_security_group" "no_admin_ports" {
  locals {
    rules = core::try([for r in attrs.ingress : r], [])
    open = [
      for r in local.rules : "${r.from_port}-${r.to_port}"
      if core::length(core::setintersection(local.forbidden_ports, core::toset(core::range(r.from_port, core::min(r.to_port, r.from_port + 1000) + 1)))) > 0
      && core::anytrue([for c in core::concat(core::coalesce(r.cidr_blocks, []), core::coalesce(core::try(r.ipv6_cidr_blocks, []), [])) : core::contains(["0.0.0.0/0", "::/0"], c)])
    ]
  }
  enforce {
    condition     = core::length(local.open) == 0
    error_message = "open: ${core::jsonencode(local.open)}"
  }
}
resource_policy "aws_vpc_security_group_ingress_rule" "no_ssh" {
  enforce {
    condition = !(
      core::try(attrs.cidr_ipv4, "") == "0.0.0.0/0" &&
      (attrs.ip_protocol == "-1" || (attrs.from_port <= 22 && 22 <= attrs.to_port))
    )
    error_message = "SSH is open"
  }
}
resource_policy "aws_subnet" "in_plan" {
  locals {
    bits  = core::parseint(core::split("/", attrs.cidr_block)[1], 10)
    first = core::cidrhost(attrs.cidr_block, 0)
    mask  = core::cidrnetmask(attrs.cidr_block)
    pools = [for name, range in input.private_ranges : core::cidrsubnet(range.cidr, 8, 0)]
  }
  enforce {
    condition     = local.bits >= 20 && local.bits <= 28
    error_message = "A /${local.bits} is not between /20 and /28"
  }
  enforce {
    condition     = core::anytrue([for r in core::values(input.private_ranges) : core::startswith(local.first, core::join(".", core::slice(core::split(".", r.cidr), 0, 2)))])
    error_message = "${local.first} (${local.mask}) is in none of ${core::join(" ", local.pools)}"
  }
}
resource_policy "aws_subnet" "no_public_ip" {
  enforcement_level = "advisory"
  enforce {
    condition = core::try(attrs.map_public_ip_on_launch, false) != true
  }
}
resource_policy "aws_route" "no_igw_for_private" {
  locals {
    tables  = core::getresources("aws_route_table", { id = attrs.route_table_id })
    private = core::length([for t in local.tables : t if core::try(t.tags["tier"], "") == "private"]) > 0
  }
  filter = local.private
  enforce {
    condition     = core::try(attrs.gateway_id, null) == null
    error_message = "private table ${attrs.route_table_id} has an internet gateway"
  }
}
resource_policy "aws_lb_listener" "https" {
  filter = core::contains(["HTTP", "HTTPS"], core::try(attrs.protocol, "HTTP"))
  enforce {
    condition     = attrs.protocol == "HTTPS" || core::alltrue([for a in attrs.default_action : a.type == "redirect" && core::try(core::one(a.redirect).protocol, "") == "HTTPS"])
    error_message = "${attrs.protocol} is not redirected to HTTPS."
  }
}
