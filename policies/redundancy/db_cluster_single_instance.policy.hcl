input "min_instances" {
  type        = number
  default     = 2
  description = "A writer and one reader: with the reader, a failover is a matter of seconds instead of building a new instance."
}

# The storage of such a cluster is kept in three Availability Zones, but only an instance can answer queries. With one instance,
# every failure, patch or change of its class is an outage of minutes, and there is no reader to share the load.
resource_policy "aws_rds_cluster" "db_cluster_single_instance" {
  title             = "Database cluster has a single instance"
  category          = "redundancy"
  severity          = "high"
  scope             = "production"
  aliases           = ["FG_R00209", "S:rds-ensure-cluster-multi-az-configured", "S:neptune-cluster-should-be-deployed-in-multi-az"]
  references        = ["Amazon Aurora User Guide: High availability for Amazon Aurora", "Terraform AWS provider: aws_rds_cluster_instance"]
  covered_by        = ["redundancy_lowered_by_change"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = <<-EOT
      When the only instance fails, AWS builds a new one: about ten minutes without a database, sometimes more. With a reader in
      another zone the cluster fails over in less than a minute and keeps its endpoint. Updates restart the only instance too, so
      each of them must be agreed with the business.
    EOT
    fix = "Add a second cluster instance in another Availability Zone, with the same `cluster_identifier`."
  }

  locals {
    source  = core::try(attrs.replication_source_identifier, null)
    members = core::getresources("aws_rds_cluster_instance", { cluster_identifier = attrs.id })
  }

  filter = (
    core::startswith(core::coalesce(core::try(attrs.engine, null), "aurora"), "aurora")
    && core::coalesce(core::try(attrs.db_cluster_instance_class, null), "none") == "none"
    && core::coalesce(core::try(attrs.engine_mode, null), "provisioned") != "serverless"
    && (local.source == null || local.source == "")
  )

  enforce {
    condition     = core::length(local.members) == 0 || core::length(local.members) >= input.min_instances
    error_message = "${meta.address} has ${core::length(local.members)} ${core::length(local.members) == 1 ? "instance" : "instances"}: ${core::length(local.members) == 1 ? "when it fails, nothing takes over" : "when one fails, too few are left"}; at least ${input.min_instances} are asked for."
  }

  # No instance at all more often means that they are declared elsewhere than that there are none.
  enforce {
    condition     = core::length(local.members) > 0
    severity      = "low"
    error_message = "${meta.address} has no aws_rds_cluster_instance in what was read, so nothing is known to answer queries; at least ${input.min_instances} are asked for."
  }

  option "reader" {
    title    = "Add a reader in another Availability Zone"
    merits   = ["failover in less than a minute", "the reader can take read queries"]
    demerits = ["the price of one more instance"]
    downtime = "none"
    effort   = "S"
    add "aws_rds_cluster_instance" {
      engine         = core::try(attrs.engine, null)
      instance_class = core::try(local.members[0].instance_class, null)
    }
  }

  option "serverless_reader" {
    title    = "Add a Serverless v2 reader with a low minimum"
    merits   = ["a cheap standby", "it grows when it becomes the writer"]
    demerits = ["the first minutes after a failover are slow if the minimum is low"]
    downtime = "none"
    effort   = "S"
  }

  pass "writer_and_reader" {
    resource "aws_rds_cluster" "main" {
      cluster_identifier          = "main"
      engine                      = "aurora-postgresql"
      master_username             = "app"
      manage_master_user_password = true
    }

    resource "aws_rds_cluster_instance" "main" {
      count              = 2
      identifier         = "main-${count.index}"
      cluster_identifier = aws_rds_cluster.main.id
      engine             = aws_rds_cluster.main.engine
      instance_class     = "db.r7g.large"
    }
  }

  pass "multi_az_cluster_of_rds" {
    resource "aws_rds_cluster" "main" {
      cluster_identifier          = "main"
      engine                      = "postgres"
      db_cluster_instance_class   = "db.m6gd.large"
      allocated_storage           = 100
      storage_type                = "io1"
      iops                        = 1000
      master_username             = "app"
      manage_master_user_password = true
    }
  }

  pass "serverless_version_1" {
    resource "aws_rds_cluster" "batch" {
      cluster_identifier          = "batch"
      engine                      = "aurora-mysql"
      engine_mode                 = "serverless"
      master_username             = "app"
      manage_master_user_password = true
    }
  }

  pass "neptune_with_two" {
    resource "aws_neptune_cluster" "graph" {
      cluster_identifier = "graph"
    }

    resource "aws_neptune_cluster_instance" "graph" {
      count              = 2
      cluster_identifier = aws_neptune_cluster.graph.id
      engine             = "neptune"
      instance_class     = "db.r6g.large"
    }
  }

  pass "documentdb_with_two" {
    resource "aws_docdb_cluster" "main" {
      cluster_identifier = "main"
      master_username    = "app"
      master_password    = "not-a-real-password"
    }

    resource "aws_docdb_cluster_instance" "main" {
      for_each           = toset(["a", "c"])
      identifier         = "main-${each.key}"
      cluster_identifier = aws_docdb_cluster.main.id
      instance_class     = "db.r6g.large"
    }
  }

  fail "writer_only" {
    resource "aws_rds_cluster" "main" {
      cluster_identifier          = "main"
      engine                      = "aurora-postgresql"
      master_username             = "app"
      manage_master_user_password = true
    }

    resource "aws_rds_cluster_instance" "main" {
      identifier         = "main-0"
      cluster_identifier = aws_rds_cluster.main.id
      engine             = aws_rds_cluster.main.engine
      instance_class     = "db.r7g.large"
    }
  }

  fail "second_instance_belongs_to_another_cluster" {
    resource "aws_rds_cluster" "main" {
      cluster_identifier          = "main"
      engine                      = "aurora-mysql"
      master_username             = "app"
      manage_master_user_password = true
    }

    resource "aws_rds_cluster" "report" {
      cluster_identifier          = "report"
      engine                      = "aurora-mysql"
      master_username             = "app"
      manage_master_user_password = true
    }

    resource "aws_rds_cluster_instance" "main" {
      identifier         = "main-0"
      cluster_identifier = aws_rds_cluster.main.id
      engine             = "aurora-mysql"
      instance_class     = "db.r7g.large"
    }

    resource "aws_rds_cluster_instance" "report" {
      count              = 2
      identifier         = "report-${count.index}"
      cluster_identifier = aws_rds_cluster.report.id
      engine             = "aurora-mysql"
      instance_class     = "db.r7g.large"
    }

    expect = ["aws_rds_cluster.main"]
  }

  fail "documentdb_alone" {
    resource "aws_docdb_cluster" "main" {
      cluster_identifier = "main"
      master_username    = "app"
      master_password    = "not-a-real-password"
    }

    resource "aws_docdb_cluster_instance" "main" {
      identifier         = "main-0"
      cluster_identifier = aws_docdb_cluster.main.id
      instance_class     = "db.r6g.large"
    }
  }

  fail "neptune_alone" {
    resource "aws_neptune_cluster" "graph" {
      cluster_identifier = "graph"
    }

    resource "aws_neptune_cluster_instance" "graph" {
      identifier         = "graph-0"
      cluster_identifier = aws_neptune_cluster.graph.id
      engine             = "neptune"
      instance_class     = "db.r6g.large"
    }
  }
}

