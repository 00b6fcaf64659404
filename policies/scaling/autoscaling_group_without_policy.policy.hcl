# An Auto Scaling group without a policy or a schedule is a group of fixed size. It replaces broken servers, but the evening rush finds
# the same number of them as the night.
resource_policy "aws_autoscaling_group" "autoscaling_group_without_policy" {
  title             = "Auto Scaling group behind a load balancer does not scale"
  category          = "scaling"
  severity          = "medium"
  scope             = "production"
  references        = ["Amazon EC2 Auto Scaling User Guide: Dynamic scaling for Amazon EC2 Auto Scaling", "Terraform AWS provider: aws_autoscaling_policy"]
  enforcement_level = "advisory"

  docs {
    why = "Under load the servers get slow together, health checks fail, and the group replaces servers that were only busy. Somebody has to raise the size by hand, and somebody has to lower it again."
    fix = "Add an `aws_autoscaling_policy` that tracks CPU or requests per target, or an `aws_autoscaling_schedule` for known peaks, and leave room between `min_size` and `max_size`."
  }

  locals {
    attached = (
      core::length(core::concat(
        core::try([for arn in attrs.target_group_arns : arn], []),
        core::try([for name in attrs.load_balancers : name], []),
        core::try([for source in attrs.traffic_source : source.identifier], []),
      )) > 0
      || core::length(core::getresources("aws_autoscaling_attachment", { autoscaling_group_name = attrs.name })) > 0
      || core::length(core::getresources("aws_autoscaling_traffic_source_attachment", { autoscaling_group_name = attrs.name })) > 0
    )
    movers = core::concat(
      core::getresources("aws_autoscaling_policy", { autoscaling_group_name = attrs.name }),
      core::getresources("aws_autoscaling_schedule", { autoscaling_group_name = attrs.name }),
    )

    # ECS moves the groups of its capacity providers.
    providers = core::getresources("aws_ecs_capacity_provider", { auto_scaling_group_provider = { auto_scaling_group_arn = attrs.arn } })
  }

  # 0 at most: switched off.
  filter = attrs.max_size > 0 && local.attached && core::length(local.providers) == 0

  enforce {
    condition     = core::length(local.movers) > 0
    error_message = "${meta.address} is behind a load balancer and nothing scales it: under load it stays at ${attrs.min_size == attrs.max_size ? "${attrs.min_size} ${attrs.min_size == 1 ? "server" : "servers"}" : "the servers it has (${attrs.min_size} to ${attrs.max_size})"}."
  }

  enforce {
    condition     = core::length(local.movers) == 0 || attrs.min_size != attrs.max_size
    at            = attrs.max_size
    error_message = "${meta.address} has minimum and maximum both at ${attrs.min_size}: its scaling policies can change nothing under load."
  }

  option "track" {
    title    = "Track CPU or requests per target"
    merits   = ["follows the load by itself"]
    demerits = ["the bill moves between the bounds", "a new server takes minutes: keep some room"]
    downtime = "none"
    effort   = "S"
  }

  option "schedule" {
    title    = "Scheduled sizes for known peaks"
    merits   = ["servers are there before the rush", "a bill that can be planned"]
    demerits = ["blind to surprises"]
    downtime = "none"
    effort   = "S"
  }

  pass "tracked" {
    resource "aws_autoscaling_group" "web" {
      name              = "web"
      min_size          = 2
      max_size          = 6
      target_group_arns = ["arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/0a1b2c3d4e5f6071"]
    }

    resource "aws_autoscaling_policy" "web" {
      name                   = "cpu"
      autoscaling_group_name = aws_autoscaling_group.web.name
      policy_type            = "TargetTrackingScaling"
    }
  }

  pass "by_the_clock" {
    resource "aws_autoscaling_group" "web" {
      name              = "web"
      min_size          = 2
      max_size          = 6
      target_group_arns = ["arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/0a1b2c3d4e5f6071"]
    }

    resource "aws_autoscaling_schedule" "evening" {
      scheduled_action_name  = "evening"
      autoscaling_group_name = aws_autoscaling_group.web.name
      desired_capacity       = 4
      recurrence             = "0 9 * * *"
    }
  }

  pass "moved_by_ecs" {
    resource "aws_autoscaling_group" "hosts" {
      name           = "hosts"
      min_size       = 2
      max_size       = 6
      load_balancers = ["web"]
    }

    resource "aws_ecs_capacity_provider" "hosts" {
      name = "hosts"

      auto_scaling_group_provider {
        auto_scaling_group_arn = aws_autoscaling_group.hosts.arn
      }
    }
  }

  pass "worker_without_load_balancer" {
    resource "aws_autoscaling_group" "worker" {
      name     = "worker"
      min_size = 1
      max_size = 1
    }
  }

  fail "nothing_scales_it" {
    resource "aws_autoscaling_group" "web" {
      name              = "web"
      min_size          = 2
      max_size          = 6
      target_group_arns = ["arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/0a1b2c3d4e5f6071"]
    }
  }

  fail "attached_elsewhere" {
    resource "aws_autoscaling_group" "web" {
      name     = "web"
      min_size = 2
      max_size = 6
    }

    resource "aws_autoscaling_attachment" "web" {
      autoscaling_group_name = aws_autoscaling_group.web.name
      lb_target_group_arn    = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/0a1b2c3d4e5f6071"
    }
  }

  fail "no_room" {
    resource "aws_autoscaling_group" "web" {
      name              = "web"
      min_size          = 3
      max_size          = 3
      target_group_arns = ["arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/0a1b2c3d4e5f6071"]
    }

    resource "aws_autoscaling_policy" "web" {
      name                   = "cpu"
      autoscaling_group_name = aws_autoscaling_group.web.name
      policy_type            = "TargetTrackingScaling"
    }
  }
}
