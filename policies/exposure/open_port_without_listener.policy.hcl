# Ports stay open long after the listener or the container behind them is gone. Nobody closes them, because nobody knows whether
# they are needed. Here the code says that they are not. Groups that serve other things as well, and everything open to all
# protocols, are left alone.

resource_policy "aws_security_group" "open_port_without_listener" {
  title             = "A port is open that nothing listens on"
  category          = "exposure"
  severity          = "medium"
  references        = ["Terraform AWS provider: aws_security_group", "Terraform AWS provider: aws_lb_listener"]
  enforcement_level = "advisory"

  docs {
    why = "The next thing that happens to listen there is open at once, and every reader of the rules has to ask why."
    fix = "Close the unused part of the range. It can be opened again in a minute."
  }

  locals {
    rules = core::concat(
      [for r in core::try([for x in attrs.ingress : x], []) : { protocol = core::lower(r.protocol), from = r.from_port, to = r.to_port }],
      [for r in core::getresources("aws_security_group_rule", { security_group_id = attrs.id, type = "ingress" }) : { protocol = core::lower(r.protocol), from = r.from_port, to = r.to_port }],
      [for r in core::getresources("aws_vpc_security_group_ingress_rule", { security_group_id = attrs.id }) : { protocol = core::lower(r.ip_protocol), from = core::try(r.from_port, null), to = core::try(r.to_port, null) }],
    )
    tcp = [for r in local.rules : r if r.protocol == "tcp" && r.from != null && r.to != null]

    users    = core::length(local.tcp) > 0 ? [for u in graph::referrers() : u if !core::contains(["aws_security_group", "aws_security_group_rule", "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"], u._type)] : []
    lbs      = [for u in local.users : u if u._type == "aws_lb"]
    services = [for u in local.users : u if u._type == "aws_ecs_service"]
    alone    = core::length(local.users) > 0 && (core::length(local.lbs) == core::length(local.users) || core::length(local.services) == core::length(local.users))

    listening = core::flatten([for b in local.lbs : [for l in core::getresources("aws_lb_listener", { load_balancer_arn = b.arn }) : l.port]])
    mapped = core::flatten([
      for s in local.services : [
        core::try([for b in s.load_balancer : b.container_port], []),
        [for t in core::getresources("aws_ecs_task_definition", { arn = s.task_definition }) : core::flatten([for c in core::jsondecode(t.container_definitions) : core::try([for m in c.portMappings : m.containerPort], [])])],
      ]
    ])
    # A port is no secret, also where another value of the same text is.
    ports  = core::distinct(core::nonsensitive(core::concat(local.listening, local.mapped)))
    used   = core::sort([for p in local.ports : core::tostring(p)])
    unused = [for r in local.tcp : r if r.to - r.from + 1 > core::length([for p in local.ports : p if p >= r.from && p <= r.to])]
  }

  filter = core::length(local.tcp) > 0 && local.alone && core::length(local.ports) > 0

  enforce {
    condition     = core::length(local.unused) == 0
    at            = attrs.ingress
    error_message = "${meta.address} opens ${core::join(", ", [for r in core::distinct(local.unused) : r.from == r.to ? "port ${r.from}" : "ports ${r.from} to ${r.to}"])}, but its ${core::length(local.lbs) > 0 ? "load balancer listens" : "containers listen"} on ${core::join(", ", local.used)} only, so whatever starts to listen on the rest is reachable at once."
  }

  option "close" {
    title    = "Close only the unused part of the rule"
    merits   = ["can be undone in a minute"]
    demerits = ["what nobody knew of stops working"]
    downtime = "none if it is truly unused"
    effort   = "S"
  }

  option "detach" {
    title    = "Remove rule, target group and record of the service as well"
    merits   = ["smaller surface, less to read"]
    demerits = ["a load_balancer change releases the service anew"]
    downtime = "rolling"
    effort   = "M"
  }

  option "stop" {
    title    = "Stop the service, delete it after a quiet month"
    merits   = ["saves its price"]
    demerits = ["a job at the end of the month may need it"]
    downtime = "that service"
    effort   = "S"
  }

  pass "listener_for_each_port" {
    resource "aws_security_group" "lb" {
      name   = "lb"
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
    }

    resource "aws_lb" "main" {
      name            = "main"
      security_groups = [aws_security_group.lb.id]
    }

    resource "aws_lb_listener" "http" {
      load_balancer_arn = aws_lb.main.arn
      port              = 80
      protocol          = "HTTP"
      default_action {
        type = "redirect"
        redirect {
          protocol    = "HTTPS"
          port        = "443"
          status_code = "HTTP_301"
        }
      }
    }

    resource "aws_lb_listener" "https" {
      load_balancer_arn = aws_lb.main.arn
      port              = 443
      protocol          = "HTTPS"
      default_action {
        type             = "forward"
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:targetgroup/api/0123456789abcdef"
      }
    }
  }

  pass "container_port" {
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

  pass "shared_group" {
    resource "aws_security_group" "app" {
      name   = "app"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
      ingress {
        protocol    = "tcp"
        from_port   = 80
        to_port     = 80
        cidr_blocks = ["0.0.0.0/0"]
      }
      ingress {
        protocol    = "tcp"
        from_port   = 8080
        to_port     = 8080
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

    resource "aws_instance" "web" {
      ami                    = "ami-0a1b2c3d4e5f60718"
      instance_type          = "t3.micro"
      vpc_security_group_ids = [aws_security_group.app.id]
    }
  }

  pass "all_protocols" {
    resource "aws_security_group" "lb" {
      name   = "lb"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
      ingress {
        protocol    = "-1"
        from_port   = 0
        to_port     = 0
        cidr_blocks = ["10.0.0.0/8"]
      }
    }

    resource "aws_lb" "main" {
      name            = "main"
      security_groups = [aws_security_group.lb.id]
    }

    resource "aws_lb_listener" "https" {
      load_balancer_arn = aws_lb.main.arn
      port              = 443
      protocol          = "HTTPS"
      default_action {
        type             = "forward"
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:targetgroup/api/0123456789abcdef"
      }
    }
  }

  fail "no_listener" {
    resource "aws_security_group" "lb" {
      name   = "lb"
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
    }

    resource "aws_lb" "main" {
      name            = "main"
      security_groups = [aws_security_group.lb.id]
    }

    resource "aws_lb_listener" "https" {
      load_balancer_arn = aws_lb.main.arn
      port              = 443
      protocol          = "HTTPS"
      default_action {
        type             = "forward"
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:targetgroup/api/0123456789abcdef"
      }
    }
  }

  fail "range_of_a_task" {
    resource "aws_security_group" "app" {
      name   = "app"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
      ingress {
        protocol        = "tcp"
        from_port       = 80
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

  fail "rule_of_its_own" {
    resource "aws_security_group" "lb" {
      name   = "lb"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb" "main" {
      name            = "main"
      security_groups = [aws_security_group.lb.id]
    }

    resource "aws_lb_listener" "https" {
      load_balancer_arn = aws_lb.main.arn
      port              = 443
      protocol          = "HTTPS"
      default_action {
        type             = "forward"
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:targetgroup/api/0123456789abcdef"
      }
    }

    resource "aws_vpc_security_group_ingress_rule" "old" {
      security_group_id = aws_security_group.lb.id
      ip_protocol       = "tcp"
      from_port         = 8443
      to_port           = 8443
      cidr_ipv4         = "10.0.0.0/8"
    }

    expect = ["aws_security_group.lb"]
  }

  fail "old_rule_of_its_own" {
    resource "aws_security_group" "lb" {
      name   = "lb"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb" "main" {
      name            = "main"
      security_groups = [aws_security_group.lb.id]
    }

    resource "aws_lb_listener" "https" {
      load_balancer_arn = aws_lb.main.arn
      port              = 443
      protocol          = "HTTPS"
      default_action {
        type             = "forward"
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:targetgroup/api/0123456789abcdef"
      }
    }

    resource "aws_security_group_rule" "old" {
      type              = "ingress"
      security_group_id = aws_security_group.lb.id
      protocol          = "tcp"
      from_port         = 8443
      to_port           = 8443
      cidr_blocks       = ["10.0.0.0/8"]
    }

    expect = ["aws_security_group.lb"]
  }
}