# DocumentDB shares the design: one storage, several instances.
resource_policy "aws_docdb_cluster" "db_cluster_single_instance" {
  enforcement_level = "mandatory_overridable"

  locals {
    members = core::getresources("aws_docdb_cluster_instance", { cluster_identifier = attrs.id })
  }

  enforce {
    condition     = core::length(local.members) == 0 || core::length(local.members) >= input.min_instances
    error_message = "${meta.address} has ${core::length(local.members)} ${core::length(local.members) == 1 ? "instance" : "instances"}: ${core::length(local.members) == 1 ? "when it fails, nothing takes over" : "when one fails, too few are left"}; at least ${input.min_instances} are asked for."
  }

  # No instance at all more often means that they are declared elsewhere than that there are none.
  enforce {
    condition     = core::length(local.members) > 0
    severity      = "low"
    error_message = "${meta.address} has no aws_docdb_cluster_instance in what was read, so nothing is known to answer queries; at least ${input.min_instances} are asked for."
  }

  option "reader" {
    title    = "Add a reader in another Availability Zone"
    merits   = ["failover in less than a minute", "the reader can take read queries"]
    demerits = ["the price of one more instance"]
    downtime = "none"
    effort   = "S"
    add "aws_docdb_cluster_instance" {
      engine         = core::try(attrs.engine, null)
      instance_class = core::try(local.members[0].instance_class, null)
    }
  }
}

# Neptune shares it too.
resource_policy "aws_neptune_cluster" "db_cluster_single_instance" {
  enforcement_level = "mandatory_overridable"

  locals {
    source  = core::try(attrs.replication_source_identifier, null)
    members = core::getresources("aws_neptune_cluster_instance", { cluster_identifier = attrs.id })
  }

  filter = local.source == null || local.source == ""

  enforce {
    condition     = core::length(local.members) == 0 || core::length(local.members) >= input.min_instances
    error_message = "${meta.address} has ${core::length(local.members)} ${core::length(local.members) == 1 ? "instance" : "instances"}: ${core::length(local.members) == 1 ? "when it fails, nothing takes over" : "when one fails, too few are left"}; at least ${input.min_instances} are asked for."
  }

  # No instance at all more often means that they are declared elsewhere than that there are none.
  enforce {
    condition     = core::length(local.members) > 0
    severity      = "low"
    error_message = "${meta.address} has no aws_neptune_cluster_instance in what was read, so nothing is known to answer queries; at least ${input.min_instances} are asked for."
  }

  option "reader" {
    title    = "Add a reader in another Availability Zone"
    merits   = ["failover in less than a minute", "the reader can take read queries"]
    demerits = ["the price of one more instance"]
    downtime = "none"
    effort   = "S"
    add "aws_neptune_cluster_instance" {
      engine         = core::try(attrs.engine, null)
      instance_class = core::try(local.members[0].instance_class, null)
    }
  }
}
