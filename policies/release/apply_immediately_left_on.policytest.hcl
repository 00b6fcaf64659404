policytest {
  targets = ["apply_immediately_left_on.policy.hcl"]
}

resource "aws_db_instance" "restarts_at_once" {
  prior_attrs    = { instance_class = "a", apply_immediately = true }
  attrs          = { instance_class = "b", apply_immediately = true }
  expect_failure = true
}

resource "aws_db_instance" "waits_for_the_window" {
  prior_attrs = { instance_class = "a", apply_immediately = false }
  attrs       = { instance_class = "b", apply_immediately = false }
}

resource "aws_rds_cluster" "restarts_at_once" {
  prior_attrs    = { engine_version = "a", apply_immediately = true }
  attrs          = { engine_version = "b", apply_immediately = true }
  expect_failure = true
}

resource "aws_rds_cluster" "waits_for_the_window" {
  prior_attrs = { engine_version = "a", apply_immediately = false }
  attrs       = { engine_version = "b", apply_immediately = false }
}

resource "aws_rds_cluster_instance" "restarts_at_once" {
  prior_attrs    = { instance_class = "a", apply_immediately = true }
  attrs          = { instance_class = "b", apply_immediately = true }
  expect_failure = true
}

resource "aws_rds_cluster_instance" "waits_for_the_window" {
  prior_attrs = { instance_class = "a", apply_immediately = false }
  attrs       = { instance_class = "b", apply_immediately = false }
}

resource "aws_elasticache_replication_group" "restarts_at_once" {
  prior_attrs    = { node_type = "a", apply_immediately = true }
  attrs          = { node_type = "b", apply_immediately = true }
  expect_failure = true
}

resource "aws_elasticache_replication_group" "waits_for_the_window" {
  prior_attrs = { node_type = "a", apply_immediately = false }
  attrs       = { node_type = "b", apply_immediately = false }
}

resource "aws_docdb_cluster" "restarts_at_once" {
  prior_attrs    = { engine_version = "a", apply_immediately = true }
  attrs          = { engine_version = "b", apply_immediately = true }
  expect_failure = true
}

resource "aws_docdb_cluster" "waits_for_the_window" {
  prior_attrs = { engine_version = "a", apply_immediately = false }
  attrs       = { engine_version = "b", apply_immediately = false }
}

resource "aws_mq_broker" "restarts_at_once" {
  prior_attrs    = { host_instance_type = "a", apply_immediately = true }
  attrs          = { host_instance_type = "b", apply_immediately = true }
  expect_failure = true
}

resource "aws_mq_broker" "waits_for_the_window" {
  prior_attrs = { host_instance_type = "a", apply_immediately = false }
  attrs       = { host_instance_type = "b", apply_immediately = false }
}
