# A scaling target only says between which bounds something may move. Without a policy that moves it, or with both bounds equal, it looks
# like autoscaling in every list and does nothing under load.
resource_policy "aws_appautoscaling_target" "scaling_target_ineffective" {
  title             = "Autoscaling is declared but can change nothing"
  category          = "scaling"
  severity          = "medium"
  scope             = "production"
  aliases           = ["CB:ECS-3", "CB:DYNAMODB-4"]
  references        = ["Application Auto Scaling User Guide: Target tracking scaling policies", "Terraform AWS provider: aws_appautoscaling_policy"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = "The team believes that the service follows the load. At the first real peak the number stays where it was, and the time until somebody notices is lost."
    fix = "Add an `aws_appautoscaling_policy` with the `resource_id` and `scalable_dimension` of the target, and leave room between `min_capacity` and `max_capacity`."
  }

  locals {
    same      = { resource_id = attrs.resource_id, scalable_dimension = attrs.scalable_dimension }
    policies  = core::getresources("aws_appautoscaling_policy", local.same)
    schedules = core::getresources("aws_appautoscaling_scheduled_action", local.same)
  }

  # Both bounds 0: switched off on purpose.
  filter = attrs.max_capacity > 0

  enforce {
    condition     = core::length(local.policies) > 0 || core::length(local.schedules) > 0
    error_message = "${meta.address} may move between ${attrs.min_capacity} and ${attrs.max_capacity}, but no scaling policy moves it: the capacity stays as it is under load."
  }

  # By the clock only: good for known peaks, blind to others.
  enforce {
    condition     = core::length(local.policies) > 0 || core::length(local.schedules) == 0
    severity      = "low"
    error_message = "${meta.address} is moved by the clock only: an unexpected peak finds the capacity of a quiet hour."
  }

  enforce {
    condition     = core::length(local.policies) == 0 || attrs.min_capacity != attrs.max_capacity
    at            = attrs.max_capacity
    error_message = "${meta.address} has minimum and maximum both at ${attrs.min_capacity}: its scaling policies can change nothing under load."
  }

  option "track" {
    title    = "Add a policy that tracks CPU or requests"
    merits   = ["follows the load by itself"]
    demerits = ["the bill moves between the bounds"]
    downtime = "none"
    effort   = "S"
    add "aws_appautoscaling_policy" {
      policy_type = "TargetTrackingScaling"
    }
  }

  option "remove" {
    title    = "Remove the target and fix the number"
    merits   = ["the code says what happens"]
    demerits = ["somebody must raise the number by hand"]
    downtime = "none"
    effort   = "S"
  }

  pass "tracked" {
    resource "aws_appautoscaling_target" "api" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/api"
      min_capacity       = 2
      max_capacity       = 6
    }

    resource "aws_appautoscaling_policy" "api" {
      name               = "cpu"
      policy_type        = "TargetTrackingScaling"
      service_namespace  = aws_appautoscaling_target.api.service_namespace
      scalable_dimension = aws_appautoscaling_target.api.scalable_dimension
      resource_id        = aws_appautoscaling_target.api.resource_id

      target_tracking_scaling_policy_configuration {
        target_value = 55

        predefined_metric_specification {
          predefined_metric_type = "ECSServiceAverageCPUUtilization"
        }
      }
    }
  }

  pass "switched_off" {
    resource "aws_appautoscaling_target" "batch" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/batch"
      min_capacity       = 0
      max_capacity       = 0
    }
  }

  fail "no_policy" {
    resource "aws_appautoscaling_target" "api" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/api"
      min_capacity       = 2
      max_capacity       = 6
    }
  }

  fail "policy_of_the_other_dimension" {
    resource "aws_appautoscaling_target" "reads" {
      service_namespace  = "dynamodb"
      scalable_dimension = "dynamodb:table:ReadCapacityUnits"
      resource_id        = "table/orders"
      min_capacity       = 5
      max_capacity       = 100
    }

    resource "aws_appautoscaling_policy" "writes" {
      name               = "writes"
      policy_type        = "TargetTrackingScaling"
      service_namespace  = "dynamodb"
      scalable_dimension = "dynamodb:table:WriteCapacityUnits"
      resource_id        = "table/orders"
    }
  }

  fail "by_the_clock_only" {
    resource "aws_appautoscaling_target" "api" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/api"
      min_capacity       = 2
      max_capacity       = 6
    }

    resource "aws_appautoscaling_scheduled_action" "evening" {
      name               = "evening"
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/api"
      schedule           = "cron(0 9 * * ? *)"

      scalable_target_action {
        min_capacity = 4
        max_capacity = 6
      }
    }
  }

  fail "no_room" {
    resource "aws_appautoscaling_target" "api" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/api"
      min_capacity       = 3
      max_capacity       = 3
    }

    resource "aws_appautoscaling_policy" "api" {
      name               = "cpu"
      policy_type        = "TargetTrackingScaling"
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/api"
    }
  }
}
