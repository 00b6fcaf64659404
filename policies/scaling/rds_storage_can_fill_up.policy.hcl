# A database whose disk is full stops taking writes, and soon connections. Growing the disk by hand works, but only after somebody has
# noticed, and the database may be busy with it for hours. Storage autoscaling does the same before it is too late.
resource_policy "aws_db_instance" "rds_storage_can_fill_up" {
  title             = "Database storage does not grow"
  category          = "scaling"
  severity          = "medium"
  scope             = "production"
  references        = ["Amazon RDS User Guide: Managing capacity automatically with Amazon RDS storage autoscaling", "Terraform AWS provider: aws_db_instance"]
  enforcement_level = "advisory"

  docs {
    why = "Tables, logs of transactions and temporary files fill the disk, often in one night of an import. A full disk is an outage, and the way out (a larger disk) cannot be taken back."
    fix = "Set `max_allocated_storage` to two or three times `allocated_storage`, and an alarm on free storage at 20 percent."
  }

  locals {
    size  = core::coalesce(core::try(attrs.allocated_storage, null), 0)
    limit = core::coalesce(core::try(attrs.max_allocated_storage, null), 0)
  }

  # Aurora grows by itself; a replica follows its source.
  filter = (
    !core::startswith(core::coalesce(core::try(attrs.engine, null), "none"), "aurora")
    && (core::try(attrs.replicate_source_db, null) == null || core::try(attrs.replicate_source_db, null) == "")
  )

  enforce {
    condition     = local.limit > 0
    error_message = "${meta.address} has ${local.size} GB of storage and no autoscaling of it: when the disk is full, the database stops taking writes."
  }

  # AWS grows by at least a tenth, so a smaller distance allows nothing.
  enforce {
    condition     = local.limit == 0 || local.limit >= 1.1 * local.size
    at            = attrs.max_allocated_storage
    error_message = "${meta.address} may grow from ${local.size} GB to ${local.limit} GB only; a step is at least a tenth, so it cannot grow at all."
  }

  option "autoscaling" {
    title    = "Storage autoscaling with a cap of two to three times"
    merits   = ["the disk is never full unnoticed"]
    demerits = ["storage cannot shrink again"]
    downtime = "none"
    effort   = "S"
    set {
      max_allocated_storage = local.size * 2
    }
  }

  option "alarm" {
    title    = "An alarm at 20 percent free"
    merits   = ["somebody decides"]
    demerits = ["somebody must be awake"]
    downtime = "none"
    effort   = "S"
  }

  pass "grows" {
    resource "aws_db_instance" "main" {
      identifier            = "main"
      engine                = "postgres"
      instance_class        = "db.m7g.large"
      allocated_storage     = 100
      max_allocated_storage = 300
    }
  }

  pass "replica" {
    resource "aws_db_instance" "reader" {
      identifier          = "reader"
      instance_class      = "db.m7g.large"
      replicate_source_db = "main"
    }
  }

  pass "aurora" {
    resource "aws_db_instance" "member" {
      identifier     = "member"
      engine         = "aurora-mysql"
      instance_class = "db.r7g.large"
    }
  }

  fail "not_written" {
    resource "aws_db_instance" "main" {
      identifier        = "main"
      engine            = "postgres"
      instance_class    = "db.m7g.large"
      allocated_storage = 100
    }
  }

  fail "no_room" {
    resource "aws_db_instance" "main" {
      identifier            = "main"
      engine                = "postgres"
      instance_class        = "db.m7g.large"
      allocated_storage     = 100
      max_allocated_storage = 105
    }
  }
}
