# Container Insights, Performance Insights, Enhanced Monitoring and X-Ray show what the standard metrics do not: which task, which
# query, which call. They cost money, and who has Datadog has most of it already.

resource_policy "aws_ecs_cluster" "insights_off" {
  title             = "Deeper metrics of the service are off"
  category          = "monitoring"
  severity          = "low"
  scope             = "production"
  pedantic          = true
  aliases           = ["CKV_AWS_65", "CKV_AWS_118", "CKV_AWS_353", "CKV_AWS_50", "AWS-0034", "AWS-0133", "AWS-0066", "K:ecs_cluster_container_insights_disabled", "S:rds-ensure-monitoring-configured"]
  references        = ["Amazon ECS Developer Guide: Monitor containers with Container Insights", "Amazon RDS User Guide: Performance Insights", "AWS Lambda Developer Guide: X-Ray"]
  enforcement_level = "advisory"

  docs {
    why = "In an outage the team sees that something is slow, but not what."
    fix = "Turn them on where no other tool shows the same."
  }

  enforce {
    condition     = core::anytrue([for s in core::try([for x in attrs.setting : x], []) : s.name == "containerInsights" && core::contains(["enabled", "enhanced"], s.value)])
    at            = attrs.setting
    error_message = "${meta.address} has Container Insights off, so memory and CPU of single tasks cannot be seen."
  }

  option "on" {
    title    = "Turn it on"
    merits   = ["which task, query or call is slow"]
    demerits = ["paid by the metric, the host or the trace"]
    downtime = "none"
    effort   = "S"
  }

  option "datadog" {
    title    = "Leave it to Datadog"
    merits   = ["graphs, logs and traces are in one place"]
    demerits = ["the agent must see the same"]
    downtime = "none"
    effort   = "S"
  }

  pass "on" {
    resource "aws_ecs_cluster" "main" {
      name = "main"
      setting {
        name  = "containerInsights"
        value = "enhanced"
      }
    }

    resource "aws_db_instance" "main" {
      instance_class               = "db.m7g.large"
      identifier                   = "main"
      performance_insights_enabled = true
      monitoring_interval          = 60
    }

    resource "aws_rds_cluster_instance" "main" {
      cluster_identifier           = "main"
      instance_class               = "db.r7g.large"
      identifier                   = "main-0"
      performance_insights_enabled = true
      monitoring_interval          = 60
    }

    resource "aws_lambda_function" "hook" {
      role          = "arn:aws:iam::111122223333:role/main"
      function_name = "hook"
      tracing_config {
        mode = "Active"
      }
    }
  }

  fail "off" {
    resource "aws_ecs_cluster" "main" {
      name = "main"
      setting {
        name  = "containerInsights"
        value = "disabled"
      }
    }

    resource "aws_db_instance" "main" {
      instance_class               = "db.m7g.large"
      identifier                   = "main"
      performance_insights_enabled = true
    }

    resource "aws_rds_cluster_instance" "main" {
      cluster_identifier  = "main"
      instance_class      = "db.r7g.large"
      identifier          = "main-0"
      monitoring_interval = 60
    }

    resource "aws_lambda_function" "hook" {
      role          = "arn:aws:iam::111122223333:role/main"
      function_name = "hook"
      tracing_config {
        mode = "PassThrough"
      }
    }
  }
}

resource_policy "aws_db_instance" "insights_off" {
  enforcement_level = "advisory"

  locals {
    off = core::concat(
      core::coalesce(core::try(attrs.performance_insights_enabled, null), false) ? [] : ["Performance Insights"],
      core::coalesce(core::try(attrs.monitoring_interval, null), 0) > 0 ? [] : ["Enhanced Monitoring"],
    )
  }

  enforce {
    condition     = core::length(local.off) == 0
    error_message = "${meta.address} runs without ${core::join(" and ", local.off)}, so in an outage nobody can tell a slow query from a busy machine."
  }
}

resource_policy "aws_rds_cluster_instance" "insights_off" {
  enforcement_level = "advisory"

  locals {
    off = core::concat(
      core::coalesce(core::try(attrs.performance_insights_enabled, null), false) ? [] : ["Performance Insights"],
      core::coalesce(core::try(attrs.monitoring_interval, null), 0) > 0 ? [] : ["Enhanced Monitoring"],
    )
  }

  enforce {
    condition     = core::length(local.off) == 0
    error_message = "${meta.address} runs without ${core::join(" and ", local.off)}, so in an outage nobody can tell a slow query from a busy machine."
  }
}

resource_policy "aws_lambda_function" "insights_off" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(core::try(attrs.tracing_config[0].mode, null), "PassThrough") == "Active"
    at            = attrs.tracing_config
    error_message = "${meta.address} does not trace its calls, so nobody can see which of them is slow."
  }
}
