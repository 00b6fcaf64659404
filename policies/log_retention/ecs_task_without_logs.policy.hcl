# What a container prints is the first thing somebody looks at in an outage. Without a log driver that sends it away, the
# output stays on the host or nowhere, and it is gone together with the task. A task that crashes then leaves no trace.

input "local_drivers" {
  type        = list(string)
  default     = ["json-file", "local", "none", "journald"]
  description = "Log drivers that leave the output on the host of the task. On Fargate that host is gone with the task, on EC2 with the instance."
}

resource_policy "aws_ecs_task_definition" "ecs_task_without_logs" {
  title             = "Container logs disappear with the task"
  category          = "log_retention"
  severity          = "high"
  aliases           = ["S:ecs-task-definition-log-configuration-present"]
  references        = ["AWS provider: aws_ecs_task_definition", "Amazon ECS Developer Guide: Send Amazon ECS logs to CloudWatch", "Amazon ECS Developer Guide: Send Amazon ECS logs to an AWS service or AWS Partner"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = "An essential container has no log driver, or one that writes to the local disk. When the task stops, its output is lost, also in the case where you need it most: the task crashed."
    fix = "Add a logConfiguration to the container, with the driver awslogs (CloudWatch) or awsfirelens (a log router sidecar). Create the log group in Terraform too, so that it has a retention."
  }

  locals {
    containers = core::jsondecode(attrs.container_definitions)
    no_driver  = "no log driver"
    bad        = core::concat(input.local_drivers, [local.no_driver])

    # A sidecar that routes the logs of the others needs no driver of its own; a container that is not essential may stop
    # without harm.
    silent = [
      for c in local.containers : "${core::try(c.name, "?")} (${core::coalesce(core::try(c.logConfiguration.logDriver, null), local.no_driver)})"
      if core::coalesce(core::try(c.essential, null), true)
      && core::try(c.firelensConfiguration, null) == null
      && core::contains(local.bad, core::coalesce(core::try(c.logConfiguration.logDriver, null), local.no_driver))
    ]
  }

  enforce {
    condition     = core::length(local.silent) == 0
    at            = attrs.container_definitions
    error_message = "${meta.address} loses the logs of ${core::join(", ", local.silent)}: when a task crashes, nobody can read why."
  }

  option "awslogs" {
    title    = "Send the logs to CloudWatch with awslogs"
    merits   = ["no extra container", "works on Fargate and EC2"]
    demerits = ["each gigabyte is paid for at ingest"]
    downtime = "none, rolling release"
    effort   = "S"
  }

  option "firelens" {
    title    = "Route the logs with a FireLens sidecar"
    merits   = ["to Datadog, S3 or several places at once"]
    demerits = ["the sidecar needs CPU and memory in each task"]
    downtime = "none, rolling release"
    effort   = "M"
  }

  pass "awslogs" {
    resource "aws_ecs_task_definition" "app" {
      family = "app"
      container_definitions = jsonencode([{
        name  = "app"
        image = "111122223333.dkr.ecr.ap-northeast-1.amazonaws.com/app:1.0.0"
        logConfiguration = {
          logDriver = "awslogs"
          options = {
            awslogs-group         = "/ecs/app"
            awslogs-region        = "ap-northeast-1"
            awslogs-stream-prefix = "app"
          }
        }
      }])
    }
  }

  pass "router_sidecar" {
    resource "aws_ecs_task_definition" "app" {
      family = "app"
      container_definitions = jsonencode([
        {
          name                  = "log-router"
          image                 = "public.ecr.aws/aws-observability/aws-for-fluent-bit:stable"
          firelensConfiguration = { type = "fluentbit" }
        },
        {
          name             = "app"
          image            = "111122223333.dkr.ecr.ap-northeast-1.amazonaws.com/app:1.0.0"
          logConfiguration = { logDriver = "awsfirelens" }
        },
      ])
    }
  }

  pass "only_a_helper_is_silent" {
    resource "aws_ecs_task_definition" "app" {
      family = "app"
      container_definitions = jsonencode([
        {
          name      = "migrate"
          image     = "111122223333.dkr.ecr.ap-northeast-1.amazonaws.com/app:1.0.0"
          essential = false
        },
        {
          name             = "app"
          image            = "111122223333.dkr.ecr.ap-northeast-1.amazonaws.com/app:1.0.0"
          logConfiguration = { logDriver = "awslogs" }
        },
      ])
    }
  }

  fail "no_driver" {
    resource "aws_ecs_task_definition" "app" {
      family = "app"
      container_definitions = jsonencode([{
        name  = "app"
        image = "111122223333.dkr.ecr.ap-northeast-1.amazonaws.com/app:1.0.0"
      }])
    }
  }

  fail "local_driver" {
    resource "aws_ecs_task_definition" "app" {
      family = "app"
      container_definitions = jsonencode([{
        name             = "app"
        image            = "111122223333.dkr.ecr.ap-northeast-1.amazonaws.com/app:1.0.0"
        essential        = true
        logConfiguration = { logDriver = "json-file" }
      }])
    }
  }
}
