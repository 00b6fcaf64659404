# A cache node without replica has nobody to take over. When it fails or is patched, its content is gone and the database gets
# the whole load at once; for sessions or queues kept in the cache, the data is lost for good.
resource_policy "aws_elasticache_replication_group" "elasticache_no_replica" {
  title             = "Cache has no replica"
  category          = "redundancy"
  severity          = "high"
  scope             = "production"
  aliases           = ["CKV2_AWS_50", "K:elasticache_nodes_not_created_across_multi_az"]
  references        = ["Amazon ElastiCache User Guide: High availability using replication groups", "Terraform AWS provider: aws_elasticache_replication_group"]
  covered_by        = ["redundancy_lowered_by_change"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = <<-EOT
      A single cache node is lost with its host, and every engine update restarts it empty. Users are logged out or wait, because
      each request now goes to the database, which is often too small for that. Recovery takes minutes, the warm-up longer.
    EOT
    fix = "Set `num_cache_clusters = 2` (or `replicas_per_node_group = 1` with shards), `automatic_failover_enabled = true` and `multi_az_enabled = true`. A standalone aws_elasticache_cluster of Redis or Valkey cannot have a replica: use a replication group."
  }

  # One shard is counted by num_cache_clusters, several by replicas_per_node_group; the other names are those of provider 4.
  # In a state the provider fills in all of them, and num_cache_clusters is then the total over the shards.
  locals {
    shards = core::max(
      core::coalesce(core::try(attrs.num_node_groups, null), 1),
      core::coalesce(core::try(attrs.cluster_mode[0].num_node_groups, null), 1)
    )
    with_replicas = 1 + core::max(
      core::coalesce(core::try(attrs.replicas_per_node_group, null), 0),
      core::coalesce(core::try(attrs.cluster_mode[0].replicas_per_node_group, null), 0)
    )
    nodes = core::max(
      core::coalesce(core::try(attrs.num_cache_clusters, null), 1),
      core::coalesce(core::try(attrs.number_cache_clusters, null), 1)
    )
    nodes_per_shard = local.shards > 1 ? local.with_replicas : core::max(local.nodes, local.with_replicas)
  }

  enforce {
    condition     = local.nodes_per_shard >= 2
    at            = attrs.num_cache_clusters
    error_message = "${meta.address} has ${local.nodes_per_shard} node ${local.shards > 1 ? "in each shard" : "in all"}: when it fails, its content is gone and the database gets the full load; a standby needs at least 2."
  }

  option "replica_with_failover" {
    title    = "Add one replica with failover in another Availability Zone"
    merits   = ["AWS promotes the replica by itself within a minute or so", "the endpoint stays the same"]
    demerits = ["the price of the nodes doubles"]
    downtime = "none, the node is added while the cache runs"
    effort   = "S"
    set {
      num_cache_clusters         = 2
      automatic_failover_enabled = true
      multi_az_enabled           = true
    }
  }

  option "serverless_cache" {
    title    = "Move to a serverless cache"
    merits   = ["spread over several zones by AWS", "no node size to choose"]
    demerits = ["a new endpoint", "a minimum price even when idle"]
    downtime = "cut-over of the application"
    effort   = "M"
  }

  option "live_without" {
    title    = "Stay with one node and prove that the application survives an empty cache"
    merits   = ["no extra cost"]
    demerits = ["the database must carry the full load", "sessions kept only in the cache are lost"]
    downtime = "none"
    effort   = "M"
  }

  pass "two_nodes" {
    resource "aws_elasticache_replication_group" "sessions" {
      replication_group_id       = "sessions"
      description                = "sessions"
      node_type                  = "cache.t4g.small"
      num_cache_clusters         = 2
      automatic_failover_enabled = true
      multi_az_enabled           = true
    }
  }

  pass "shards_with_replicas" {
    resource "aws_elasticache_replication_group" "feed" {
      replication_group_id       = "feed"
      description                = "feed"
      node_type                  = "cache.r7g.large"
      num_node_groups            = 2
      replicas_per_node_group    = 1
      automatic_failover_enabled = true
    }
  }

  pass "memcached" {
    resource "aws_elasticache_cluster" "pages" {
      cluster_id      = "pages"
      engine          = "memcached"
      node_type       = "cache.t4g.small"
      num_cache_nodes = 1
    }
  }

  pass "member_of_a_group" {
    resource "aws_elasticache_replication_group" "sessions" {
      replication_group_id = "sessions"
      description          = "sessions"
      node_type            = "cache.t4g.small"
      num_cache_clusters   = 2
    }

    resource "aws_elasticache_cluster" "extra" {
      cluster_id           = "sessions-extra"
      replication_group_id = aws_elasticache_replication_group.sessions.id
    }
  }

  fail "one_node" {
    resource "aws_elasticache_replication_group" "sessions" {
      replication_group_id = "sessions"
      description          = "sessions"
      node_type            = "cache.t4g.small"
      num_cache_clusters   = 1
    }
  }

  fail "number_of_nodes_not_written" {
    resource "aws_elasticache_replication_group" "sessions" {
      replication_group_id = "sessions"
      description          = "sessions"
      node_type            = "cache.t4g.small"
    }
  }

  fail "shards_without_replicas" {
    resource "aws_elasticache_replication_group" "feed" {
      replication_group_id       = "feed"
      description                = "feed"
      node_type                  = "cache.r7g.large"
      num_node_groups            = 3
      replicas_per_node_group    = 0
      automatic_failover_enabled = true
    }
  }

  fail "standalone_redis" {
    resource "aws_elasticache_cluster" "sessions" {
      cluster_id      = "sessions"
      engine          = "redis"
      node_type       = "cache.t4g.small"
      num_cache_nodes = 1
    }
  }
}

# Redis and Valkey keep replicas only inside a replication group; a standalone cluster of theirs is always one node.
resource_policy "aws_elasticache_cluster" "elasticache_no_replica" {
  enforcement_level = "mandatory_overridable"

  filter = core::contains(["redis", "valkey"], core::coalesce(core::try(attrs.engine, null), "none"))

  enforce {
    condition     = core::coalesce(core::try(attrs.replication_group_id, null), "none") != "none"
    at            = attrs.engine
    error_message = "${meta.address} is a standalone ${attrs.engine} node; without a replication group it can never have a standby, and what it holds is gone when it fails."
  }

  option "replication_group" {
    title    = "Replace it by a replication group with two nodes"
    merits   = ["AWS promotes the replica by itself", "later changes of size need no outage"]
    demerits = ["a new endpoint", "the price doubles"]
    downtime = "cut-over of the application; the old node can serve until then"
    effort   = "M"
    add "aws_elasticache_replication_group" {
      node_type                  = attrs.node_type
      engine                     = attrs.engine
      num_cache_clusters         = 2
      automatic_failover_enabled = true
      multi_az_enabled           = true
    }
  }

  option "serverless_cache" {
    title    = "Move to a serverless cache"
    merits   = ["spread over several zones by AWS", "no node size to choose"]
    demerits = ["a new endpoint", "a minimum price even when idle"]
    downtime = "cut-over of the application"
    effort   = "M"
  }
}
