# A Redis or Valkey group often begins as a cache and ends up holding sessions, carts or job queues. Without snapshots the first
# wrong flush or replacement empties it for good. A true cache fills itself again and needs none; it says so with a tag.

input "cache_tag" {
  type        = string
  default     = "role=cache"
  description = "Tag of a cache whose content may be lost, as key=value. Such a cache fills itself again from the database, so snapshots of it are of no use."
}

locals {
  tag = core::split("=", input.cache_tag)
}

resource_policy "aws_elasticache_replication_group" "elasticache_snapshots_off" {
  title             = "Redis or Valkey takes no snapshots"
  category          = "backup"
  severity          = "low"
  scope             = "production"
  aliases           = ["CKV_AWS_134", "AWS-0050", "S:elasticache-redis-cluster-auto-backup-enabled"]
  references        = ["Terraform AWS provider: aws_elasticache_replication_group", "Amazon ElastiCache User Guide: Snapshot and restore"]
  enforcement_level = "advisory"

  docs {
    why = "When the group is replaced, flushed by mistake or loses its last node, what it held is gone. Sessions are logged out and queued jobs never run."
    fix = "Set snapshot_retention_limit to 7. If the group is a plain cache, give it the tag role = \"cache\" instead."
  }

  locals {
    cache = core::try(attrs.tags_all[local.tag[0]] == local.tag[1], attrs.tags[local.tag[0]] == local.tag[1], false)
  }

  filter = !local.cache

  enforce {
    condition     = core::coalesce(core::try(attrs.snapshot_retention_limit, null), 0) > 0
    at            = attrs.snapshot_retention_limit
    error_message = "${meta.address} takes no snapshots, so its content cannot be restored; if that does not matter, tag it ${input.cache_tag}."
  }

  option "snapshots" {
    title    = "Keep daily snapshots for 7 days"
    merits   = ["yesterday's content can be restored"]
    demerits = ["snapshot storage is paid for beyond the first copy", "a node needs free memory while the snapshot is taken"]
    downtime = "none"
    effort   = "S"

    set {
      snapshot_retention_limit = 7
    }
  }

  option "tag" {
    title    = "Say that it is a cache, with a tag"
    merits   = ["costs nothing", "the next reader knows that the content may be lost"]
    demerits = ["the database must carry the load after a loss"]
    downtime = "none"
    effort   = "S"
  }

  pass "week" {
    resource "aws_elasticache_replication_group" "session" {
      replication_group_id     = "session"
      description              = "Sessions"
      snapshot_retention_limit = 7
    }
  }

  pass "tagged_cache" {
    resource "aws_elasticache_replication_group" "cache" {
      replication_group_id = "cache"
      description          = "Timetables"

      tags = {
        role = "cache"
      }
    }
  }

  pass "memcached_and_member" {
    resource "aws_elasticache_cluster" "memcached" {
      cluster_id = "memcached"
      engine     = "memcached"
    }

    resource "aws_elasticache_cluster" "member" {
      cluster_id           = "session-002"
      replication_group_id = "session"
    }

    resource "aws_elasticache_serverless_cache" "memcached" {
      name   = "memcached"
      engine = "memcached"
    }
  }

  pass "others_with_snapshots" {
    resource "aws_elasticache_cluster" "queue" {
      cluster_id               = "queue"
      engine                   = "redis"
      snapshot_retention_limit = 3
    }

    resource "aws_elasticache_serverless_cache" "queue" {
      name                     = "queue"
      engine                   = "valkey"
      snapshot_retention_limit = 3
    }
  }

  fail "not_written" {
    resource "aws_elasticache_replication_group" "session" {
      replication_group_id = "session"
      description          = "Sessions"

      tags = {
        role = "session"
      }
    }
  }

  fail "others" {
    resource "aws_elasticache_cluster" "queue" {
      cluster_id = "queue"
      engine     = "redis"
    }

    resource "aws_elasticache_serverless_cache" "queue" {
      name                     = "queue"
      engine                   = "valkey"
      snapshot_retention_limit = 0
    }
  }
}

resource_policy "aws_elasticache_cluster" "elasticache_snapshots_off" {
  enforcement_level = "advisory"

  locals {
    cache = core::try(attrs.tags_all[local.tag[0]] == local.tag[1], attrs.tags[local.tag[0]] == local.tag[1], false)
  }

  # Memcached has no snapshots; those of a member belong to its replication group.
  filter = (
    core::contains(["redis", "valkey"], core::coalesce(core::try(attrs.engine, null), "-"))
    && core::coalesce(core::try(attrs.replication_group_id, null), "-") == "-"
    && !local.cache
  )

  enforce {
    condition     = core::coalesce(core::try(attrs.snapshot_retention_limit, null), 0) > 0
    at            = attrs.snapshot_retention_limit
    error_message = "${meta.address} takes no snapshots, so its content cannot be restored; if that does not matter, tag it ${input.cache_tag}."
  }
}

resource_policy "aws_elasticache_serverless_cache" "elasticache_snapshots_off" {
  enforcement_level = "advisory"

  locals {
    cache = core::try(attrs.tags_all[local.tag[0]] == local.tag[1], attrs.tags[local.tag[0]] == local.tag[1], false)
  }

  filter = attrs.engine != "memcached" && !local.cache

  enforce {
    condition     = core::coalesce(core::try(attrs.snapshot_retention_limit, null), 0) > 0
    at            = attrs.snapshot_retention_limit
    error_message = "${meta.address} takes no snapshots, so its content cannot be restored; if that does not matter, tag it ${input.cache_tag}."
  }
}
