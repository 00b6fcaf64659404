# Everything that answers on the internet is found within minutes. Web ports are meant for that. Behind SSH, databases, caches and
# admin pages, one weak password or one unpatched hole is then enough.

input "allowed_ports" {
  type        = list(number)
  default     = [80, 443]
  description = "Ports that the whole internet may reach: those of a web server."
}

input "admin_ports" {
  type        = list(number)
  default     = [22, 3389, 3306, 5432, 6379, 11211, 27017, 9200, 2049, 2375]
  description = "Ports of shells, databases, caches, file shares and the Docker API: open to everybody they are critical."
}

resource_policy "aws_security_group" "port_open_to_world" {
  title             = "A port that is not for everybody is open to the whole internet"
  category          = "exposure"
  severity          = "high"
  aliases           = ["CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_260", "CKV_AWS_277", "AWS-0107", "FG_R00377", "K:unrestricted_security_group_ingress", "K:unknown_port_exposed_to_internet", "S:ec2-security-group-ingress-traffic-restriction-to-unauthorized-ports"]
  references        = ["Terraform AWS provider: aws_security_group", "Terraform AWS provider: aws_vpc_security_group_ingress_rule", "AWS Systems Manager User Guide: Session Manager"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = "Scanners try passwords and known holes on every open port, day and night. A database that is found this way is copied and deleted."
    fix = "Let in only the load balancer's group, the office range or the VPN; for shells use SSM Session Manager, which needs no open port."
  }

  locals {
    # /0 and /1 are the internet or half of it; icmp has no ports.
    open = [
      for r in core::try([for x in attrs.ingress : x], []) : r
      if core::anytrue([for c in core::concat(core::try([for c in r.cidr_blocks : c], []), core::try([for c in r.ipv6_cidr_blocks : c], [])) : core::regex_match("(/[01]|^2000::/3)$", c)]) && !core::startswith(core::lower(r.protocol), "icmp") && !core::contains(["1", "58"], r.protocol)
    ]
    bad   = [for r in local.open : r if core::contains(["-1", "all"], core::lower(r.protocol)) || r.from_port != r.to_port || !core::contains(input.allowed_ports, core::tonumber(r.from_port))]
    worst = [for r in local.bad : r if core::contains(["-1", "all"], core::lower(r.protocol)) || core::anytrue([for p in input.admin_ports : p >= r.from_port && p <= r.to_port])]

    # In a state, the rules of resources of their own stand here as well; those are judged where they are written.
    apart = core::length(local.bad) > 0 ? core::length(core::getresources("aws_security_group_rule", { security_group_id = attrs.id })) + core::length(core::getresources("aws_vpc_security_group_ingress_rule", { security_group_id = attrs.id })) : 0
  }

  filter = core::length(local.open) > 0 && local.apart == 0

  enforce {
    condition     = core::length(local.worst) == 0
    at            = attrs.ingress
    severity      = "critical"
    error_message = "${meta.address} opens ${core::join(", ", [for r in local.worst : core::contains(["-1", "all"], core::lower(r.protocol)) ? "every port" : r.from_port == r.to_port ? "port ${r.from_port}" : "ports ${r.from_port} to ${r.to_port}"])} to the whole internet, where scanners try passwords day and night."
  }

  enforce {
    condition     = core::length(local.bad) == core::length(local.worst)
    at            = attrs.ingress
    error_message = "${meta.address} opens ${core::join(", ", [for r in local.bad : r.from_port == r.to_port ? "port ${r.from_port}" : "ports ${r.from_port} to ${r.to_port}" if !core::contains(["-1", "all"], core::lower(r.protocol))])} to the whole internet; only ${core::join(", ", input.allowed_ports)} are meant for everybody."
  }

  option "referenced" {
    title    = "Let in a security group instead of addresses"
    merits   = ["follows the machines"]
    demerits = ["both must be in connected networks"]
    downtime = "none"
    effort   = "S"
  }

  option "session_manager" {
    title    = "No open port: SSM Session Manager or a VPN"
    merits   = ["nothing to find from outside"]
    demerits = ["an agent and a role, or a VPN to run"]
    downtime = "none"
    effort   = "M"
  }

  option "office" {
    title    = "Only the range of the office"
    merits   = ["one line"]
    demerits = ["must follow when the address changes"]
    downtime = "none"
    effort   = "S"
  }

  pass "web" {
    resource "aws_security_group" "web" {
      name   = "web"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
      ingress {
        protocol    = "tcp"
        from_port   = 80
        to_port     = 80
        cidr_blocks = ["0.0.0.0/0"]
      }
      ingress {
        protocol    = "tcp"
        from_port   = 443
        to_port     = 443
        cidr_blocks = ["0.0.0.0/0"]
      }
      ingress {
        protocol         = "tcp"
        from_port        = 443
        to_port          = 443
        ipv6_cidr_blocks = ["::/0"]
      }
    }
  }

  # Source may write a port as text.
  pass "ports_from_a_set" {
    resource "aws_vpc_security_group_ingress_rule" "web" {
      for_each = toset(["80", "443"])

      security_group_id = "sg-0a1b2c3d4e5f60718"
      ip_protocol       = "tcp"
      from_port         = each.value
      to_port           = each.value
      cidr_ipv4         = "0.0.0.0/0"
    }

    resource "aws_security_group" "web" {
      name   = "web"
      vpc_id = "vpc-0a1b2c3d4e5f60718"

      dynamic "ingress" {
        for_each = ["80", "443"]

        content {
          protocol    = "tcp"
          from_port   = ingress.value
          to_port     = ingress.value
          cidr_blocks = ["0.0.0.0/0"]
        }
      }
    }
  }

  pass "office_and_ping" {
    resource "aws_security_group" "admin" {
      name   = "admin"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
      ingress {
        protocol    = "tcp"
        from_port   = 22
        to_port     = 22
        cidr_blocks = ["198.51.100.7/32"]
      }
      ingress {
        protocol    = "icmp"
        from_port   = -1
        to_port     = -1
        cidr_blocks = ["0.0.0.0/0"]
      }
    }
  }

  pass "rules" {
    resource "aws_security_group_rule" "web" {
      type              = "ingress"
      security_group_id = "sg-0a1b2c3d4e5f60718"
      protocol          = "tcp"
      from_port         = 443
      to_port           = 443
      cidr_blocks       = ["0.0.0.0/0"]
    }

    resource "aws_security_group_rule" "out" {
      type              = "egress"
      security_group_id = "sg-0a1b2c3d4e5f60718"
      protocol          = "tcp"
      from_port         = 0
      to_port           = 65535
      cidr_blocks       = ["0.0.0.0/0"]
    }

    resource "aws_security_group_rule" "office" {
      type              = "ingress"
      security_group_id = "sg-0a1b2c3d4e5f60718"
      protocol          = "tcp"
      from_port         = 22
      to_port           = 22
      cidr_blocks       = ["198.51.100.7/32"]
    }

    resource "aws_vpc_security_group_ingress_rule" "web" {
      security_group_id = "sg-0a1b2c3d4e5f60718"
      ip_protocol       = "tcp"
      from_port         = 443
      to_port           = 443
      cidr_ipv4         = "0.0.0.0/0"
    }

    resource "aws_vpc_security_group_ingress_rule" "office" {
      security_group_id = "sg-0a1b2c3d4e5f60718"
      ip_protocol       = "tcp"
      from_port         = 22
      to_port           = 22
      cidr_ipv4         = "198.51.100.7/32"
    }

    resource "aws_vpc_security_group_ingress_rule" "ping" {
      security_group_id = "sg-0a1b2c3d4e5f60718"
      ip_protocol       = "icmp"
      from_port         = -1
      to_port           = -1
      cidr_ipv4         = "0.0.0.0/0"
    }
  }

  fail "database" {
    resource "aws_security_group" "database" {
      name   = "database"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
      ingress {
        protocol    = "tcp"
        from_port   = 5432
        to_port     = 5432
        cidr_blocks = ["0.0.0.0/0"]
      }
    }
  }

  fail "half_of_the_internet" {
    resource "aws_security_group" "database" {
      name   = "database"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
      ingress {
        protocol    = "tcp"
        from_port   = 3306
        to_port     = 3306
        cidr_blocks = ["128.0.0.0/1"]
      }
    }
  }

  fail "ipv6" {
    resource "aws_security_group" "shell" {
      name   = "shell"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
      ingress {
        protocol         = "tcp"
        from_port        = 22
        to_port          = 22
        ipv6_cidr_blocks = ["::/0"]
      }
    }
  }

  fail "everything" {
    resource "aws_security_group" "all" {
      name   = "all"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
      ingress {
        protocol    = "-1"
        from_port   = 0
        to_port     = 0
        cidr_blocks = ["0.0.0.0/0"]
      }
    }
  }

  fail "other_port" {
    resource "aws_security_group" "app" {
      name   = "app"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
      ingress {
        protocol    = "tcp"
        from_port   = 8080
        to_port     = 8080
        cidr_blocks = ["0.0.0.0/0"]
      }
    }
  }

  fail "default_group_other_port" {
    resource "aws_default_security_group" "main" {
      vpc_id = "vpc-0a1b2c3d4e5f60718"

      ingress {
        protocol    = "tcp"
        from_port   = 8080
        to_port     = 8080
        cidr_blocks = ["0.0.0.0/0"]
      }
    }
  }

  fail "default_group" {
    resource "aws_default_security_group" "main" {
      vpc_id = "vpc-0a1b2c3d4e5f60718"
      ingress {
        protocol    = "-1"
        from_port   = 0
        to_port     = 0
        cidr_blocks = ["0.0.0.0/0"]
      }
    }
  }

  fail "rules" {
    resource "aws_security_group_rule" "shell" {
      type              = "ingress"
      security_group_id = "sg-0a1b2c3d4e5f60718"
      protocol          = "tcp"
      from_port         = 22
      to_port           = 22
      cidr_blocks       = ["0.0.0.0/0"]
    }

    resource "aws_security_group_rule" "app" {
      type              = "ingress"
      security_group_id = "sg-0a1b2c3d4e5f60718"
      protocol          = "tcp"
      from_port         = 8080
      to_port           = 8080
      cidr_blocks       = ["0.0.0.0/0"]
    }

    resource "aws_security_group_rule" "all" {
      type              = "ingress"
      security_group_id = "sg-0a1b2c3d4e5f60718"
      protocol          = "-1"
      from_port         = 0
      to_port           = 0
      cidr_blocks       = ["0.0.0.0/0"]
    }

    resource "aws_vpc_security_group_ingress_rule" "shell" {
      security_group_id = "sg-0a1b2c3d4e5f60718"
      ip_protocol       = "tcp"
      from_port         = 22
      to_port           = 22
      cidr_ipv4         = "0.0.0.0/0"
    }

    resource "aws_vpc_security_group_ingress_rule" "app" {
      security_group_id = "sg-0a1b2c3d4e5f60718"
      ip_protocol       = "tcp"
      from_port         = 8000
      to_port           = 8100
      cidr_ipv6         = "::/0"
    }

    resource "aws_vpc_security_group_ingress_rule" "all" {
      security_group_id = "sg-0a1b2c3d4e5f60718"
      ip_protocol       = "-1"
      cidr_ipv4         = "0.0.0.0/0"
    }
  }
}

