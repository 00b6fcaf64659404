# "Take a snapshot, then delete" is only half a plan: the snapshot is paid by the gigabyte until somebody deletes it, too. A date on it
# says when that may be.
input "tag" {
  type        = string
  default     = "keep-until"
  description = "The tag that holds the date (2026-12-31) until which a snapshot is kept. The options of other policies name it so."
}

locals {
  # The end of the day that the tag names; a full timestamp is taken as it is.
  until = core::try(attrs.tags[input.tag], attrs.tags_all[input.tag], null)
  end   = local.until == null ? null : core::can(core::regex("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", local.until)) ? "${local.until}T23:59:59Z" : local.until
  dated = local.end != null && core::can(core::timeadd(local.end, "0s"))
  past  = local.dated ? core::timecmp(local.end, core::plantimestamp()) < 0 : false
  kept  = core::try(attrs.tags["planfit:keep"], null) != null
}

resource_policy "aws_db_snapshot" "snapshot_past_keep_until" {
  title             = "Snapshot is kept longer than was planned"
  category          = "orphan"
  severity          = "low"
  references        = ["Amazon RDS User Guide: Creating a DB snapshot for a Single-AZ DB instance", "Amazon EBS User Guide: Amazon EBS snapshots"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      A snapshot that was taken before a delete is a safety net for some weeks. After that it is only storage that is paid, and a copy
      of customer data that nobody watches. Without a date nobody knows whether it may go, so it stays for ever.
    EOT
    fix = "Delete the snapshot, or set a later date in the tag. If it is kept for good, tag it `planfit:keep` with the reason."
  }

  locals {
    source = core::getresources("aws_db_instance", { identifier = attrs.db_instance_identifier })
  }

  filter = !local.kept

  enforce {
    condition     = !local.past
    error_message = "${meta.address} was to be kept until ${local.until}, and that day is past; it is still paid for."
  }

  enforce {
    condition     = local.until != null || core::length(local.source) > 0
    error_message = "${meta.address} is a snapshot of a database that is not managed here, and no tag ${input.tag} says how long it is kept."
  }

  option "delete" {
    title    = "Delete the snapshot"
    merits   = ["its storage is no longer paid", "one copy of customer data less"]
    demerits = ["the deleted database cannot be brought back any more"]
    downtime = "none"
    effort   = "S"
  }

  option "new_date" {
    title    = "Set a date in the tag"
    merits   = ["the next review knows when it may go"]
    demerits = ["it is paid for until then"]
    downtime = "none"
    effort   = "S"
  }

  pass "date_is_to_come" {
    resource "aws_db_snapshot" "last" {
      db_instance_identifier = "main"
      db_snapshot_identifier = "main-last"

      tags = {
        keep-until = "2999-12-31"
      }
    }
  }

  pass "its_database_is_here" {
    resource "aws_db_instance" "main" {
      instance_class = "db.m7g.large"
      identifier     = "main"
      engine         = "postgres"
    }

    resource "aws_db_snapshot" "before_upgrade" {
      db_instance_identifier = aws_db_instance.main.identifier
      db_snapshot_identifier = "main-before-upgrade"
    }
  }

  pass "kept_with_a_reason" {
    resource "aws_db_snapshot" "audit" {
      db_instance_identifier = "old"
      db_snapshot_identifier = "old-2024"

      tags = {
        "planfit:keep" = "the books of 2024, seven years"
      }
    }
  }

  pass "cluster_volume_and_image" {
    resource "aws_db_cluster_snapshot" "last" {
      db_cluster_identifier          = "main"
      db_cluster_snapshot_identifier = "main-last"

      tags = {
        keep-until = "2999-12-31T00:00:00Z"
      }
    }

    resource "aws_ebs_volume" "data" {
      availability_zone = "ap-northeast-1a"
      size              = 10
    }

    resource "aws_ebs_snapshot" "data" {
      volume_id = aws_ebs_volume.data.id
    }

    resource "aws_ami" "base" {
      name = "base"
    }
  }

  fail "date_is_past" {
    resource "aws_db_snapshot" "last" {
      db_instance_identifier = "main"
      db_snapshot_identifier = "main-last"

      tags = {
        keep-until = "2020-06-30"
      }
    }
  }

  fail "nobody_says_how_long" {
    resource "aws_db_snapshot" "last" {
      db_instance_identifier = "main"
      db_snapshot_identifier = "main-last"
    }
  }

  fail "cluster_and_volume_without_a_date" {
    resource "aws_db_cluster_snapshot" "last" {
      db_cluster_identifier          = "main"
      db_cluster_snapshot_identifier = "main-last"
    }

    resource "aws_ebs_snapshot" "data" {
      volume_id = "vol-0a1b2c3d4e5f60718"
    }
  }

  fail "dates_of_all_types_are_past" {
    resource "aws_db_cluster_snapshot" "last" {
      db_cluster_identifier          = "main"
      db_cluster_snapshot_identifier = "main-last"

      tags = {
        keep-until = "2020-06-30"
      }
    }

    resource "aws_ebs_snapshot" "data" {
      volume_id = "vol-0a1b2c3d4e5f60718"

      tags = {
        keep-until = "2020-06-30"
      }
    }

    resource "aws_ami" "old" {
      name = "old"

      tags = {
        keep-until = "2020-06-30"
      }
    }
  }
}

resource_policy "aws_db_cluster_snapshot" "snapshot_past_keep_until" {
  enforcement_level = "advisory"

  locals {
    source = core::concat(
      core::getresources("aws_rds_cluster", { cluster_identifier = attrs.db_cluster_identifier }),
      core::getresources("aws_docdb_cluster", { cluster_identifier = attrs.db_cluster_identifier }),
      core::getresources("aws_neptune_cluster", { cluster_identifier = attrs.db_cluster_identifier })
    )
  }

  filter = !local.kept

  enforce {
    condition     = !local.past
    error_message = "${meta.address} was to be kept until ${local.until}, and that day is past; it is still paid for."
  }

  enforce {
    condition     = local.until != null || core::length(local.source) > 0
    error_message = "${meta.address} is a snapshot of a cluster that is not managed here, and no tag ${input.tag} says how long it is kept."
  }
}

resource_policy "aws_ebs_snapshot" "snapshot_past_keep_until" {
  enforcement_level = "advisory"

  locals {
    source = core::getresources("aws_ebs_volume", { id = attrs.volume_id })

    # An image or a template that is made from the snapshot needs it.
    users = graph::referrers()
  }

  filter = !local.kept

  enforce {
    condition     = !local.past
    error_message = "${meta.address} was to be kept until ${local.until}, and that day is past; it is still paid for."
  }

  enforce {
    condition     = local.until != null || core::length(local.source) > 0 || core::length(local.users) > 0
    error_message = "${meta.address} is a snapshot of a volume that is not managed here, and no tag ${input.tag} says how long it is kept."
  }
}

# An image has no source that could be asked for; only its date counts.
resource_policy "aws_ami" "snapshot_past_keep_until" {
  enforcement_level = "advisory"

  filter = !local.kept

  enforce {
    condition     = !local.past
    error_message = "${meta.address} was to be kept until ${local.until}, and that day is past; the snapshots in it are still paid for."
  }
}
