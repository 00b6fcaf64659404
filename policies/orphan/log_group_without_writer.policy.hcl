# A log group outlives its service. Its storage is paid by the gigabyte, and an empty group beside the right one sends whoever
# investigates an outage to the wrong place.
resource_policy "aws_cloudwatch_log_group" "log_group_without_writer" {
  title             = "Nothing writes to this log group"
  category          = "orphan"
  severity          = "low"
  references        = ["Amazon CloudWatch Logs User Guide: Working with log groups and log streams", "Terraform AWS provider: aws_cloudwatch_log_group"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      No container, function, database or network log writes here. Old events go on being paid for, filters and alarms on the group stay
      silent for ever, and nobody notices because silence looks like health.
    EOT
    fix = "Export what must be kept, then delete the group with its filters and alarms. If something outside of this directory writes to it, tag it `planfit:keep` with the reason."
  }

  locals {
    # Who only reads, counts or shows what is written.
    readers = [
      "aws_cloudwatch_log_metric_filter", "aws_cloudwatch_log_subscription_filter", "aws_cloudwatch_metric_alarm",
      "aws_cloudwatch_dashboard", "aws_cloudwatch_query_definition", "aws_cloudwatch_log_data_protection_policy",
      "aws_lambda_permission", "moved", "import", "removed", "check"
    ]
    named_by = [for user in plan::mentioned_in() : user if !core::contains(local.readers, user)]

    steps     = core::split("/", attrs.name)
    functions = core::startswith(attrs.name, "/aws/lambda/") ? core::getresources("aws_lambda_function", { function_name = core::trimprefix(attrs.name, "/aws/lambda/") }) : []
    databases = core::startswith(attrs.name, "/aws/rds/instance/") ? core::getresources("aws_db_instance", { identifier = core::try(local.steps[4], "") }) : []
    clusters  = core::startswith(attrs.name, "/aws/rds/cluster/") ? core::getresources("aws_rds_cluster", { cluster_identifier = core::try(local.steps[4], "") }) : []

    # A log router names its group among many other options.
    routed = core::flatten([
      for t in core::getresources("aws_ecs_task_definition", null) : [
        for c in core::try(core::jsondecode(t.container_definitions), []) : [
          for o in core::try(core::values(c.logConfiguration.options), []) : o if core::try(c.logConfiguration.logDriver == "awsfirelens", false)
        ]
      ]
    ])

    # An agent on a server or a node may write anywhere.
    agents = (
      core::length(core::getresources("aws_instance", null)) + core::length(core::getresources("aws_launch_template", null))
      + core::length(core::getresources("aws_launch_configuration", null)) + core::length(core::getresources("aws_eks_cluster", null))
    )

    # Services of AWS write to groups of their own names.
    by_service = core::startswith(attrs.name, "/aws/") && !core::startswith(attrs.name, "/aws/lambda/") && !core::startswith(attrs.name, "/aws/rds/")
    is_own     = local.by_service || core::startswith(attrs.name, "API-Gateway-Execution-Logs_") || core::startswith(attrs.name, "aws-waf-logs-") || core::startswith(attrs.name, "sns/")
  }

  filter = (
    core::try(attrs.name, null) != null && !local.is_own
    && core::try(attrs.tags["planfit:keep"], null) == null
  )

  enforce {
    condition = (
      core::length(graph::referrers()) > 0 || core::length(local.named_by) > 0
      || core::length(local.functions) > 0 || core::length(local.databases) > 0 || core::length(local.clusters) > 0
      || (local.agents > 0 && !core::startswith(attrs.name, "/aws/")) || core::contains(local.routed, attrs.name)
    )
    at            = attrs.name
    error_message = "${meta.address} (${attrs.name}) gets no events: no container, function or database here writes to it, and what it holds is paid for."
  }

  option "export_and_delete" {
    title    = "Export what must be kept, then delete"
    merits   = ["its storage is no longer paid", "outages are investigated in the right place"]
    demerits = ["the events are gone from search"]
    downtime = "none"
    effort   = "S"
  }

  option "let_it_run_out" {
    title    = "Set a retention and let it run out"
    merits   = ["nothing is lost before its time"]
    demerits = ["the group stays and must be deleted later"]
    downtime = "none"
    effort   = "S"
    set {
      retention_in_days = 90
    }
  }

  pass "container" {
    resource "aws_cloudwatch_log_group" "api" {
      name = "/ecs/api"
    }

    resource "aws_ecs_task_definition" "api" {
      family = "api"
      container_definitions = jsonencode([{
        name  = "api"
        image = "api:1"
        logConfiguration = {
          logDriver = "awslogs"
          options   = { awslogs-group = "/ecs/api", awslogs-region = "ap-northeast-1", awslogs-stream-prefix = "api" }
        }
      }])
    }
  }

  pass "log_router" {
    resource "aws_cloudwatch_log_group" "routed" {
      name = "/ecs/routed"
    }

    resource "aws_ecs_task_definition" "api" {
      family = "api"
      container_definitions = jsonencode([{
        name             = "api"
        image            = "api:1"
        logConfiguration = { logDriver = "awsfirelens", options = { Name = "cloudwatch_logs", log_group_name = "/ecs/routed" } }
      }])
    }
  }

  pass "function_and_databases" {
    resource "aws_cloudwatch_log_group" "hook" {
      name = "/aws/lambda/hook"
    }

    resource "aws_lambda_function" "hook" {
      function_name = "hook"
      role          = "arn:aws:iam::123456789012:role/hook"
    }

    resource "aws_cloudwatch_log_group" "main" {
      name = "/aws/rds/instance/main/postgresql"
    }

    resource "aws_db_instance" "main" {
      instance_class = "db.m7g.large"
      identifier     = "main"
    }

    resource "aws_cloudwatch_log_group" "cluster" {
      name = "/aws/rds/cluster/orders/error"
    }

    resource "aws_rds_cluster" "orders" {
      cluster_identifier = "orders"
      engine             = "aurora-mysql"
    }
  }

  pass "named_by_another_resource_or_an_output" {
    resource "aws_cloudwatch_log_group" "build" {
      name = "build"
    }

    resource "aws_codebuild_project" "build" {
      name         = "build"
      service_role = "arn:aws:iam::123456789012:role/build"

      logs_config {
        cloudwatch_logs {
          group_name = aws_cloudwatch_log_group.build.name
        }
      }
    }

    resource "aws_cloudwatch_log_group" "shared" {
      name = "shared"
    }

    output "shared_logs" {
      value = aws_cloudwatch_log_group.shared.name
    }
  }

  pass "an_agent_on_a_server_may_write" {
    resource "aws_cloudwatch_log_group" "syslog" {
      name = "syslog"
    }

    resource "aws_instance" "web" {
      ami           = "ami-0a1b2c3d4e5f60718"
      instance_type = "t3.small"
    }
  }

  fail "function_is_gone" {
    resource "aws_cloudwatch_log_group" "hook" {
      name = "/aws/lambda/hook"
    }

    resource "aws_lambda_function" "other" {
      function_name = "other"
      role          = "arn:aws:iam::123456789012:role/other"
    }
  }

  fail "databases_are_gone" {
    resource "aws_cloudwatch_log_group" "instance" {
      name = "/aws/rds/instance/old/error"
    }

    resource "aws_cloudwatch_log_group" "cluster" {
      name = "/aws/rds/cluster/old/error"
    }
  }

  fail "only_read" {
    resource "aws_cloudwatch_log_group" "old" {
      name = "/ecs/old"
    }

    resource "aws_cloudwatch_log_metric_filter" "errors" {
      name           = "errors"
      log_group_name = aws_cloudwatch_log_group.old.name
      pattern        = "ERROR"

      metric_transformation {
        name      = "errors"
        namespace = "app"
        value     = "1"
      }
    }
  }
}
