# A message that cannot be processed comes back again and again until it is too old, and then it is gone. With a dead-letter queue
# it is put aside after some tries, where it can be looked at and sent again.
resource_policy "aws_sqs_queue" "queue_without_dead_letter" {
  title             = "Queue with a consumer has no dead-letter queue"
  category          = "redundancy"
  severity          = "low"
  scope             = "production"
  aliases           = ["CKV_AWS_116"]
  references        = ["Amazon SQS Developer Guide: Using dead-letter queues in Amazon SQS", "AWS Lambda Developer Guide: Using Lambda with Amazon SQS", "Terraform AWS provider: aws_sqs_queue"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      One message that the consumer cannot read is tried for days: it costs calls, delays the messages behind it in a FIFO queue, and
      fills the log with the same error. When its time is over it disappears, with the order or payment in it.
    EOT
    fix = "Make a second queue and name it in `redrive_policy` with a `maxReceiveCount` of 3 to 10. Give it the longest retention (14 days) and an alarm on its depth."
  }

  # Another queue that sends its own failures here: then this is the place where they are put aside.
  locals {
    consumers = core::getresources("aws_lambda_event_source_mapping", { event_source_arn = attrs.arn })
    separate  = core::getresources("aws_sqs_queue_redrive_policy", { queue_url = attrs.id })
    sources   = [for r in graph::referrers("aws_sqs_queue", "aws_sqs_queue_redrive_policy") : r if r._path != "queue_url"]
  }

  filter = core::length(local.consumers) > 0 && core::length(local.sources) == 0

  enforce {
    condition     = core::length(local.separate) > 0 || core::can(core::jsondecode(attrs.redrive_policy).deadLetterTargetArn)
    error_message = "${meta.address} has a consumer and no dead-letter queue: a message that cannot be processed is tried until it expires, then it is lost."
  }

  option "dead_letter_queue" {
    title    = "Add a dead-letter queue and an alarm on it"
    merits   = ["no message is lost silently", "the consumer is free for the others"]
    demerits = ["somebody must look at what lies there"]
    downtime = "none"
    effort   = "S"
    add "aws_sqs_queue" {
      message_retention_seconds = 1209600
    }
  }

  option "failure_destination" {
    title    = "Let the consumer report failures itself"
    merits   = ["the reason can be stored with the message"]
    demerits = ["does not help when the consumer crashes"]
    downtime = "none"
    effort   = "M"
  }

  pass "with_dead_letter_queue" {
    resource "aws_sqs_queue" "dead" {
      name = "orders-dead"
    }

    resource "aws_sqs_queue" "orders" {
      name           = "orders"
      redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead.arn, maxReceiveCount = 5 })
    }

    resource "aws_lambda_event_source_mapping" "orders" {
      event_source_arn = aws_sqs_queue.orders.arn
      function_name    = "orders"
    }

    resource "aws_lambda_event_source_mapping" "repair" {
      event_source_arn = aws_sqs_queue.dead.arn
      function_name    = "repair"
    }
  }

  pass "policy_of_its_own" {
    resource "aws_sqs_queue" "dead" {
      name = "orders-dead"
    }

    resource "aws_lambda_event_source_mapping" "repair" {
      event_source_arn = aws_sqs_queue.dead.arn
      function_name    = "repair"
    }

    resource "aws_sqs_queue" "orders" {
      name = "orders"
    }

    resource "aws_sqs_queue_redrive_policy" "orders" {
      queue_url      = aws_sqs_queue.orders.id
      redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead.arn, maxReceiveCount = 5 })
    }

    resource "aws_lambda_event_source_mapping" "orders" {
      event_source_arn = aws_sqs_queue.orders.arn
      function_name    = "orders"
    }
  }

  pass "no_known_consumer" {
    resource "aws_sqs_queue" "archive" {
      name = "archive"
    }
  }

  fail "consumer_without_dead_letter_queue" {
    resource "aws_sqs_queue" "orders" {
      name = "orders"
    }

    resource "aws_lambda_event_source_mapping" "orders" {
      event_source_arn = aws_sqs_queue.orders.arn
      function_name    = "orders"
    }
  }
}
