# The parameter group that AWS gives cannot be changed. The day somebody has to set a single parameter, in the middle of an incident, the
# database needs another group first, and a restart to take it.
resource_policy "aws_db_instance" "default_parameter_group" {
  title             = "Database uses the parameter group of AWS"
  category          = "hygiene"
  severity          = "low"
  scope             = "production"
  aliases           = ["tfl:aws_db_instance_default_parameter_group", "tfl:aws_elasticache_replication_group_default_parameter_group"]
  references        = ["Amazon RDS User Guide: Parameter groups for Amazon RDS", "Amazon ElastiCache User Guide: Configuring engine parameters using parameter groups"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      Slow query logs, time zones, limits of connections: all of them are parameters. A group of your own can be empty today. Changing to
      it later restarts the database; changing a parameter in it mostly does not.
    EOT
    fix = "Make a parameter group of the same family without parameters, and name it. Do it with the next restart that is planned anyway."
  }

  # A group that gets its name from AWS is known by the reference.
  locals {
    is_own = core::length(core::getresources("aws_db_parameter_group", { name = core::try(attrs.parameter_group_name, null) })) > 0
  }

  filter = core::try(attrs.replicate_source_db, null) == null

  enforce {
    condition     = plan::configured("parameter_group_name") && (local.is_own || !core::startswith(core::coalesce(core::try(attrs.parameter_group_name, null), "-"), "default."))
    at            = attrs.parameter_group_name
    error_message = "${meta.address} uses a parameter group of AWS that cannot be changed: the first setting will cost a restart."
  }

  option "own_group" {
    title    = "Name a parameter group of your own"
    merits   = ["settings can be changed at any time, most of them without a restart"]
    demerits = ["one restart to take the new group"]
    downtime = "a restart, minutes; a failover with a standby"
    effort   = "S"
  }

  pass "own_groups" {
    resource "aws_db_instance" "main" {
      instance_class       = "db.m7g.large"
      identifier           = "main"
      parameter_group_name = "main-postgres16"
    }

    resource "aws_db_instance" "replica" {
      instance_class      = "db.m7g.large"
      identifier          = "replica"
      replicate_source_db = "main"
    }

    resource "aws_rds_cluster" "main" {
      cluster_identifier              = "main"
      db_cluster_parameter_group_name = "main-aurora"
    }

    resource "aws_elasticache_replication_group" "main" {
      replication_group_id = "main"
      description          = "sessions"
      parameter_group_name = "main-redis7"
    }
  }

  pass "names_made_by_aws" {
    resource "aws_db_parameter_group" "main" {
      name_prefix = "main-"
      family      = "postgres17"
    }

    resource "aws_db_instance" "main" {
      instance_class       = "db.m7g.large"
      identifier           = "main"
      parameter_group_name = aws_db_parameter_group.main.name
    }

    resource "aws_rds_cluster_parameter_group" "main" {
      name_prefix = "main-"
      family      = "aurora-postgresql17"
    }

    resource "aws_rds_cluster" "main" {
      cluster_identifier              = "main"
      db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.main.id
    }
  }

  fail "groups_of_aws" {
    resource "aws_db_instance" "not_written" {
      instance_class = "db.m7g.large"
      identifier     = "not-written"
    }

    resource "aws_db_instance" "by_name" {
      instance_class       = "db.m7g.large"
      identifier           = "by-name"
      parameter_group_name = "default.postgres16"
    }

    resource "aws_rds_cluster" "not_written" {
      cluster_identifier = "not-written"
    }

    resource "aws_rds_cluster" "by_name" {
      cluster_identifier              = "by-name"
      db_cluster_parameter_group_name = "default.aurora-postgresql16"
    }

    resource "aws_elasticache_replication_group" "not_written" {
      replication_group_id = "not-written"
      description          = "sessions"
    }

    resource "aws_elasticache_replication_group" "by_name" {
      replication_group_id = "by-name"
      description          = "sessions"
      parameter_group_name = "default.redis7"
    }
  }
}

resource_policy "aws_rds_cluster" "default_parameter_group" {
  enforcement_level = "advisory"

  # A group that gets its name from AWS is known by the reference.
  locals {
    is_own = core::length(core::getresources("aws_rds_cluster_parameter_group", { name = core::try(attrs.db_cluster_parameter_group_name, null) })) > 0
  }

  enforce {
    condition     = plan::configured("db_cluster_parameter_group_name") && (local.is_own || !core::startswith(core::coalesce(core::try(attrs.db_cluster_parameter_group_name, null), "-"), "default."))
    at            = attrs.db_cluster_parameter_group_name
    error_message = "${meta.address} uses a parameter group of AWS that cannot be changed: the first setting will cost a restart."
  }
}

resource_policy "aws_elasticache_replication_group" "default_parameter_group" {
  enforcement_level = "advisory"

  # A group that gets its name from AWS is known by the reference.
  locals {
    is_own = core::length(core::getresources("aws_elasticache_parameter_group", { name = core::try(attrs.parameter_group_name, null) })) > 0
  }

  enforce {
    condition     = plan::configured("parameter_group_name") && (local.is_own || !core::startswith(core::coalesce(core::try(attrs.parameter_group_name, null), "-"), "default."))
    at            = attrs.parameter_group_name
    error_message = "${meta.address} uses a parameter group of AWS that cannot be changed: the first setting will need another group."
  }
}
