policytest {
  targets = ["numbers.policy.hcl"]
}

resource "aws_dynamodb_table" "reads" {
  attrs = { read_capacity = 4, write_capacity = 3 }
}

resource "aws_dynamodb_table" "writes" {
  expect_failure = true
  attrs          = { read_capacity = "10", write_capacity = 9 }
}
