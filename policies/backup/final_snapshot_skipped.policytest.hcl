policytest {
  targets = ["final_snapshot_skipped.policy.hcl"]
}

locals {
  new = { operation = "create", actions = ["delete", "create"] }
  old = { operation = "no-op", actions = ["no-op"] }
}

resource "aws_db_instance" "replaced" {
  attrs = { skip_final_snapshot = true }
  meta  = local.new
}

resource "aws_db_instance" "at_rest" {
  attrs          = { skip_final_snapshot = true }
  meta           = local.old
  expect_failure = true
}

resource "aws_rds_cluster" "replaced" {
  attrs = { skip_final_snapshot = true }
  meta  = local.new
}

resource "aws_rds_cluster" "at_rest" {
  attrs          = { skip_final_snapshot = true }
  meta           = local.old
  expect_failure = true
}

resource "aws_docdb_cluster" "replaced" {
  attrs = { skip_final_snapshot = true }
  meta  = local.new
}

resource "aws_docdb_cluster" "at_rest" {
  attrs          = { skip_final_snapshot = true }
  meta           = local.old
  expect_failure = true
}

resource "aws_neptune_cluster" "replaced" {
  attrs = { skip_final_snapshot = true }
  meta  = local.new
}

resource "aws_neptune_cluster" "at_rest" {
  attrs          = { skip_final_snapshot = true }
  meta           = local.old
  expect_failure = true
}

resource "aws_redshift_cluster" "replaced" {
  attrs = { skip_final_snapshot = true }
  meta  = local.new
}

resource "aws_redshift_cluster" "at_rest" {
  attrs          = { skip_final_snapshot = true }
  meta           = local.old
  expect_failure = true
}

resource "aws_lightsail_database" "replaced" {
  attrs = { skip_final_snapshot = true }
  meta  = local.new
}

resource "aws_lightsail_database" "at_rest" {
  attrs          = { skip_final_snapshot = true }
  meta           = local.old
  expect_failure = true
}
