policytest {
  targets = ["engine_in_extended_support.policy.hcl"]
}

# Whatever day it is: with a hundred years of warning each end of support is near.
inputs {
  warn_days = 36500
}

resource "aws_db_instance" "due_or_past" {
  attrs = {
    engine         = "postgres"
    engine_version = "14.15"
  }
  expect_failure = true
}

resource "aws_rds_cluster" "due_or_past" {
  attrs = {
    engine         = "aurora-postgresql"
    engine_version = "14.15"
  }
  expect_failure = true
}

resource "aws_db_instance" "not_in_the_table" {
  attrs = {
    engine         = "postgres"
    engine_version = "18.4"
  }
}
