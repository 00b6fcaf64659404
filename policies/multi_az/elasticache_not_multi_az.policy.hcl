# Two nodes in one Availability Zone share its fate. Multi-AZ tells AWS to keep primary and replica apart, also after a failover
# has put a new node in place of the old one.
resource_policy "aws_elasticache_replication_group" "elasticache_not_multi_az" {
  title             = "Cache nodes may all be in one Availability Zone"
  category          = "multi_az"
  severity          = "medium"
  scope             = "production"
  aliases           = ["CKV2_AWS_50", "K:elasticache_nodes_not_created_across_multi_az"]
  references        = ["Amazon ElastiCache User Guide: Minimizing downtime by using Multi-AZ", "Terraform AWS provider: aws_elasticache_replication_group"]
  covered_by        = ["redundancy_lowered_by_change"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = <<-EOT
      The replica is paid for, but when the zone has a power or network failure, both nodes are gone together. The application then
      runs without a cache, and the database gets the full load, exactly when AWS is busy for everyone in that zone.
    EOT
    fix = "Set `multi_az_enabled = true`. For memcached set `az_mode = \"cross-az\"`, which is possible only with two or more nodes."
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

  # Without failover there is no promotion to spread: that is elasticache_no_failover.
  filter = core::coalesce(core::try(attrs.automatic_failover_enabled, null), false) && local.nodes_per_shard >= 2

  enforce {
    condition     = core::coalesce(core::try(attrs.multi_az_enabled, null), false)
    at            = attrs.multi_az_enabled
    error_message = "${meta.address} has ${local.nodes_per_shard} nodes${local.shards > 1 ? " in each shard" : ""}, but Multi-AZ is off: they may all be in one Availability Zone and fail together."
  }

  option "multi_az" {
    title    = "Turn on Multi-AZ"
    merits   = ["primary and replica stay in different zones", "no price for the switch itself"]
    demerits = ["traffic between zones is charged by the gigabyte"]
    downtime = "none"
    effort   = "S"
    set {
      multi_az_enabled = true
    }
  }

  option "serverless_cache" {
    title    = "Move to a serverless cache"
    merits   = ["spread over several zones by AWS", "no node size to choose"]
    demerits = ["a new endpoint", "a minimum price even when idle"]
    downtime = "cut-over of the application"
    effort   = "M"
  }

  pass "multi_az" {
    resource "aws_elasticache_replication_group" "sessions" {
      replication_group_id       = "sessions"
      description                = "sessions"
      node_type                  = "cache.t4g.small"
      num_cache_clusters         = 2
      automatic_failover_enabled = true
      multi_az_enabled           = true
    }
  }

  pass "without_failover_is_another_policy" {
    resource "aws_elasticache_replication_group" "sessions" {
      replication_group_id = "sessions"
      description          = "sessions"
      node_type            = "cache.t4g.small"
      num_cache_clusters   = 2
    }
  }

  pass "memcached_across_zones" {
    resource "aws_elasticache_cluster" "pages" {
      cluster_id      = "pages"
      engine          = "memcached"
      node_type       = "cache.t4g.small"
      num_cache_nodes = 2
      az_mode         = "cross-az"
    }
  }

  pass "memcached_with_one_node" {
    resource "aws_elasticache_cluster" "pages" {
      cluster_id      = "pages"
      engine          = "memcached"
      node_type       = "cache.t4g.small"
      num_cache_nodes = 1
    }
  }

  fail "not_written" {
    resource "aws_elasticache_replication_group" "sessions" {
      replication_group_id       = "sessions"
      description                = "sessions"
      node_type                  = "cache.t4g.small"
      num_cache_clusters         = 2
      automatic_failover_enabled = true
    }
  }

  fail "shards_with_replicas" {
    resource "aws_elasticache_replication_group" "feed" {
      replication_group_id       = "feed"
      description                = "feed"
      node_type                  = "cache.r7g.large"
      num_node_groups            = 2
      replicas_per_node_group    = 1
      automatic_failover_enabled = true
      multi_az_enabled           = false
    }
  }

  fail "memcached_in_one_zone" {
    resource "aws_elasticache_cluster" "pages" {
      cluster_id      = "pages"
      engine          = "memcached"
      node_type       = "cache.t4g.small"
      num_cache_nodes = 3
    }
  }
}

# Memcached has no replicas: each node holds a part of the keys, and AWS spreads them over zones only when asked to.
resource_policy "aws_elasticache_cluster" "elasticache_not_multi_az" {
  enforcement_level = "mandatory_overridable"

  locals {
    nodes = core::coalesce(core::try(attrs.num_cache_nodes, null), 1)
  }

  filter = core::coalesce(core::try(attrs.engine, null), "none") == "memcached" && local.nodes >= 2

  enforce {
    condition     = core::coalesce(core::try(attrs.az_mode, null), "single-az") == "cross-az"
    at            = attrs.az_mode
    error_message = "${meta.address} keeps its ${local.nodes} memcached nodes in one Availability Zone: when it fails, the whole cache is gone."
  }

  option "cross_az" {
    title    = "Spread the nodes over Availability Zones"
    merits   = ["the loss of a zone takes only a part of the keys", "no price for the switch itself"]
    demerits = ["traffic between zones is charged by the gigabyte", "nodes that exist already stay where they are"]
    downtime = "none; keys move when nodes are added or removed"
    effort   = "S"
    set {
      az_mode = "cross-az"
    }
  }
}
