# A service is renamed or deleted and its alarm stays. It has no data any more, so it never fires, and its successor is watched by
# nobody. Where nothing of that kind is declared in what was read, the object may live elsewhere, and nothing is said.

locals {
  # The dimensions of which something is declared.
  declared = {
    ClusterName = core::length(core::getresources("aws_ecs_cluster", null)) > 0
    ServiceName = core::length(core::getresources("aws_ecs_service", null)) > 0
    DBInstanceIdentifier = core::anytrue([
      core::length(core::getresources("aws_db_instance", null)) > 0, core::length(core::getresources("aws_rds_cluster_instance", null)) > 0,
      core::length(core::getresources("aws_docdb_cluster_instance", null)) > 0, core::length(core::getresources("aws_neptune_cluster_instance", null)) > 0
    ])
    LoadBalancer = core::length(core::getresources("aws_lb", null)) > 0
    QueueName    = core::length(core::getresources("aws_sqs_queue", null)) > 0
    FunctionName = core::length(core::getresources("aws_lambda_function", null)) > 0
    TableName    = core::length(core::getresources("aws_dynamodb_table", null)) > 0
  }
}

resource_policy "aws_cloudwatch_metric_alarm" "alarm_of_missing_resource" {
  title             = "Alarm watches something that does not exist"
  category          = "monitoring"
  severity          = "medium"
  references        = ["Terraform AWS provider: aws_cloudwatch_metric_alarm"]
  enforcement_level = "advisory"

  docs {
    why = "The alarm is green for ever, and the outage of the successor is told to nobody."
    fix = "Take the name from the resource instead of writing it, or delete the alarm."
  }

  locals {
    dimensions = core::try({ for k, v in attrs.dimensions : k => v }, {})
    missing = [
      for k, v in local.dimensions : "${k} ${v}"
      if core::lookup(local.declared, k, false) && core::length(
        k == "ClusterName" ? core::getresources("aws_ecs_cluster", { name = v }) :
        k == "ServiceName" ? core::getresources("aws_ecs_service", { name = v }) :
        k == "LoadBalancer" ? core::getresources("aws_lb", { arn_suffix = v }) :
        k == "QueueName" ? core::getresources("aws_sqs_queue", { name = v }) :
        k == "FunctionName" ? core::getresources("aws_lambda_function", { function_name = v }) :
        k == "TableName" ? core::getresources("aws_dynamodb_table", { name = v }) :
        core::concat(
          core::getresources("aws_db_instance", { identifier = v }), core::getresources("aws_rds_cluster_instance", { identifier = v }),
          core::getresources("aws_docdb_cluster_instance", { identifier = v }), core::getresources("aws_neptune_cluster_instance", { identifier = v })
        )
      ) == 0
    ]
  }

  filter = core::length(local.dimensions) > 0

  enforce {
    condition     = core::length(local.missing) == 0
    at            = attrs.dimensions
    error_message = "${meta.address} watches ${core::join(", ", local.missing)}, which nothing that was read declares, so it stays green and never fires."
  }

  option "reference" {
    title    = "Take the dimension from the resource"
    merits   = ["follows a rename"]
    demerits = ["only where the resource, or its name, is at hand"]
    downtime = "none"
    effort   = "S"
  }

  option "delete" {
    title    = "Delete the alarm"
    merits   = ["one green light less that means nothing"]
    demerits = ["make sure that the successor is watched"]
    downtime = "none"
    effort   = "S"
  }

  pass "reference" {
    resource "aws_db_instance" "main" {
      instance_class = "db.m7g.large"
      identifier     = "main"
    }

    resource "aws_cloudwatch_metric_alarm" "cpu" {
      alarm_name          = "cpu"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      statistic           = "Average"
      namespace           = "AWS/RDS"
      metric_name         = "CPUUtilization"
      evaluation_periods  = 5
      period              = 60
      dimensions = {
        DBInstanceIdentifier = aws_db_instance.main.identifier
      }
    }
  }

  pass "nothing_of_that_kind" {
    resource "aws_cloudwatch_metric_alarm" "cpu" {
      alarm_name          = "cpu"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      statistic           = "Average"
      namespace           = "AWS/RDS"
      metric_name         = "CPUUtilization"
      evaluation_periods  = 5
      period              = 60
      dimensions = {
        DBInstanceIdentifier = "main"
      }
    }
  }

  pass "other_dimension" {
    resource "aws_db_instance" "main" {
      instance_class = "db.m7g.large"
      identifier     = "main"
    }

    resource "aws_cloudwatch_metric_alarm" "disk" {
      alarm_name          = "disk"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      statistic           = "Average"
      namespace           = "AWS/RDS"
      metric_name         = "CPUUtilization"
      evaluation_periods  = 5
      period              = 60
      dimensions = {
        InstanceId = "i-0a1b2c3d4e5f60718"
      }
    }
  }

  pass "no_dimension" {
    resource "aws_cloudwatch_metric_alarm" "all" {
      alarm_name          = "all"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      statistic           = "Average"
      namespace           = "AWS/RDS"
      metric_name         = "CPUUtilization"
      evaluation_periods  = 5
      period              = 60
    }
  }

  fail "cluster" {
    resource "aws_ecs_cluster" "main" {
      name = "main"
    }

    resource "aws_cloudwatch_metric_alarm" "cpu" {
      alarm_name          = "cpu"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      statistic           = "Average"
      namespace           = "AWS/RDS"
      metric_name         = "CPUUtilization"
      evaluation_periods  = 5
      period              = 60
      dimensions = {
        ClusterName = "old"
      }
    }
  }

  fail "service" {
    resource "aws_ecs_service" "main" {
      name = "main"
    }

    resource "aws_cloudwatch_metric_alarm" "cpu" {
      alarm_name          = "cpu"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      statistic           = "Average"
      namespace           = "AWS/RDS"
      metric_name         = "CPUUtilization"
      evaluation_periods  = 5
      period              = 60
      dimensions = {
        ServiceName = "old"
      }
    }
  }

  fail "database" {
    resource "aws_db_instance" "main" {
      instance_class = "db.m7g.large"
      identifier     = "main"
    }

    resource "aws_cloudwatch_metric_alarm" "cpu" {
      alarm_name          = "cpu"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      statistic           = "Average"
      namespace           = "AWS/RDS"
      metric_name         = "CPUUtilization"
      evaluation_periods  = 5
      period              = 60
      dimensions = {
        DBInstanceIdentifier = "old"
      }
    }
  }

  fail "queue" {
    resource "aws_sqs_queue" "main" {
      name = "main"
    }

    resource "aws_cloudwatch_metric_alarm" "cpu" {
      alarm_name          = "cpu"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      statistic           = "Average"
      namespace           = "AWS/RDS"
      metric_name         = "CPUUtilization"
      evaluation_periods  = 5
      period              = 60
      dimensions = {
        QueueName = "old"
      }
    }
  }

  fail "function" {
    resource "aws_lambda_function" "main" {
      role          = "arn:aws:iam::111122223333:role/main"
      function_name = "main"
    }

    resource "aws_cloudwatch_metric_alarm" "cpu" {
      alarm_name          = "cpu"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      statistic           = "Average"
      namespace           = "AWS/RDS"
      metric_name         = "CPUUtilization"
      evaluation_periods  = 5
      period              = 60
      dimensions = {
        FunctionName = "old"
      }
    }
  }

  fail "table" {
    resource "aws_dynamodb_table" "main" {
      name = "main"
    }

    resource "aws_cloudwatch_metric_alarm" "cpu" {
      alarm_name          = "cpu"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      statistic           = "Average"
      namespace           = "AWS/RDS"
      metric_name         = "CPUUtilization"
      evaluation_periods  = 5
      period              = 60
      dimensions = {
        TableName = "old"
      }
    }
  }
}
