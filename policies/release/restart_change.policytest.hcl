policytest {
  targets = ["restart_change.policy.hcl"]
}

resource "aws_db_instance" "class_alone" {
  prior_attrs    = { multi_az = false, instance_class = "db.m7g.large", maintenance_window = "sun:17:00-sun:17:30" }
  attrs          = { multi_az = false, instance_class = "db.m7g.xlarge", maintenance_window = "sun:17:00-sun:17:30" }
  expect_failure = true
}

resource "aws_db_instance" "class_with_standby" {
  prior_attrs = { multi_az = true, instance_class = "db.m7g.large" }
  attrs       = { multi_az = true, instance_class = "db.m7g.xlarge" }
}

resource "aws_db_instance" "failover_not_allowed" {
  prior_attrs = { multi_az = true, instance_class = "db.m7g.large" }
  attrs       = { multi_az = true, instance_class = "db.m7g.xlarge" }
  inputs {
    allow_failover = false
  }
  expect_failure = true
}

resource "aws_db_instance" "standby_comes_in_the_same_change" {
  prior_attrs    = { multi_az = false, instance_class = "db.m7g.large" }
  attrs          = { multi_az = true, instance_class = "db.m7g.xlarge" }
  expect_failure = true
}

resource "aws_db_instance" "certificate" {
  prior_attrs    = { multi_az = false, ca_cert_identifier = "rds-ca-2019" }
  attrs          = { multi_az = false, ca_cert_identifier = "rds-ca-rsa2048-g1" }
  expect_failure = true
}

resource "aws_db_instance" "engine_version_with_standby" {
  prior_attrs    = { multi_az = true, engine_version = "15.6" }
  attrs          = { multi_az = true, engine_version = "16.3", apply_immediately = true }
  expect_failure = true
}

resource "aws_db_instance" "db_subnet_group_name_with_standby" {
  prior_attrs    = { multi_az = true, db_subnet_group_name = "a" }
  attrs          = { multi_az = true, db_subnet_group_name = "b", apply_immediately = true }
  expect_failure = true
}

resource "aws_db_instance" "identifier_with_standby" {
  prior_attrs    = { multi_az = true, identifier = "main" }
  attrs          = { multi_az = true, identifier = "main-2", apply_immediately = true }
  expect_failure = true
}

resource "aws_db_instance" "port_with_standby" {
  prior_attrs    = { multi_az = true, port = 5432 }
  attrs          = { multi_az = true, port = 5433 }
  expect_failure = true
}

resource "aws_db_instance" "blue_green" {
  prior_attrs = { multi_az = false, engine_version = "15.6" }
  attrs       = { multi_az = false, engine_version = "16.3", blue_green_update = [{ enabled = true }] }
}

resource "aws_db_instance" "parameter_group" {
  prior_attrs    = { parameter_group_name = "a" }
  attrs          = { parameter_group_name = "b" }
  expect_failure = true
}

resource "aws_db_instance" "only_tags" {
  prior_attrs = { multi_az = false, instance_class = "db.m7g.large", tags = {} }
  attrs       = { multi_az = false, instance_class = "db.m7g.large", tags = { team = "shop" } }
}

resource "aws_rds_cluster" "version" {
  prior_attrs    = { engine_version = "15.4" }
  attrs          = { engine_version = "16.2" }
  expect_failure = true
}

resource "aws_rds_cluster" "port" {
  prior_attrs    = { port = 5432 }
  attrs          = { port = 5433 }
  expect_failure = true
}

resource "aws_rds_cluster" "class" {
  prior_attrs = { db_cluster_instance_class = "db.m6gd.large" }
  attrs       = { db_cluster_instance_class = "db.m6gd.xlarge" }
}

resource "aws_rds_cluster" "class_without_failover" {
  prior_attrs = { db_cluster_instance_class = "db.m6gd.large" }
  attrs       = { db_cluster_instance_class = "db.m6gd.xlarge" }
  inputs {
    allow_failover = false
  }
  expect_failure = true
}

resource "aws_rds_cluster" "parameter_group" {
  prior_attrs    = { db_cluster_parameter_group_name = "a" }
  attrs          = { db_cluster_parameter_group_name = "b" }
  expect_failure = true
}

resource "aws_rds_cluster_instance" "alone" {
  prior_attrs    = { cluster_identifier = "one", instance_class = "db.r7g.large" }
  attrs          = { cluster_identifier = "one", instance_class = "db.r7g.xlarge" }
  expect_failure = true
}

resource "aws_rds_cluster_instance" "certificate_alone" {
  prior_attrs    = { cluster_identifier = "single", ca_cert_identifier = "a" }
  attrs          = { cluster_identifier = "single", ca_cert_identifier = "b" }
  expect_failure = true
}

