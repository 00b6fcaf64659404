# A service with zero tasks does nothing, but its target group, alarms, roles, log group and images stay, and everyone who reads the
# configuration takes it for alive.
resource_policy "aws_ecs_service" "ecs_service_zero_tasks" {
  title             = "Service runs zero tasks and nothing starts it"
  category          = "orphan"
  severity          = "low"
  aliases           = ["K:ecs_service_without_running_tasks"]
  references        = ["Amazon ECS Developer Guide: Amazon ECS services", "Terraform AWS provider: aws_ecs_service"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      Nothing runs, and no scaling target, schedule or other writer of the task count is known. Often it is the last step of a
      switch-off that was never finished: the load balancer rule answers with errors, and everything around the service is still paid.
    EOT
    fix = "Delete the service with its rule, target group, alarms and log group, or give it a task count. If a person or a script starts it when needed, put `desired_count` in `ignore_changes`, or tag it `planfit:keep` with the reason."
  }

  locals {
    tasks     = core::coalesce(core::try(attrs.desired_count, null), 0)
    targets   = plan::matching("aws_appautoscaling_target", "resource_id", "service/*/${attrs.name}")
    schedules = plan::matching("aws_appautoscaling_scheduled_action", "resource_id", "service/*/${attrs.name}")

    # EventBridge Scheduler can call UpdateService; the service's name is then in the JSON of the call.
    callers = core::flatten([
      for s in core::getresources("aws_scheduler_schedule", null) : core::try([
        for t in s.target : t.arn
        if core::strcontains(core::coalesce(core::try(t.input, null), "{}"), attrs.name) && core::endswith(core::lower(t.arn), ":ecs:updateservice")
      ], [])
    ])
    ignored = core::try(core::contains(meta.lifecycle.ignore_changes, "desired_count") || core::contains(meta.lifecycle.ignore_changes, "all"), false)
  }

  filter = (
    core::coalesce(core::try(attrs.scheduling_strategy, null), "REPLICA") == "REPLICA"
    && core::try(attrs.tags["planfit:keep"], null) == null
  )

  enforce {
    condition     = local.tasks > 0 || core::length(local.targets) > 0 || core::length(local.schedules) > 0 || core::length(local.callers) > 0 || local.ignored
    at            = attrs.desired_count
    error_message = "${meta.address} runs 0 tasks, and no scaling target or schedule starts it, so whatever is kept for it serves nobody."
  }

  option "delete" {
    title    = "Delete the service and what belongs only to it"
    merits   = ["its target group, rule, alarms and logs go too", "one service less to understand"]
    demerits = ["bringing it back means a new pull request"]
    downtime = "none, nothing runs"
    effort   = "S"
  }

  option "scheduled_task" {
    title    = "Turn it into a scheduled task"
    merits   = ["a batch that runs once a month is written down as one"]
    demerits = ["a new schedule and role"]
    downtime = "none"
    effort   = "M"
  }

  option "start_it" {
    title    = "Give it a task count again"
    merits   = ["it answers again"]
    demerits = ["the tasks are paid again"]
    downtime = "none"
    effort   = "S"
    set {
      desired_count = 2
    }
  }

  pass "two_tasks" {
    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api:12"
      desired_count   = 2
    }
  }

  pass "autoscaling_owns_the_count" {
    resource "aws_ecs_service" "worker" {
      name            = "worker"
      cluster         = "main"
      task_definition = "worker:3"
      desired_count   = 0
    }

    resource "aws_appautoscaling_target" "worker" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/${aws_ecs_service.worker.name}"
      min_capacity       = 0
      max_capacity       = 4
    }
  }

  pass "started_by_a_schedule" {
    resource "aws_ecs_service" "report" {
      name            = "report"
      cluster         = "main"
      task_definition = "report:3"
      desired_count   = 0
    }

    resource "aws_scheduler_schedule" "report" {
      name                = "report"
      schedule_expression = "cron(0 5 * * ? *)"

      flexible_time_window {
        mode = "OFF"
      }

      target {
        arn      = "arn:aws:scheduler:::aws-sdk:ecs:updateService"
        role_arn = "arn:aws:iam::123456789012:role/scheduler"
        input    = jsonencode({ Cluster = "main", Service = "report", DesiredCount = 1 })
      }
    }
  }

  pass "count_is_set_elsewhere" {
    resource "aws_ecs_service" "batch" {
      name            = "batch"
      cluster         = "main"
      task_definition = "batch:3"
      desired_count   = 0

      lifecycle {
        ignore_changes = [desired_count]
      }
    }
  }

  pass "one_task_on_each_host" {
    resource "aws_ecs_service" "agent" {
      name                = "agent"
      cluster             = "main"
      task_definition     = "agent:1"
      scheduling_strategy = "DAEMON"
    }
  }

  fail "zero" {
    resource "aws_ecs_service" "old" {
      name            = "old"
      cluster         = "main"
      task_definition = "old:1"
      desired_count   = 0
    }
  }

  fail "not_written" {
    resource "aws_ecs_service" "old" {
      name            = "old"
      cluster         = "main"
      task_definition = "old:1"
    }
  }
}
