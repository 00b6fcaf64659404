policytest {
  targets = ["stateful_deleted_without_snapshot.policy.hcl"]
}

locals {
  delete  = { operation = "delete", actions = ["delete"], forget = false }
  replace = { operation = "delete", actions = ["delete", "create"], forget = false }
  forget  = { operation = "delete", actions = ["forget"], forget = true }
}

resource "aws_db_instance" "skips_the_snapshot" {
  prior_attrs = {
    identifier                = "main"
    engine                    = "postgres"
    skip_final_snapshot       = true
    final_snapshot_identifier = "main-last"
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_db_instance" "snapshot_has_no_name" {
  prior_attrs = {
    identifier                = "unnamed"
    engine                    = "postgres"
    skip_final_snapshot       = false
    final_snapshot_identifier = null
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_db_instance" "replaced" {
  prior_attrs = {
    identifier          = "replaced"
    engine              = "postgres"
    skip_final_snapshot = true
  }
  meta           = local.replace
  expect_failure = true
}

resource "aws_db_instance" "final_snapshot" {
  prior_attrs = {
    identifier                = "final"
    engine                    = "postgres"
    skip_final_snapshot       = false
    final_snapshot_identifier = "final-last"
  }
  meta = local.delete
}

resource "aws_db_instance" "snapshot_stays" {
  prior_attrs = {
    identifier          = "copied"
    engine              = "postgres"
    skip_final_snapshot = true
  }
  meta = local.delete
}

resource "aws_db_snapshot" "copied" {
  attrs = {
    db_instance_identifier = "copied"
    db_snapshot_identifier = "copied-before-delete"
  }
  meta = { operation = "no-op" }
  skip = true
}

# A snapshot that this plan makes may come too late.
resource "aws_db_instance" "snapshot_is_new" {
  prior_attrs = {
    identifier          = "late"
    engine              = "postgres"
    skip_final_snapshot = true
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_db_snapshot" "late" {
  attrs = {
    db_instance_identifier = "late"
    db_snapshot_identifier = "late-new"
  }
  meta = { operation = "create" }
  skip = true
}

resource "aws_db_instance" "replica" {
  prior_attrs = {
    identifier          = "replica"
    engine              = "postgres"
    replicate_source_db = "main"
    skip_final_snapshot = true
  }
  meta = local.delete
}

resource "aws_db_instance" "forgotten" {
  prior_attrs = {
    identifier          = "forgotten"
    engine              = "postgres"
    skip_final_snapshot = true
  }
  meta = local.forget
}

resource "aws_rds_cluster" "skips_the_snapshot" {
  prior_attrs = {
    cluster_identifier  = "main"
    engine              = "aurora-mysql"
    skip_final_snapshot = true
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_rds_cluster" "final_snapshot" {
  prior_attrs = {
    cluster_identifier        = "final"
    engine                    = "aurora-mysql"
    skip_final_snapshot       = false
    final_snapshot_identifier = "final-last"
  }
  meta = local.delete
}

resource "aws_elasticache_replication_group" "no_snapshot" {
  prior_attrs = {
    replication_group_id = "queue"
    tags_all             = { role = "queue" }
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_elasticache_replication_group" "cache" {
  prior_attrs = {
    replication_group_id = "cache"
    tags_all             = { role = "cache" }
  }
  meta = local.delete
}

resource "aws_elasticache_replication_group" "final_snapshot" {
  prior_attrs = {
    replication_group_id      = "queue"
    final_snapshot_identifier = "queue-last"
  }
  meta = local.delete
}

resource "aws_ebs_volume" "no_snapshot" {
  prior_attrs = {
    id             = "vol-0123456789abcdef0"
    final_snapshot = false
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_ebs_volume" "final_snapshot" {
  prior_attrs = {
    id             = "vol-0123456789abcdef1"
    final_snapshot = true
  }
  meta = local.delete
}

resource "aws_ebs_volume" "snapshot_stays" {
  prior_attrs = {
    id             = "vol-0123456789abcdef2"
    final_snapshot = false
  }
  meta = local.delete
}

resource "aws_ebs_snapshot" "copy" {
  attrs = {
    volume_id = "vol-0123456789abcdef2"
  }
  meta = { operation = "no-op" }
  skip = true
}

resource "aws_cloudwatch_log_group" "nothing_ships" {
  prior_attrs = {
    name         = "/ecs/app"
    skip_destroy = false
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_cloudwatch_log_group" "stays_in_the_account" {
  prior_attrs = {
    name         = "/ecs/kept"
    skip_destroy = true
  }
  meta = local.delete
}

# The subscription goes together with its group; what it has shipped stays.
resource "aws_cloudwatch_log_group" "shipped" {
  prior_attrs = {
    name         = "/ecs/shipped"
    skip_destroy = false
  }
  meta = local.delete
}

resource "aws_cloudwatch_log_subscription_filter" "shipped" {
  prior_attrs = {
    name           = "to-s3"
    log_group_name = "/ecs/shipped"
  }
  meta = { operation = "delete" }
  skip = true
}