resource "aws_rds_cluster_instance" "first_of_two" {
  prior_attrs = { cluster_identifier = "two", instance_class = "db.r7g.large" }
  attrs       = { cluster_identifier = "two", instance_class = "db.r7g.xlarge" }
}

resource "aws_rds_cluster_instance" "second_of_two" {
  prior_attrs = { cluster_identifier = "two", instance_class = "db.r7g.large" }
  attrs       = { cluster_identifier = "two", instance_class = "db.r7g.xlarge" }
  inputs {
    allow_failover = false
  }
  expect_failure = true
}

resource "aws_rds_cluster_instance" "parameter_group" {
  prior_attrs    = { cluster_identifier = "three", db_parameter_group_name = "a" }
  attrs          = { cluster_identifier = "three", db_parameter_group_name = "b" }
  expect_failure = true
}

resource "aws_elasticache_replication_group" "node_type_alone" {
  prior_attrs    = { num_cache_clusters = 1, automatic_failover_enabled = false, node_type = "cache.t4g.small" }
  attrs          = { num_cache_clusters = 1, automatic_failover_enabled = false, node_type = "cache.m7g.large" }
  expect_failure = true
}

resource "aws_elasticache_replication_group" "engine_version_alone" {
  prior_attrs    = { num_cache_clusters = 1, automatic_failover_enabled = false, engine_version = "7.0" }
  attrs          = { num_cache_clusters = 1, automatic_failover_enabled = false, engine_version = "7.1" }
  expect_failure = true
}

resource "aws_elasticache_replication_group" "parameter_group_name_alone" {
  prior_attrs    = { num_cache_clusters = 1, automatic_failover_enabled = false, parameter_group_name = "a" }
  attrs          = { num_cache_clusters = 1, automatic_failover_enabled = false, parameter_group_name = "b" }
  expect_failure = true
}

resource "aws_elasticache_replication_group" "with_replica" {
  prior_attrs = { num_cache_clusters = 2, automatic_failover_enabled = true, node_type = "cache.t4g.small" }
  attrs       = { num_cache_clusters = 2, automatic_failover_enabled = true, node_type = "cache.m7g.large" }
}

resource "aws_elasticache_replication_group" "shards_with_replica" {
  prior_attrs = { num_node_groups = 2, replicas_per_node_group = 1, automatic_failover_enabled = true, node_type = "cache.t4g.small" }
  attrs       = { num_node_groups = 2, replicas_per_node_group = 1, automatic_failover_enabled = true, node_type = "cache.m7g.large" }
}

resource "aws_elasticache_replication_group" "shards_alone" {
  prior_attrs    = { num_cache_clusters = 2, num_node_groups = 2, replicas_per_node_group = 0, automatic_failover_enabled = true, node_type = "cache.t4g.small" }
  attrs          = { num_cache_clusters = 2, num_node_groups = 2, replicas_per_node_group = 0, automatic_failover_enabled = true, node_type = "cache.m7g.large" }
  expect_failure = true
}

resource "aws_elasticache_replication_group" "nobody_is_promoted" {
  prior_attrs    = { num_cache_clusters = 2, automatic_failover_enabled = false, node_type = "cache.t4g.small" }
  attrs          = { num_cache_clusters = 2, automatic_failover_enabled = true, node_type = "cache.m7g.large" }
  expect_failure = true
}

resource "aws_elasticache_replication_group" "failover_not_allowed" {
  prior_attrs = { num_cache_clusters = 2, automatic_failover_enabled = true, node_type = "cache.t4g.small" }
  attrs       = { num_cache_clusters = 2, automatic_failover_enabled = true, node_type = "cache.m7g.large" }
  inputs {
    allow_failover = false
  }
  expect_failure = true
}

resource "aws_elasticache_replication_group" "encryption_at_once" {
  prior_attrs    = { transit_encryption_enabled = false }
  attrs          = { transit_encryption_enabled = true, transit_encryption_mode = "required" }
  expect_failure = true
}

resource "aws_elasticache_replication_group" "encryption_first_step" {
  prior_attrs = { transit_encryption_enabled = false }
  attrs       = { transit_encryption_enabled = true, transit_encryption_mode = "preferred" }
}

resource "aws_elasticache_cluster" "node_type" {
  prior_attrs    = { num_cache_nodes = 2, node_type = "cache.t4g.small" }
  attrs          = { num_cache_nodes = 2, node_type = "cache.m7g.large" }
  expect_failure = true
}

resource "aws_elasticache_cluster" "version" {
  prior_attrs    = { num_cache_nodes = 2, engine_version = "1.6.12" }
  attrs          = { num_cache_nodes = 2, engine_version = "1.6.22" }
  expect_failure = true
}

