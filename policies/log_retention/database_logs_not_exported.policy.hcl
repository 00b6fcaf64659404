# The error log of a database tells why it was slow, refused connections or restarted. On the instance it is kept for a
# few days and lost at a replacement. Exported to CloudWatch Logs it has a retention, can be searched and can raise an alarm.

resource_policy "aws_db_instance" "database_logs_not_exported" {
  title             = "Database logs stay on the instance"
  category          = "log_retention"
  severity          = "medium"
  scope             = "production"
  aliases           = ["CKV_AWS_129", "CKV_AWS_324", "CKV_AWS_85", "CKV_AWS_101", "CKV2_AWS_27", "K:rds_without_logging", "S:rds-ensure-cloudwatch-logs-enabled", "AWS-0020", "AWS-0075"]
  references        = ["AWS provider: aws_db_instance", "Amazon RDS User Guide: Publishing database logs to Amazon CloudWatch Logs", "Amazon ElastiCache User Guide: Log delivery"]
  enforcement_level = "advisory"

  docs {
    why = "The database keeps its own logs only for a short time. After a failover, a replacement or a week they are gone, and the team cannot tell why the database was slow or restarted."
    fix = "Export at least the error log: error for MySQL, MariaDB and SQL Server, postgresql for PostgreSQL, alert for Oracle, audit or profiler for DocumentDB, audit or slowquery for Neptune, slow-log for ElastiCache. Create the log group in Terraform as well, so that it has a retention."
  }

  locals {
    exports = core::try([for e in attrs.enabled_cloudwatch_logs_exports : e], [])
    engine  = core::coalesce(core::try(attrs.engine, null), "unknown")
  }

  # The cluster exports the logs of an Aurora member; RDS Custom has no exports.
  filter = !core::startswith(local.engine, "aurora") && !core::startswith(local.engine, "custom-")

  enforce {
    # One of these is the error log, whatever the engine is.
    condition     = core::anytrue([for log in ["error", "postgresql", "alert", "diag.log"] : core::contains(local.exports, log)])
    at            = attrs.enabled_cloudwatch_logs_exports
    error_message = "${meta.address} does not export its error log, which the database itself keeps for days only; exported now: ${core::length(local.exports) == 0 ? "nothing" : core::join(", ", local.exports)}."
  }

  option "export" {
    title    = "Export the error log"
    merits   = ["survives failover and replacement", "can raise alarms"]
    demerits = ["each gigabyte is paid for at ingest; slow-query and general logs can be large"]
    downtime = "none"
    effort   = "S"
  }

  pass "postgres" {
    resource "aws_db_instance" "main" {
      identifier                      = "main"
      engine                          = "postgres"
      instance_class                  = "db.m7g.large"
      enabled_cloudwatch_logs_exports = ["postgresql", "upgrade"]
    }
  }

  pass "clusters" {
    resource "aws_rds_cluster" "main" {
      cluster_identifier              = "main"
      engine                          = "aurora-mysql"
      enabled_cloudwatch_logs_exports = ["error"]
    }

    resource "aws_docdb_cluster" "main" {
      cluster_identifier              = "main"
      enabled_cloudwatch_logs_exports = ["audit"]
    }

    resource "aws_neptune_cluster" "main" {
      cluster_identifier             = "main"
      enable_cloudwatch_logs_exports = ["audit"]
    }

    resource "aws_elasticache_replication_group" "main" {
      replication_group_id = "main"
      description          = "sessions"

      log_delivery_configuration {
        destination      = "/elasticache/main"
        destination_type = "cloudwatch-logs"
        log_format       = "json"
        log_type         = "slow-log"
      }
    }
  }

  pass "redis_5_has_no_slow_log" {
    resource "aws_elasticache_replication_group" "old" {
      replication_group_id = "old"
      description          = "sessions"
      engine_version       = "5.0.6"
    }
  }

  fail "nothing" {
    resource "aws_db_instance" "main" {
      identifier     = "main"
      engine         = "mysql"
      instance_class = "db.m7g.large"
    }
  }

  fail "only_the_slow_query_log" {
    resource "aws_db_instance" "main" {
      identifier                      = "main"
      engine                          = "mysql"
      instance_class                  = "db.m7g.large"
      enabled_cloudwatch_logs_exports = ["slowquery"]
    }
  }

  fail "clusters" {
    resource "aws_rds_cluster" "main" {
      cluster_identifier              = "main"
      engine                          = "aurora-mysql"
      enabled_cloudwatch_logs_exports = ["audit"]
    }

    resource "aws_docdb_cluster" "main" {
      cluster_identifier = "main"
    }

    resource "aws_neptune_cluster" "main" {
      cluster_identifier = "main"
    }

    resource "aws_elasticache_replication_group" "main" {
      replication_group_id = "main"
      description          = "sessions"

      log_delivery_configuration {
        destination      = "/elasticache/main"
        destination_type = "cloudwatch-logs"
        log_format       = "json"
        log_type         = "engine-log"
      }
    }

    expect = [
      "aws_rds_cluster.main",
      "aws_docdb_cluster.main",
      "aws_neptune_cluster.main",
      "aws_elasticache_replication_group.main",
    ]
  }
}

resource_policy "aws_rds_cluster" "database_logs_not_exported" {
  enforcement_level = "advisory"

  locals {
    exports = core::try([for e in attrs.enabled_cloudwatch_logs_exports : e], [])
  }

  enforce {
    condition     = core::contains(local.exports, "error") || core::contains(local.exports, "postgresql")
    at            = attrs.enabled_cloudwatch_logs_exports
    error_message = "${meta.address} does not export its error log, which the database itself keeps for days only; exported now: ${core::length(local.exports) == 0 ? "nothing" : core::join(", ", local.exports)}."
  }
}

resource_policy "aws_docdb_cluster" "database_logs_not_exported" {
  enforcement_level = "advisory"

  locals {
    exports = core::try([for e in attrs.enabled_cloudwatch_logs_exports : e], [])
  }

  enforce {
    condition     = core::length(local.exports) > 0
    at            = attrs.enabled_cloudwatch_logs_exports
    error_message = "${meta.address} exports no log, so slow queries and changes of users leave no trace; export audit or profiler."
  }
}

resource_policy "aws_neptune_cluster" "database_logs_not_exported" {
  enforcement_level = "advisory"

  locals {
    exports = core::try([for e in attrs.enable_cloudwatch_logs_exports : e], [])
  }

  enforce {
    condition     = core::length(local.exports) > 0
    at            = attrs.enable_cloudwatch_logs_exports
    error_message = "${meta.address} exports no log, so slow queries and accesses leave no trace; export audit or slowquery."
  }
}

resource_policy "aws_elasticache_replication_group" "database_logs_not_exported" {
  enforcement_level = "advisory"

  locals {
    deliveries = core::try([for d in attrs.log_delivery_configuration : d.log_type], [])
  }

  # Redis before version 6 cannot deliver logs. A version that is not written is the newest one.
  filter = !plan::configured("engine_version") || !core::regex_match("^[2-5][.]", core::coalesce(core::try(attrs.engine_version, null), "7"))

  enforce {
    condition     = core::contains(local.deliveries, "slow-log")
    at            = attrs.log_delivery_configuration
    error_message = "${meta.address} does not deliver its slow log, so slow commands leave no trace outside of the node; delivered now: ${core::length(local.deliveries) == 0 ? "nothing" : core::join(", ", local.deliveries)}."
  }
}
