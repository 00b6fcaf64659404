# Scaling is often switched off for a moment, during an incident or a load test, and stays off. Nothing shows it until the next peak, or
# until the bill of a service that grew and never shrank.
resource_policy "aws_appautoscaling_target" "scaling_disabled" {
  title             = "Autoscaling is switched off"
  category          = "scaling"
  severity          = "medium"
  scope             = "production"
  references        = ["Application Auto Scaling User Guide: Suspend and resume scaling", "Amazon EC2 Auto Scaling User Guide: Suspend and resume Amazon EC2 Auto Scaling processes"]
  enforcement_level = "advisory"

  docs {
    why = "A switch that stops scaling out makes the next peak an outage; one that stops scaling in keeps the most expensive hour of the month for ever. A schedule that lowers the minimum to 0 stops the service at that hour."
    fix = "Take the switch out of the code again. If it must stay, say in a comment until when and why."
  }

  locals {
    suspended = core::flatten([
      for s in core::coalesce(core::try(attrs.suspended_state, null), []) : [
        for name in ["dynamic_scaling_in_suspended", "dynamic_scaling_out_suspended", "scheduled_scaling_suspended"] : name if core::coalesce(core::try(s[name], null), false)
      ]
    ])
  }

  enforce {
    condition     = core::length(local.suspended) == 0
    at            = attrs.suspended_state
    error_message = "${meta.address} has autoscaling suspended (${core::join(", ", local.suspended)}): the capacity does not follow the load."
  }

  option "resume" {
    title    = "Let it scale again"
    merits   = ["capacity follows the load in both directions"]
    demerits = ["the reason for switching it off may still be there: read the history first"]
    downtime = "none"
    effort   = "S"
  }

  pass "nothing_is_switched_off" {
    resource "aws_appautoscaling_target" "api" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/api"
      min_capacity       = 2
      max_capacity       = 6

      suspended_state {
        dynamic_scaling_in_suspended  = false
        dynamic_scaling_out_suspended = false
        scheduled_scaling_suspended   = false
      }
    }

    resource "aws_appautoscaling_policy" "api" {
      name               = "cpu"
      policy_type        = "TargetTrackingScaling"
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/api"

      target_tracking_scaling_policy_configuration {
        target_value = 55
      }
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

    resource "aws_autoscaling_group" "web" {
      name                = "web"
      min_size            = 2
      max_size            = 6
      suspended_processes = ["AZRebalance"]
    }

    resource "aws_autoscaling_policy" "web" {
      name                   = "cpu"
      autoscaling_group_name = "web"
      policy_type            = "TargetTrackingScaling"

      target_tracking_configuration {
        target_value = 55
      }
    }
  }

  fail "scale_out_suspended" {
    resource "aws_appautoscaling_target" "api" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/api"
      min_capacity       = 2
      max_capacity       = 6

      suspended_state {
        dynamic_scaling_out_suspended = true
      }
    }
  }

  fail "never_scales_in" {
    resource "aws_appautoscaling_policy" "api" {
      name               = "cpu"
      policy_type        = "TargetTrackingScaling"
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/api"

      target_tracking_scaling_policy_configuration {
        target_value     = 55
        disable_scale_in = true
      }
    }
  }

  fail "down_to_zero_at_night" {
    resource "aws_appautoscaling_scheduled_action" "night" {
      name               = "night"
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/api"
      schedule           = "cron(0 15 * * ? *)"

      scalable_target_action {
        min_capacity = 0
        max_capacity = 6
      }
    }
  }

  fail "group_does_not_launch" {
    resource "aws_autoscaling_group" "web" {
      name                = "web"
      min_size            = 2
      max_size            = 6
      suspended_processes = ["Launch"]
    }
  }

  fail "policy_switched_off" {
    resource "aws_autoscaling_policy" "web" {
      name                   = "cpu"
      autoscaling_group_name = "web"
      policy_type            = "TargetTrackingScaling"
      enabled                = false
    }
  }

  fail "group_never_scales_in" {
    resource "aws_autoscaling_policy" "web" {
      name                   = "cpu"
      autoscaling_group_name = "web"
      policy_type            = "TargetTrackingScaling"

      target_tracking_configuration {
        target_value     = 55
        disable_scale_in = true
      }
    }
  }
}

resource_policy "aws_appautoscaling_policy" "scaling_disabled" {
  enforcement_level = "advisory"

  enforce {
    condition     = !core::anytrue([for c in core::coalesce(core::try(attrs.target_tracking_scaling_policy_configuration, null), []) : core::coalesce(core::try(c.disable_scale_in, null), false)])
    at            = attrs.target_tracking_scaling_policy_configuration[0].disable_scale_in
    error_message = "${meta.address} never scales in: the capacity of the highest peak is paid for ever."
  }
}

resource_policy "aws_appautoscaling_scheduled_action" "scaling_disabled" {
  enforcement_level = "advisory"

  locals {
    least = core::try(core::tonumber(attrs.scalable_target_action[0].min_capacity), null)
  }

  enforce {
    condition     = local.least == null || local.least != 0
    at            = attrs.scalable_target_action[0].min_capacity
    error_message = "${meta.address} lowers the minimum to 0 (${core::coalesce(core::try(attrs.schedule, null), "by schedule")}): ${attrs.resource_id} may then run nothing."
  }
}

resource_policy "aws_autoscaling_group" "scaling_disabled" {
  enforcement_level = "advisory"

  locals {
    suspended = [for name in core::coalesce(core::try(attrs.suspended_processes, null), []) : name if core::contains(["Launch", "AlarmNotification", "ReplaceUnhealthy"], name)]
  }

  enforce {
    condition     = core::length(local.suspended) == 0
    at            = attrs.suspended_processes
    error_message = "${meta.address} has ${core::join(", ", local.suspended)} suspended: it neither grows under load nor replaces what is broken."
  }
}

resource_policy "aws_autoscaling_policy" "scaling_disabled" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(core::try(attrs.enabled, null), true)
    at            = attrs.enabled
    error_message = "${meta.address} is switched off: the group does not follow the load."
  }

  enforce {
    condition     = !core::anytrue([for c in core::coalesce(core::try(attrs.target_tracking_configuration, null), []) : core::coalesce(core::try(c.disable_scale_in, null), false)])
    at            = attrs.target_tracking_configuration[0].disable_scale_in
    error_message = "${meta.address} never scales in: the servers of the highest peak are paid for ever."
  }
}
