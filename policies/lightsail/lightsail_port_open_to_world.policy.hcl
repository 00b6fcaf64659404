# Lightsail opens a port to everybody unless a range is written. SSH, databases and admin pages that the whole internet can reach are
# found by scanners within minutes, and from then on one weak password decides.

input "allowed_ports" {
  type        = list(number)
  default     = [80, 443]
  description = "Ports that the whole internet may reach: those of a web server."
}

resource_policy "aws_lightsail_instance_public_ports" "lightsail_port_open_to_world" {
  title             = "Lightsail server has more than its web ports open to everybody"
  category          = "lightsail"
  severity          = "high"
  references        = ["Terraform AWS provider: aws_lightsail_instance_public_ports", "Amazon Lightsail User Guide: Instance firewalls"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = "Anybody can try passwords and known holes on this port, day and night."
    fix = "Write the range of the office or VPN into cidrs, or use the browser-based SSH of Lightsail through cidr_list_aliases = [\"lightsail-connect\"]. Without an aws_lightsail_instance_public_ports the defaults of AWS hold, and they have SSH open to everybody."
  }

  locals {
    # No range at all means everybody. What the provider fills in is only known after the first apply; until then a block without
    # ranges is not decided.
    open = [
      for p in attrs.port_info : p
      if core::anytrue([for c in core::coalesce(core::try([for x in p.cidrs : x], null), []) : c == "0.0.0.0/0"])
      || core::anytrue([for c in core::coalesce(core::try([for x in p.ipv6_cidrs : x], null), []) : c == "::/0"])
      || (core::try(core::length(p.cidrs), 0) == 0 && core::try(core::length(p.ipv6_cidrs), 0) == 0 && core::try(core::length(p.cidr_list_aliases), 0) == 0)
    ]
    bad = [for p in local.open : p if core::lower(p.protocol) == "all" || (!core::startswith(core::lower(p.protocol), "icmp") && !(p.from_port == p.to_port && core::contains(input.allowed_ports, p.from_port)))]
  }

  enforce {
    condition     = core::length(local.bad) == 0
    at            = attrs.port_info
    error_message = "${meta.address} opens ${core::join(", ", [for p in local.bad : p.from_port == p.to_port ? "port ${p.from_port}" : "ports ${p.from_port} to ${p.to_port}"])} (${core::join(", ", core::distinct([for p in local.bad : p.protocol]))}) to the whole internet, where scanners try passwords day and night."
  }

  option "range" {
    title    = "Only the range of the office or VPN"
    merits   = ["one line"]
    demerits = ["must follow when the address changes"]
    downtime = "none"
    effort   = "S"
  }

  option "browser_ssh" {
    title    = "SSH only through the browser of Lightsail"
    merits   = ["no fixed address needed"]
    demerits = ["no SSH from scripts"]
    downtime = "none"
    effort   = "S"
  }

  pass "web_and_office" {
    resource "aws_lightsail_instance" "web" {
      name              = "web"
      availability_zone = "ap-northeast-1a"
      blueprint_id      = "amazon_linux_2023"
      bundle_id         = "small_3_0"
    }

    resource "aws_lightsail_instance_public_ports" "web" {
      instance_name = aws_lightsail_instance.web.name

      port_info {
        protocol  = "tcp"
        from_port = 443
        to_port   = 443
        cidrs     = ["0.0.0.0/0"]
      }

      port_info {
        protocol  = "tcp"
        from_port = 22
        to_port   = 22
        cidrs     = ["198.51.100.7/32"]
      }

      port_info {
        protocol          = "tcp"
        from_port         = 22
        to_port           = 22
        cidr_list_aliases = ["lightsail-connect"]
      }
    }
  }

  fail "ssh" {
    resource "aws_lightsail_instance_public_ports" "web" {
      instance_name = "web"

      port_info {
        protocol  = "tcp"
        from_port = 22
        to_port   = 22
        cidrs     = ["0.0.0.0/0"]
      }
    }
  }

  fail "ipv6" {
    resource "aws_lightsail_instance_public_ports" "web" {
      instance_name = "web"

      port_info {
        protocol   = "tcp"
        from_port  = 22
        to_port    = 22
        cidrs      = ["198.51.100.7/32"]
        ipv6_cidrs = ["::/0"]
      }
    }
  }

  fail "no_range_and_all" {
    resource "aws_lightsail_instance_public_ports" "database" {
      instance_name = "database"

      port_info {
        protocol  = "tcp"
        from_port = 80
        to_port   = 3306
      }
    }

    resource "aws_lightsail_instance_public_ports" "all" {
      instance_name = "all"

      port_info {
        protocol  = "all"
        from_port = 443
        to_port   = 443
      }
    }
  }

  fail "defaults_of_aws" {
    resource "aws_lightsail_instance" "web" {
      name              = "web"
      availability_zone = "ap-northeast-1a"
      blueprint_id      = "amazon_linux_2023"
      bundle_id         = "small_3_0"
    }
  }
}

resource_policy "aws_lightsail_instance" "lightsail_port_open_to_world" {
  enforcement_level = "mandatory_overridable"

  locals {
    companions = core::concat(
      core::getresources("aws_lightsail_instance_public_ports", { instance_name = attrs.id }),
      core::getresources("aws_lightsail_instance_public_ports", { instance_name = attrs.name })
    )
  }

  enforce {
    condition     = core::length(local.companions) > 0
    severity      = "medium"
    error_message = "${meta.address} has no aws_lightsail_instance_public_ports, so the defaults of AWS hold: SSH or RDP is open to the whole internet, where scanners try passwords day and night."
  }
}
