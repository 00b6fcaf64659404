# CodeDeploy can go back by itself when a deployment fails, and can keep the old tasks for a while after the switch. Without both, a bad release
# is repaired by a new release.

input "min_minutes" {
  type        = number
  default     = 5
  description = "Time in which most bad releases show themselves. Meanwhile going back takes seconds, because the old tasks still run."
}

resource_policy "aws_codedeploy_deployment_group" "codedeploy_no_rollback" {
  title             = "A failed deployment is not rolled back"
  category          = "release"
  severity          = "medium"
  scope             = "production"
  references        = ["AWS CodeDeploy User Guide: Redeploy and roll back a deployment with CodeDeploy", "AWS provider: aws_codedeploy_deployment_group"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = "After a failed deployment half of the servers run the new version and half the old one, until somebody decides. In a blue/green deployment that ends the old tasks at once, going back means starting them again."
    fix = "Set `auto_rollback_configuration { enabled = true, events = [\"DEPLOYMENT_FAILURE\"] }`, and a `termination_wait_time_in_minutes` of 5 or more."
  }

  locals {
    rollback = core::anytrue([
      for r in core::coalesce(core::try(attrs.auto_rollback_configuration, null), []) :
      core::coalesce(core::try(r.enabled, null), false) && core::contains(core::coalesce(core::try(r.events, null), []), "DEPLOYMENT_FAILURE")
    ])
    ending = core::flatten([
      for b in core::coalesce(core::try(attrs.blue_green_deployment_config, null), []) : [
        for t in core::coalesce(core::try(b.terminate_blue_instances_on_deployment_success, null), []) : core::coalesce(core::try(t.termination_wait_time_in_minutes, null), 0)
        if core::coalesce(core::try(t.action, null), "none") == "TERMINATE"
      ]
    ])
  }

  enforce {
    condition     = local.rollback
    at            = attrs.auto_rollback_configuration
    error_message = "${meta.address} does not roll back a failed deployment: half of it stays on the new version until somebody acts."
  }

  enforce {
    condition     = core::alltrue([for minutes in local.ending : minutes >= input.min_minutes])
    at            = attrs.blue_green_deployment_config
    error_message = "${meta.address} ends the old version ${core::join(", ", [for minutes in local.ending : core::tostring(minutes)])} minutes after the switch: whoever notices a fault later has to start it again to go back; at least ${input.min_minutes} are asked for."
  }

  option "rollback" {
    title    = "Roll back on failure, keep the old version for some minutes"
    merits   = ["a bad release repairs itself", "going back by hand takes seconds"]
    demerits = ["double capacity is paid for these minutes"]
    downtime = "none"
    effort   = "S"
  }

  option "alarms" {
    title    = "Roll back on alarms as well"
    merits   = ["catches errors that only users see"]
    demerits = ["needs good alarms"]
    downtime = "none"
    effort   = "M"
  }

  pass "rolls_back" {
    resource "aws_codedeploy_deployment_group" "api" {
      app_name              = "api"
      deployment_group_name = "api"
      service_role_arn      = "arn:aws:iam::123456789012:role/codedeploy"

      auto_rollback_configuration {
        enabled = true
        events  = ["DEPLOYMENT_FAILURE"]
      }

      blue_green_deployment_config {
        terminate_blue_instances_on_deployment_success {
          action                           = "TERMINATE"
          termination_wait_time_in_minutes = 10
        }
      }
    }
  }

  pass "old_version_stays" {
    resource "aws_codedeploy_deployment_group" "api" {
      app_name              = "api"
      deployment_group_name = "api"
      service_role_arn      = "arn:aws:iam::123456789012:role/codedeploy"

      auto_rollback_configuration {
        enabled = true
        events  = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"]
      }

      blue_green_deployment_config {
        terminate_blue_instances_on_deployment_success {
          action = "KEEP_ALIVE"
        }
      }
    }
  }

  fail "not_written" {
    resource "aws_codedeploy_deployment_group" "api" {
      app_name              = "api"
      deployment_group_name = "api"
      service_role_arn      = "arn:aws:iam::123456789012:role/codedeploy"
    }
  }

  fail "switched_off" {
    resource "aws_codedeploy_deployment_group" "api" {
      app_name              = "api"
      deployment_group_name = "api"
      service_role_arn      = "arn:aws:iam::123456789012:role/codedeploy"

      auto_rollback_configuration {
        enabled = false
        events  = ["DEPLOYMENT_FAILURE"]
      }
    }
  }

  fail "only_on_alarm" {
    resource "aws_codedeploy_deployment_group" "api" {
      app_name              = "api"
      deployment_group_name = "api"
      service_role_arn      = "arn:aws:iam::123456789012:role/codedeploy"

      auto_rollback_configuration {
        enabled = true
        events  = ["DEPLOYMENT_STOP_ON_ALARM"]
      }
    }
  }

  fail "old_version_ends_at_once" {
    resource "aws_codedeploy_deployment_group" "api" {
      app_name              = "api"
      deployment_group_name = "api"
      service_role_arn      = "arn:aws:iam::123456789012:role/codedeploy"

      auto_rollback_configuration {
        enabled = true
        events  = ["DEPLOYMENT_FAILURE"]
      }

      blue_green_deployment_config {
        terminate_blue_instances_on_deployment_success {
          action = "TERMINATE"
        }
      }
    }
  }
}
