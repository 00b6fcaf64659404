policytest {
  targets = ["messages.policy.hcl"]
}

resource "aws_cloudwatch_log_group" "kept" {
  attrs = { name = "/aws/lambda/a", retention_in_days = 30 }
}

resource "aws_cloudwatch_log_group" "for_ever" {
  expect_failure = true
  attrs          = { name = "/app/a", retention_in_days = null }
}

resource "aws_cloudwatch_log_group" "elsewhere" {
  expect_failure = true
  attrs          = { name = "other", retention_in_days = 1 }
}
