policytest {
  targets = ["shadows.policy.hcl"]
}

resource "aws_sqs_queue" "ten" {
  attrs = { max = 10 }
}

resource "aws_sqs_queue" "fifteen" {
  expect_failure = true
  attrs          = { max = 15 }
}
