# Replicas without automatic failover are paid for and do not help: when the primary is lost, writes fail until a person
# promotes a replica by hand. The switch costs nothing.
resource_policy "aws_elasticache_replication_group" "elasticache_no_failover" {
  title             = "Cache has replicas but no automatic failover"
  category          = "redundancy"
  severity          = "high"
  scope             = "production"
  aliases           = ["CKV2_AWS_50", "S:elasticache-redis-replication-group-auto-failover-enabled"]
  references        = ["Amazon ElastiCache User Guide: Minimizing downtime by using Multi-AZ", "Terraform AWS provider: aws_elasticache_replication_group"]
  covered_by        = ["redundancy_lowered_by_change"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = <<-EOT
      The replica holds the data, but AWS does not promote it. If the primary node stops at night, the application cannot write
      to the cache until somebody wakes up and promotes the replica in the console.
    EOT
    fix = "Set `automatic_failover_enabled = true`, and `multi_az_enabled = true` with it."
  }

  # One shard is counted by num_cache_clusters, several by replicas_per_node_group; the other names are those of provider 4.
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

  filter = local.nodes_per_shard >= 2

  enforce {
    condition     = core::coalesce(core::try(attrs.automatic_failover_enabled, null), false)
    at            = attrs.automatic_failover_enabled
    error_message = "${meta.address} has ${local.nodes_per_shard} nodes${local.shards > 1 ? " in each shard" : ""}, but automatic failover is off: when the primary fails, somebody must promote a replica by hand."
  }

  option "failover" {
    title    = "Turn on automatic failover and Multi-AZ"
    merits   = ["AWS promotes a replica by itself within a minute or so", "no extra cost, the replica is already paid for"]
    demerits = ["none known, apart from a short loss of the newest writes at a failover"]
    downtime = "none"
    effort   = "S"
    set {
      automatic_failover_enabled = true
      multi_az_enabled           = true
    }
  }

  option "drop_the_replica" {
    title    = "Remove the replica if an empty cache does no harm"
    merits   = ["half of the price"]
    demerits = ["a failed node means an empty cache and minutes without one"]
    downtime = "none"
    effort   = "S"
    set {
      num_cache_clusters = 1
    }
  }

  pass "failover_on" {
    resource "aws_elasticache_replication_group" "sessions" {
      replication_group_id       = "sessions"
      description                = "sessions"
      node_type                  = "cache.t4g.small"
      num_cache_clusters         = 2
      automatic_failover_enabled = true
      multi_az_enabled           = true
    }
  }

  pass "single_node_is_another_policy" {
    resource "aws_elasticache_replication_group" "sessions" {
      replication_group_id = "sessions"
      description          = "sessions"
      node_type            = "cache.t4g.small"
      num_cache_clusters   = 1
    }
  }

  fail "replica_without_failover" {
    resource "aws_elasticache_replication_group" "sessions" {
      replication_group_id = "sessions"
      description          = "sessions"
      node_type            = "cache.t4g.small"
      num_cache_clusters   = 2
    }
  }

  fail "switched_off" {
    resource "aws_elasticache_replication_group" "sessions" {
      replication_group_id       = "sessions"
      description                = "sessions"
      node_type                  = "cache.t4g.small"
      num_cache_clusters         = 3
      automatic_failover_enabled = false
    }
  }
}