resource_policy "aws_default_security_group" "port_open_to_world" {
  enforcement_level = "mandatory_overridable"

  locals {
    # /0 and /1 are the internet or half of it; icmp has no ports.
    open = [
      for r in core::try([for x in attrs.ingress : x], []) : r
      if core::anytrue([for c in core::concat(core::try([for c in r.cidr_blocks : c], []), core::try([for c in r.ipv6_cidr_blocks : c], [])) : core::regex_match("(/[01]|^2000::/3)$", c)]) && !core::startswith(core::lower(r.protocol), "icmp") && !core::contains(["1", "58"], r.protocol)
    ]
    bad   = [for r in local.open : r if core::contains(["-1", "all"], core::lower(r.protocol)) || r.from_port != r.to_port || !core::contains(input.allowed_ports, core::tonumber(r.from_port))]
    worst = [for r in local.bad : r if core::contains(["-1", "all"], core::lower(r.protocol)) || core::anytrue([for p in input.admin_ports : p >= r.from_port && p <= r.to_port])]

    # In a state, the rules of resources of their own stand here as well; those are judged where they are written.
    apart = core::length(local.bad) > 0 ? core::length(core::getresources("aws_security_group_rule", { security_group_id = attrs.id })) + core::length(core::getresources("aws_vpc_security_group_ingress_rule", { security_group_id = attrs.id })) : 0
  }

  filter = core::length(local.open) > 0 && local.apart == 0

  enforce {
    condition     = core::length(local.worst) == 0
    at            = attrs.ingress
    severity      = "critical"
    error_message = "${meta.address} opens ${core::join(", ", [for r in local.worst : core::contains(["-1", "all"], core::lower(r.protocol)) ? "every port" : r.from_port == r.to_port ? "port ${r.from_port}" : "ports ${r.from_port} to ${r.to_port}"])} to the whole internet, where scanners try passwords day and night."
  }

  enforce {
    condition     = core::length(local.bad) == core::length(local.worst)
    at            = attrs.ingress
    error_message = "${meta.address} opens ${core::join(", ", [for r in local.bad : r.from_port == r.to_port ? "port ${r.from_port}" : "ports ${r.from_port} to ${r.to_port}" if !core::contains(["-1", "all"], core::lower(r.protocol))])} to the whole internet; only ${core::join(", ", input.allowed_ports)} are meant for everybody."
  }
}

