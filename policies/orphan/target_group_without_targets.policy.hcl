# A target group without targets answers every request with an error 503. Either the service behind it is gone and the group was
# forgotten, or the service forgot to register.
resource_policy "aws_lb_target_group" "target_group_without_targets" {
  title             = "Target group has no targets"
  category          = "orphan"
  severity          = "low"
  references        = ["Elastic Load Balancing User Guide: Register targets with your target group", "Terraform AWS provider: aws_lb_target_group_attachment"]
  covered_by        = ["load_balancer_without_service", "public_listener_without_service"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      Nothing in what was read registers a server, task or function here. Requests that reach the group fail. If no request reaches
      it, it is a leftover that makes the load balancer harder to understand.
    EOT
    fix = "Delete the group with its listener rule, or attach the service again. If its targets are registered outside Terraform, for example by the controller of a Kubernetes cluster, tag it `planfit:keep` with the reason."
  }

  locals {
    name = core::coalesce(core::try(attrs.name, null), attrs.id)
    users = [
      core::getresources("aws_ecs_service", { load_balancer = { target_group_arn = attrs.arn } }),
      core::getresources("aws_ecs_service", { load_balancer = { advanced_configuration = { alternate_target_group_arn = attrs.arn } } }),
      core::getresources("aws_ecs_task_set", { load_balancer = { target_group_arn = attrs.arn } }),
      core::getresources("aws_autoscaling_group", { traffic_source = { identifier = attrs.arn } }),
      core::getresources("aws_autoscaling_traffic_source_attachment", { traffic_source = { identifier = attrs.arn } }),
      core::getresources("aws_autoscaling_attachment", { lb_target_group_arn = attrs.arn }),
      core::getresources("aws_autoscaling_attachment", { alb_target_group_arn = attrs.arn }),
      core::getresources("aws_lb_target_group_attachment", { target_group_arn = attrs.arn }),
      core::getresources("aws_codedeploy_deployment_group", { load_balancer_info = { target_group_info = { name = local.name } } }),
      core::getresources("aws_codedeploy_deployment_group", { load_balancer_info = { target_group_pair_info = { target_group = { name = local.name } } } }),
    ]
    autoscaled = core::flatten([for g in core::getresources("aws_autoscaling_group", null) : core::try([for arn in g.target_group_arns : arn], [])])
  }

  filter = core::try(attrs.tags["planfit:keep"], null) == null

  enforce {
    condition = (
      core::anytrue([for found in local.users : core::length(found) > 0])
      || core::contains(local.autoscaled, attrs.arn)
    )
    error_message = "${meta.address} has no target: no service, no Auto Scaling group and no attachment registers in it, so requests to it end in an error 503."
  }

  option "delete" {
    title    = "Delete the target group and the rule that points to it"
    merits   = ["the load balancer shows only what is alive", "no request ends in an error 503"]
    demerits = ["what registers itself from outside Terraform gets an error"]
    downtime = "none if nothing is registered; look at the target health first"
    effort   = "S"
  }

  option "attach" {
    title    = "Attach the service that belongs here"
    merits   = ["requests are answered again"]
    demerits = ["only right if the service is still wanted"]
    downtime = "none"
    effort   = "S"
  }

  pass "tasks_of_a_service" {
    resource "aws_lb_target_group" "api" {
      name        = "api"
      port        = 8080
      protocol    = "HTTP"
      target_type = "ip"
      vpc_id      = "vpc-0a1b2c3d4e5f60718"
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

  pass "function" {
    resource "aws_lb_target_group" "hook" {
      name        = "hook"
      target_type = "lambda"
    }

    resource "aws_lb_target_group_attachment" "hook" {
      target_group_arn = aws_lb_target_group.hook.arn
      target_id        = "arn:aws:lambda:ap-northeast-1:123456789012:function:hook"
    }
  }

  pass "group_of_instances" {
    resource "aws_lb_target_group" "web" {
      name     = "web"
      port     = 80
      protocol = "HTTP"
      vpc_id   = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_autoscaling_group" "web" {
      name                 = "web"
      min_size             = 2
      max_size             = 4
      launch_configuration = "web"
      vpc_zone_identifier  = ["subnet-0a1b2c3d4e5f60718"]
      target_group_arns    = [aws_lb_target_group.web.arn]
    }
  }

  pass "registered_by_kubernetes" {
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
  }

  fail "nothing_registers" {
    resource "aws_lb_target_group" "old" {
      name     = "old"
      port     = 8080
      protocol = "HTTP"
      vpc_id   = "vpc-0a1b2c3d4e5f60718"
    }
  }

  fail "function_was_never_attached" {
    resource "aws_lb_target_group" "hook" {
      name        = "hook"
      target_type = "lambda"
    }

    resource "aws_lb_target_group" "web" {
      name     = "web"
      port     = 80
      protocol = "HTTP"
      vpc_id   = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb_target_group_attachment" "web" {
      target_group_arn = aws_lb_target_group.web.arn
      target_id        = "i-0a1b2c3d4e5f60718"
      port             = 80
    }

    expect = ["aws_lb_target_group.hook"]
  }
}
