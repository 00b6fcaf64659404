policytest {
  targets = ["secrets.policy.hcl"]
}

resource "aws_ssm_parameter" "other" {
  attrs = { name = "/a", value = "b" }
}

resource "aws_ssm_parameter" "token" {
  expect_failure = true
  attrs          = { name = "/a", value = "not-a-real-token" }
}

resource "aws_ssm_parameter" "another_token" {
  expect_failure = true
  attrs          = { name = "/a", value = "of-this-test" }
  inputs {
    token = "of-this-test"
  }
}
