# A log group without a retention keeps every line for ever. Nobody reads the logs of three years ago, but each gigabyte
# is on the bill every month, and the sum only grows. Personal data in old logs is a second reason to let them expire.

input "max_days" {
  type        = number
  default     = 0
  description = "Longest retention that passes, in days. 0 means no upper limit: only groups that never expire are reported, because how long is too long depends on the audit rules of the company."
}

resource_policy "aws_cloudwatch_log_group" "log_group_never_expires" {
  title             = "Log group never deletes its logs"
  category          = "log_retention"
  severity          = "medium"
  aliases           = ["CKV_AWS_66", "K:cloudwatch_without_retention_period_specified", "CB:CLOUDWATCH-1"]
  references        = ["AWS provider: aws_cloudwatch_log_group", "Amazon CloudWatch Logs User Guide: Change log data retention"]
  enforcement_level = "advisory"

  docs {
    why = "Without a retention the stored logs grow for ever and so does the monthly price. Nobody notices, because it grows slowly."
    fix = "Set retention_in_days. Choose by the kind of log: for example 14 days for debug output, 90 for an application, 365 for an audit trail. Logs older than that are deleted soon after the change, so copy them first if somebody needs them."
  }

  locals {
    days = core::coalesce(core::try(attrs.retention_in_days, null), 0)
  }

  # AWS fixes the retention of the DELIVERY class itself.
  filter = core::coalesce(core::try(attrs.log_group_class, null), "STANDARD") != "DELIVERY"

  enforce {
    condition     = local.days != 0
    at            = attrs.retention_in_days
    error_message = "${meta.address} has no retention, so its logs are kept and paid for without end."
  }

  enforce {
    condition     = input.max_days == 0 || local.days <= input.max_days
    at            = attrs.retention_in_days
    error_message = "${meta.address} keeps logs for ${local.days} days, and each day is paid for; at most ${input.max_days} are wanted."
  }

  option "by_kind" {
    title    = "Set a retention by the kind of log"
    merits   = ["stored gigabytes stop growing"]
    demerits = ["events older than the retention are deleted soon after the change"]
    downtime = "none"
    effort   = "S"

    set {
      retention_in_days = 90
    }
  }

  pass "ninety_days" {
    resource "aws_cloudwatch_log_group" "app" {
      name              = "/ecs/app"
      retention_in_days = 90
    }
  }

  pass "delivery_class" {
    resource "aws_cloudwatch_log_group" "vended" {
      name            = "/vended/cdn"
      log_group_class = "DELIVERY"
    }
  }

  fail "not_set" {
    resource "aws_cloudwatch_log_group" "app" {
      name = "/ecs/app"
    }
  }

  fail "zero" {
    resource "aws_cloudwatch_log_group" "app" {
      name              = "/ecs/app"
      retention_in_days = 0
    }
  }
}
