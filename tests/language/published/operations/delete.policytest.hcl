policytest {
  targets = ["delete.policy.hcl"]
}

resource "aws_db_instance" "may_go" {
  prior_attrs = { tags = { may_go = "yes" } }
}

resource "aws_db_instance" "must_stay" {
  expect_failure = true
  prior_attrs    = { id = null }
}

resource "aws_db_instance" "protected" {
  expect_failure = true
  prior_attrs = {
    tags                = { may_go = "yes" }
    deletion_protection = true
  }
}

resource "aws_db_instance" "said_to_go" {
  attrs       = { tags = {} }
  prior_attrs = { tags = { may_go = "yes" } }
  meta = {
    operation = "delete"
  }
}
