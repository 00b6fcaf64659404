input "allowed_ports" {
  type    = list(number)
  default = [80, 443]
}

resource_policy "aws_vpc_security_group_ingress_rule" "numbers_and_networks" {
  locals {
    from    = core::try(attrs.from_port, 0)
    to      = core::try(attrs.to_port, 0)
    allowed = [for port in input.allowed_ports : port if port >= local.from && port <= local.to]
    cidr    = core::try(attrs.cidr_ipv4, null)
  }

  enforce {
    condition     = core::length(local.allowed) == (local.to - local.from + 1)
    error_message = "${local.to - local.from + 1} ports are opened, and ${core::length(local.allowed)} of them are allowed."
  }

  enforce {
    condition = local.cidr == null ? true : core::tonumber(core::split("/", local.cidr)[1]) >= 8
  }

  enforce {
    condition = core::alltrue([
      core::cidrhost("10.0.0.0/8", 1) == "10.0.0.1",
      core::cidrsubnet("10.0.0.0/8", 8, 2) == "10.2.0.0/16",
      core::abs(-2.5) == 2.5 && core::ceil(1.2) == 2 && core::floor(-1.2) == -2,
      core::max(1, 1e2, 3) == 100 && core::pow(2, 10) == 1024 && -core::signum(-3) == 1,
      core::sum(core::range(1, 4)) == 6 && core::length(core::range(3)) == 3,
      7 % 4 == 3 && (1 + 2) * 3 == 9 && 1 / 4 == 0.25,
    ])
  }
}
