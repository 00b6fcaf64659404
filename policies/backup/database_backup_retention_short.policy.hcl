# A wrong delete, a bad migration or a bug that writes wrong values is often noticed days later. The automatic backups must
# reach back to the moment before. With one day, a fault of Friday night cannot be undone on Monday.

input "min_days" {
  type        = number
  default     = 7
  description = "Fewest days of automatic backups that pass. 7 covers a long weekend, so that a fault of Friday can still be undone on Monday."
}

resource_policy "aws_db_instance" "database_backup_retention_short" {
  title             = "Database backups do not reach back far enough"
  category          = "backup"
  severity          = "high"
  scope             = "production"
  aliases           = ["CKV_AWS_133", "CKV_AWS_360", "CKV_AWS_361", "CKV_AWS_343", "AWS-0077", "FG_R00107", "K:rds_with_backup_disabled", "S:rds-ensure-automatic-backups-enabled"]
  references        = ["AWS provider: aws_db_instance", "Amazon RDS User Guide: Backup retention period", "Amazon Redshift Management Guide: Automated snapshots"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = "Automatic backups are the only way back to a point in time before a mistake. When they are off or kept for one day, data that was lost over a weekend is lost for good. With 0 days there is no backup at all, and no point-in-time restore."
    fix = "Set backup_retention_period to 7 or more (Redshift: automated_snapshot_retention_period). Changing an instance from 0 to another number interrupts it for a short time, so do that in a quiet hour."
  }

  locals {
    days = core::coalesce(core::try(attrs.backup_retention_period, null), 0)

    # A restored database takes over the retention of its source when none is written.
    restored  = core::coalesce(core::try(attrs.snapshot_identifier, null), "-") != "-" || core::try(core::length(attrs.restore_to_point_in_time), 0) > 0
    inherited = meta.operation == "create" && !plan::configured("backup_retention_period") && local.restored
  }

  # The source of a replica has the backups; an Aurora member is backed up by its cluster.
  filter = (
    core::coalesce(core::try(attrs.replicate_source_db, null), "-") == "-"
    && !core::startswith(core::coalesce(core::try(attrs.engine, null), "-"), "aurora")
    && !local.inherited
  )

  enforce {
    condition     = local.days >= input.min_days
    at            = attrs.backup_retention_period
    error_message = "${meta.address} keeps ${local.days == 0 ? "no backups, so no mistake can be undone" : "backups for ${local.days} ${local.days == 1 ? "day" : "days"}, so a mistake that is noticed later cannot be undone"}; at least ${input.min_days} days are asked for."
  }

  option "week" {
    title    = "Keep automatic backups for 7 days"
    merits   = ["a fault of the weekend can be undone on Monday", "restore to any second of that time"]
    demerits = ["backup storage above the size of the database is paid for", "from 0 to another number: a short interruption"]
    downtime = "none, or a short interruption when backups were off"
    effort   = "S"

    set {
      backup_retention_period = 7
    }
  }

  option "aws_backup" {
    title    = "35 days, and monthly copies with AWS Backup"
    merits   = ["answers an auditor", "copies can go to another region or account"]
    demerits = ["more backup storage", "a backup plan to maintain"]
    downtime = "none"
    effort   = "M"
  }

  pass "week" {
    resource "aws_db_instance" "main" {
      identifier              = "main"
      engine                  = "postgres"
      instance_class          = "db.m7g.large"
      backup_retention_period = 7
    }
  }

  pass "replica" {
    resource "aws_db_instance" "main" {
      identifier              = "main"
      engine                  = "postgres"
      instance_class          = "db.m7g.large"
      backup_retention_period = 14
    }

    resource "aws_db_instance" "replica" {
      identifier          = "replica"
      instance_class      = "db.m7g.large"
      replicate_source_db = aws_db_instance.main.identifier
    }
  }

  pass "restored_takes_over_the_retention" {
    resource "aws_db_instance" "copy" {
      identifier          = "copy"
      engine              = "postgres"
      instance_class      = "db.m7g.large"
      snapshot_identifier = "main-before-upgrade"
    }
  }

  pass "clusters" {
    resource "aws_rds_cluster" "main" {
      cluster_identifier      = "main"
      engine                  = "aurora-mysql"
      backup_retention_period = 7
    }

    resource "aws_docdb_cluster" "main" {
      cluster_identifier      = "main"
      backup_retention_period = 7
    }

    resource "aws_neptune_cluster" "main" {
      cluster_identifier      = "main"
      backup_retention_period = 7
    }

    resource "aws_redshift_cluster" "main" {
      cluster_identifier                  = "main"
      node_type                           = "ra3.large"
      automated_snapshot_retention_period = 7
    }
  }

  fail "off" {
    resource "aws_db_instance" "main" {
      identifier              = "main"
      engine                  = "postgres"
      instance_class          = "db.m7g.large"
      backup_retention_period = 0
    }
  }

  fail "not_written" {
    resource "aws_db_instance" "main" {
      identifier     = "main"
      engine         = "postgres"
      instance_class = "db.m7g.large"
    }
  }

  fail "clusters" {
    resource "aws_rds_cluster" "main" {
      cluster_identifier = "main"
      engine             = "aurora-mysql"
    }

    resource "aws_docdb_cluster" "main" {
      cluster_identifier      = "main"
      backup_retention_period = 3
    }

    resource "aws_neptune_cluster" "main" {
      cluster_identifier = "main"
    }

    resource "aws_redshift_cluster" "main" {
      cluster_identifier = "main"
      node_type          = "ra3.large"
    }

    expect = [
      "aws_rds_cluster.main",
      "aws_docdb_cluster.main",
      "aws_neptune_cluster.main",
      "aws_redshift_cluster.main",
    ]
  }
}

