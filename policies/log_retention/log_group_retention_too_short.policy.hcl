# The reason of an outage is often asked weeks later: a customer writes, a release is compared with the one before, a
# post-mortem starts. When logs are deleted after a few days, nobody can answer any more. "Never expires" is not short;
# log_group_never_expires judges that.

input "min_days" {
  type        = number
  default     = 30
  description = "Shortest retention that passes, in days. 30 covers one month-end run and the time until a slow fault is noticed."
}

resource_policy "aws_cloudwatch_log_group" "log_group_retention_too_short" {
  title             = "Log group deletes its logs too early"
  category          = "log_retention"
  severity          = "high"
  scope             = "production"
  aliases           = ["CKV_AWS_338", "S:cloudwatch-log-groups-should-be-retained-for-a-specified-time-period"]
  references        = ["AWS provider: aws_cloudwatch_log_group", "Amazon CloudWatch Logs User Guide: Change log data retention"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = "Logs older than the retention are deleted and cannot be brought back. If a fault is noticed after that time, the team cannot find its cause, and the same outage comes again."
    fix = "Set retention_in_days to the number of days you want to look back. 30 is a good start for application logs, 90 or 365 for logs an auditor may ask for."
  }

  locals {
    days = core::coalesce(core::try(attrs.retention_in_days, null), 0)
  }

  # AWS fixes the retention of the DELIVERY class itself.
  filter = core::coalesce(core::try(attrs.log_group_class, null), "STANDARD") != "DELIVERY"

  enforce {
    condition     = local.days == 0 || local.days >= input.min_days
    at            = attrs.retention_in_days
    error_message = "${meta.address} keeps logs for ${local.days} ${local.days == 1 ? "day" : "days"}, so a fault that is noticed later cannot be traced; at least ${input.min_days} days are asked for."
  }

  option "longer" {
    title    = "Keep the logs longer in CloudWatch"
    merits   = ["can be searched at once", "one line"]
    demerits = ["stored gigabytes are paid for each month"]
    downtime = "none"
    effort   = "S"

    set {
      retention_in_days = 30
    }
  }

  option "archive" {
    title    = "Short time in CloudWatch, archive in S3"
    merits   = ["cheapest way to keep logs for years"]
    demerits = ["a delivery stream and a subscription filter to maintain", "old logs are searched with Athena, not in the console"]
    downtime = "none"
    effort   = "M"
  }

  option "datadog" {
    title    = "Short Datadog index with an archive behind it"
    merits   = ["one place to search for the whole team"]
    demerits = ["each gigabyte is paid for at ingest and in the index"]
    downtime = "none"
    effort   = "M"
  }

  pass "month" {
    resource "aws_cloudwatch_log_group" "app" {
      name              = "/ecs/app"
      retention_in_days = 30
    }
  }

  pass "never_expires" {
    resource "aws_cloudwatch_log_group" "app" {
      name = "/ecs/app"
    }
  }

  pass "delivery_class" {
    resource "aws_cloudwatch_log_group" "vended" {
      name              = "/vended/cdn"
      log_group_class   = "DELIVERY"
      retention_in_days = 1
    }
  }

  fail "three_days" {
    resource "aws_cloudwatch_log_group" "app" {
      name              = "/ecs/app"
      retention_in_days = 3
    }
  }
}
