# Tasks behind a load balancer get their requests from it and from nobody else. A group that admits everybody is a door beside the
# door: it leads around the access log, the firewall and the HTTPS of the load balancer as soon as a route exists. Ports that are
# not for the web are told by port_open_to_world already.

input "allowed_ports" {
  type        = list(number)
  default     = [80, 443]
  description = "Ports that port_open_to_world lets everybody in to; the others are told there."
}

locals {
  # Services of which the load balancer is the only way in. Behind a network load balancer the tasks see the addresses of clients,
  # so their group has to admit these.
  behind = [
    for s in core::getresources("aws_ecs_service", null) : s
    if core::try(core::length(s.load_balancer), 0) > 0 && !core::anytrue(core::try([for n in s.network_configuration : core::coalesce(core::try(n.assign_public_ip, null), false)], []))
    && core::anytrue(core::flatten([for b in s.load_balancer : [for t in core::getresources("aws_lb_target_group", { arn = core::try(b.target_group_arn, null) }) : core::contains(["HTTP", "HTTPS"], core::coalesce(core::try(t.protocol, null), "HTTP"))]]))
  ]
  groups = core::flatten([for s in local.behind : core::try([for n in s.network_configuration : [for g in n.security_groups : g]], [])])
}

resource_policy "aws_security_group" "app_port_open_behind_load_balancer" {
  title             = "Tasks behind a load balancer admit the whole internet"
  category          = "exposure"
  severity          = "medium"
  references        = ["Terraform AWS provider: aws_security_group", "Amazon ECS Developer Guide: Security groups for tasks"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = "A task that gets a public address one day is on the internet at once, without a log and without HTTPS."
    fix = "Replace the range by the security group of the load balancer."
  }

  locals {
    behind = [
      for s in graph::referrers("aws_ecs_service") : s
      if core::try(core::length(s.load_balancer), 0) > 0 && !core::anytrue(core::try([for n in s.network_configuration : core::coalesce(core::try(n.assign_public_ip, null), false)], []))
      && core::anytrue(core::flatten([for b in s.load_balancer : [for t in core::getresources("aws_lb_target_group", { arn = core::try(b.target_group_arn, null) }) : core::contains(["HTTP", "HTTPS"], core::coalesce(core::try(t.protocol, null), "HTTP"))]]))
    ]
  }

  filter = core::anytrue([for r in core::try([for x in attrs.ingress : x], []) : core::anytrue([for c in core::concat(core::try([for c in r.cidr_blocks : c], []), core::try([for c in r.ipv6_cidr_blocks : c], [])) : core::regex_match("(/[01]|^2000::/3)$", c)]) && r.from_port == r.to_port && core::contains(input.allowed_ports, r.from_port) && !core::contains(["-1", "all"], core::lower(r.protocol))])

  enforce {
    condition     = core::length(local.behind) == 0
    at            = attrs.ingress
    error_message = "${meta.address} lets the whole internet in to tasks behind a load balancer, past its HTTPS and its logs; only the group of the load balancer needs to get in."
  }

  option "referenced" {
    title    = "Admit the group of the load balancer"
    merits   = ["only the load balancer gets in"]
    demerits = ["whoever came in past the load balancer is shut out"]
    downtime = "none"
    effort   = "S"
  }

  pass "admits_the_load_balancer" {
    resource "aws_security_group" "app" {
      name   = "app"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
      ingress {
        protocol        = "tcp"
        from_port       = 8080
        to_port         = 8080
        security_groups = ["sg-0a1b2c3d4e5f60718"]
      }
    }

    resource "aws_lb_target_group" "app" {
      name        = "app"
      port        = 8080
      protocol    = "HTTP"
      target_type = "ip"
      vpc_id      = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "main"
      task_definition = "app:1"
      desired_count   = 2
      network_configuration {
        subnets         = ["subnet-0a1b2c3d4e5f60718"]
        security_groups = [aws_security_group.app.id]
      }
      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  pass "group_of_the_load_balancer" {
    resource "aws_security_group" "lb" {
      name   = "lb"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
      ingress {
        protocol    = "tcp"
        from_port   = 443
        to_port     = 443
        cidr_blocks = ["0.0.0.0/0"]
      }
    }

    resource "aws_security_group" "app" {
      name   = "app"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb_target_group" "app" {
      name        = "app"
      port        = 8080
      protocol    = "HTTP"
      target_type = "ip"
      vpc_id      = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "main"
      task_definition = "app:1"
      desired_count   = 2
      network_configuration {
        subnets         = ["subnet-0a1b2c3d4e5f60718"]
        security_groups = [aws_security_group.app.id]
      }
      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  pass "network_load_balancer" {
    resource "aws_security_group" "app" {
      name   = "app"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
      ingress {
        protocol    = "tcp"
        from_port   = 443
        to_port     = 443
        cidr_blocks = ["0.0.0.0/0"]
      }
    }

    resource "aws_lb_target_group" "app" {
      name        = "app"
      port        = 8080
      protocol    = "TCP"
      target_type = "ip"
      vpc_id      = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "main"
      task_definition = "app:1"
      desired_count   = 2
      network_configuration {
        subnets         = ["subnet-0a1b2c3d4e5f60718"]
        security_groups = [aws_security_group.app.id]
      }
      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  pass "public_task" {
    resource "aws_security_group" "app" {
      name   = "app"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
      ingress {
        protocol    = "tcp"
        from_port   = 443
        to_port     = 443
        cidr_blocks = ["0.0.0.0/0"]
      }
    }

    resource "aws_lb_target_group" "app" {
      name        = "app"
      port        = 8080
      protocol    = "HTTP"
      target_type = "ip"
      vpc_id      = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "main"
      task_definition = "app:1"
      desired_count   = 2
      network_configuration {
        subnets          = ["subnet-0a1b2c3d4e5f60718"]
        security_groups  = [aws_security_group.app.id]
        assign_public_ip = true
      }
      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  pass "no_load_balancer" {
    resource "aws_security_group" "app" {
      name   = "app"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
      ingress {
        protocol    = "tcp"
        from_port   = 443
        to_port     = 443
        cidr_blocks = ["0.0.0.0/0"]
      }
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "main"
      task_definition = "app:1"
      desired_count   = 2
      network_configuration {
        subnets         = ["subnet-0a1b2c3d4e5f60718"]
        security_groups = [aws_security_group.app.id]
      }
    }
  }

  pass "rules_that_are_told_elsewhere_or_are_narrow" {
    resource "aws_security_group" "app" {
      name   = "app"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb_target_group" "app" {
      name        = "app"
      port        = 8080
      protocol    = "HTTP"
      target_type = "ip"
      vpc_id      = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_ecs_service" "app" {
      name          = "app"
      cluster       = "main"
      desired_count = 2

      network_configuration {
        subnets         = ["subnet-0a1b2c3d4e5f60718"]
        security_groups = [aws_security_group.app.id]
      }

      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = 8080
      }
    }

    resource "aws_security_group_rule" "out" {
      type              = "egress"
      security_group_id = aws_security_group.app.id
      protocol          = "tcp"
      from_port         = 443
      to_port           = 443
      cidr_blocks       = ["0.0.0.0/0"]
    }

    resource "aws_security_group_rule" "other_port" {
      type              = "ingress"
      security_group_id = aws_security_group.app.id
      protocol          = "tcp"
      from_port         = 8080
      to_port           = 8080
      cidr_blocks       = ["0.0.0.0/0"]
    }

    resource "aws_security_group_rule" "range" {
      type              = "ingress"
      security_group_id = aws_security_group.app.id
      protocol          = "tcp"
      from_port         = 443
      to_port           = 444
      cidr_blocks       = ["0.0.0.0/0"]
    }

    resource "aws_security_group_rule" "inside" {
      type              = "ingress"
      security_group_id = aws_security_group.app.id
      protocol          = "tcp"
      from_port         = 443
      to_port           = 443
      cidr_blocks       = ["10.0.0.0/8"]
    }

    resource "aws_vpc_security_group_ingress_rule" "other_port" {
      security_group_id = aws_security_group.app.id
      ip_protocol       = "tcp"
      from_port         = 8080
      to_port           = 8080
      cidr_ipv4         = "0.0.0.0/0"
    }

    resource "aws_vpc_security_group_ingress_rule" "inside" {
      security_group_id = aws_security_group.app.id
      ip_protocol       = "tcp"
      from_port         = 443
      to_port           = 443
      cidr_ipv4         = "10.0.0.0/8"
    }
  }

  fail "inline" {
    resource "aws_security_group" "app" {
      name   = "app"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
      ingress {
        protocol    = "tcp"
        from_port   = 80
        to_port     = 80
        cidr_blocks = ["0.0.0.0/0"]
      }
    }

    resource "aws_lb_target_group" "app" {
      name        = "app"
      port        = 8080
      protocol    = "HTTP"
      target_type = "ip"
      vpc_id      = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "main"
      task_definition = "app:1"
      desired_count   = 2
      network_configuration {
        subnets         = ["subnet-0a1b2c3d4e5f60718"]
        security_groups = [aws_security_group.app.id]
      }
      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  fail "rules" {
    resource "aws_security_group" "app" {
      name   = "app"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb_target_group" "app" {
      name        = "app"
      port        = 8080
      protocol    = "HTTP"
      target_type = "ip"
      vpc_id      = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "main"
      task_definition = "app:1"
      desired_count   = 2
      network_configuration {
        subnets         = ["subnet-0a1b2c3d4e5f60718"]
        security_groups = [aws_security_group.app.id]
      }
      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = 8080
      }
    }

    resource "aws_security_group_rule" "app" {
      type              = "ingress"
      security_group_id = aws_security_group.app.id
      protocol          = "tcp"
      from_port         = 80
      to_port           = 80
      cidr_blocks       = ["0.0.0.0/0"]
    }

    resource "aws_vpc_security_group_ingress_rule" "app" {
      security_group_id = aws_security_group.app.id
      ip_protocol       = "tcp"
      from_port         = 443
      to_port           = 443
      cidr_ipv4         = "0.0.0.0/0"
    }

    expect = ["aws_security_group_rule.app", "aws_vpc_security_group_ingress_rule.app"]
  }
}

resource_policy "aws_security_group_rule" "app_port_open_behind_load_balancer" {
  enforcement_level = "mandatory_overridable"

  filter = attrs.type == "ingress" && attrs.from_port == attrs.to_port && core::contains(input.allowed_ports, attrs.from_port) && core::anytrue([for c in core::concat(core::try([for c in attrs.cidr_blocks : c], []), core::try([for c in attrs.ipv6_cidr_blocks : c], [])) : core::regex_match("(/[01]|^2000::/3)$", c)])

  enforce {
    condition     = !core::contains(local.groups, attrs.security_group_id)
    at            = attrs.cidr_blocks
    error_message = "${meta.address} lets the whole internet in to tasks behind a load balancer, past its HTTPS and its logs; only the group of the load balancer needs to get in."
  }
}

resource_policy "aws_vpc_security_group_ingress_rule" "app_port_open_behind_load_balancer" {
  enforcement_level = "mandatory_overridable"

  filter = core::contains(["0.0.0.0/0", "::/0"], core::coalesce(core::try(attrs.cidr_ipv4, null), core::try(attrs.cidr_ipv6, null), "-")) && core::try(attrs.from_port == attrs.to_port && core::contains(input.allowed_ports, attrs.from_port), false)

  enforce {
    condition     = !core::contains(local.groups, attrs.security_group_id)
    at            = attrs.cidr_ipv4
    error_message = "${meta.address} lets the whole internet in to tasks behind a load balancer, past its HTTPS and its logs; only the group of the load balancer needs to get in."
  }
}
