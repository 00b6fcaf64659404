# Snapshots outlive their database. Without its tags nobody can tell whose they are, who pays for them and until when they must stay.

resource_policy "aws_db_instance" "snapshot_without_tags" {
  title             = "Snapshots do not get the tags of their database"
  category          = "backup"
  severity          = "low"
  pedantic          = true
  aliases           = ["CKV2_AWS_60", "CKV_AWS_313", "CKV_AWS_362", "S:rds-copy-tags-to-snapshot-configured"]
  references        = ["Terraform AWS provider: aws_db_instance", "Amazon RDS User Guide: Tagging Amazon RDS resources"]
  enforcement_level = "advisory"

  docs {
    why = "A snapshot without owner and end date is kept for ever, because nobody dares to delete it."
    fix = "Set copy_tags_to_snapshot = true. Snapshots that exist already stay as they are."
  }

  # The cluster sets it for an Aurora member.
  filter = !core::startswith(core::coalesce(core::try(attrs.engine, null), "-"), "aurora")

  enforce {
    condition     = core::coalesce(core::try(attrs.copy_tags_to_snapshot, null), false)
    at            = attrs.copy_tags_to_snapshot
    error_message = "${meta.address} does not copy its tags to snapshots, so later nobody knows whose they are."
  }

  option "copy" {
    title    = "Copy the tags"
    merits   = ["each snapshot names its owner and its end date"]
    demerits = ["none"]
    downtime = "none"
    effort   = "S"

    set {
      copy_tags_to_snapshot = true
    }
  }

  pass "copied" {
    resource "aws_db_instance" "main" {
      instance_class        = "db.m7g.large"
      identifier            = "main"
      engine                = "postgres"
      copy_tags_to_snapshot = true
    }

    resource "aws_rds_cluster" "main" {
      cluster_identifier    = "main"
      engine                = "aurora-mysql"
      copy_tags_to_snapshot = true
    }

    resource "aws_neptune_cluster" "main" {
      cluster_identifier    = "main"
      copy_tags_to_snapshot = true
    }
  }

  pass "aurora_member" {
    resource "aws_db_instance" "member" {
      instance_class = "db.m7g.large"
      identifier     = "member"
      engine         = "aurora-mysql"
    }
  }

  fail "not_copied" {
    resource "aws_db_instance" "main" {
      instance_class = "db.m7g.large"
      identifier     = "main"
      engine         = "postgres"
    }

    resource "aws_rds_cluster" "main" {
      cluster_identifier = "main"
      engine             = "aurora-mysql"
    }

    resource "aws_neptune_cluster" "main" {
      cluster_identifier    = "main"
      copy_tags_to_snapshot = false
    }
  }
}

resource_policy "aws_rds_cluster" "snapshot_without_tags" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(core::try(attrs.copy_tags_to_snapshot, null), false)
    at            = attrs.copy_tags_to_snapshot
    error_message = "${meta.address} does not copy its tags to snapshots, so later nobody knows whose they are."
  }
}

resource_policy "aws_neptune_cluster" "snapshot_without_tags" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(core::try(attrs.copy_tags_to_snapshot, null), false)
    at            = attrs.copy_tags_to_snapshot
    error_message = "${meta.address} does not copy its tags to snapshots, so later nobody knows whose they are."
  }
}
