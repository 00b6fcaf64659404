# A database is deleted more easily than anybody thinks: a renamed module, a changed attribute that forces a replacement, a cleanup
# on Friday. The final snapshot is the last net, and it only exists if the flag stood in the state before the delete.

locals {
  # What is replaced by this plan is told by stateful_deleted_without_snapshot, and louder.
  replaced = core::contains(meta.actions, "delete")
}

resource_policy "aws_db_instance" "final_snapshot_skipped" {
  title             = "Database would be deleted without a final snapshot"
  category          = "backup"
  severity          = "high"
  scope             = "production"
  references        = ["Terraform AWS provider: aws_db_instance", "Terraform AWS provider: aws_lightsail_database", "Amazon RDS User Guide: Deleting a DB instance"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = <<-EOT
      With skip_final_snapshot = true a delete or a replacement takes the data with it, and automatic backups usually go as well.
      With false but no name for the snapshot, the delete stops with an error half-way through the apply.
    EOT
    fix = "Set skip_final_snapshot = false and final_snapshot_identifier (Lightsail: final_snapshot_name) now: a flag that comes in the same change as the delete is too late."
  }

  # The source of a replica has the data, the cluster that of an Aurora member.
  filter = (
    !local.replaced
    && core::coalesce(core::try(attrs.replicate_source_db, null), "-") == "-"
    && !core::startswith(core::coalesce(core::try(attrs.engine, null), "-"), "aurora")
  )

  enforce {
    condition     = !core::coalesce(core::try(attrs.skip_final_snapshot, null), false)
    at            = attrs.skip_final_snapshot
    error_message = "${meta.address} has skip_final_snapshot = true, so a delete or a replacement leaves no copy of its data."
  }

  enforce {
    condition     = core::coalesce(core::try(attrs.skip_final_snapshot, null), false) || core::coalesce(core::try(attrs.final_snapshot_identifier, null), "-") != "-"
    at            = attrs.final_snapshot_identifier
    severity      = "medium"
    error_message = "${meta.address} has no final_snapshot_identifier, so a delete or a replacement stops with an error half-way."
  }

  option "name_it" {
    title    = "Name the final snapshot, and apply it before anybody wants to delete"
    merits   = ["Terraform takes the snapshot itself"]
    demerits = ["the snapshot is paid for until somebody deletes it", "the name must be free: change it when the database is made again"]
    downtime = "none"
    effort   = "S"

    set {
      skip_final_snapshot       = false
      final_snapshot_identifier = "final"
    }
  }

  option "by_hand" {
    title    = "Take a snapshot by hand with a keep-until tag before each delete"
    merits   = ["nothing changes in Terraform"]
    demerits = ["somebody must think of it, also at a replacement that nobody planned"]
    downtime = "none"
    effort   = "S"
  }

  pass "named" {
    resource "aws_db_instance" "main" {
      identifier                = "main"
      engine                    = "postgres"
      instance_class            = "db.m7g.large"
      skip_final_snapshot       = false
      final_snapshot_identifier = "main-final"
    }
  }

  pass "replica" {
    resource "aws_db_instance" "replica" {
      identifier          = "replica"
      instance_class      = "db.m7g.large"
      replicate_source_db = "main"
      skip_final_snapshot = true
    }
  }

  pass "others" {
    resource "aws_rds_cluster" "main" {
      cluster_identifier        = "main"
      engine                    = "aurora-mysql"
      final_snapshot_identifier = "main-final"
    }

    resource "aws_rds_cluster" "second_region" {
      cluster_identifier            = "second"
      engine                        = "aurora-mysql"
      replication_source_identifier = "arn:aws:rds:us-east-1:111122223333:cluster:main"
      skip_final_snapshot           = true
    }

    resource "aws_docdb_cluster" "main" {
      cluster_identifier        = "main"
      final_snapshot_identifier = "main-final"
    }

    resource "aws_neptune_cluster" "main" {
      cluster_identifier        = "main"
      final_snapshot_identifier = "main-final"
    }

    resource "aws_redshift_cluster" "main" {
      cluster_identifier        = "main"
      node_type                 = "ra3.large"
      final_snapshot_identifier = "main-final"
    }

    resource "aws_lightsail_database" "main" {
      relational_database_name = "main"
      blueprint_id             = "mysql_8_0"
      bundle_id                = "small_ha_2_0"
      master_database_name     = "app"
      master_username          = "app"
      master_password          = "not-a-real-password"
      final_snapshot_name      = "main-final"
    }
  }

  pass "replica_of_a_cluster" {
    resource "aws_neptune_cluster" "copy" {
      cluster_identifier            = "copy"
      replication_source_identifier = "arn:aws:rds:us-east-1:111122223333:cluster:main"
      skip_final_snapshot           = true
    }
  }

  fail "skipped" {
    resource "aws_db_instance" "main" {
      identifier                = "main"
      engine                    = "postgres"
      instance_class            = "db.m7g.large"
      skip_final_snapshot       = true
      final_snapshot_identifier = "main-final"
    }
  }

  fail "no_name" {
    resource "aws_db_instance" "main" {
      identifier     = "main"
      engine         = "postgres"
      instance_class = "db.m7g.large"
    }
  }

  fail "others_skip_it" {
    resource "aws_rds_cluster" "main" {
      cluster_identifier        = "main"
      engine                    = "aurora-mysql"
      skip_final_snapshot       = true
      final_snapshot_identifier = "main-final"
    }

    resource "aws_docdb_cluster" "main" {
      cluster_identifier        = "main"
      skip_final_snapshot       = true
      final_snapshot_identifier = "main-final"
    }

    resource "aws_neptune_cluster" "main" {
      cluster_identifier        = "main"
      skip_final_snapshot       = true
      final_snapshot_identifier = "main-final"
    }

    resource "aws_redshift_cluster" "main" {
      cluster_identifier        = "main"
      node_type                 = "ra3.large"
      skip_final_snapshot       = true
      final_snapshot_identifier = "main-final"
    }

    resource "aws_lightsail_database" "main" {
      relational_database_name = "main"
      blueprint_id             = "mysql_8_0"
      bundle_id                = "small_ha_2_0"
      master_database_name     = "app"
      master_username          = "app"
      master_password          = "not-a-real-password"
      skip_final_snapshot      = true
      final_snapshot_name      = "main-final"
    }
  }

  fail "others_have_no_name" {
    resource "aws_rds_cluster" "main" {
      cluster_identifier = "main"
      engine             = "aurora-mysql"
    }

    resource "aws_docdb_cluster" "main" {
      cluster_identifier = "main"
    }

    resource "aws_neptune_cluster" "main" {
      cluster_identifier = "main"
    }

    resource "aws_redshift_cluster" "main" {
      cluster_identifier = "main"
      node_type          = "ra3.large"
    }

    resource "aws_lightsail_database" "main" {
      relational_database_name = "main"
      blueprint_id             = "mysql_8_0"
      bundle_id                = "small_ha_2_0"
      master_database_name     = "app"
      master_username          = "app"
      master_password          = "not-a-real-password"
    }
  }
}

