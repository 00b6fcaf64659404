policytest {
  targets = ["stateful_resource_replaced.policy.hcl"]
}

locals {
  delete_first = {
    operation     = "delete"
    actions       = ["delete", "create"]
    action_reason = "replace_because_cannot_update"
    replace_paths = [["name"]]
    forget        = false
  }
  named = { name = "x" }
}

resource "aws_db_instance" "replaced" {
  prior_attrs = {
    identifier = "main"
    engine     = "mysql"
  }
  meta = {
    operation     = "delete"
    actions       = ["delete", "create"]
    action_reason = "replace_because_cannot_update"
    replace_paths = [["engine"]]
    forget        = false
  }
  expect_failure = true
}

resource "aws_kms_key" "new_one_first" {
  prior_attrs = {
    description = "data"
  }
  meta = {
    operation     = "delete"
    actions       = ["create", "delete"]
    action_reason = "replace_because_cannot_update"
    replace_paths = [["key_usage"]]
    forget        = false
  }
  expect_failure = true
}

# Tainted or asked for by -replace: the plan names no path.
resource "aws_sqs_queue" "without_paths" {
  prior_attrs = {
    name = "orders"
  }
  meta = {
    operation     = "delete"
    actions       = ["delete", "create"]
    action_reason = "replace_because_tainted"
    replace_paths = []
    forget        = false
  }
  expect_failure = true
}

resource "aws_cloudwatch_log_group" "logs_are_lost" {
  prior_attrs = {
    name         = "/ecs/app"
    skip_destroy = false
  }
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_cloudwatch_log_group" "old_group_stays" {
  prior_attrs = {
    name         = "/ecs/app"
    skip_destroy = true
  }
  meta = local.delete_first
}

# A plain delete is the matter of stateful_deleted_without_snapshot.
resource "aws_db_instance" "deleted" {
  prior_attrs = {
    identifier = "main"
  }
  meta = {
    operation     = "delete"
    actions       = ["delete"]
    action_reason = "delete_because_no_resource_config"
    replace_paths = []
    forget        = false
  }
}

resource "aws_s3_bucket" "forgotten" {
  prior_attrs = {
    bucket = "example-data"
  }
  meta = {
    operation     = "delete"
    actions       = ["create", "forget"]
    action_reason = "replace_because_cannot_update"
    replace_paths = [["bucket"]]
    forget        = true
  }
}

# Each type is judged.

resource "aws_rds_cluster" "of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_rds_global_cluster" "of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_docdb_cluster" "of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_neptune_cluster" "of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_elasticache_replication_group" "of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_elasticache_cluster" "of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_elasticache_serverless_cache" "of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_dynamodb_table" "of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_s3_bucket" "of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_efs_file_system" "of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_ebs_volume" "of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_opensearch_domain" "of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_msk_cluster" "of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_mq_broker" "of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_redshift_cluster" "of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_kinesis_stream" "of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_secretsmanager_secret" "of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_ecr_repository" "of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_cognito_user_pool" "of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_backup_vault" "of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_lightsail_instance" "of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_lightsail_database" "of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_lightsail_disk" "of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_lightsail_bucket" "of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}
