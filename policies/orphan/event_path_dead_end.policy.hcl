# Messages that nobody reads are the quietest outage: the sender gets no error, the alarm goes to a topic without readers, and the
# queue fills up until its messages expire.
locals {
  # What leaves in an output, a call or a data source is somebody else's business.
  handed_on = core::anytrue([for user in plan::mentioned_in() : core::contains(["output", "locals", "module"], user) || core::startswith(user, "data.")])

  # Who watches or allows, but neither sends nor reads.
  bystanders = [
    "aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm", "aws_cloudwatch_dashboard", "aws_cloudwatch_log_group",
    "aws_cloudwatch_log_metric_filter", "moved", "import", "removed", "check"
  ]

  kept = core::try(attrs.tags["planfit:keep"], null) != null
}

resource_policy "aws_sns_topic" "event_path_dead_end" {
  title             = "Messages or events lead nowhere"
  category          = "orphan"
  severity          = "low"
  references        = ["Amazon SNS Developer Guide: Subscribing to an Amazon SNS topic", "Amazon EventBridge User Guide: Rules in Amazon EventBridge"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      What is sent here is read by nobody. Either something was forgotten, and orders or alarms are lost without an error, or the path
      is a leftover, and whoever reads the configuration takes it for alive.
    EOT
    fix = "Connect the reader, or delete the path from its start. If the reader is outside of this directory, put the name into an output, or tag it `planfit:keep` with the reason."
  }

  filter = !local.kept

  enforce {
    condition     = core::length(core::getresources("aws_sns_topic_subscription", { topic_arn = attrs.arn })) > 0 || local.handed_on
    error_message = "${meta.address} has no subscription: whatever is published to it reaches nobody."
  }

  option "connect" {
    title    = "Connect the reader that was meant"
    merits   = ["messages are handled, alarms reach people"]
    demerits = ["messages that have piled up are handled at once"]
    downtime = "none"
    effort   = "S"
  }

  option "delete" {
    title    = "Delete the path from its start"
    merits   = ["fewer parts that look alive"]
    demerits = ["messages that are still in a queue are lost"]
    downtime = "none, nobody reads it"
    effort   = "S"
  }

  pass "read" {
    resource "aws_sns_topic" "orders" {
      name = "orders"
    }

    resource "aws_sqs_queue" "orders" {
      name           = "orders"
      redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead.arn, maxReceiveCount = 5 })
    }

    resource "aws_sqs_queue" "dead" {
      name = "orders-dead"
    }

    resource "aws_sns_topic_subscription" "orders" {
      topic_arn = aws_sns_topic.orders.arn
      protocol  = "sqs"
      endpoint  = aws_sqs_queue.orders.arn
    }

    resource "aws_lambda_function" "orders" {
      function_name = "orders"
      role          = "arn:aws:iam::123456789012:role/orders"
    }

    resource "aws_lambda_event_source_mapping" "orders" {
      event_source_arn = aws_sqs_queue.orders.arn
      function_name    = aws_lambda_function.orders.arn
    }
  }

  pass "a_container_reads_the_queue" {
    resource "aws_sqs_queue" "mails" {
      name = "mails"
    }

    resource "aws_ecs_task_definition" "mailer" {
      family                = "mailer"
      container_definitions = jsonencode([{ name = "mailer", image = "mailer:1", environment = [{ name = "QUEUE", value = aws_sqs_queue.mails.url }] }])
    }
  }

  pass "rule_with_target" {
    resource "aws_cloudwatch_event_rule" "nightly" {
      name                = "nightly"
      schedule_expression = "rate(1 day)"
    }

    resource "aws_cloudwatch_event_target" "nightly" {
      rule = aws_cloudwatch_event_rule.nightly.name
      arn  = "arn:aws:lambda:ap-northeast-1:123456789012:function:nightly"
    }
  }

  pass "functions_with_callers" {
    resource "aws_lambda_function" "by_url" {
      function_name = "by-url"
      role          = "arn:aws:iam::123456789012:role/hook"
    }

    resource "aws_lambda_function_url" "by_url" {
      function_name      = "by-url"
      authorization_type = "AWS_IAM"
    }

    resource "aws_lambda_function" "by_permission" {
      function_name = "by-permission"
      role          = "arn:aws:iam::123456789012:role/hook"
    }

    resource "aws_lambda_permission" "by_permission" {
      function_name = "by-permission"
      action        = "lambda:InvokeFunction"
      principal     = "s3.amazonaws.com"
    }

    resource "aws_lambda_function" "by_mapping" {
      function_name = "by-mapping"
      role          = "arn:aws:iam::123456789012:role/hook"
    }

    resource "aws_lambda_event_source_mapping" "by_mapping" {
      function_name    = "by-mapping"
      event_source_arn = "arn:aws:sqs:ap-northeast-1:123456789012:elsewhere"
    }
  }

  pass "its_name_is_an_output" {
    resource "aws_sns_topic" "shared" {
      name = "shared"
    }

    output "topic" {
      value = aws_sns_topic.shared.arn
    }
  }

  fail "nobody_reads" {
    resource "aws_sns_topic" "alarms" {
      name = "alarms"
    }

    resource "aws_cloudwatch_metric_alarm" "cpu" {
      alarm_name          = "cpu"
      comparison_operator = "GreaterThanThreshold"
      evaluation_periods  = 3
      alarm_actions       = [aws_sns_topic.alarms.arn]
    }

    resource "aws_lambda_function" "old" {
      function_name = "old"
      role          = "arn:aws:iam::123456789012:role/old"
    }
  }

  fail "queue_that_is_only_filled" {
    resource "aws_sqs_queue" "old" {
      name = "old"
    }

    resource "aws_sns_topic_subscription" "old" {
      topic_arn = "arn:aws:sns:ap-northeast-1:123456789012:orders"
      protocol  = "sqs"
      endpoint  = aws_sqs_queue.old.arn
    }
  }

  fail "rules_without_effect" {
    resource "aws_cloudwatch_event_rule" "no_target" {
      name                = "no-target"
      schedule_expression = "rate(1 day)"
    }

    resource "aws_cloudwatch_event_rule" "off" {
      name                = "off"
      schedule_expression = "rate(1 day)"
      state               = "DISABLED"
    }

    resource "aws_cloudwatch_event_target" "off" {
      rule = aws_cloudwatch_event_rule.off.name
      arn  = "arn:aws:lambda:ap-northeast-1:123456789012:function:nightly"
    }

    resource "aws_cloudwatch_event_rule" "off_in_old_words" {
      name                = "off-in-old-words"
      schedule_expression = "rate(1 day)"
      is_enabled          = false
    }

    resource "aws_cloudwatch_event_target" "off_in_old_words" {
      rule = aws_cloudwatch_event_rule.off_in_old_words.name
      arn  = "arn:aws:lambda:ap-northeast-1:123456789012:function:nightly"
    }
  }
}

