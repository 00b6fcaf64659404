# When AWS ends the standard support of a database version, nothing breaks and nobody is asked: from the next day each vCPU costs extra
# by the hour, and after two years twice as much. The upgrade has to be done anyway.
input "warn_days" {
  type        = number
  default     = 180
  description = "So many days before the end of standard support the policy begins to speak. Half a year: a major upgrade needs a rehearsal and a window."
}

locals {
  # The last day of standard support, by engine and major version, as AWS had published it in October 2026. A version that is not here
  # has no extended support, or its day is years away. Sources:
  # - mysql: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/MySQL.Concepts.VersionMgmt.html
  # - postgres: https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html
  # - aurora-mysql: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraMySQLReleaseNotes/AuroraMySQL.release-calendars.html
  # - aurora-postgresql: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraPostgreSQLReleaseNotes/aurorapostgresql-release-calendar.html
  # - redis: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/extended-support-versions.html
  ends = {
    "mysql 5.7"            = "2024-02-29"
    "mysql 8.0"            = "2026-07-31"
    "mysql 8.4"            = "2029-07-31"
    "postgres 11"          = "2024-02-29"
    "postgres 12"          = "2025-02-28"
    "postgres 13"          = "2026-02-28"
    "postgres 14"          = "2027-02-28"
    "postgres 15"          = "2028-02-29"
    "postgres 16"          = "2029-02-28"
    "postgres 17"          = "2030-02-28"
    "aurora-mysql 5.7"     = "2024-10-31"
    "aurora-mysql 8.0"     = "2028-04-30"
    "aurora-postgresql 11" = "2024-02-29"
    "aurora-postgresql 12" = "2025-02-28"
    "aurora-postgresql 13" = "2026-02-28"
    "aurora-postgresql 14" = "2027-02-28"
    "aurora-postgresql 15" = "2028-02-29"
    "aurora-postgresql 16" = "2029-02-28"
    "aurora-postgresql 17" = "2030-02-28"
    "redis 4"              = "2026-01-31"
    "redis 5"              = "2026-01-31"
    "redis 6"              = "2027-01-31"
  }

  steps = core::split(".", core::coalesce(core::try(attrs.engine_version, null), "-"))
  now   = core::plantimestamp()
  soon  = core::timeadd(local.now, "${input.warn_days * 24}h")
}

resource_policy "aws_db_instance" "engine_in_extended_support" {
  title             = "Database version is paid for with a surcharge"
  category          = "cost"
  severity          = "high"
  aliases           = ["CB:RDS-6"]
  references        = ["Amazon RDS User Guide: Using Amazon RDS Extended Support", "Amazon ElastiCache User Guide: Engine versions and upgrading"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      Extended support is on by itself. It is charged for each vCPU of a database and each node of a cache, by the hour, for a standby as well, and for a small database it can be
      more than the database. What is bought is time: the upgrade stays, with one more year of changes in it.
    EOT
    fix = "Upgrade to a version in standard support: rehearse it on a copy, then switch by Blue/Green. If the upgrade must wait, suppress the finding until the day it is planned for."
  }

  locals {
    engine  = core::try(attrs.engine, "-")
    version = local.engine == "mysql" ? core::join(".", core::slice(local.steps, 0, core::min(2, core::length(local.steps)))) : local.steps[0]
    end     = core::try(local.ends["${local.engine} ${local.version}"], null)
    refused = core::try(attrs.engine_lifecycle_support == "open-source-rds-extended-support-disabled", false)
    past    = local.end == null ? false : core::timecmp("${local.end}T23:59:59Z", local.now) < 0
    due     = local.end == null ? false : !local.past && core::timecmp("${local.end}T23:59:59Z", local.soon) < 0
  }

  filter = core::contains(["mysql", "postgres"], core::try(attrs.engine, "")) && (plan::configured("engine_version") || core::try(attrs.engine_version, null) != null) && !local.refused

  enforce {
    condition     = !local.past
    at            = attrs.engine_version
    error_message = "${meta.address} runs ${local.engine} ${local.version}, whose standard support ended on ${local.end}: AWS charges extra for each vCPU and hour."
  }

  enforce {
    condition     = !local.due
    at            = attrs.engine_version
    severity      = "low"
    error_message = "${meta.address} runs ${local.engine} ${local.version}, whose standard support ends on ${local.end}: from then on AWS charges extra for each vCPU and hour."
  }

  option "blue_green" {
    title    = "Upgrade by Blue/Green"
    merits   = ["the surcharge ends", "the new version can be tried beside the old one"]
    demerits = ["double price for some hours", "a major upgrade to test"]
    downtime = "less than a minute at the switch"
    effort   = "M"
    set {
      blue_green_update = [{ enabled = true }]
    }
  }

  option "window" {
    title    = "Upgrade in the maintenance window"
    merits   = ["simple", "the surcharge ends"]
    demerits = ["10 to 30 minutes of outage, and no way back but a restore"]
    downtime = "10 to 30 minutes"
    effort   = "S"
  }

  option "pay" {
    title    = "Pay until a date"
    merits   = ["time for the upgrade"]
    demerits = ["the surcharge, and the upgrade stays to be done"]
    downtime = "none"
    effort   = "S"
  }

  pass "standard_support" {
    resource "aws_db_instance" "new" {
      instance_class = "db.m7g.large"
      identifier     = "new"
      engine         = "postgres"
      engine_version = "17.4"
    }

    resource "aws_db_instance" "version_not_written" {
      instance_class = "db.m7g.large"
      identifier     = "not-written"
      engine         = "mysql"
    }

    resource "aws_db_instance" "no_extended_support" {
      instance_class = "db.m7g.large"
      identifier     = "maria"
      engine         = "mariadb"
      engine_version = "10.6.20"
    }

    resource "aws_db_instance" "refused" {
      instance_class           = "db.m7g.large"
      identifier               = "refused"
      engine                   = "mysql"
      engine_version           = "5.7.44"
      engine_lifecycle_support = "open-source-rds-extended-support-disabled"
    }

    resource "aws_rds_cluster" "new" {
      cluster_identifier = "new"
      engine             = "aurora-mysql"
      engine_version     = "8.0.mysql_aurora.3.08.0"
    }

    resource "aws_elasticache_replication_group" "new" {
      replication_group_id = "new"
      description          = "sessions"
      engine               = "valkey"
      engine_version       = "8.0"
    }
  }

  fail "past" {
    resource "aws_db_instance" "mysql" {
      instance_class = "db.m7g.large"
      identifier     = "mysql"
      engine         = "mysql"
      engine_version = "5.7.44"
    }

    resource "aws_db_instance" "postgres" {
      instance_class = "db.m7g.large"
      identifier     = "postgres"
      engine         = "postgres"
      engine_version = "12.22"
    }

    resource "aws_rds_cluster" "aurora_mysql" {
      cluster_identifier = "aurora-mysql"
      engine             = "aurora-mysql"
      engine_version     = "5.7.mysql_aurora.2.12.4"
    }

    resource "aws_rds_cluster" "aurora_postgresql" {
      cluster_identifier = "aurora-postgresql"
      engine             = "aurora-postgresql"
      engine_version     = "11.21"
    }

    resource "aws_elasticache_replication_group" "redis" {
      replication_group_id = "redis"
      description          = "sessions"
      engine_version       = "5.0.6"
    }
  }
}

