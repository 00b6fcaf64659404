# A short retention in CloudWatch is a good choice when something copies the logs to a place that keeps them. When
# nothing copies them, the short retention is the end of the logs: after that day there is nothing to look at.

input "persist_below_days" {
  type        = number
  default     = 90
  description = "Groups that keep logs for fewer days than this must be copied elsewhere. 90 days is one quarter, the usual distance between a fault and the review that asks about it."
}

resource_policy "aws_cloudwatch_log_group" "log_group_not_persisted" {
  title             = "Logs expire soon and nothing keeps a copy"
  category          = "log_retention"
  severity          = "medium"
  scope             = "production"
  references        = ["AWS provider: aws_cloudwatch_log_subscription_filter", "AWS provider: aws_cloudwatch_log_account_policy", "Datadog provider: datadog_logs_archive"]
  enforcement_level = "advisory"

  docs {
    why = "The logs of this group are deleted after a short time and no subscription, account policy or archive copies them. A question about last quarter can then not be answered."
    fix = "Send the group to a bucket or to Datadog with a subscription filter, or raise retention_in_days. If another directory ships the logs, give that directory to planfit as well."
  }

  locals {
    days = core::coalesce(core::try(attrs.retention_in_days, null), 0)

    subscriptions  = core::getresources("aws_cloudwatch_log_subscription_filter", { log_group_name = attrs.name })
    account_policy = core::getresources("aws_cloudwatch_log_account_policy", { policy_type = "SUBSCRIPTION_FILTER_POLICY" })
    archives       = core::getresources("datadog_logs_archive", null)

    shipped = core::length(local.subscriptions) > 0 || core::length(local.account_policy) > 0 || core::length(local.archives) > 0
  }

  # AWS fixes the retention of the DELIVERY class itself.
  filter = core::coalesce(core::try(attrs.log_group_class, null), "STANDARD") != "DELIVERY"

  enforce {
    condition     = local.days == 0 || local.days >= input.persist_below_days || local.shipped
    at            = attrs.retention_in_days
    error_message = "${meta.address} deletes its logs after ${local.days} ${local.days == 1 ? "day" : "days"} and nothing copies them, so a question about last quarter has no answer; below ${input.persist_below_days} days a copy is asked for."
  }

  option "archive" {
    title    = "Ship the group to S3"
    merits   = ["cheapest way to keep logs for years"]
    demerits = ["a delivery stream and a subscription filter to maintain", "old logs are searched with Athena"]
    downtime = "none"
    effort   = "M"
  }

  option "longer" {
    title    = "Keep the logs longer in CloudWatch"
    merits   = ["can be searched at once", "one line"]
    demerits = ["stored gigabytes are paid for each month"]
    downtime = "none"
    effort   = "S"

    set {
      retention_in_days = 90
    }
  }

  option "datadog" {
    title    = "Short Datadog index with an archive behind it"
    merits   = ["one place to search for the whole team"]
    demerits = ["each gigabyte is paid for at ingest and in the index"]
    downtime = "none"
    effort   = "M"
  }

  pass "long_enough" {
    resource "aws_cloudwatch_log_group" "app" {
      name              = "/ecs/app"
      retention_in_days = 90
    }
  }

  pass "subscribed" {
    resource "aws_cloudwatch_log_group" "app" {
      name              = "/ecs/app"
      retention_in_days = 30
    }

    resource "aws_cloudwatch_log_subscription_filter" "app" {
      name            = "to-s3"
      log_group_name  = aws_cloudwatch_log_group.app.name
      filter_pattern  = ""
      destination_arn = "arn:aws:firehose:ap-northeast-1:111122223333:deliverystream/logs"
    }
  }

  pass "account_policy" {
    resource "aws_cloudwatch_log_group" "app" {
      name              = "/ecs/app"
      retention_in_days = 7
    }

    resource "aws_cloudwatch_log_account_policy" "ship" {
      policy_name = "ship-all"
      policy_type = "SUBSCRIPTION_FILTER_POLICY"
      policy_document = jsonencode({
        DestinationArn = "arn:aws:lambda:ap-northeast-1:111122223333:function:forwarder"
        FilterPattern  = ""
      })
    }
  }

  fail "nothing_ships" {
    resource "aws_cloudwatch_log_group" "app" {
      name              = "/ecs/app"
      retention_in_days = 30
    }
  }

  fail "other_group_is_shipped" {
    resource "aws_cloudwatch_log_group" "app" {
      name              = "/ecs/app"
      retention_in_days = 30
    }

    resource "aws_cloudwatch_log_group" "batch" {
      name              = "/ecs/batch"
      retention_in_days = 30
    }

    resource "aws_cloudwatch_log_subscription_filter" "batch" {
      name            = "to-s3"
      log_group_name  = aws_cloudwatch_log_group.batch.name
      filter_pattern  = ""
      destination_arn = "arn:aws:firehose:ap-northeast-1:111122223333:deliverystream/logs"
    }

    expect = ["aws_cloudwatch_log_group.app"]
  }
}
