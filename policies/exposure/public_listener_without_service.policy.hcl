# A listener or rule that forwards to a group in which nothing runs answers every request with an error 503. Most often the service
# was stopped or deleted and its entrance was forgotten.

locals {
  autoscaled = core::flatten([for g in core::getresources("aws_autoscaling_group", null) : core::try([for arn in g.target_group_arns : arn], [])])
}

resource_policy "aws_lb_listener" "public_listener_without_service" {
  title             = "A public entrance leads to nothing"
  category          = "exposure"
  severity          = "medium"
  references        = ["Elastic Load Balancing: Listener rules", "Terraform AWS provider: aws_lb_listener_rule"]
  covered_by        = ["load_balancer_without_service"]
  enforcement_level = "advisory"

  docs {
    why = "Customers and scanners find a door that only returns errors, and the rule hides what the load balancer is really for."
    fix = "Remove the rule, the target group and the DNS record, or start the service again."
  }

  locals {
    arns = [
      for arn in core::flatten([
        for a in attrs.default_action : core::try(core::length(a.forward) > 0, false) ? core::flatten([for f in a.forward : [for g in f.target_group : g.arn]]) : [core::try(a.target_group_arn, null)]
        if a.type == "forward"
      ]) : arn if arn != null
    ]
    public = [
      for b in core::getresources("aws_lb", { arn = attrs.load_balancer_arn }) : b
      if !core::coalesce(core::try(b.internal, null), false) && core::coalesce(core::try(b.load_balancer_type, null), "application") != "gateway"
    ]

    # A group of another directory counts as served; so does one that an Auto Scaling group, CodeDeploy or an attachment fills,
    # and one that is kept for what registers from outside Terraform.
    dead = [
      for arn in local.arns : arn
      if core::length([for g in core::getresources("aws_lb_target_group", { arn = arn }) : g if core::try(g.tags["planfit:keep"], null) == null]) > 0
      && core::length(core::getresources("aws_lb_target_group_attachment", { target_group_arn = arn })) == 0
      && core::length(core::getresources("aws_autoscaling_attachment", { lb_target_group_arn = arn })) == 0
      && core::length(core::getresources("aws_autoscaling_attachment", { alb_target_group_arn = arn })) == 0
      && core::length(core::flatten([
        for g in core::getresources("aws_lb_target_group", { arn = arn }) : [
          core::getresources("aws_codedeploy_deployment_group", { load_balancer_info = { target_group_info = { name = g.name } } }),
          core::getresources("aws_codedeploy_deployment_group", { load_balancer_info = { target_group_pair_info = { target_group = { name = g.name } } } }),
        ]
      ])) == 0
      && core::length(core::getresources("aws_autoscaling_group", { traffic_source = { identifier = arn } })) == 0
      && core::length(core::getresources("aws_autoscaling_traffic_source_attachment", { traffic_source = { identifier = arn } })) == 0
      && core::length(core::getresources("aws_ecs_task_set", { load_balancer = { target_group_arn = arn } })) == 0
      && core::length(core::getresources("aws_ecs_service", { load_balancer = { advanced_configuration = { alternate_target_group_arn = arn } } })) == 0
      && !core::contains(local.autoscaled, arn)
      && core::length([
        for s in core::getresources("aws_ecs_service", { load_balancer = { target_group_arn = arn } }) : s
        if core::coalesce(core::try(s.desired_count, null), 0) > 0 || core::coalesce(core::try(s.scheduling_strategy, null), "REPLICA") == "DAEMON"
        || core::anytrue([for t in plan::matching("aws_appautoscaling_target", "resource_id", "service/*/${s.name}") : t.min_capacity > 0])
      ]) == 0
    ]
  }

  filter = core::length(local.arns) > 0 && core::length(local.public) > 0

  enforce {
    condition     = core::length(local.dead) < core::length(local.arns)
    at            = attrs.default_action
    covers        = core::flatten([for arn in local.dead : core::getresources("aws_lb_target_group", { arn = arn })])
    error_message = "${meta.address} is open to the internet and forwards only to target groups in which nothing runs, so every request ends in an error 503."
  }

  option "remove" {
    title    = "Remove rule, target group and record"
    merits   = ["what is left can be understood"]
    demerits = ["bringing it back means a new pull request"]
    downtime = "none"
    effort   = "S"
  }

  option "answer" {
    title    = "Answer with a fixed response or a redirect"
    merits   = ["visitors see a page and not an error"]
    demerits = ["one more rule to maintain"]
    downtime = "none"
    effort   = "S"
  }

  pass "service_runs" {
    resource "aws_lb" "main" {
      name = "main"
    }

    resource "aws_lb_target_group" "app" {
      name        = "app"
      port        = 8080
      protocol    = "HTTP"
      target_type = "ip"
      vpc_id      = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb_listener" "https" {
      load_balancer_arn = aws_lb.main.arn
      port              = 443
      protocol          = "HTTPS"
      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }
    }

    resource "aws_security_group" "app" {
      name   = "app"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
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

    resource "aws_lb_listener_rule" "app" {
      listener_arn = aws_lb_listener.https.arn
      action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }
      condition {
        path_pattern {
          values = ["/api/*"]
        }
      }
    }
  }

  pass "fixed_response" {
    resource "aws_lb" "main" {
      name = "main"
    }

    resource "aws_lb_listener" "https" {
      load_balancer_arn = aws_lb.main.arn
      port              = 443
      protocol          = "HTTPS"
      default_action {
        type = "fixed-response"
        fixed_response {
          content_type = "text/plain"
          status_code  = "404"
        }
      }
    }
  }

  pass "inside" {
    resource "aws_lb" "main" {
      name     = "main"
      internal = true
    }

    resource "aws_lb_target_group" "app" {
      name        = "app"
      port        = 8080
      protocol    = "HTTP"
      target_type = "ip"
      vpc_id      = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb_listener" "https" {
      load_balancer_arn = aws_lb.main.arn
      port              = 443
      protocol          = "HTTPS"
      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }
    }
  }

  pass "rule_of_an_internal_balancer" {
    resource "aws_lb" "main" {
      name     = "main"
      internal = true
    }

    resource "aws_lb_target_group" "app" {
      name     = "app"
      port     = 8080
      protocol = "HTTP"
      vpc_id   = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb_listener" "https" {
      load_balancer_arn = aws_lb.main.arn
      port              = 443
      protocol          = "HTTPS"

      default_action {
        type = "fixed-response"

        fixed_response {
          content_type = "text/plain"
          status_code  = "404"
        }
      }
    }

    resource "aws_lb_listener_rule" "app" {
      listener_arn = aws_lb_listener.https.arn

      action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }

      condition {
        path_pattern {
          values = ["/api/*"]
        }
      }
    }
  }

  pass "group_of_another_directory" {
    resource "aws_lb" "main" {
      name = "main"
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

  pass "registered_by_kubernetes" {
    resource "aws_lb" "main" {
      name = "main"
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

    resource "aws_lb_listener" "https" {
      load_balancer_arn = aws_lb.main.arn
      port              = 443
      protocol          = "HTTPS"
      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.ingress.arn
      }
    }
  }

  pass "test_listener_of_codedeploy" {
    resource "aws_lb" "main" {
      name = "main"
    }

    resource "aws_lb_target_group" "green" {
      name        = "green"
      port        = 8080
      protocol    = "HTTP"
      target_type = "ip"
      vpc_id      = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb_listener" "https" {
      load_balancer_arn = aws_lb.main.arn
      port              = 8443
      protocol          = "HTTPS"
      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.green.arn
      }
    }

    resource "aws_codedeploy_deployment_group" "app" {
      app_name              = "app"
      deployment_group_name = "app"
      service_role_arn      = "arn:aws:iam::111122223333:role/codedeploy"

      load_balancer_info {
        target_group_pair_info {
          prod_traffic_route {
            listener_arns = ["arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:listener/app/main/0123456789abcdef/0123456789abcdef"]
          }
          target_group {
            name = "blue"
          }
          target_group {
            name = aws_lb_target_group.green.name
          }
        }
      }
    }
  }

  pass "filled_by_autoscaling" {
    resource "aws_lb" "main" {
      name = "main"
    }

    resource "aws_lb_target_group" "app" {
      name        = "app"
      port        = 8080
      protocol    = "HTTP"
      target_type = "ip"
      vpc_id      = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb_listener" "https" {
      load_balancer_arn = aws_lb.main.arn
      port              = 443
      protocol          = "HTTPS"
      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }
    }

    resource "aws_autoscaling_group" "app" {
      min_size          = 2
      max_size          = 4
      target_group_arns = [aws_lb_target_group.app.arn]
    }
  }

  pass "scaled_from_zero" {
    resource "aws_lb" "main" {
      name = "main"
    }

    resource "aws_lb_target_group" "app" {
      name        = "app"
      port        = 8080
      protocol    = "HTTP"
      target_type = "ip"
      vpc_id      = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb_listener" "https" {
      load_balancer_arn = aws_lb.main.arn
      port              = 443
      protocol          = "HTTPS"
      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }
    }

    resource "aws_security_group" "app" {
      name   = "app"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "main"
      task_definition = "app:1"
      desired_count   = 0
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

    resource "aws_appautoscaling_target" "app" {
      service_namespace  = "ecs"
      resource_id        = "service/main/app"
      scalable_dimension = "ecs:service:DesiredCount"
      min_capacity       = 2
      max_capacity       = 4
    }
  }

  fail "nothing_registers" {
    resource "aws_lb" "main" {
      name = "main"
    }

    resource "aws_lb_target_group" "app" {
      name        = "app"
      port        = 8080
      protocol    = "HTTP"
      target_type = "ip"
      vpc_id      = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb_listener" "https" {
      load_balancer_arn = aws_lb.main.arn
      port              = 443
      protocol          = "HTTPS"
      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }
    }
  }

  fail "no_task" {
    resource "aws_lb" "main" {
      name = "main"
    }

    resource "aws_lb_target_group" "app" {
      name        = "app"
      port        = 8080
      protocol    = "HTTP"
      target_type = "ip"
      vpc_id      = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb_listener" "https" {
      load_balancer_arn = aws_lb.main.arn
      port              = 443
      protocol          = "HTTPS"
      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }
    }

    resource "aws_security_group" "app" {
      name   = "app"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "main"
      task_definition = "app:1"
      desired_count   = 0
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

  fail "rule_without_a_service" {
    resource "aws_lb" "main" {
      name = "main"
    }

    resource "aws_lb_target_group" "app" {
      name        = "app"
      port        = 8080
      protocol    = "HTTP"
      target_type = "ip"
      vpc_id      = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb_listener" "https" {
      load_balancer_arn = aws_lb.main.arn
      port              = 443
      protocol          = "HTTPS"
      default_action {
        type = "redirect"
        redirect {
          protocol    = "HTTPS"
          port        = "443"
          status_code = "HTTP_301"
        }
      }
    }

    resource "aws_lb_listener_rule" "app" {
      listener_arn = aws_lb_listener.https.arn
      action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.app.arn
      }
      condition {
        path_pattern {
          values = ["/api/*"]
        }
      }
    }

    expect = ["aws_lb_listener_rule.app"]
  }
}

