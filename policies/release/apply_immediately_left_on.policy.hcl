# With apply_immediately, a merge restarts the database in the middle of the day. It is set once, for an urgent change, and stays in the code for
# the next one, whose author does not know about it.
#
# In a plan that holds such a change the severity is high; that the change restarts something is the matter of restart_change.

resource_policy "aws_db_instance" "apply_immediately_left_on" {
  title             = "Changes restart it as soon as they are applied"
  category          = "release"
  severity          = "low"
  scope             = "production"
  references        = ["Amazon RDS User Guide: Using the schedule modifications setting", "AWS provider: aws_db_instance"]
  covered_by        = ["restart_change"]
  enforcement_level = "advisory"

  docs {
    why = "Somebody merges a larger machine class in the afternoon and expects it in the maintenance window. It happens at the apply, and users are thrown out."
    fix = "Remove `apply_immediately`. Set it in the pull request of an urgent change and remove it in the next."
  }

  locals {
    restarting = meta.operation == "update" ? core::compact([
      plan::changed("instance_class") ? "instance_class" : "",
      plan::changed("engine_version") ? "engine_version" : "",
      plan::changed("db_subnet_group_name") ? "db_subnet_group_name" : "",
      plan::changed("identifier") ? "identifier" : "",
      plan::changed("port") ? "port" : "",
      plan::changed("ca_cert_identifier") ? "ca_cert_identifier" : "",
    ]) : []
  }

  filter = core::coalesce(core::try(attrs.apply_immediately, null), false)

  enforce {
    condition     = core::length(local.restarting) == 0
    severity      = "high"
    at            = attrs.apply_immediately
    error_message = "${meta.address} changes ${core::join(", ", local.restarting)} with apply_immediately on: it restarts as soon as this is applied, not in its window."
  }

  enforce {
    condition     = core::length(local.restarting) > 0
    at            = attrs.apply_immediately
    error_message = "${meta.address} has apply_immediately on: the next change that needs a restart takes it down as soon as it is applied, not in its window."
  }

  option "off" {
    title    = "Remove it; set it for a single change only"
    merits   = ["restarts wait for the window"]
    demerits = ["the plan shows a waiting change until then"]
    downtime = "none"
    effort   = "S"
    set {
      apply_immediately = false
    }
  }

  pass "off" {
    resource "aws_db_instance" "main" {
      identifier     = "main"
      engine         = "postgres"
      instance_class = "db.m7g.large"
    }

    resource "aws_rds_cluster" "main" {
      cluster_identifier = "main"
      engine             = "aurora-postgresql"
    }

    resource "aws_rds_cluster_instance" "main" {
      cluster_identifier = "main"
      instance_class     = "db.r7g.large"
    }

    resource "aws_elasticache_replication_group" "main" {
      replication_group_id = "main"
      description          = "main"
    }

    resource "aws_docdb_cluster" "main" {
      cluster_identifier = "main"
    }

    resource "aws_mq_broker" "main" {
      broker_name        = "main"
      engine_type        = "ActiveMQ"
      engine_version     = "5.18"
      host_instance_type = "mq.m5.large"

      user {
        username = "app"
        password = "not-a-real-password"
      }
    }
  }

  fail "left_on" {
    resource "aws_db_instance" "main" {
      identifier        = "main"
      engine            = "postgres"
      instance_class    = "db.m7g.large"
      apply_immediately = true
    }

    resource "aws_rds_cluster" "main" {
      cluster_identifier = "main"
      engine             = "aurora-postgresql"
      apply_immediately  = true
    }

    resource "aws_rds_cluster_instance" "main" {
      cluster_identifier = "main"
      instance_class     = "db.r7g.large"
      apply_immediately  = true
    }

    resource "aws_elasticache_replication_group" "main" {
      replication_group_id = "main"
      description          = "main"
      apply_immediately    = true
    }

    resource "aws_docdb_cluster" "main" {
      cluster_identifier = "main"
      apply_immediately  = true
    }

    resource "aws_mq_broker" "main" {
      broker_name        = "main"
      engine_type        = "ActiveMQ"
      engine_version     = "5.18"
      host_instance_type = "mq.m5.large"

      user {
        username = "app"
        password = "not-a-real-password"
      }

      apply_immediately = true
    }
  }
}

resource_policy "aws_rds_cluster" "apply_immediately_left_on" {
  enforcement_level = "advisory"

  locals {
    restarting = meta.operation == "update" ? core::compact([
      plan::changed("engine_version") ? "engine_version" : "",
      plan::changed("port") ? "port" : "",
      plan::changed("db_cluster_instance_class") ? "db_cluster_instance_class" : "",
    ]) : []
  }

  filter = core::coalesce(core::try(attrs.apply_immediately, null), false)

  enforce {
    condition     = core::length(local.restarting) == 0
    severity      = "high"
    at            = attrs.apply_immediately
    error_message = "${meta.address} changes ${core::join(", ", local.restarting)} with apply_immediately on: it restarts as soon as this is applied, not in its window."
  }

  enforce {
    condition     = core::length(local.restarting) > 0
    at            = attrs.apply_immediately
    error_message = "${meta.address} has apply_immediately on: the next change that needs a restart takes it down as soon as it is applied, not in its window."
  }

  option "off" {
    title    = "Remove it; set it for a single change only"
    merits   = ["restarts wait for the window"]
    demerits = ["the plan shows a waiting change until then"]
    downtime = "none"
    effort   = "S"
    set {
      apply_immediately = false
    }
  }
}

