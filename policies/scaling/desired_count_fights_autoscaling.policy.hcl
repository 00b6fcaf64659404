# Two owners of one number. Autoscaling has raised the tasks to ten for the evening rush, somebody merges a change of a label, and
# Terraform puts the number back to two, as the code says.
resource_policy "aws_ecs_service" "desired_count_fights_autoscaling" {
  title             = "Terraform resets the capacity that autoscaling has chosen"
  category          = "scaling"
  severity          = "high"
  references        = ["Terraform: The lifecycle meta-argument, ignore_changes", "Terraform AWS provider: aws_ecs_service, Ignoring Changes to Desired Count"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = "Each apply throws the service back to the number in the code. In a quiet hour nobody sees it; in the rush the tasks that carried the load are stopped, and it takes minutes until they are back."
    fix = "Add `lifecycle { ignore_changes = [desired_count] }` to the service, or `desired_capacity` for an Auto Scaling group. The number in the code is then only the start."
  }

  # The cluster decides only where two services share a name.
  locals {
    clusters     = core::getresources("aws_ecs_cluster", { id = core::try(attrs.cluster, null) })
    last_segment = core::element(core::reverse(core::split("/", core::coalesce(core::try(attrs.cluster, null), "default"))), 0)
    cluster      = core::length(local.clusters) == 1 ? local.clusters[0].name : local.last_segment
    namesakes    = core::getresources("aws_ecs_service", { name = attrs.name })
    targets      = plan::matching("aws_appautoscaling_target", "resource_id", core::length(local.namesakes) < 2 ? "service/*/${attrs.name}" : "service/${local.cluster}/${attrs.name}")
    ignored      = core::coalesce(core::try(meta.lifecycle.ignore_changes, null), [])
  }

  filter = core::try(attrs.desired_count, null) != null && core::length(local.targets) > 0 && plan::configured("desired_count")

  enforce {
    condition     = core::contains(local.ignored, "desired_count") || core::contains(local.ignored, "all")
    at            = attrs.desired_count
    error_message = "${meta.address} is scaled between ${local.targets[0].min_capacity} and ${local.targets[0].max_capacity} tasks, but each apply sets it back to ${attrs.desired_count}, in the rush too."
  }

  option "ignore" {
    title    = "Let autoscaling own the number"
    merits   = ["an apply never touches the load"]
    demerits = ["the value in the code is only the start"]
    downtime = "none"
    effort   = "S"
  }

  option "leave_out" {
    title    = "Leave the number out"
    merits   = ["one owner"]
    demerits = ["a new service starts with no task until autoscaling raises it"]
    downtime = "none"
    effort   = "S"
  }

  pass "ignored" {
    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api:12"
      desired_count   = 2

      lifecycle {
        ignore_changes = [desired_count]
      }
    }

    resource "aws_appautoscaling_target" "api" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/api"
      min_capacity       = 2
      max_capacity       = 6
    }
  }

  pass "all_changes_ignored" {
    resource "aws_autoscaling_group" "web" {
      name             = "web"
      min_size         = 2
      max_size         = 6
      desired_capacity = 2

      lifecycle {
        ignore_changes = all
      }
    }

    resource "aws_autoscaling_policy" "web" {
      name                   = "cpu"
      autoscaling_group_name = aws_autoscaling_group.web.name
      policy_type            = "TargetTrackingScaling"
    }
  }

  pass "number_left_out" {
    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api:12"
    }

    resource "aws_appautoscaling_target" "api" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/api"
      min_capacity       = 2
      max_capacity       = 6
    }
  }

  pass "no_autoscaling" {
    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api:12"
      desired_count   = 2
    }

    resource "aws_autoscaling_group" "web" {
      name             = "web"
      min_size         = 2
      max_size         = 6
      desired_capacity = 2
    }
  }

  fail "service" {
    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api:12"
      desired_count   = 2
    }

    resource "aws_appautoscaling_target" "api" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/api"
      min_capacity       = 2
      max_capacity       = 6
    }
  }

  fail "something_else_ignored" {
    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api:12"
      desired_count   = 2

      lifecycle {
        ignore_changes = [task_definition]
      }
    }

    resource "aws_appautoscaling_target" "api" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/api"
      min_capacity       = 2
      max_capacity       = 6
    }
  }

  fail "auto_scaling_group" {
    resource "aws_autoscaling_group" "web" {
      name             = "web"
      min_size         = 2
      max_size         = 6
      desired_capacity = 2
    }

    resource "aws_autoscaling_policy" "web" {
      name                   = "cpu"
      autoscaling_group_name = aws_autoscaling_group.web.name
      policy_type            = "TargetTrackingScaling"
    }
  }
}

resource_policy "aws_autoscaling_group" "desired_count_fights_autoscaling" {
  enforcement_level = "mandatory_overridable"

  locals {
    policies = core::getresources("aws_autoscaling_policy", { autoscaling_group_name = attrs.name })
    ignored  = core::coalesce(core::try(meta.lifecycle.ignore_changes, null), [])
  }

  filter = core::length(local.policies) > 0 && core::try(attrs.desired_capacity, null) != null && plan::configured("desired_capacity")

  enforce {
    condition     = core::contains(local.ignored, "desired_capacity") || core::contains(local.ignored, "all")
    at            = attrs.desired_capacity
    error_message = "${meta.address} is scaled by ${core::length(local.policies)} ${core::length(local.policies) == 1 ? "policy" : "policies"}, but each apply sets it back to ${attrs.desired_capacity} ${attrs.desired_capacity == 1 ? "server" : "servers"}, in the rush too."
  }

  option "leave_out" {
    title    = "Leave desired_capacity out"
    merits   = ["one owner", "a new group starts with min_size"]
    demerits = ["none that is known"]
    downtime = "none"
    effort   = "S"
  }
}