resource_policy "aws_lb_listener_rule" "public_listener_without_service" {
  enforcement_level = "advisory"

  locals {
    arns = [
      for arn in core::flatten([
        for a in attrs.action : core::try(core::length(a.forward) > 0, false) ? core::flatten([for f in a.forward : [for g in f.target_group : g.arn]]) : [core::try(a.target_group_arn, null)]
        if a.type == "forward"
      ]) : arn if arn != null
    ]
    public = core::flatten([
      for l in core::getresources("aws_lb_listener", { arn = attrs.listener_arn }) : [
        for b in core::getresources("aws_lb", { arn = l.load_balancer_arn }) : b.name if !core::coalesce(core::try(b.internal, null), false)
      ]
    ])

    # A group of another directory counts as served; so does one that an Auto Scaling group, CodeDeploy or an attachment fills,
    # and one that is kept for what registers from outside Terraform.
    dead = [
      for arn in local.arns : arn
      if core::length([for g in core::getresources("aws_lb_target_group", { arn = arn }) : g if core::try(g.tags["planfit:keep"], null) == null]) > 0
      && core::length(core::getresources("aws_lb_target_group_attachment", { target_group_arn = arn })) == 0
      && core::length(core::getresources("aws_autoscaling_attachment", { lb_target_group_arn = arn })) == 0
      && core::length(core::getresources("aws_autoscaling_attachment", { alb_target_group_arn = arn })) == 0
      && core::length(core::flatten([
        for g in core::getresources("aws_lb_target_group", { arn = arn }) : [
          core::getresources("aws_codedeploy_deployment_group", { load_balancer_info = { target_group_info = { name = g.name } } }),
          core::getresources("aws_codedeploy_deployment_group", { load_balancer_info = { target_group_pair_info = { target_group = { name = g.name } } } }),
        ]
      ])) == 0
      && core::length(core::getresources("aws_autoscaling_group", { traffic_source = { identifier = arn } })) == 0
      && core::length(core::getresources("aws_autoscaling_traffic_source_attachment", { traffic_source = { identifier = arn } })) == 0
      && core::length(core::getresources("aws_ecs_task_set", { load_balancer = { target_group_arn = arn } })) == 0
      && core::length(core::getresources("aws_ecs_service", { load_balancer = { advanced_configuration = { alternate_target_group_arn = arn } } })) == 0
      && !core::contains(local.autoscaled, arn)
      && core::length([
        for s in core::getresources("aws_ecs_service", { load_balancer = { target_group_arn = arn } }) : s
        if core::coalesce(core::try(s.desired_count, null), 0) > 0 || core::coalesce(core::try(s.scheduling_strategy, null), "REPLICA") == "DAEMON"
        || core::anytrue([for t in plan::matching("aws_appautoscaling_target", "resource_id", "service/*/${s.name}") : t.min_capacity > 0])
      ]) == 0
    ]
  }

  filter = core::length(local.arns) > 0 && core::length(local.public) > 0

  enforce {
    condition     = core::length(local.dead) < core::length(local.arns)
    at            = attrs.action
    covers        = core::flatten([for arn in local.dead : core::getresources("aws_lb_target_group", { arn = arn })])
    error_message = "${meta.address} is open to the internet and forwards only to target groups in which nothing runs, so every request ends in an error 503."
  }
}
