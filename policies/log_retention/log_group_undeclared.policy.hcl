# AWS makes a missing log group itself, and then it has no retention, no tags and no owner: the logs stay for ever and are paid for
# for ever. A container without the right to make it does not start at all. A group in Terraform has a retention from the first day.
# A group that is only read with a data source is not told apart from none; suppress the finding there.

resource_policy "aws_ecs_task_definition" "log_group_undeclared" {
  title             = "The log group it writes to is not in Terraform"
  category          = "log_retention"
  severity          = "medium"
  references        = ["Terraform AWS provider: aws_cloudwatch_log_group", "Amazon ECS Developer Guide: awslogs log driver", "AWS Lambda Developer Guide: Log groups", "Amazon RDS User Guide: Publishing database logs to Amazon CloudWatch Logs"]
  enforcement_level = "advisory"

  docs {
    why = "A log group that AWS makes has no end date. After a year it is one of the larger lines of the bill, and nobody knows whose it is. An ECS task whose group is missing stops before it has started, unless it may make the group."
    fix = "Add an aws_cloudwatch_log_group with exactly this name and a retention_in_days. If AWS has made it already, import it with an import block. If it is declared in another directory, give that directory to planfit as well."
  }

  locals {
    groups = core::distinct([
      for c in core::jsondecode(attrs.container_definitions) : c.logConfiguration.options["awslogs-group"]
      if core::try(c.logConfiguration.logDriver, null) == "awslogs" && core::try(c.logConfiguration.options["awslogs-group"], null) != null
    ])
    missing = [for g in local.groups : g if core::length(core::getresources("aws_cloudwatch_log_group", { name = g })) == 0]
  }

  enforce {
    condition     = core::length(local.missing) == 0
    at            = attrs.container_definitions
    error_message = "${meta.address} writes to ${core::join(", ", local.missing)}, which no aws_cloudwatch_log_group declares: its logs never expire, or the task does not start."
  }

  option "declare" {
    title    = "Declare the log group, with a retention"
    merits   = ["logs expire", "tags and owner from the first day"]
    demerits = ["a group that exists already must be imported"]
    downtime = "none"
    effort   = "S"
  }

  option "rules_for_all" {
    title    = "A scheduled job that sets a retention on every group without one"
    merits   = ["covers groups that no code declares"]
    demerits = ["one more thing to run and to watch"]
    downtime = "none"
    effort   = "M"
  }

  pass "declared" {
    resource "aws_cloudwatch_log_group" "app" {
      name              = "/ecs/app"
      retention_in_days = 90
    }

    resource "aws_ecs_task_definition" "app" {
      family = "app"
      container_definitions = jsonencode([{
        name  = "app"
        image = "111122223333.dkr.ecr.ap-northeast-1.amazonaws.com/app:1.0.0"
        logConfiguration = {
          logDriver = "awslogs"
          options   = { awslogs-group = aws_cloudwatch_log_group.app.name }
        }
      }])
    }
  }

  pass "other_driver" {
    resource "aws_ecs_task_definition" "app" {
      family = "app"
      container_definitions = jsonencode([{
        name             = "app"
        image            = "111122223333.dkr.ecr.ap-northeast-1.amazonaws.com/app:1.0.0"
        logConfiguration = { logDriver = "awsfirelens" }
      }])
    }
  }

  pass "function_and_databases" {
    resource "aws_lambda_function" "hook" {
      function_name = "hook"
      role          = "arn:aws:iam::111122223333:role/hook"
    }

    resource "aws_cloudwatch_log_group" "hook" {
      name              = "/aws/lambda/${aws_lambda_function.hook.function_name}"
      retention_in_days = 30
    }

    resource "aws_lambda_function" "own_group" {
      function_name = "own"
      role          = "arn:aws:iam::111122223333:role/own"

      logging_config {
        log_format = "JSON"
        log_group  = aws_cloudwatch_log_group.own.name
      }
    }

    resource "aws_cloudwatch_log_group" "own" {
      name              = "/app/own"
      retention_in_days = 30
    }

    resource "aws_db_instance" "main" {
      instance_class                  = "db.m7g.large"
      identifier                      = "main"
      engine                          = "postgres"
      enabled_cloudwatch_logs_exports = ["postgresql"]
    }

    resource "aws_rds_cluster" "main" {
      cluster_identifier              = "reports"
      engine                          = "aurora-postgresql"
      enabled_cloudwatch_logs_exports = ["postgresql"]
    }

    resource "aws_cloudwatch_log_group" "database" {
      for_each = toset(["/aws/rds/instance/main/postgresql", "/aws/rds/cluster/reports/postgresql"])

      name              = each.key
      retention_in_days = 30
    }
  }

  pass "stage_without_execution_logs" {
    resource "aws_api_gateway_stage" "prod" {
      rest_api_id   = "a1b2c3d4e5"
      stage_name    = "prod"
      deployment_id = "d1"
    }

    resource "aws_api_gateway_method_settings" "prod" {
      rest_api_id = "a1b2c3d4e5"
      stage_name  = aws_api_gateway_stage.prod.stage_name
      method_path = "*/*"

      settings {
        logging_level = "OFF"
      }
    }
  }

  pass "stage_with_a_group" {
    resource "aws_api_gateway_rest_api" "main" {
      name = "main"
    }

    resource "aws_api_gateway_stage" "prod" {
      rest_api_id   = aws_api_gateway_rest_api.main.id
      stage_name    = "prod"
      deployment_id = "d1"
    }

    resource "aws_api_gateway_method_settings" "prod" {
      rest_api_id = aws_api_gateway_rest_api.main.id
      stage_name  = aws_api_gateway_stage.prod.stage_name
      method_path = "*/*"

      settings {
        logging_level = "ERROR"
      }
    }

    resource "aws_cloudwatch_log_group" "prod" {
      name              = "API-Gateway-Execution-Logs_${aws_api_gateway_rest_api.main.id}/prod"
      retention_in_days = 30
    }
  }

  fail "no_group" {
    resource "aws_ecs_task_definition" "app" {
      family = "app"
      container_definitions = jsonencode([{
        name  = "app"
        image = "111122223333.dkr.ecr.ap-northeast-1.amazonaws.com/app:1.0.0"
        logConfiguration = {
          logDriver = "awslogs"
          options   = { awslogs-group = "/ecs/app", awslogs-create-group = "true" }
        }
      }])
    }
  }

  fail "function_and_databases" {
    resource "aws_lambda_function" "hook" {
      function_name = "hook"
      role          = "arn:aws:iam::111122223333:role/hook"
    }

    resource "aws_lambda_function" "own_group" {
      function_name = "own"
      role          = "arn:aws:iam::111122223333:role/own"

      logging_config {
        log_format = "JSON"
        log_group  = "/app/own"
      }
    }

    resource "aws_cloudwatch_log_group" "default_name" {
      name              = "/aws/lambda/own"
      retention_in_days = 30
    }

    resource "aws_db_instance" "main" {
      instance_class                  = "db.m7g.large"
      identifier                      = "main"
      engine                          = "postgres"
      enabled_cloudwatch_logs_exports = ["postgresql"]
    }

    resource "aws_rds_cluster" "main" {
      cluster_identifier              = "reports"
      engine                          = "aurora-postgresql"
      enabled_cloudwatch_logs_exports = ["postgresql"]
    }

    expect = ["aws_lambda_function.hook", "aws_lambda_function.own_group", "aws_db_instance.main", "aws_rds_cluster.main"]
  }

  fail "stage_with_execution_logs" {
    resource "aws_api_gateway_stage" "prod" {
      rest_api_id   = "a1b2c3d4e5"
      stage_name    = "prod"
      deployment_id = "d1"
    }

    resource "aws_api_gateway_method_settings" "prod" {
      rest_api_id = "a1b2c3d4e5"
      stage_name  = "prod"
      method_path = "*/*"

      settings {
        logging_level = "INFO"
      }
    }
  }
}