resource_policy "aws_rds_cluster_instance" "apply_immediately_left_on" {
  enforcement_level = "advisory"

  locals {
    restarting = meta.operation == "update" ? core::compact([
      plan::changed("instance_class") ? "instance_class" : "",
      plan::changed("ca_cert_identifier") ? "ca_cert_identifier" : "",
    ]) : []
  }

  filter = core::coalesce(core::try(attrs.apply_immediately, null), false)

  enforce {
    condition     = core::length(local.restarting) == 0
    severity      = "high"
    at            = attrs.apply_immediately
    error_message = "${meta.address} changes ${core::join(", ", local.restarting)} with apply_immediately on: it restarts as soon as this is applied, not in its window."
  }

  enforce {
    condition     = core::length(local.restarting) > 0
    at            = attrs.apply_immediately
    error_message = "${meta.address} has apply_immediately on: the next change that needs a restart takes it down as soon as it is applied, not in its window."
  }

  option "off" {
    title    = "Remove it; set it for a single change only"
    merits   = ["restarts wait for the window"]
    demerits = ["the plan shows a waiting change until then"]
    downtime = "none"
    effort   = "S"
    set {
      apply_immediately = false
    }
  }
}

resource_policy "aws_elasticache_replication_group" "apply_immediately_left_on" {
  enforcement_level = "advisory"

  locals {
    restarting = meta.operation == "update" ? core::compact([
      plan::changed("node_type") ? "node_type" : "",
      plan::changed("engine_version") ? "engine_version" : "",
      plan::changed("parameter_group_name") ? "parameter_group_name" : "",
    ]) : []
  }

  filter = core::coalesce(core::try(attrs.apply_immediately, null), false)

  enforce {
    condition     = core::length(local.restarting) == 0
    severity      = "high"
    at            = attrs.apply_immediately
    error_message = "${meta.address} changes ${core::join(", ", local.restarting)} with apply_immediately on: it restarts as soon as this is applied, not in its window."
  }

  enforce {
    condition     = core::length(local.restarting) > 0
    at            = attrs.apply_immediately
    error_message = "${meta.address} has apply_immediately on: the next change that needs a restart takes it down as soon as it is applied, not in its window."
  }

  option "off" {
    title    = "Remove it; set it for a single change only"
    merits   = ["restarts wait for the window"]
    demerits = ["the plan shows a waiting change until then"]
    downtime = "none"
    effort   = "S"
    set {
      apply_immediately = false
    }
  }
}

resource_policy "aws_docdb_cluster" "apply_immediately_left_on" {
  enforcement_level = "advisory"

  locals {
    restarting = meta.operation == "update" ? core::compact([
      plan::changed("engine_version") ? "engine_version" : "",
      plan::changed("port") ? "port" : "",
    ]) : []
  }

  filter = core::coalesce(core::try(attrs.apply_immediately, null), false)

  enforce {
    condition     = core::length(local.restarting) == 0
    severity      = "high"
    at            = attrs.apply_immediately
    error_message = "${meta.address} changes ${core::join(", ", local.restarting)} with apply_immediately on: it restarts as soon as this is applied, not in its window."
  }

  enforce {
    condition     = core::length(local.restarting) > 0
    at            = attrs.apply_immediately
    error_message = "${meta.address} has apply_immediately on: the next change that needs a restart takes it down as soon as it is applied, not in its window."
  }

  option "off" {
    title    = "Remove it; set it for a single change only"
    merits   = ["restarts wait for the window"]
    demerits = ["the plan shows a waiting change until then"]
    downtime = "none"
    effort   = "S"
    set {
      apply_immediately = false
    }
  }
}

resource_policy "aws_mq_broker" "apply_immediately_left_on" {
  enforcement_level = "advisory"

  locals {
    restarting = meta.operation == "update" ? core::compact([
      plan::changed("host_instance_type") ? "host_instance_type" : "",
      plan::changed("engine_version") ? "engine_version" : "",
      plan::changed("configuration") ? "configuration" : "",
    ]) : []
  }

  filter = core::coalesce(core::try(attrs.apply_immediately, null), false)

  enforce {
    condition     = core::length(local.restarting) == 0
    severity      = "high"
    at            = attrs.apply_immediately
    error_message = "${meta.address} changes ${core::join(", ", local.restarting)} with apply_immediately on: it restarts as soon as this is applied, not in its window."
  }

  enforce {
    condition     = core::length(local.restarting) > 0
    at            = attrs.apply_immediately
    error_message = "${meta.address} has apply_immediately on: the next change that needs a restart takes it down as soon as it is applied, not in its window."
  }

  option "off" {
    title    = "Remove it; set it for a single change only"
    merits   = ["restarts wait for the window"]
    demerits = ["the plan shows a waiting change until then"]
    downtime = "none"
    effort   = "S"
    set {
      apply_immediately = false
    }
  }
}