resource_policy "aws_sqs_queue" "event_path_dead_end" {
  enforcement_level = "advisory"

  locals {
    # Who only sends to it.
    senders = ["aws_sns_topic_subscription", "aws_cloudwatch_event_target", "aws_s3_bucket_notification", "aws_sqs_queue_policy", "aws_sqs_queue_redrive_policy", "aws_sqs_queue_redrive_allow_policy", "aws_scheduler_schedule"]

    # Any other mention may be the reader: an environment variable, a policy, a workflow. A queue that names it has it for dead letters.
    named_by = [for user in plan::mentioned_in() : user if !core::contains(local.senders, user) && !core::contains(local.bystanders, user)]
    users    = [for u in graph::referrers() : u if !core::contains(local.senders, u._type)]
  }

  filter = !local.kept

  enforce {
    condition     = core::length(local.named_by) > 0 || core::length(local.users) > 0
    error_message = "${meta.address} has no reader here: its messages expire unread."
  }
}

resource_policy "aws_lambda_function" "event_path_dead_end" {
  enforcement_level = "advisory"

  locals {
    named_by = [for user in plan::mentioned_in() : user if !core::contains(local.bystanders, user) && !core::contains(["aws_lambda_function_event_invoke_config", "aws_lambda_provisioned_concurrency_config"], user)]
    triggers = core::concat(
      core::getresources("aws_lambda_permission", { function_name = attrs.function_name }),
      core::getresources("aws_lambda_event_source_mapping", { function_name = attrs.function_name }),
      core::getresources("aws_lambda_function_url", { function_name = attrs.function_name })
    )
  }

  filter = !local.kept

  enforce {
    condition     = core::length(local.named_by) > 0 || core::length(local.triggers) > 0 || core::length(graph::referrers()) > 0
    error_message = "${meta.address} is started by nothing here: no event source, schedule, address or permission."
  }
}

resource_policy "aws_cloudwatch_event_rule" "event_path_dead_end" {
  enforcement_level = "advisory"

  locals {
    on = core::coalesce(core::try(attrs.is_enabled, null), true) && core::coalesce(core::try(attrs.state, null), "ENABLED") != "DISABLED"
  }

  filter = !local.kept

  enforce {
    condition     = local.on
    at            = attrs.state
    error_message = "${meta.address} is switched off: what it started does not happen any more."
  }

  enforce {
    condition     = !local.on || core::length(core::getresources("aws_cloudwatch_event_target", { rule = attrs.name })) > 0 || local.handed_on
    error_message = "${meta.address} has no target: its events start nothing."
  }
}