resource "aws_elasticache_cluster" "fewer" {
  prior_attrs    = { num_cache_nodes = 3 }
  attrs          = { num_cache_nodes = 2 }
  expect_failure = true
}

resource "aws_elasticache_cluster" "more" {
  prior_attrs = { num_cache_nodes = 2 }
  attrs       = { num_cache_nodes = 3 }
}

resource "aws_msk_cluster" "two_brokers" {
  prior_attrs    = { number_of_broker_nodes = 2, kafka_version = "3.5.1" }
  attrs          = { number_of_broker_nodes = 2, kafka_version = "3.6.0" }
  expect_failure = true
}

resource "aws_msk_cluster" "three_brokers" {
  prior_attrs = { number_of_broker_nodes = 3, kafka_version = "3.5.1" }
  attrs       = { number_of_broker_nodes = 3, kafka_version = "3.6.0" }
}

resource "aws_msk_cluster" "no_failover" {
  prior_attrs = { number_of_broker_nodes = 3, broker_node_group_info = [{ instance_type = "kafka.m5.large" }] }
  attrs       = { number_of_broker_nodes = 3, broker_node_group_info = [{ instance_type = "kafka.m7g.large" }] }
  inputs {
    allow_failover = false
  }
  expect_failure = true
}

resource "aws_msk_cluster" "configuration" {
  prior_attrs    = { number_of_broker_nodes = 2, configuration_info = [{ revision = 1 }] }
  attrs          = { number_of_broker_nodes = 2, configuration_info = [{ revision = 2 }] }
  expect_failure = true
}

resource "aws_instance" "instance_type" {
  prior_attrs    = { instance_type = "a" }
  attrs          = { instance_type = "b" }
  expect_failure = true
}

resource "aws_instance" "user_data" {
  prior_attrs    = { user_data = "a" }
  attrs          = { user_data = "b" }
  expect_failure = true
}

resource "aws_instance" "user_data_base64" {
  prior_attrs    = { user_data_base64 = "a" }
  attrs          = { user_data_base64 = "b" }
  expect_failure = true
}

resource "aws_instance" "tags" {
  prior_attrs = { instance_type = "t3.small", tags = {} }
  attrs       = { instance_type = "t3.small", tags = { team = "shop" } }
}

resource "aws_mq_broker" "host_instance_type" {
  prior_attrs    = { host_instance_type = "a" }
  attrs          = { host_instance_type = "b" }
  expect_failure = true
}

resource "aws_mq_broker" "engine_version" {
  prior_attrs    = { engine_version = "a" }
  attrs          = { engine_version = "b" }
  expect_failure = true
}

resource "aws_mq_broker" "configuration" {
  prior_attrs    = { configuration = [{ revision = 1 }] }
  attrs          = { configuration = [{ revision = 2 }] }
  expect_failure = true
}

resource "aws_mq_broker" "with_standby" {
  prior_attrs = { deployment_mode = "ACTIVE_STANDBY_MULTI_AZ", engine_version = "5.17" }
  attrs       = { deployment_mode = "ACTIVE_STANDBY_MULTI_AZ", engine_version = "5.18" }
}

resource "aws_mq_broker" "failover_not_allowed" {
  prior_attrs = { deployment_mode = "ACTIVE_STANDBY_MULTI_AZ", engine_version = "5.17" }
  attrs       = { deployment_mode = "ACTIVE_STANDBY_MULTI_AZ", engine_version = "5.18" }
  inputs {
    allow_failover = false
  }
  expect_failure = true
}

resource "aws_lb_listener" "port" {
  prior_attrs    = { port = 80, protocol = "HTTP" }
  attrs          = { port = 8080, protocol = "HTTP" }
  expect_failure = true
}

resource "aws_lb_listener" "protocol" {
  prior_attrs    = { port = 443, protocol = "HTTP" }
  attrs          = { port = 443, protocol = "HTTPS" }
  expect_failure = true
}

resource "aws_lb_listener" "certificate" {
  prior_attrs = { port = 443, protocol = "HTTPS", certificate_arn = "a" }
  attrs       = { port = 443, protocol = "HTTPS", certificate_arn = "b" }
}

resource "aws_db_instance" "standby_goes_in_the_same_change" {
  prior_attrs    = { multi_az = true, instance_class = "db.m7g.large" }
  attrs          = { multi_az = false, instance_class = "db.m7g.xlarge" }
  expect_failure = true
}

resource "aws_elasticache_replication_group" "failover_goes_in_the_same_change" {
  prior_attrs    = { num_cache_clusters = 2, automatic_failover_enabled = true, node_type = "cache.t4g.small" }
  attrs          = { num_cache_clusters = 2, automatic_failover_enabled = false, node_type = "cache.m7g.large" }
  expect_failure = true
}
