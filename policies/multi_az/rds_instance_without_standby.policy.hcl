# A database in one Availability Zone stops with its machine, its zone, and every maintenance that needs a restart. The standby
# is the difference between two minutes that nobody may notice and an evening of restoring a snapshot.
resource_policy "aws_db_instance" "rds_instance_without_standby" {
  title             = "Database has no standby in another Availability Zone"
  category          = "multi_az"
  severity          = "high"
  scope             = "production"
  aliases           = ["CKV_AWS_157", "FG_R00251", "S:rds-ensure-multi-az-configuration"]
  references        = ["Amazon RDS User Guide: Multi-AZ DB instance deployments", "Terraform AWS provider: aws_db_instance"]
  covered_by        = ["redundancy_lowered_by_change"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = <<-EOT
      Without a standby, the loss of one machine stops every service that uses the database. Getting back means waiting for AWS or
      restoring from a backup: from ten minutes to hours, and the last minutes of data may be lost. Patches and changes of the
      instance class are outages too, so each of them needs a night shift and an announcement.
    EOT
    fix = "Set `multi_az = true`. The database keeps running while the standby is built."
  }

  locals {
    source = core::try(attrs.replicate_source_db, null)
  }

  # A replica is judged by its own purpose; Aurora has its standby in the cluster. An engine that is not written comes from a
  # snapshot or a source, and Aurora cannot.
  filter = (
    (local.source == null || local.source == "")
    && !(plan::configured("engine") && core::startswith(core::coalesce(core::try(attrs.engine, null), "none"), "aurora"))
  )

  enforce {
    condition     = core::coalesce(core::try(attrs.multi_az, null), false)
    at            = attrs.multi_az
    error_message = "${meta.address} runs in one Availability Zone without a standby: when its machine or zone fails, it is down for minutes to hours."
  }

  option "multi_az" {
    title    = "Turn on Multi-AZ"
    merits   = ["failover by itself in one to two minutes", "the endpoint stays the same", "maintenance is done on the standby first"]
    demerits = ["the instance and storage price doubles", "the standby cannot be read"]
    downtime = "none; writes are slower while the standby is filled"
    effort   = "S"
    set {
      multi_az = true
    }
  }

  option "read_replica" {
    title    = "Keep a read replica and promote it by hand"
    merits   = ["the replica takes read queries"]
    demerits = ["a person must promote it, 10 to 30 minutes", "the endpoint changes", "the newest writes may be missing"]
    downtime = "none"
    effort   = "M"
    add "aws_db_instance" {
      engine            = core::try(attrs.engine, null)
      instance_class    = core::try(attrs.instance_class, null)
      storage_type      = core::try(attrs.storage_type, null)
      allocated_storage = core::try(attrs.allocated_storage, null)
      multi_az          = false
    }
  }

  option "aurora" {
    title    = "Move to Aurora with two instances"
    merits   = ["failover in less than a minute", "the second instance takes read queries", "storage grows by itself"]
    demerits = ["a migration project", "input and output may be charged on top"]
    downtime = "minutes at the switch, or almost none when an Aurora replica is promoted"
    effort   = "L"
  }

  pass "standby" {
    resource "aws_db_instance" "main" {
      identifier                  = "main"
      engine                      = "postgres"
      instance_class              = "db.m7g.large"
      allocated_storage           = 100
      username                    = "app"
      manage_master_user_password = true
      multi_az                    = true
    }
  }

  pass "read_replica" {
    resource "aws_db_instance" "main" {
      identifier                  = "main"
      engine                      = "postgres"
      instance_class              = "db.m7g.large"
      allocated_storage           = 100
      username                    = "app"
      manage_master_user_password = true
      multi_az                    = true
    }

    resource "aws_db_instance" "report" {
      identifier          = "report"
      replicate_source_db = aws_db_instance.main.identifier
      instance_class      = "db.m7g.large"
    }
  }

  fail "switched_off" {
    resource "aws_db_instance" "main" {
      identifier                  = "main"
      engine                      = "mysql"
      instance_class              = "db.m7g.large"
      allocated_storage           = 100
      username                    = "app"
      manage_master_user_password = true
      multi_az                    = false
    }
  }

  fail "not_written" {
    resource "aws_db_instance" "main" {
      identifier                  = "main"
      engine                      = "mysql"
      instance_class              = "db.m7g.large"
      allocated_storage           = 100
      username                    = "app"
      manage_master_user_password = true
    }
  }

  fail "restored_from_a_snapshot" {
    resource "aws_db_instance" "restored" {
      identifier          = "restored"
      snapshot_identifier = "rds:main-2026-01-31"
      instance_class      = "db.m7g.large"
    }
  }
}
