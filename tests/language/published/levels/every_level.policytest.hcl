policytest {
  targets = ["every_level.policy.hcl"]
}

inputs {
  strict = true
}

resource "aws_kms_alias" "named" {
  attrs = { name = "alias/orders" }
}

resource "aws_kms_alias" "unnamed" {
  expect_failure = true
  attrs          = { name = "orders" }
  inputs {
    strict         = false
    level-of-names = "advisory"
  }
}
