# A target group that no listener forwards to receives no request. It costs nothing itself, but it hides what is really in use,
# and its health checks keep services looking alive that nobody can reach.
resource_policy "aws_lb_target_group" "target_group_without_listener" {
  title             = "Target group receives no traffic from any listener"
  category          = "orphan"
  severity          = "low"
  references        = ["Elastic Load Balancing User Guide: Target groups for your Application Load Balancers", "Terraform AWS provider: aws_lb_target_group"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      No listener and no rule sends requests here. Either it is left from a service that is gone, or somebody forgot the rule and the
      service behind it is never reached. Both cost the team time: the next person must find out which one it is.
    EOT
    fix = "Add the missing listener rule, or delete the target group. If it is kept on purpose, tag it `planfit:keep` with the reason."
  }

  # A blue/green deployment moves traffic to the second group of a pair, which has no listener in between.
  locals {
    name = core::coalesce(core::try(attrs.name, null), attrs.id)
    users = [
      core::getresources("aws_lb_listener", { default_action = { target_group_arn = attrs.arn } }),
      core::getresources("aws_lb_listener", { default_action = { forward = { target_group = { arn = attrs.arn } } } }),
      core::getresources("aws_lb_listener_rule", { action = { target_group_arn = attrs.arn } }),
      core::getresources("aws_lb_listener_rule", { action = { forward = { target_group = { arn = attrs.arn } } } }),
      core::getresources("aws_ecs_service", { load_balancer = { advanced_configuration = { alternate_target_group_arn = attrs.arn } } }),
      core::getresources("aws_codedeploy_deployment_group", { load_balancer_info = { target_group_pair_info = { target_group = { name = local.name } } } }),
    ]
  }

  filter = core::try(attrs.tags["planfit:keep"], null) == null

  enforce {
    condition = (
      core::anytrue([for found in local.users : core::length(found) > 0])
      || core::try(core::length(attrs.load_balancer_arns) > 0, false)
    )
    error_message = "${meta.address} is the target of no listener and no listener rule, so no request reaches it."
  }

  option "delete" {
    title    = "Delete the target group"
    merits   = ["one thing less to understand", "its health checks stop"]
    demerits = ["targets that register themselves here get an error"]
    downtime = "none, it receives no traffic"
    effort   = "S"
  }

  option "add_the_rule" {
    title    = "Add the listener rule that is missing"
    merits   = ["the service behind it is reachable again"]
    demerits = ["only right if the service is still wanted"]
    downtime = "none"
    effort   = "S"
  }

  pass "default_action" {
    resource "aws_lb_target_group" "api" {
      name     = "api"
      port     = 8080
      protocol = "HTTP"
      vpc_id   = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb_listener" "https" {
      load_balancer_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/main/0a1b2c3d4e5f6071"
      port              = 443
      protocol          = "HTTPS"
      certificate_arn   = "arn:aws:acm:ap-northeast-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-000000000000"

      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.api.arn
      }
    }
  }

  pass "weighted_rule" {
    resource "aws_lb_target_group" "shop" {
      for_each = toset(["blue", "green"])
      name     = "shop-${each.key}"
      port     = 8080
      protocol = "HTTP"
      vpc_id   = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb_listener_rule" "shop" {
      listener_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/main/0a1b2c3d4e5f6071/1a1b2c3d4e5f6071"

      action {
        type = "forward"

        forward {
          target_group {
            arn    = aws_lb_target_group.shop["blue"].arn
            weight = 90
          }

          target_group {
            arn    = aws_lb_target_group.shop["green"].arn
            weight = 10
          }
        }
      }

      condition {
        host_header {
          values = ["shop.example.com"]
        }
      }
    }
  }

  pass "second_group_of_a_code_deploy_pair" {
    resource "aws_lb_target_group" "green" {
      name        = "api-green"
      port        = 8080
      protocol    = "HTTP"
      target_type = "ip"
      vpc_id      = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_codedeploy_deployment_group" "api" {
      app_name              = "api"
      deployment_group_name = "api"
      service_role_arn      = "arn:aws:iam::123456789012:role/codedeploy"

      load_balancer_info {
        target_group_pair_info {
          prod_traffic_route {
            listener_arns = ["arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/main/0a1b2c3d4e5f6071/1a1b2c3d4e5f6071"]
          }

          target_group {
            name = "api-blue"
          }

          target_group {
            name = aws_lb_target_group.green.name
          }
        }
      }
    }
  }

  pass "kept_with_a_reason" {
    resource "aws_lb_target_group" "maintenance" {
      name     = "maintenance"
      port     = 8080
      protocol = "HTTP"
      vpc_id   = "vpc-0a1b2c3d4e5f60718"

      tags = {
        "planfit:keep" = "switched in by hand during maintenance"
      }
    }
  }

  fail "listener_only_redirects" {
    resource "aws_lb_target_group" "old" {
      name     = "old"
      port     = 8080
      protocol = "HTTP"
      vpc_id   = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb_listener" "http" {
      load_balancer_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/main/0a1b2c3d4e5f6071"
      port              = 80
      protocol          = "HTTP"

      default_action {
        type = "redirect"

        redirect {
          port        = "443"
          protocol    = "HTTPS"
          status_code = "HTTP_301"
        }
      }
    }
  }

  fail "another_group_is_used" {
    resource "aws_lb_target_group" "new" {
      name     = "new"
      port     = 8080
      protocol = "HTTP"
      vpc_id   = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb_target_group" "old" {
      name     = "old"
      port     = 8080
      protocol = "HTTP"
      vpc_id   = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb_listener" "http" {
      load_balancer_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/main/0a1b2c3d4e5f6071"
      port              = 80
      protocol          = "HTTP"

      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.new.arn
      }
    }

    expect = ["aws_lb_target_group.old"]
  }
}
