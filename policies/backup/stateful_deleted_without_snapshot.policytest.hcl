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

resource "aws_docdb_cluster" "skips_the_snapshot" {
  prior_attrs = {
    skip_final_snapshot       = true
    final_snapshot_identifier = "last"
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_docdb_cluster" "snapshot_has_no_name" {
  prior_attrs = {
    skip_final_snapshot = false
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_docdb_cluster" "final_snapshot" {
  prior_attrs = {
    skip_final_snapshot       = false
    final_snapshot_identifier = "last"
  }
  meta = local.delete
}

resource "aws_neptune_cluster" "skips_the_snapshot" {
  prior_attrs = {
    skip_final_snapshot       = true
    final_snapshot_identifier = "last"
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_neptune_cluster" "snapshot_has_no_name" {
  prior_attrs = {
    skip_final_snapshot = false
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_neptune_cluster" "final_snapshot" {
  prior_attrs = {
    skip_final_snapshot       = false
    final_snapshot_identifier = "last"
  }
  meta = local.delete
}

resource "aws_redshift_cluster" "skips_the_snapshot" {
  prior_attrs = {
    skip_final_snapshot       = true
    final_snapshot_identifier = "last"
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_redshift_cluster" "snapshot_has_no_name" {
  prior_attrs = {
    skip_final_snapshot = false
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_redshift_cluster" "final_snapshot" {
  prior_attrs = {
    skip_final_snapshot       = false
    final_snapshot_identifier = "last"
  }
  meta = local.delete
}

resource "aws_lightsail_database" "skips_the_snapshot" {
  prior_attrs = {
    skip_final_snapshot = true
    final_snapshot_name = "last"
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_lightsail_database" "snapshot_has_no_name" {
  prior_attrs = {
    skip_final_snapshot = false
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_lightsail_database" "final_snapshot" {
  prior_attrs = {
    skip_final_snapshot = false
    final_snapshot_name = "last"
  }
  meta = local.delete
}

resource "aws_neptune_cluster" "replica" {
  prior_attrs = {
    skip_final_snapshot           = true
    replication_source_identifier = "arn:aws:rds:us-east-1:111122223333:cluster:main"
  }
  meta = local.delete
}

resource "aws_elasticache_cluster" "queue" {
  prior_attrs = {
    cluster_id = "queue"
    engine     = "redis"
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_elasticache_cluster" "final_snapshot" {
  prior_attrs = {
    engine                    = "redis"
    final_snapshot_identifier = "last"
  }
  meta = local.delete
}

resource "aws_elasticache_cluster" "cache" {
  prior_attrs = {
    engine = "redis"
    tags   = { role = "cache" }
  }
  meta = local.delete
}

resource "aws_elasticache_cluster" "member" {
  prior_attrs = {
    engine               = "redis"
    replication_group_id = "main"
  }
  meta = local.delete
}

resource "aws_elasticache_cluster" "memcached" {
  prior_attrs = {
    engine = "memcached"
  }
  meta = local.delete
}

resource "aws_s3_bucket" "forced" {
  prior_attrs = {
    force_destroy = true
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_s3_bucket" "must_be_empty" {
  prior_attrs = {
    force_destroy = false
  }
  meta = local.delete
}

resource "aws_ecr_repository" "forced" {
  prior_attrs = {
    force_delete = true
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_ecr_repository" "must_be_empty" {
  prior_attrs = {
    force_delete = false
  }
  meta = local.delete
}

resource "aws_backup_vault" "forced" {
  prior_attrs = {
    force_destroy = true
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_backup_vault" "must_be_empty" {
  prior_attrs = {
    force_destroy = false
  }
  meta = local.delete
}

resource "aws_lightsail_bucket" "forced" {
  prior_attrs = {
    force_delete = true
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_lightsail_bucket" "must_be_empty" {
  prior_attrs = {
    force_delete = false
  }
  meta = local.delete
}

resource "aws_dynamodb_table" "no_recovery" {
  prior_attrs = {
    name                   = "bookings"
    point_in_time_recovery = [{ enabled = false }]
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_dynamodb_table" "recovery" {
  prior_attrs = {
    name                   = "bookings"
    point_in_time_recovery = [{ enabled = true }]
  }
  meta = local.delete
}

resource "aws_efs_file_system" "deleted" {
  prior_attrs = {
    id = "main"
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_efs_file_system" "forgotten" {
  prior_attrs = {
    id = "other"
  }
  meta = local.forget
}

resource "aws_opensearch_domain" "deleted" {
  prior_attrs = {
    id = "main"
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_opensearch_domain" "forgotten" {
  prior_attrs = {
    id = "other"
  }
  meta = local.forget
}

resource "aws_msk_cluster" "deleted" {
  prior_attrs = {
    id = "main"
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_msk_cluster" "forgotten" {
  prior_attrs = {
    id = "other"
  }
  meta = local.forget
}

resource "aws_mq_broker" "deleted" {
  prior_attrs = {
    id = "main"
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_mq_broker" "forgotten" {
  prior_attrs = {
    id = "other"
  }
  meta = local.forget
}

resource "aws_kinesis_stream" "deleted" {
  prior_attrs = {
    id = "main"
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_kinesis_stream" "forgotten" {
  prior_attrs = {
    id = "other"
  }
  meta = local.forget
}

resource "aws_sqs_queue" "deleted" {
  prior_attrs = {
    id = "main"
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_sqs_queue" "forgotten" {
  prior_attrs = {
    id = "other"
  }
  meta = local.forget
}

resource "aws_cognito_user_pool" "deleted" {
  prior_attrs = {
    id = "main"
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_cognito_user_pool" "forgotten" {
  prior_attrs = {
    id = "other"
  }
  meta = local.forget
}

resource "aws_lightsail_instance" "deleted" {
  prior_attrs = {
    id = "main"
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_lightsail_instance" "forgotten" {
  prior_attrs = {
    id = "other"
  }
  meta = local.forget
}

resource "aws_lightsail_disk" "deleted" {
  prior_attrs = {
    id = "main"
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_lightsail_disk" "forgotten" {
  prior_attrs = {
    id = "other"
  }
  meta = local.forget
}

resource "aws_elasticache_serverless_cache" "deleted" {
  prior_attrs = {
    engine = "valkey"
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_elasticache_serverless_cache" "cache" {
  prior_attrs = {
    engine = "valkey"
    tags   = { role = "cache" }
  }
  meta = local.delete
}

resource "aws_elasticache_serverless_cache" "memcached" {
  prior_attrs = {
    engine = "memcached"
  }
  meta = local.delete
}

resource "aws_kms_key" "quick" {
  prior_attrs = {
    deletion_window_in_days = 7
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_kms_key" "slow" {
  prior_attrs = {
    deletion_window_in_days = 14
  }
  meta = local.delete
}

resource "aws_kms_key" "not_written" {
  prior_attrs = {
    deletion_window_in_days = null
  }
  meta = local.delete
}

resource "aws_secretsmanager_secret" "at_once" {
  prior_attrs = {
    recovery_window_in_days = 0
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_secretsmanager_secret" "week" {
  prior_attrs = {
    recovery_window_in_days = 7
  }
  meta = local.delete
}

resource "aws_efs_file_system" "replaced" {
  prior_attrs = {
    id     = "new"
    engine = "valkey"
  }
  meta = local.replace
}

resource "aws_opensearch_domain" "replaced" {
  prior_attrs = {
    id     = "new"
    engine = "valkey"
  }
  meta = local.replace
}

resource "aws_msk_cluster" "replaced" {
  prior_attrs = {
    id     = "new"
    engine = "valkey"
  }
  meta = local.replace
}

resource "aws_mq_broker" "replaced" {
  prior_attrs = {
    id     = "new"
    engine = "valkey"
  }
  meta = local.replace
}

resource "aws_kinesis_stream" "replaced" {
  prior_attrs = {
    id     = "new"
    engine = "valkey"
  }
  meta = local.replace
}

resource "aws_sqs_queue" "replaced" {
  prior_attrs = {
    id     = "new"
    engine = "valkey"
  }
  meta = local.replace
}

resource "aws_cognito_user_pool" "replaced" {
  prior_attrs = {
    id     = "new"
    engine = "valkey"
  }
  meta = local.replace
}

resource "aws_lightsail_instance" "replaced" {
  prior_attrs = {
    id     = "new"
    engine = "valkey"
  }
  meta = local.replace
}

resource "aws_lightsail_disk" "replaced" {
  prior_attrs = {
    id     = "new"
    engine = "valkey"
  }
  meta = local.replace
}

resource "aws_elasticache_serverless_cache" "replaced" {
  prior_attrs = {
    id     = "new"
    engine = "valkey"
  }
  meta = local.replace
}

resource "aws_rds_cluster" "forgotten" {
  prior_attrs = {
    skip_final_snapshot = true
  }
  meta = local.forget
}

resource "aws_docdb_cluster" "forgotten" {
  prior_attrs = {
    skip_final_snapshot = true
  }
  meta = local.forget
}

resource "aws_neptune_cluster" "forgotten" {
  prior_attrs = {
    skip_final_snapshot = true
  }
  meta = local.forget
}

resource "aws_redshift_cluster" "forgotten" {
  prior_attrs = {
    skip_final_snapshot = true
  }
  meta = local.forget
}

resource "aws_lightsail_database" "forgotten" {
  prior_attrs = {
    skip_final_snapshot = true
  }
  meta = local.forget
}

resource "aws_elasticache_replication_group" "forgotten" {
  prior_attrs = {
    replication_group_id = "forgotten"
  }
  meta = local.forget
}

resource "aws_elasticache_cluster" "forgotten" {
  prior_attrs = {
    engine = "redis"
  }
  meta = local.forget
}

resource "aws_elasticache_serverless_cache" "forgotten" {
  prior_attrs = {
    engine = "valkey"
  }
  meta = local.forget
}

resource "aws_ebs_volume" "forgotten" {
  prior_attrs = {
    id             = "vol-9"
    final_snapshot = false
  }
  meta = local.forget
}

resource "aws_cloudwatch_log_group" "forgotten" {
  prior_attrs = {
    name         = "/forgotten"
    skip_destroy = false
  }
  meta = local.forget
}

resource "aws_s3_bucket" "forgotten" {
  prior_attrs = {
    force_destroy = true
  }
  meta = local.forget
}

resource "aws_ecr_repository" "forgotten" {
  prior_attrs = {
    force_delete = true
  }
  meta = local.forget
}

resource "aws_backup_vault" "forgotten" {
  prior_attrs = {
    force_destroy = true
  }
  meta = local.forget
}

resource "aws_lightsail_bucket" "forgotten" {
  prior_attrs = {
    force_delete = true
  }
  meta = local.forget
}

resource "aws_dynamodb_table" "forgotten" {
  prior_attrs = {
    name = "forgotten"
  }
  meta = local.forget
}

resource "aws_kms_key" "forgotten" {
  prior_attrs = {
    deletion_window_in_days = 7
  }
  meta = local.forget
}

resource "aws_secretsmanager_secret" "forgotten" {
  prior_attrs = {
    recovery_window_in_days = 0
  }
  meta = local.forget
}

resource "aws_rds_cluster" "replica" {
  prior_attrs = {
    skip_final_snapshot           = true
    replication_source_identifier = "arn:aws:rds:us-east-1:111122223333:cluster:main"
  }
  meta = local.delete
}

resource "aws_rds_cluster" "snapshot_stays" {
  prior_attrs = {
    cluster_identifier  = "copied"
    skip_final_snapshot = true
  }
  meta = local.delete
}

resource "aws_db_cluster_snapshot" "copied" {
  attrs = {
    db_cluster_identifier = "copied"
  }
  meta = { operation = "no-op" }
  skip = true
}
