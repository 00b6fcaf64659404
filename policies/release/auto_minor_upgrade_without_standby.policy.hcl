# AWS installs minor versions by itself in the maintenance window. With a standby this is a failover of a minute. Without one it is a restart,
# at an hour nobody has chosen and with nobody looking.
resource_policy "aws_db_instance" "auto_minor_upgrade_without_standby" {
  title             = "AWS restarts it by itself, and there is no standby"
  category          = "release"
  severity          = "medium"
  scope             = "production"
  references        = ["Amazon RDS User Guide: Automatically upgrading the minor engine version", "AWS provider: aws_db_instance"]
  covered_by        = ["rds_instance_without_standby", "elasticache_no_replica", "elasticache_no_failover", "mq_broker_single_instance"]
  enforcement_level = "advisory"

  docs {
    why = "Some weeks after a new minor version, the database stops for some minutes in its maintenance window. If the window was never chosen, that may be the middle of the day."
    fix = "Add a standby, which is best. Or set `auto_minor_version_upgrade = false` and do the upgrades yourself, at least each half year."
  }

  # A replica and a member of Aurora have others beside them.
  filter = (
    core::coalesce(core::try(attrs.auto_minor_version_upgrade, null), true)
    && (core::try(attrs.replicate_source_db, null) == null || core::try(attrs.replicate_source_db, null) == "")
    && !core::startswith(core::coalesce(core::try(attrs.engine, null), "none"), "aurora")
  )

  enforce {
    condition     = core::coalesce(core::try(attrs.multi_az, null), false)
    at            = attrs.auto_minor_version_upgrade
    error_message = "${meta.address} takes minor versions by itself and has no standby: each of them is an outage of minutes with nobody looking."
  }

  option "standby" {
    title    = "Add a standby"
    merits   = ["an upgrade is a failover of a minute"]
    demerits = ["the instance and storage price doubles"]
    downtime = "none"
    effort   = "S"
    set {
      multi_az = true
    }
  }

  option "by_hand" {
    title    = "Upgrade by hand, announced"
    merits   = ["users know, somebody watches"]
    demerits = ["it must be done; security fixes come later"]
    downtime = "minutes at each upgrade"
    effort   = "S"
    set {
      auto_minor_version_upgrade = false
    }
  }

  pass "with_standby" {
    resource "aws_db_instance" "main" {
      identifier     = "main"
      engine         = "postgres"
      instance_class = "db.m7g.large"
      multi_az       = true
    }
  }

  pass "by_hand" {
    resource "aws_db_instance" "main" {
      identifier                 = "main"
      engine                     = "postgres"
      instance_class             = "db.m7g.large"
      auto_minor_version_upgrade = false
    }
  }

  pass "replica_and_aurora" {
    resource "aws_db_instance" "reader" {
      identifier          = "reader"
      instance_class      = "db.m7g.large"
      replicate_source_db = "main"
    }

    resource "aws_db_instance" "member" {
      identifier     = "member"
      engine         = "aurora-mysql"
      instance_class = "db.r7g.large"
    }
  }

  pass "cache_with_replica" {
    resource "aws_elasticache_replication_group" "sessions" {
      replication_group_id       = "sessions"
      description                = "sessions"
      num_cache_clusters         = 2
      automatic_failover_enabled = true
      auto_minor_version_upgrade = true
    }

    resource "aws_elasticache_replication_group" "shards" {
      replication_group_id       = "shards"
      description                = "shards"
      num_node_groups            = 2
      replicas_per_node_group    = 1
      automatic_failover_enabled = true
      auto_minor_version_upgrade = true
    }

    resource "aws_elasticache_replication_group" "not_written" {
      replication_group_id = "other"
      description          = "other"
    }
  }

  pass "broker_with_standby" {
    resource "aws_mq_broker" "orders" {
      broker_name                = "orders"
      engine_type                = "ActiveMQ"
      engine_version             = "5.18"
      host_instance_type         = "mq.m5.large"
      deployment_mode            = "ACTIVE_STANDBY_MULTI_AZ"
      auto_minor_version_upgrade = true
    }
  }

  fail "by_default" {
    resource "aws_db_instance" "main" {
      identifier     = "main"
      engine         = "postgres"
      instance_class = "db.m7g.large"
    }
  }

  fail "cache_alone" {
    resource "aws_elasticache_replication_group" "sessions" {
      replication_group_id       = "sessions"
      description                = "sessions"
      num_cache_clusters         = 1
      auto_minor_version_upgrade = true
    }

    resource "aws_elasticache_replication_group" "nobody_is_promoted" {
      replication_group_id       = "feed"
      description                = "feed"
      num_cache_clusters         = 2
      auto_minor_version_upgrade = true
    }
  }

  fail "broker_alone" {
    resource "aws_mq_broker" "orders" {
      broker_name                = "orders"
      engine_type                = "ActiveMQ"
      engine_version             = "5.18"
      host_instance_type         = "mq.t3.micro"
      auto_minor_version_upgrade = true
    }
  }
}

# What the cache does when nothing is written depends on its engine and version, so only a written or stored true counts.
resource_policy "aws_elasticache_replication_group" "auto_minor_upgrade_without_standby" {
  enforcement_level = "advisory"

  locals {
    replicas = core::max(
      core::coalesce(core::try(attrs.num_cache_clusters, null), 1) - core::coalesce(core::try(attrs.num_node_groups, null), 1),
      core::coalesce(core::try(attrs.replicas_per_node_group, null), 0),
      core::coalesce(core::try(attrs.cluster_mode[0].replicas_per_node_group, null), 0),
      core::coalesce(core::try(attrs.number_cache_clusters, null), 1) - 1,
    )
  }

  filter = core::tostring(core::try(attrs.auto_minor_version_upgrade, null)) == "true"

  enforce {
    condition     = local.replicas >= 1 && core::coalesce(core::try(attrs.automatic_failover_enabled, null), false)
    at            = attrs.auto_minor_version_upgrade
    error_message = "${meta.address} takes minor versions by itself, and no replica takes over: each of them empties the cache with nobody looking."
  }
}

resource_policy "aws_mq_broker" "auto_minor_upgrade_without_standby" {
  enforcement_level = "advisory"

  filter = core::coalesce(core::try(attrs.auto_minor_version_upgrade, null), false)

  enforce {
    condition     = core::coalesce(core::try(attrs.deployment_mode, null), "SINGLE_INSTANCE") != "SINGLE_INSTANCE"
    at            = attrs.auto_minor_version_upgrade
    error_message = "${meta.address} takes minor versions by itself and is a single instance: each of them stops all messages for minutes with nobody looking."
  }
}