resource_policy "aws_security_group_rule" "port_open_to_world" {
  enforcement_level = "mandatory_overridable"

  locals {
    protocol = core::lower(attrs.protocol)
    all      = core::contains(["-1", "all"], local.protocol)
    from     = local.all ? 0 : core::tonumber(core::coalesce(core::try(attrs.from_port, null), 0))
    to       = local.all ? 65535 : core::tonumber(core::coalesce(core::try(attrs.to_port, null), 65535))
    ports    = local.all ? "every port" : local.from == local.to ? "port ${local.from}" : "ports ${local.from} to ${local.to}"
    allowed  = local.from == local.to && core::contains(input.allowed_ports, local.from)
    admin    = core::anytrue([for p in input.admin_ports : p >= local.from && p <= local.to])
  }

  filter = attrs.type == "ingress" && core::anytrue([for c in core::concat(core::try([for c in attrs.cidr_blocks : c], []), core::try([for c in attrs.ipv6_cidr_blocks : c], [])) : core::regex_match("(/[01]|^2000::/3)$", c)]) && !core::startswith(local.protocol, "icmp") && !core::contains(["1", "58"], local.protocol)

  enforce {
    condition     = !local.admin
    at            = attrs.cidr_blocks
    severity      = "critical"
    error_message = "${meta.address} opens ${local.ports} to the whole internet, where scanners try passwords day and night."
  }

  enforce {
    condition     = local.admin || local.allowed
    at            = attrs.cidr_blocks
    error_message = "${meta.address} opens ${local.ports} to the whole internet; only ${core::join(", ", input.allowed_ports)} are meant for everybody."
  }
}

