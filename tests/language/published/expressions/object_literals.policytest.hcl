policytest {
  targets = ["object_literals.policy.hcl"]
}

resource "aws_sqs_queue" "standard" {
  attrs = { fifo_queue = false, message_retention_seconds = 345600 }
}

resource "aws_sqs_queue" "fifo" {
  expect_failure = true
  attrs          = { fifo_queue = true, message_retention_seconds = 345600 }
}
