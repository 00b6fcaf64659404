policytest {
  targets = ["operations.policy.hcl"]
}

resource "aws_db_instance" "created" {
  attrs = { identifier = "orders", engine = "mysql", tags = {} }
}

resource "aws_db_instance" "created_with_a_short_name" {
  expect_failure = true
  attrs          = { identifier = "db", engine = "mysql", tags = {} }
}

resource "aws_db_instance" "updated" {
  prior_attrs = { identifier = "db", engine = "mysql" }
  attrs       = { identifier = "db", engine = "mysql", tags = {} }
}

resource "aws_db_instance" "of_another_engine" {
  expect_failure = true
  prior_attrs    = { identifier = "db", engine = "mysql" }
  attrs          = { identifier = "db", engine = "postgres", tags = {} }
}

resource "aws_db_instance" "deleted" {
  prior_attrs = { identifier = "db", skip_final_snapshot = false }
}

resource "aws_db_instance" "deleted_for_good" {
  expect_failure = true
  prior_attrs    = { identifier = "db", skip_final_snapshot = true }
  meta           = { operation = "delete" }
}

resource "aws_db_instance" "without_tags" {
  expect_failure = true
  prior_attrs    = { identifier = "db", engine = "mysql" }
  attrs          = { identifier = "db", engine = "mysql" }
  meta           = { operation = "update" }
}

resource "aws_db_instance" "as_it_is" {
  expect_failure = true
  attrs          = { identifier = "broken", tags = {} }
  meta           = { operation = "no-op" }
}
