# A new task needs time to start. Meanwhile the load balancer already counts failed health checks, and ECS stops the task
# when there were enough of them. A slow start then becomes an endless loop of starts. The grace period says how long ECS
# does not look.

input "start_seconds" {
  type        = number
  default     = 60
  description = "Time an application may need until it answers its health check, in seconds. 60 suits most web applications; a large JVM application needs more."
}

resource_policy "aws_ecs_service" "ecs_no_health_check_grace" {
  title             = "New tasks can be stopped while they still start"
  category          = "release"
  severity          = "medium"
  references        = ["AWS provider: aws_ecs_service", "AWS provider: aws_lb_target_group", "Amazon ECS Developer Guide: Optimize load balancer health check parameters for Amazon ECS"]
  enforcement_level = "advisory"

  docs {
    why = "The target group gives up on a task faster than the application may need to start, and the service has no grace period. After a release, or when a task restarts under load, new tasks are stopped before they can answer."
    fix = "Set health_check_grace_period_seconds to the start time plus a margin. Measure the start time under load, not on a quiet day."
  }

  locals {
    grace = core::coalesce(core::try(attrs.health_check_grace_period_seconds, null), 0)

    groups = core::flatten([
      for b in core::try(attrs.load_balancer, []) : core::getresources("aws_lb_target_group", { arn = b.target_group_arn })
      if core::try(b.target_group_arn, null) != null
    ])

    # Seconds until each target group calls a silent target unhealthy.
    ejects = [
      for g in local.groups : core::coalesce(core::try(g.health_check[0].interval, null), 30) * core::coalesce(core::try(g.health_check[0].unhealthy_threshold, null), 3)
    ]
  }

  # A target group of another directory is not known here.
  filter = core::length(local.groups) > 0

  enforce {
    condition     = local.grace > 0 || core::alltrue([for seconds in local.ejects : seconds >= input.start_seconds])
    at            = attrs.health_check_grace_period_seconds
    error_message = "${meta.address} has no health check grace period and its target group gives up after ${core::join(", ", [for seconds in local.ejects : core::tostring(seconds)])} s: a start that takes longer (up to ${input.start_seconds} s are expected) is cut off again and again."
  }

  option "grace" {
    title    = "Grace period of start time plus margin"
    merits   = ["a slow start is not a failure"]
    demerits = ["a task that never answers is noticed later by this time"]
    downtime = "none"
    effort   = "S"

    set {
      health_check_grace_period_seconds = 120
    }
  }

  option "threshold" {
    title    = "Allow more failed checks in the target group"
    merits   = ["no change to the service"]
    demerits = ["a broken task gets traffic longer, in an outage too"]
    downtime = "none"
    effort   = "S"
  }

  pass "grace" {
    resource "aws_lb_target_group" "app" {
      name     = "app"
      port     = 8080
      protocol = "HTTP"
      vpc_id   = "vpc-0123456789abcdef0"

      health_check {
        path                = "/healthz"
        interval            = 10
        unhealthy_threshold = 2
      }
    }

    resource "aws_ecs_service" "app" {
      name                              = "app"
      cluster                           = "main"
      task_definition                   = "app:1"
      desired_count                     = 2
      health_check_grace_period_seconds = 90

      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  pass "patient_target_group" {
    resource "aws_lb_target_group" "app" {
      name     = "app"
      port     = 8080
      protocol = "HTTP"
      vpc_id   = "vpc-0123456789abcdef0"

      health_check {
        path = "/healthz"
      }
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "main"
      task_definition = "app:1"
      desired_count   = 2

      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  pass "no_load_balancer" {
    resource "aws_ecs_service" "worker" {
      name            = "worker"
      cluster         = "main"
      task_definition = "worker:1"
      desired_count   = 2
    }
  }

  fail "fast_ejection" {
    resource "aws_lb_target_group" "app" {
      name     = "app"
      port     = 8080
      protocol = "HTTP"
      vpc_id   = "vpc-0123456789abcdef0"

      health_check {
        path                = "/healthz"
        interval            = 10
        unhealthy_threshold = 2
      }
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "main"
      task_definition = "app:1"
      desired_count   = 2

      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = 8080
      }
    }
  }
}
