policytest {
  targets = ["error_handling.policy.hcl"]
}

resource "aws_elasticache_replication_group" "nothing_written" {
  attrs = {
    replication_group_id = "a"
  }
}

resource "aws_elasticache_replication_group" "cluster_mode" {
  attrs = {
    cluster_mode               = [{ replicas_per_node_group = 1 }]
    automatic_failover_enabled = "true"
    engine                     = "valkey"
    engine_version             = "7.2"
    tags                       = { tier = "gold" }
    subnet_group_names         = ["main"]
  }
}

resource "aws_elasticache_replication_group" "one_node" {
  expect_failure = true
  attrs = {
    num_cache_clusters = 1
    tags               = { level = "gold" }
  }
}

resource "aws_elasticache_replication_group" "two_subnet_groups" {
  expect_failure = true
  attrs = {
    subnet_group_names = ["main", "other"]
  }
}