resource_policy "aws_lambda_function" "log_group_undeclared" {
  enforcement_level = "advisory"

  locals {
    # What nobody writes is only known after the apply, but it is always the name of the function.
    written = meta.operation == "create" && !plan::configured("logging_config") ? null : core::try(attrs.logging_config[0].log_group, null)
    group   = core::coalesce(local.written, "/aws/lambda/${attrs.function_name}")
  }

  enforce {
    condition     = core::length(core::getresources("aws_cloudwatch_log_group", { name = local.group })) > 0
    error_message = "${meta.address} writes to ${local.group}, which no aws_cloudwatch_log_group declares: Lambda makes it, and its logs never expire."
  }
}

resource_policy "aws_db_instance" "log_group_undeclared" {
  enforcement_level = "advisory"

  locals {
    exports = core::try([for e in attrs.enabled_cloudwatch_logs_exports : e], [])
    missing = [for e in local.exports : e if core::length(core::getresources("aws_cloudwatch_log_group", { name = "/aws/rds/instance/${attrs.identifier}/${e}" })) == 0]
  }

  filter = core::length(local.exports) > 0

  enforce {
    condition     = core::length(local.missing) == 0
    at            = attrs.enabled_cloudwatch_logs_exports
    error_message = "${meta.address} exports ${core::join(", ", local.missing)} to log groups below /aws/rds/instance/${attrs.identifier}/ that are not declared: RDS makes them, and their logs never expire."
  }
}

resource_policy "aws_rds_cluster" "log_group_undeclared" {
  enforcement_level = "advisory"

  locals {
    exports = core::try([for e in attrs.enabled_cloudwatch_logs_exports : e], [])
    missing = [for e in local.exports : e if core::length(core::getresources("aws_cloudwatch_log_group", { name = "/aws/rds/cluster/${attrs.cluster_identifier}/${e}" })) == 0]
  }

  filter = core::length(local.exports) > 0

  enforce {
    condition     = core::length(local.missing) == 0
    at            = attrs.enabled_cloudwatch_logs_exports
    error_message = "${meta.address} exports ${core::join(", ", local.missing)} to log groups below /aws/rds/cluster/${attrs.cluster_identifier}/ that are not declared: RDS makes them, and their logs never expire."
  }
}

# Access logs name their group. Execution logs go to a group of a fixed name as soon as a level is set.
resource_policy "aws_api_gateway_stage" "log_group_undeclared" {
  enforcement_level = "advisory"

  locals {
    settings = core::getresources("aws_api_gateway_method_settings", { rest_api_id = attrs.rest_api_id, stage_name = attrs.stage_name })
    levels   = core::flatten([for s in local.settings : core::try([for x in s.settings : core::coalesce(core::try(x.logging_level, null), "OFF")], [])])
    group    = "API-Gateway-Execution-Logs_${attrs.rest_api_id}/${attrs.stage_name}"
  }

  filter = core::contains(local.levels, "INFO") || core::contains(local.levels, "ERROR")

  enforce {
    condition     = core::length(core::getresources("aws_cloudwatch_log_group", { name = local.group })) > 0
    error_message = "${meta.address} writes execution logs to a log group that is not declared: API Gateway makes it, and its logs never expire."
  }
}
