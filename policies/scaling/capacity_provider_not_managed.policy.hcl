# With a capacity provider ECS adds servers when tasks find no room, and takes them away without cutting requests. Switched off, tasks
# wait for a place that nobody makes, and a server that goes takes its tasks along.
#
# What AWS does when managed_scaling is not written is not documented, so only a written or stored DISABLED is reported; managed draining is
# on unless somebody turns it off.
resource_policy "aws_ecs_capacity_provider" "capacity_provider_not_managed" {
  title             = "ECS does not manage the servers of its capacity provider"
  category          = "scaling"
  severity          = "medium"
  scope             = "production"
  references        = ["Amazon ECS Developer Guide: Automatically manage Amazon ECS capacity with cluster auto scaling", "Amazon ECS Developer Guide: Safely shut down container instances", "Terraform AWS provider: aws_ecs_capacity_provider"]
  enforcement_level = "advisory"

  docs {
    why = "When the service scales out, the new tasks stay in PENDING because the servers are full. When the group replaces a server, its tasks are killed in the middle of requests."
    fix = "Set `managed_scaling { status = \"ENABLED\" }` and `managed_draining = \"ENABLED\"` in `auto_scaling_group_provider`."
  }

  locals {
    group    = core::try(attrs.auto_scaling_group_provider[0], {})
    scaling  = core::coalesce(core::try(local.group.managed_scaling[0].status, null), "ENABLED")
    draining = core::coalesce(core::try(local.group.managed_draining, null), "ENABLED")
  }

  filter = core::length(core::coalesce(core::try(attrs.auto_scaling_group_provider, null), [])) > 0

  enforce {
    condition     = local.scaling != "DISABLED"
    at            = attrs.auto_scaling_group_provider[0].managed_scaling[0].status
    error_message = "${meta.address} has managed scaling off: tasks that find no room wait until somebody adds a server."
  }

  enforce {
    condition     = local.draining != "DISABLED"
    at            = attrs.auto_scaling_group_provider[0].managed_draining
    error_message = "${meta.address} has managed draining off: when a server goes, its tasks are cut in the middle of requests."
  }

  option "managed" {
    title    = "Let ECS scale and drain the servers"
    merits   = ["room for new tasks without anybody awake", "no cut requests when a server goes"]
    demerits = ["the group must not have other scaling policies"]
    downtime = "none"
    effort   = "S"
  }

  option "fargate" {
    title    = "Move to Fargate"
    merits   = ["no server to care for"]
    demerits = ["a higher price for steady load"]
    downtime = "none when services move one by one"
    effort   = "M"
  }

  pass "managed" {
    resource "aws_ecs_capacity_provider" "hosts" {
      name = "hosts"

      auto_scaling_group_provider {
        auto_scaling_group_arn = "arn:aws:autoscaling:ap-northeast-1:123456789012:autoScalingGroup:0a1b2c3d:autoScalingGroupName/hosts"
        managed_draining       = "ENABLED"

        managed_scaling {
          status          = "ENABLED"
          target_capacity = 90
        }
      }
    }
  }

  pass "not_written" {
    resource "aws_ecs_capacity_provider" "hosts" {
      name = "hosts"

      auto_scaling_group_provider {
        auto_scaling_group_arn = "arn:aws:autoscaling:ap-northeast-1:123456789012:autoScalingGroup:0a1b2c3d:autoScalingGroupName/hosts"
      }
    }
  }

  fail "scaling_off" {
    resource "aws_ecs_capacity_provider" "hosts" {
      name = "hosts"

      auto_scaling_group_provider {
        auto_scaling_group_arn = "arn:aws:autoscaling:ap-northeast-1:123456789012:autoScalingGroup:0a1b2c3d:autoScalingGroupName/hosts"

        managed_scaling {
          status = "DISABLED"
        }
      }
    }
  }

  fail "draining_off" {
    resource "aws_ecs_capacity_provider" "hosts" {
      name = "hosts"

      auto_scaling_group_provider {
        auto_scaling_group_arn = "arn:aws:autoscaling:ap-northeast-1:123456789012:autoScalingGroup:0a1b2c3d:autoScalingGroupName/hosts"
        managed_draining       = "DISABLED"
      }
    }
  }
}
