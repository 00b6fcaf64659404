policytest {
  targets = ["level-from-input.policy.hcl"]
}

resource "aws_sqs_queue" "with key" {
  attrs = {
    name              = "orders"
    kms_master_key_id = "alias/orders"
  }
}

resource "aws_sqs_queue" "without.key" {
  expect_failure = true
  attrs = {
    name              = "orders"
    kms_master_key_id = null
  }
}
