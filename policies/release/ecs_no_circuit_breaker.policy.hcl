# When a new image crashes at start, ECS tries again and again, without end. The pipeline waits, the old tasks may already be
# fewer, and somebody must notice and roll back by hand. The deployment circuit breaker does that alone, and it is free.

resource_policy "aws_ecs_service" "ecs_no_circuit_breaker" {
  title             = "A broken release is not rolled back"
  category          = "release"
  severity          = "high"
  references        = ["AWS provider: aws_ecs_service", "Amazon ECS Developer Guide: How the Amazon ECS deployment circuit breaker detects failures", "Amazon ECS Developer Guide: How CloudWatch alarms detect Amazon ECS deployment failures"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = "If the tasks of a new version do not become healthy, ECS starts them again for hours. Nobody is told, and the release must be stopped and rolled back by hand."
    fix = "Add deployment_circuit_breaker with enable = true and rollback = true. Or let alarms decide: an alarms block with enable = true and rollback = true. Both together are best. They need health checks that fail when the application fails."
  }

  locals {
    replica    = core::coalesce(core::try(attrs.scheduling_strategy, null), "REPLICA") == "REPLICA"
    controller = core::coalesce(core::try(attrs.deployment_controller[0].type, null), "ECS")
    strategy   = core::coalesce(core::try(attrs.deployment_configuration[0].strategy, null), "ROLLING")
    rolling    = local.replica && local.controller == "ECS" && local.strategy == "ROLLING"

    breaker_on   = core::coalesce(core::try(attrs.deployment_circuit_breaker[0].enable, null), false)
    breaker_back = core::coalesce(core::try(attrs.deployment_circuit_breaker[0].rollback, null), false)
    alarms_on    = core::coalesce(core::try(attrs.alarms[0].enable, null), false)
    alarms_back  = core::coalesce(core::try(attrs.alarms[0].rollback, null), false)

    # Zero tasks that nothing starts is said by ecs_service_zero_tasks; there is no release that could fail.
    ignored = core::try(core::contains(meta.lifecycle.ignore_changes, "desired_count") || core::contains(meta.lifecycle.ignore_changes, "all"), false)
    runs = (
      core::coalesce(core::try(attrs.desired_count, null), 0) > 0
      || core::length(plan::matching("aws_appautoscaling_target", "resource_id", "service/*/${attrs.name}")) > 0
      || local.ignored
    )
  }

  filter = local.rolling && local.runs

  enforce {
    condition     = local.breaker_on || (local.alarms_on && local.alarms_back)
    at            = attrs.deployment_circuit_breaker[0].enable
    error_message = "${meta.address} does not stop a failed release, so ECS starts broken tasks again and again: neither deployment_circuit_breaker nor alarms is on."
  }

  enforce {
    condition     = !local.breaker_on || local.breaker_back || (local.alarms_on && local.alarms_back)
    at            = attrs.deployment_circuit_breaker[0].rollback
    error_message = "${meta.address} stops a failed release and stays there until somebody acts: deployment_circuit_breaker.rollback is false."
  }

  option "breaker" {
    title    = "Circuit breaker with rollback"
    merits   = ["a bad image stops itself", "free"]
    demerits = ["needs health checks that tell the truth"]
    downtime = "none"
    effort   = "S"
  }

  option "alarms" {
    title    = "Rollback by alarm"
    merits   = ["also catches a version that starts well and fails slowly"]
    demerits = ["needs good alarms first"]
    downtime = "none"
    effort   = "M"
  }

  pass "breaker" {
    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "main"
      task_definition = "app:1"
      desired_count   = 2

      deployment_circuit_breaker {
        enable   = true
        rollback = true
      }
    }
  }

  pass "alarms" {
    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "main"
      task_definition = "app:1"
      desired_count   = 2

      alarms {
        alarm_names = ["app-5xx"]
        enable      = true
        rollback    = true
      }
    }
  }

  pass "blue_green" {
    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "main"
      task_definition = "app:1"
      desired_count   = 2

      deployment_configuration {
        strategy = "BLUE_GREEN"
      }
    }
  }

  pass "zero_tasks" {
    resource "aws_ecs_service" "old" {
      name            = "old"
      cluster         = "main"
      task_definition = "old:1"
      desired_count   = 0
    }
  }

  fail "nothing" {
    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "main"
      task_definition = "app:1"
      desired_count   = 2
    }
  }

  fail "the_count_comes_from_autoscaling" {
    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "main"
      task_definition = "app:1"
    }

    resource "aws_appautoscaling_target" "app" {
      service_namespace  = "ecs"
      resource_id        = "service/main/app"
      scalable_dimension = "ecs:service:DesiredCount"
      min_capacity       = 2
      max_capacity       = 6
    }
  }

  fail "the_count_is_set_by_others" {
    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "main"
      task_definition = "app:1"

      lifecycle {
        ignore_changes = [desired_count]
      }
    }
  }

  fail "stops_but_does_not_go_back" {
    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "main"
      task_definition = "app:1"
      desired_count   = 2

      deployment_circuit_breaker {
        enable   = true
        rollback = false
      }
    }
  }
}
