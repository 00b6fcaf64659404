locals {
  blocks = core::getresources("aws_s3_account_public_access_block", {})
  alarms = core::getresources("aws_cloudwatch_metric_alarm", null)
  topics = core::getresources("aws_sns_topic")

  by_name = {
    for alarm in local.alarms : core::try(alarm.alarm_name, "?") => core::try(alarm.alarm_actions, [])
    if core::try(alarm.metric_name, "") != ""
  }
  by_metric = { for alarm in local.alarms : core::try(alarm.metric_name, "?") => alarm.alarm_name... }
}

resource_policy "aws_s3_bucket" "account_is_closed" {
  locals {
    block = core::length(local.blocks) > 0 ? local.blocks[0] : null
    is_on = local.block != null ? core::try(local.block.block_public_acls, false) : false
  }

  enforce {
    condition     = local.is_on
    error_message = "The account lets buckets be public."
  }

  enforce {
    condition     = core::length(core::flatten(core::values(local.by_name))) >= core::length(local.topics)
    error_message = "${core::length(local.topics)} topics, and no alarm goes to one of them."
  }

  enforce {
    condition = core::alltrue([for metric, names in local.by_metric : core::length(names) < 3])
  }
}
