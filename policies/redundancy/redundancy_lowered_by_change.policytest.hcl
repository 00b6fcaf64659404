policytest {
  targets = ["redundancy_lowered_by_change.policy.hcl"]
}

resource "aws_db_instance" "loses_standby" {
  prior_attrs    = { multi_az = true }
  attrs          = { multi_az = false }
  expect_failure = true
}

resource "aws_db_instance" "gains_standby" {
  prior_attrs = { multi_az = false }
  attrs       = { multi_az = true }
}

resource "aws_db_instance" "never_had_one" {
  prior_attrs = { multi_az = false }
  attrs       = { multi_az = false }
}

resource "aws_db_instance" "keeps_it" {
  prior_attrs = { multi_az = true, instance_class = "db.m7g.large" }
  attrs       = { multi_az = true, instance_class = "db.m7g.xlarge" }
}

resource "aws_elasticache_replication_group" "loses_replica" {
  prior_attrs    = { num_cache_clusters = 2, automatic_failover_enabled = true, multi_az_enabled = true }
  attrs          = { num_cache_clusters = 1, automatic_failover_enabled = false, multi_az_enabled = false }
  expect_failure = true
}

resource "aws_elasticache_replication_group" "shards_lose_replicas" {
  prior_attrs    = { num_node_groups = 2, replicas_per_node_group = 1, automatic_failover_enabled = true }
  attrs          = { num_node_groups = 2, replicas_per_node_group = 0, automatic_failover_enabled = true }
  expect_failure = true
}

resource "aws_elasticache_replication_group" "loses_failover" {
  prior_attrs    = { num_cache_clusters = 3, automatic_failover_enabled = true, multi_az_enabled = true }
  attrs          = { num_cache_clusters = 3, automatic_failover_enabled = false, multi_az_enabled = false }
  expect_failure = true
}

resource "aws_elasticache_replication_group" "loses_zones" {
  prior_attrs    = { num_cache_clusters = 2, automatic_failover_enabled = true, multi_az_enabled = true }
  attrs          = { num_cache_clusters = 2, automatic_failover_enabled = true, multi_az_enabled = false }
  expect_failure = true
}

resource "aws_elasticache_replication_group" "three_to_two" {
  prior_attrs = { num_cache_clusters = 3, automatic_failover_enabled = true, multi_az_enabled = true }
  attrs       = { num_cache_clusters = 2, automatic_failover_enabled = true, multi_az_enabled = true }
}

resource "aws_elasticache_replication_group" "grows" {
  prior_attrs = { num_cache_clusters = 1, automatic_failover_enabled = false, multi_az_enabled = false }
  attrs       = { num_cache_clusters = 2, automatic_failover_enabled = true, multi_az_enabled = true }
}

resource "aws_appautoscaling_target" "down_to_one" {
  prior_attrs    = { scalable_dimension = "ecs:service:DesiredCount", min_capacity = 2 }
  attrs          = { scalable_dimension = "ecs:service:DesiredCount", min_capacity = 1 }
  expect_failure = true
}

resource "aws_appautoscaling_target" "down_to_two" {
  prior_attrs = { scalable_dimension = "ecs:service:DesiredCount", min_capacity = 4 }
  attrs       = { scalable_dimension = "ecs:service:DesiredCount", min_capacity = 2 }
}

resource "aws_appautoscaling_target" "table" {
  prior_attrs = { scalable_dimension = "dynamodb:table:ReadCapacityUnits", min_capacity = 5 }
  attrs       = { scalable_dimension = "dynamodb:table:ReadCapacityUnits", min_capacity = 1 }
}

resource "aws_rds_cluster_instance" "stays" {
  skip  = true
  attrs = { cluster_identifier = "main", identifier = "main-0" }
  meta  = { operation = "no-op" }
}

resource "aws_rds_cluster_instance" "second_goes" {
  prior_attrs    = { cluster_identifier = "main", identifier = "main-1" }
  meta           = { operation = "delete", actions = ["delete"], forget = false }
  expect_failure = true
}

resource "aws_rds_cluster_instance" "of_three_stay_a" {
  skip  = true
  attrs = { cluster_identifier = "three", identifier = "three-0" }
  meta  = { operation = "no-op" }
}

resource "aws_rds_cluster_instance" "of_three_stay_b" {
  skip  = true
  attrs = { cluster_identifier = "three", identifier = "three-1" }
  meta  = { operation = "no-op" }
}

resource "aws_rds_cluster_instance" "third_goes" {
  prior_attrs = { cluster_identifier = "three", identifier = "three-2" }
  meta        = { operation = "delete", actions = ["delete"], forget = false }
}

resource "aws_rds_cluster" "ends" {
  skip        = true
  prior_attrs = { cluster_identifier = "old" }
  meta        = { operation = "delete", actions = ["delete"], forget = false }
}

resource "aws_rds_cluster_instance" "ends_with_its_cluster" {
  prior_attrs = { cluster_identifier = "old", identifier = "old-0" }
  meta        = { operation = "delete", actions = ["delete"], forget = false }
}

resource "aws_rds_cluster_instance" "ends_with_its_cluster_too" {
  prior_attrs = { cluster_identifier = "old", identifier = "old-1" }
  meta        = { operation = "delete", actions = ["delete"], forget = false }
}

resource "aws_rds_cluster_instance" "was_alone" {
  prior_attrs = { cluster_identifier = "single", identifier = "single-0" }
  meta        = { operation = "delete", actions = ["delete"], forget = false }
}

resource "aws_subnet" "a" {
  skip  = true
  attrs = { id = "subnet-a", availability_zone = "ap-northeast-1a" }
  meta  = { operation = "no-op" }
}

resource "aws_subnet" "b" {
  skip  = true
  attrs = { id = "subnet-b", availability_zone = "ap-northeast-1a" }
  meta  = { operation = "no-op" }
}

resource "aws_subnet" "c" {
  skip  = true
  attrs = { id = "subnet-c", availability_zone = "ap-northeast-1c" }
  meta  = { operation = "no-op" }
}

resource "aws_lb" "down_to_one_subnet" {
  prior_attrs    = { subnets = ["subnet-a", "subnet-c"] }
  attrs          = { subnets = ["subnet-a"] }
  expect_failure = true
}

resource "aws_lb" "two_subnets_of_one_zone" {
  prior_attrs    = { subnets = ["subnet-a", "subnet-b", "subnet-c"] }
  attrs          = { subnets = ["subnet-a", "subnet-b"] }
  expect_failure = true
}

resource "aws_lb" "two_zones_stay" {
  prior_attrs = { subnets = ["subnet-a", "subnet-b", "subnet-c"] }
  attrs       = { subnets = ["subnet-a", "subnet-c"] }
}

resource "aws_lb" "subnets_of_another_directory" {
  prior_attrs = { subnets = ["subnet-x", "subnet-y", "subnet-z"] }
  attrs       = { subnets = ["subnet-x", "subnet-y"] }
}
