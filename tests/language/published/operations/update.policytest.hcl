policytest {
  targets = ["update.policy.hcl"]
}

resource "aws_db_instance" "grows" {
  attrs       = { allocated_storage = 100 }
  prior_attrs = { allocated_storage = 50 }
}

resource "aws_db_instance" "shrinks" {
  expect_failure = true
  attrs          = { allocated_storage = 50 }
  prior_attrs    = { allocated_storage = 100 }
}

resource "aws_db_instance" "is_new" {
  attrs = { allocated_storage = 1 }
}
