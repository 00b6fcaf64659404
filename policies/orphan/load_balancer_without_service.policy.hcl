# A load balancer is charged by the hour, used or not, and an open entrance without a service is the first thing a scanner finds.
resource_policy "aws_lb" "load_balancer_without_service" {
  title             = "Load balancer leads to no service"
  category          = "orphan"
  severity          = "low"
  references        = ["Elastic Load Balancing User Guide: Listeners for your Application Load Balancers", "Terraform AWS provider: aws_lb_listener"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      It has no listener, or its listeners forward to groups in which nothing is registered. The hourly price and the public addresses
      are paid all the same, and nobody dares to delete it because nobody is sure.
    EOT
    fix = "Look at its request count for a month. If it is zero, remove its DNS records, then delete it. If it is kept on purpose, tag it `planfit:keep` with the reason."
  }

  locals {
    listeners = core::getresources("aws_lb_listener", { load_balancer_arn = attrs.arn })
    rules     = core::flatten([for l in local.listeners : core::getresources("aws_lb_listener_rule", { listener_arn = l.arn })])
    actions = core::flatten([
      [for l in local.listeners : core::try([for a in l.default_action : a], [])],
      [for r in local.rules : core::try([for a in r.action : a], [])],
    ])
    forwards = [
      for arn in core::flatten([
        for a in local.actions : core::try(core::length(a.forward) > 0, false) ? core::flatten([for f in a.forward : [for g in f.target_group : g.arn]]) : [core::try(a.target_group_arn, null)]
        if a.type == "forward"
      ]) : arn if arn != null
    ]
    autoscaled = core::flatten([for g in core::getresources("aws_autoscaling_group", null) : core::try([for arn in g.target_group_arns : arn], [])])
    # A group of another directory may have targets there; it counts as served, as does one that is kept for what registers elsewhere.
    served = core::anytrue([
      for arn in local.forwards : core::contains(local.autoscaled, arn)
      || core::length(core::getresources("aws_ecs_service", { load_balancer = { target_group_arn = arn } })) > 0
      || core::length(core::getresources("aws_ecs_service", { load_balancer = { advanced_configuration = { alternate_target_group_arn = arn } } })) > 0
      || core::length(core::getresources("aws_ecs_task_set", { load_balancer = { target_group_arn = arn } })) > 0
      || core::length(core::getresources("aws_autoscaling_group", { traffic_source = { identifier = arn } })) > 0
      || core::length(core::getresources("aws_autoscaling_traffic_source_attachment", { traffic_source = { identifier = arn } })) > 0
      || core::length(core::getresources("aws_lb_target_group_attachment", { target_group_arn = arn })) > 0
      || core::length(core::getresources("aws_autoscaling_attachment", { lb_target_group_arn = arn })) > 0
      || core::length(core::getresources("aws_autoscaling_attachment", { alb_target_group_arn = arn })) > 0
      || core::length([for g in core::getresources("aws_lb_target_group", { arn = arn }) : g if core::try(g.tags["planfit:keep"], null) == null]) == 0
    ])

    # Other entrances use a load balancer directly.
    other_users = core::flatten([
      [for s in core::getresources("aws_vpc_endpoint_service", null) : core::try([for arn in s.network_load_balancer_arns : arn], [])],
      [for s in core::getresources("aws_vpc_endpoint_service", null) : core::try([for arn in s.gateway_load_balancer_arns : arn], [])],
      [for v in core::getresources("aws_api_gateway_vpc_link", null) : core::try([for arn in v.target_arns : arn], [])],
      [for e in core::getresources("aws_globalaccelerator_endpoint_group", null) : core::try([for c in e.endpoint_configuration : c.endpoint_id], [])],
      [for o in core::getresources("aws_cloudfront_vpc_origin", null) : core::try([for c in o.vpc_origin_endpoint_config : c.arn], [])],
      [for t in core::getresources("aws_lb_target_group_attachment", { target_id = attrs.arn }) : t.target_id],
    ])
    used_otherwise = core::contains(local.other_users, attrs.arn)

    # What leaves in an output, a call or a data source may get its listeners in another directory.
    handed_on = core::anytrue([for user in plan::mentioned_in() : core::contains(["output", "locals", "module"], user) || core::startswith(user, "data.")])
  }

  filter = core::try(attrs.tags["planfit:keep"], null) == null

  enforce {
    condition     = local.used_otherwise || core::length(local.listeners) > 0 || local.handed_on
    error_message = "${meta.address} has no listener and is used by nothing else; it is paid for by the hour."
  }

  enforce {
    condition     = local.used_otherwise || core::length(local.listeners) == 0 || local.served
    covers        = core::concat(local.listeners, local.rules, core::flatten([for arn in local.forwards : core::getresources("aws_lb_target_group", { arn = arn })]))
    error_message = "${meta.address} has ${core::length(local.listeners)} ${core::length(local.listeners) == 1 ? "listener" : "listeners"}, but none leads to a target group with targets: it answers nobody and is paid for by the hour."
  }

  option "delete" {
    title    = "Remove its DNS records, wait for a quiet month, delete it"
    merits   = ["its hourly price ends", "one open entrance less"]
    demerits = ["its address is gone for good"]
    downtime = "none if its request count is zero"
    effort   = "S"
  }

  option "detach_first" {
    title    = "Close the listener for two weeks, then delete"
    merits   = ["can be undone in a minute"]
    demerits = ["two more weeks are paid"]
    downtime = "none if its request count is zero"
    effort   = "S"
  }

  option "share" {
    title    = "Move what is left to another load balancer"
    merits   = ["one hourly price for several services", "the small use that is left keeps running"]
    demerits = ["a change of DNS"]
    downtime = "none when the record is moved by weight"
    effort   = "M"
  }

  pass "forwards_to_a_service" {
    resource "aws_lb" "main" {
      name    = "main"
      subnets = ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"]
    }

    resource "aws_lb_target_group" "api" {
      name        = "api"
      port        = 8080
      protocol    = "HTTP"
      target_type = "ip"
      vpc_id      = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb_listener" "http" {
      load_balancer_arn = aws_lb.main.arn
      port              = 80
      protocol          = "HTTP"

      default_action {
        type = "fixed-response"

        fixed_response {
          content_type = "text/plain"
          status_code  = "404"
        }
      }
    }

    resource "aws_lb_listener_rule" "api" {
      listener_arn = aws_lb_listener.http.arn

      action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.api.arn
      }

      condition {
        path_pattern {
          values = ["/api/*"]
        }
      }
    }

    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api:12"
      desired_count   = 2

      load_balancer {
        target_group_arn = aws_lb_target_group.api.arn
        container_name   = "api"
        container_port   = 8080
      }
    }
  }

  pass "target_group_of_another_directory" {
    resource "aws_lb" "main" {
      name    = "main"
      subnets = ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"]
    }

    resource "aws_lb_listener" "http" {
      load_balancer_arn = aws_lb.main.arn
      port              = 80
      protocol          = "HTTP"

      default_action {
        type             = "forward"
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/api/0a1b2c3d4e5f6071"
      }
    }
  }

  pass "listeners_stand_in_another_directory" {
    resource "aws_lb" "main" {
      name    = "main"
      subnets = ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"]
    }

    output "load_balancer_arn" {
      value = aws_lb.main.arn
    }
  }

  pass "registered_by_kubernetes" {
    resource "aws_lb" "main" {
      name    = "main"
      subnets = ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"]
    }

    resource "aws_lb_target_group" "ingress" {
      name        = "ingress"
      port        = 8080
      protocol    = "HTTP"
      target_type = "ip"
      vpc_id      = "vpc-0a1b2c3d4e5f60718"

      tags = {
        "planfit:keep" = "targets come from a TargetGroupBinding"
      }
    }

    resource "aws_lb_listener" "http" {
      load_balancer_arn = aws_lb.main.arn
      port              = 80
      protocol          = "HTTP"

      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.ingress.arn
      }
    }
  }

  pass "private_link" {
    resource "aws_lb" "link" {
      name               = "link"
      internal           = true
      load_balancer_type = "network"
      subnets            = ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"]
    }

    resource "aws_vpc_endpoint_service" "link" {
      acceptance_required        = true
      network_load_balancer_arns = [aws_lb.link.arn]
    }
  }

  pass "classic_of_a_group" {
    resource "aws_elb" "web" {
      name               = "web"
      availability_zones = ["ap-northeast-1a", "ap-northeast-1c"]

      listener {
        instance_port     = 8080
        instance_protocol = "http"
        lb_port           = 80
        lb_protocol       = "http"
      }
    }

    resource "aws_autoscaling_group" "web" {
      name                 = "web"
      min_size             = 2
      max_size             = 4
      launch_configuration = "web"
      vpc_zone_identifier  = ["subnet-0a1b2c3d4e5f60718"]
      load_balancers       = [aws_elb.web.name]
    }
  }

  fail "no_listener" {
    resource "aws_lb" "old" {
      name    = "old"
      subnets = ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"]
    }
  }

  fail "group_without_targets" {
    resource "aws_lb" "old" {
      name    = "old"
      subnets = ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"]
    }

    resource "aws_lb_target_group" "old" {
      name     = "old"
      port     = 8080
      protocol = "HTTP"
      vpc_id   = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb_listener" "http" {
      load_balancer_arn = aws_lb.old.arn
      port              = 80
      protocol          = "HTTP"

      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.old.arn
      }
    }
  }

  fail "classic_without_instances" {
    resource "aws_elb" "web" {
      name               = "web"
      availability_zones = ["ap-northeast-1a", "ap-northeast-1c"]

      listener {
        instance_port     = 8080
        instance_protocol = "http"
        lb_port           = 80
        lb_protocol       = "http"
      }
    }
  }
}