resource_policy "aws_rds_cluster" "database_backup_retention_short" {
  enforcement_level = "mandatory_overridable"

  locals {
    days = core::coalesce(core::try(attrs.backup_retention_period, null), 1)

    # A restored cluster takes over the retention of its source when none is written.
    restored  = core::coalesce(core::try(attrs.snapshot_identifier, null), "-") != "-" || core::try(core::length(attrs.restore_to_point_in_time), 0) > 0
    inherited = meta.operation == "create" && !plan::configured("backup_retention_period") && local.restored
  }

  filter = core::coalesce(core::try(attrs.replication_source_identifier, null), "-") == "-" && !local.inherited

  enforce {
    condition     = local.days >= input.min_days
    at            = attrs.backup_retention_period
    error_message = "${meta.address} keeps ${local.days == 0 ? "no backups, so no mistake can be undone" : "backups for ${local.days} ${local.days == 1 ? "day" : "days"}, so a mistake that is noticed later cannot be undone"}; at least ${input.min_days} days are asked for."
  }
}

resource_policy "aws_docdb_cluster" "database_backup_retention_short" {
  enforcement_level = "mandatory_overridable"

  locals {
    days = core::coalesce(core::try(attrs.backup_retention_period, null), 1)
  }

  enforce {
    condition     = local.days >= input.min_days
    at            = attrs.backup_retention_period
    error_message = "${meta.address} keeps ${local.days == 0 ? "no backups, so no mistake can be undone" : "backups for ${local.days} ${local.days == 1 ? "day" : "days"}, so a mistake that is noticed later cannot be undone"}; at least ${input.min_days} days are asked for."
  }
}

resource_policy "aws_neptune_cluster" "database_backup_retention_short" {
  enforcement_level = "mandatory_overridable"

  locals {
    days = core::coalesce(core::try(attrs.backup_retention_period, null), 1)
  }

  filter = core::coalesce(core::try(attrs.replication_source_identifier, null), "-") == "-"

  enforce {
    condition     = local.days >= input.min_days
    at            = attrs.backup_retention_period
    error_message = "${meta.address} keeps ${local.days == 0 ? "no backups, so no mistake can be undone" : "backups for ${local.days} ${local.days == 1 ? "day" : "days"}, so a mistake that is noticed later cannot be undone"}; at least ${input.min_days} days are asked for."
  }
}

resource_policy "aws_redshift_cluster" "database_backup_retention_short" {
  enforcement_level = "mandatory_overridable"

  locals {
    days = core::coalesce(core::try(attrs.automated_snapshot_retention_period, null), 1)
  }

  enforce {
    condition     = local.days >= input.min_days
    at            = attrs.automated_snapshot_retention_period
    error_message = "${meta.address} keeps ${local.days == 0 ? "no automated snapshots, so no mistake can be undone" : "automated snapshots for ${local.days} ${local.days == 1 ? "day" : "days"}, so a mistake that is noticed later cannot be undone"}; at least ${input.min_days} days are asked for."
  }
}