resource_policy "aws_rds_cluster" "final_snapshot_skipped" {
  enforcement_level = "mandatory_overridable"

  # The source of a replica has the data.
  filter = !local.replaced && core::coalesce(core::try(attrs.replication_source_identifier, null), "-") == "-"

  enforce {
    condition     = !core::coalesce(core::try(attrs.skip_final_snapshot, null), false)
    at            = attrs.skip_final_snapshot
    error_message = "${meta.address} has skip_final_snapshot = true, so a delete or a replacement leaves no copy of its data."
  }

  enforce {
    condition     = core::coalesce(core::try(attrs.skip_final_snapshot, null), false) || core::coalesce(core::try(attrs.final_snapshot_identifier, null), "-") != "-"
    at            = attrs.final_snapshot_identifier
    severity      = "medium"
    error_message = "${meta.address} has no final_snapshot_identifier, so a delete or a replacement stops with an error half-way."
  }
}

resource_policy "aws_docdb_cluster" "final_snapshot_skipped" {
  enforcement_level = "mandatory_overridable"

  filter = !local.replaced

  enforce {
    condition     = !core::coalesce(core::try(attrs.skip_final_snapshot, null), false)
    at            = attrs.skip_final_snapshot
    error_message = "${meta.address} has skip_final_snapshot = true, so a delete or a replacement leaves no copy of its data."
  }

  enforce {
    condition     = core::coalesce(core::try(attrs.skip_final_snapshot, null), false) || core::coalesce(core::try(attrs.final_snapshot_identifier, null), "-") != "-"
    at            = attrs.final_snapshot_identifier
    severity      = "medium"
    error_message = "${meta.address} has no final_snapshot_identifier, so a delete or a replacement stops with an error half-way."
  }
}

resource_policy "aws_neptune_cluster" "final_snapshot_skipped" {
  enforcement_level = "mandatory_overridable"

  # The source of a replica has the data.
  filter = !local.replaced && core::coalesce(core::try(attrs.replication_source_identifier, null), "-") == "-"

  enforce {
    condition     = !core::coalesce(core::try(attrs.skip_final_snapshot, null), false)
    at            = attrs.skip_final_snapshot
    error_message = "${meta.address} has skip_final_snapshot = true, so a delete or a replacement leaves no copy of its data."
  }

  enforce {
    condition     = core::coalesce(core::try(attrs.skip_final_snapshot, null), false) || core::coalesce(core::try(attrs.final_snapshot_identifier, null), "-") != "-"
    at            = attrs.final_snapshot_identifier
    severity      = "medium"
    error_message = "${meta.address} has no final_snapshot_identifier, so a delete or a replacement stops with an error half-way."
  }
}

resource_policy "aws_redshift_cluster" "final_snapshot_skipped" {
  enforcement_level = "mandatory_overridable"

  filter = !local.replaced

  enforce {
    condition     = !core::coalesce(core::try(attrs.skip_final_snapshot, null), false)
    at            = attrs.skip_final_snapshot
    error_message = "${meta.address} has skip_final_snapshot = true, so a delete or a replacement leaves no copy of its data."
  }

  enforce {
    condition     = core::coalesce(core::try(attrs.skip_final_snapshot, null), false) || core::coalesce(core::try(attrs.final_snapshot_identifier, null), "-") != "-"
    at            = attrs.final_snapshot_identifier
    severity      = "medium"
    error_message = "${meta.address} has no final_snapshot_identifier, so a delete or a replacement stops with an error half-way."
  }
}

resource_policy "aws_lightsail_database" "final_snapshot_skipped" {
  enforcement_level = "mandatory_overridable"

  filter = !local.replaced

  enforce {
    condition     = !core::coalesce(core::try(attrs.skip_final_snapshot, null), false)
    at            = attrs.skip_final_snapshot
    error_message = "${meta.address} has skip_final_snapshot = true, so a delete or a replacement leaves no copy of its data."
  }

  enforce {
    condition     = core::coalesce(core::try(attrs.skip_final_snapshot, null), false) || core::coalesce(core::try(attrs.final_snapshot_name, null), "-") != "-"
    at            = attrs.final_snapshot_name
    severity      = "medium"
    error_message = "${meta.address} has no final_snapshot_name, so a delete or a replacement stops with an error half-way."
  }
}
