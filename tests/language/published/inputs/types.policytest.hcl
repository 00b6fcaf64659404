policytest {
  targets = ["types.policy.hcl"]
}

resource "aws_sqs_queue" "defaults" {
  attrs = {
    name = "orders"
  }
}

resource "aws_sqs_queue" "another_name" {
  expect_failure = true
  attrs = {
    name = "orders"
  }
  inputs {
    name = "invoices"
  }
}
