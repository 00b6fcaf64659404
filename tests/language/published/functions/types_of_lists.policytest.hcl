policytest {
  targets = ["types_of_lists.policy.hcl"]
}

resource "aws_db_subnet_group" "both" {
  attrs = { zones = ["b", "a"] }
}

resource "aws_db_subnet_group" "sorted" {
  attrs = { zones = ["a", "b"] }
}

resource "aws_db_subnet_group" "one" {
  expect_failure = true
  attrs          = { zones = ["a"] }
}