# A classic load balancer has no target groups: instances, Auto Scaling groups and services name it directly.
resource_policy "aws_elb" "load_balancer_without_service" {
  enforcement_level = "advisory"

  locals {
    attachments = core::concat(
      core::getresources("aws_elb_attachment", { elb = attrs.id }),
      core::getresources("aws_autoscaling_attachment", { elb = attrs.id })
    )
    by_name = core::flatten([
      [for g in core::getresources("aws_autoscaling_group", null) : core::try([for n in g.load_balancers : n], [])],
      [for g in core::getresources("aws_autoscaling_group", null) : core::try([for t in g.traffic_source : t.identifier], [])],
      [for t in core::getresources("aws_autoscaling_traffic_source_attachment", null) : core::try([for x in t.traffic_source : x.identifier], [])],
      [for s in core::getresources("aws_ecs_service", null) : core::try([for b in s.load_balancer : core::try(b.elb_name, null)], [])],
      [for d in core::getresources("aws_codedeploy_deployment_group", null) : core::try([for i in d.load_balancer_info : [for e in i.elb_info : e.name]], [])],
    ])
  }

  filter = core::try(attrs.tags["planfit:keep"], null) == null

  enforce {
    condition = (
      core::try(core::length(attrs.instances) > 0, false)
      || core::length(local.attachments) > 0
      || core::contains(local.by_name, attrs.id)
      || core::contains(local.by_name, core::try(attrs.name, null))
    )
    error_message = "${meta.address} has no instance, no Auto Scaling group and no service behind it; it is paid for by the hour."
  }
}