resource_policy "aws_rds_cluster" "engine_in_extended_support" {
  enforcement_level = "advisory"

  locals {
    engine  = core::try(attrs.engine, "-")
    version = core::strcontains(local.engine, "mysql") ? core::join(".", core::slice(local.steps, 0, core::min(2, core::length(local.steps)))) : local.steps[0]
    end     = core::try(local.ends["${local.engine} ${local.version}"], null)
    refused = core::try(attrs.engine_lifecycle_support == "open-source-rds-extended-support-disabled", false)
    past    = local.end == null ? false : core::timecmp("${local.end}T23:59:59Z", local.now) < 0
    due     = local.end == null ? false : !local.past && core::timecmp("${local.end}T23:59:59Z", local.soon) < 0
  }

  filter = core::contains(["mysql", "postgres", "aurora-mysql", "aurora-postgresql"], core::try(attrs.engine, "")) && (plan::configured("engine_version") || core::try(attrs.engine_version, null) != null) && !local.refused

  enforce {
    condition     = !local.past
    at            = attrs.engine_version
    error_message = "${meta.address} runs ${local.engine} ${local.version}, whose standard support ended on ${local.end}: AWS charges extra for each vCPU and hour."
  }

  enforce {
    condition     = !local.due
    at            = attrs.engine_version
    severity      = "low"
    error_message = "${meta.address} runs ${local.engine} ${local.version}, whose standard support ends on ${local.end}: from then on AWS charges extra for each vCPU and hour."
  }
}

resource_policy "aws_elasticache_replication_group" "engine_in_extended_support" {
  enforcement_level = "advisory"

  locals {
    engine  = core::coalesce(core::try(attrs.engine, null), "redis")
    version = local.steps[0]
    end     = core::try(local.ends["${local.engine} ${local.version}"], null)
    past    = local.end == null ? false : core::timecmp("${local.end}T23:59:59Z", local.now) < 0
    due     = local.end == null ? false : !local.past && core::timecmp("${local.end}T23:59:59Z", local.soon) < 0
  }

  filter = plan::configured("engine_version") || core::try(attrs.engine_version, null) != null

  enforce {
    condition     = !local.past
    at            = attrs.engine_version
    error_message = "${meta.address} runs ${local.engine} ${local.version}, whose standard support ended on ${local.end}: AWS charges extra for each node and hour."
  }

  enforce {
    condition     = !local.due
    at            = attrs.engine_version
    severity      = "low"
    error_message = "${meta.address} runs ${local.engine} ${local.version}, whose standard support ends on ${local.end}: from then on AWS charges extra for each node and hour."
  }

  option "valkey" {
    title    = "Upgrade to Valkey"
    merits   = ["the surcharge ends", "a lower price for the same node"]
    demerits = ["a major upgrade to test"]
    downtime = "seconds with a replica and failover, else minutes"
    effort   = "M"
  }
}