resource_policy "aws_vpc_security_group_ingress_rule" "port_open_to_world" {
  enforcement_level = "mandatory_overridable"

  locals {
    protocol = core::lower(attrs.ip_protocol)
    all      = core::contains(["-1", "all"], local.protocol)
    from     = local.all ? 0 : core::tonumber(core::coalesce(core::try(attrs.from_port, null), 0))
    to       = local.all ? 65535 : core::tonumber(core::coalesce(core::try(attrs.to_port, null), 65535))
    ports    = local.all ? "every port" : local.from == local.to ? "port ${local.from}" : "ports ${local.from} to ${local.to}"
    allowed  = local.from == local.to && core::contains(input.allowed_ports, local.from)
    admin    = core::anytrue([for p in input.admin_ports : p >= local.from && p <= local.to])
  }

  filter = core::regex_match("(/[01]|^2000::/3)$", core::coalesce(core::try(attrs.cidr_ipv4, null), core::try(attrs.cidr_ipv6, null), "-")) && !core::startswith(local.protocol, "icmp") && !core::contains(["1", "58"], local.protocol)

  enforce {
    condition     = !local.admin
    at            = attrs.cidr_ipv4
    severity      = "critical"
    error_message = "${meta.address} opens ${local.ports} to the whole internet, where scanners try passwords day and night."
  }

  enforce {
    condition     = local.admin || local.allowed
    at            = attrs.cidr_ipv4
    error_message = "${meta.address} opens ${local.ports} to the whole internet; only ${core::join(", ", input.allowed_ports)} are meant for everybody."
  }
}
