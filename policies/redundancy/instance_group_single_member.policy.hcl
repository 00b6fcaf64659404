# One server behind a load balancer makes the load balancer an expensive DNS name: when the server stops, is patched or gets a new
# version, there is nobody else to send the requests to.

input "min_size" {
  type        = number
  default     = 2
  description = "Two servers are the least with which one may stop without users noticing."
}

resource_policy "aws_autoscaling_group" "instance_group_single_member" {
  title             = "A single server is behind the load balancer"
  category          = "redundancy"
  severity          = "high"
  scope             = "production"
  references        = ["Amazon EC2 Auto Scaling User Guide: Set scaling limits for your Auto Scaling group", "Terraform AWS provider: aws_autoscaling_group"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      A new server takes minutes to boot and to install the application. Until then every request gets an error. The same happens at
      each release and each patch of the machine image, because the old server must go before the new one answers.
    EOT
    fix = "Set `min_size` to 2 or more, in subnets of two zones. Behind a target group without an Auto Scaling group, attach a second server."
  }

  locals {
    least = core::coalesce(core::try(attrs.min_size, null), 0)
    balancers = core::concat(
      core::try([for arn in attrs.target_group_arns : arn], []),
      core::try([for name in attrs.load_balancers : name], []),
      core::try([for source in attrs.traffic_source : source.identifier], []),
    )
    attached = (
      core::length(local.balancers) > 0
      || core::length(core::getresources("aws_autoscaling_attachment", { autoscaling_group_name = attrs.name })) > 0
      || core::length(core::getresources("aws_autoscaling_traffic_source_attachment", { autoscaling_group_name = attrs.name })) > 0
    )
  }

  # A group that is switched off (0 at most) is no entrance.
  filter = local.least < input.min_size && core::coalesce(core::try(attrs.max_size, null), 1) > 0 && local.attached

  enforce {
    condition     = local.least >= input.min_size
    at            = attrs.min_size
    error_message = "${meta.address} is behind a load balancer and may shrink to ${local.least} ${local.least == 1 ? "server" : "servers"}: with fewer than ${input.min_size}, one failure is an outage of minutes."
  }

  option "two_servers" {
    title    = "Keep two servers in two Availability Zones"
    merits   = ["survives the loss of a server or a zone", "releases without a gap"]
    demerits = ["the price of one more server"]
    downtime = "none"
    effort   = "S"
    set {
      min_size = 2
    }
  }

  option "two_small_servers" {
    title    = "Two servers of half the size"
    merits   = ["about the same price"]
    demerits = ["less room for a single heavy request"]
    downtime = "none, servers are exchanged one by one"
    effort   = "S"
  }

  pass "two_servers" {
    resource "aws_autoscaling_group" "web" {
      name              = "web"
      min_size          = 2
      max_size          = 4
      target_group_arns = ["arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/0a1b2c3d4e5f6071"]
    }
  }

  pass "worker_without_load_balancer" {
    resource "aws_autoscaling_group" "worker" {
      name     = "worker"
      min_size = 0
      max_size = 4
    }
  }

  pass "two_servers_attached" {
    resource "aws_lb_target_group" "web" {
      name     = "web"
      port     = 80
      protocol = "HTTP"
      vpc_id   = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb_target_group_attachment" "web" {
      for_each         = toset(["i-0a1b2c3d4e5f60718", "i-1a1b2c3d4e5f60718"])
      target_group_arn = aws_lb_target_group.web.arn
      target_id        = each.key
    }
  }

  pass "one_function_scales_by_itself" {
    resource "aws_lb_target_group" "hook" {
      name        = "hook"
      target_type = "lambda"
    }

    resource "aws_lb_target_group_attachment" "hook" {
      target_group_arn = aws_lb_target_group.hook.arn
      target_id        = "arn:aws:lambda:ap-northeast-1:123456789012:function:hook"
    }
  }

  pass "a_service_registers_too" {
    resource "aws_lb_target_group" "web" {
      name        = "web"
      port        = 80
      protocol    = "HTTP"
      target_type = "ip"
      vpc_id      = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb_target_group_attachment" "old" {
      target_group_arn = aws_lb_target_group.web.arn
      target_id        = "10.0.0.17"
    }

    resource "aws_ecs_service" "web" {
      name            = "web"
      cluster         = "main"
      task_definition = "web:12"
      desired_count   = 2

      load_balancer {
        target_group_arn = aws_lb_target_group.web.arn
        container_name   = "web"
        container_port   = 80
      }
    }
  }

  fail "one_server" {
    resource "aws_autoscaling_group" "web" {
      name              = "web"
      min_size          = 1
      max_size          = 4
      target_group_arns = ["arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/0a1b2c3d4e5f6071"]
    }
  }

  fail "classic_load_balancer" {
    resource "aws_autoscaling_group" "web" {
      name           = "web"
      min_size       = 1
      max_size       = 4
      load_balancers = ["web"]
    }
  }

  fail "attached_elsewhere" {
    resource "aws_autoscaling_group" "web" {
      name     = "web"
      min_size = 1
      max_size = 2
    }

    resource "aws_autoscaling_attachment" "web" {
      autoscaling_group_name = aws_autoscaling_group.web.name
      lb_target_group_arn    = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/0a1b2c3d4e5f6071"
    }
  }

  fail "one_server_attached_by_hand" {
    resource "aws_lb_target_group" "web" {
      name     = "web"
      port     = 80
      protocol = "HTTP"
      vpc_id   = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb_target_group_attachment" "web" {
      target_group_arn = aws_lb_target_group.web.arn
      target_id        = "i-0a1b2c3d4e5f60718"
    }
  }
}

# Servers that are attached one by one. A Lambda function or a load balancer behind the group is redundant by itself.
resource_policy "aws_lb_target_group" "instance_group_single_member" {
  enforcement_level = "advisory"

  locals {
    by_hand = core::getresources("aws_lb_target_group_attachment", { target_group_arn = attrs.arn })
    others = [
      core::getresources("aws_ecs_service", { load_balancer = { target_group_arn = attrs.arn } }),
      core::getresources("aws_ecs_service", { load_balancer = { advanced_configuration = { alternate_target_group_arn = attrs.arn } } }),
      core::getresources("aws_autoscaling_group", { traffic_source = { identifier = attrs.arn } }),
      core::getresources("aws_autoscaling_attachment", { lb_target_group_arn = attrs.arn }),
      core::getresources("aws_autoscaling_attachment", { alb_target_group_arn = attrs.arn }),
      core::getresources("aws_autoscaling_traffic_source_attachment", { traffic_source = { identifier = attrs.arn } }),
      graph::referrers("aws_autoscaling_group", "aws_codedeploy_deployment_group"),
    ]
  }

  filter = (
    core::contains(["instance", "ip"], core::coalesce(core::try(attrs.target_type, null), "instance"))
    && core::length(local.by_hand) == 1
    && core::alltrue([for found in local.others : core::length(found) == 0])
  )

  enforce {
    condition     = core::length(local.by_hand) >= input.min_size
    error_message = "${meta.address} has one server: when it stops, every request that comes here fails."
  }

  option "second_server" {
    title    = "Attach a second server in another Availability Zone"
    merits   = ["one server may stop without users noticing"]
    demerits = ["the price of one more server"]
    downtime = "none"
    effort   = "S"
  }

  option "autoscaling_group" {
    title    = "Put the servers into an Auto Scaling group"
    merits   = ["a lost server is replaced by itself"]
    demerits = ["the server must be built from an image without handwork"]
    downtime = "none"
    effort   = "M"
  }
}
