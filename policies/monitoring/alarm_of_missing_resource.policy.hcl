# A service is renamed or deleted and its alarm stays. It has no data any more, so it never fires, and its successor is watched by
# nobody. Where nothing of that kind is declared in what was read, the object may live elsewhere, and nothing is said.

locals {
  known = {
    ClusterName          = [for x in core::getresources("aws_ecs_cluster", null) : x.name]
    ServiceName          = [for x in core::getresources("aws_ecs_service", null) : x.name]
    DBInstanceIdentifier = core::concat([for x in core::getresources("aws_db_instance", null) : core::try(x.identifier, null)], [for x in core::getresources("aws_rds_cluster_instance", null) : core::try(x.identifier, null)], [for x in core::getresources("aws_docdb_cluster_instance", null) : core::try(x.identifier, null)], [for x in core::getresources("aws_neptune_cluster_instance", null) : core::try(x.identifier, null)])
    LoadBalancer         = [for x in core::getresources("aws_lb", null) : core::try(x.arn_suffix, null)]
    QueueName            = [for x in core::getresources("aws_sqs_queue", null) : core::try(x.name, null)]
    FunctionName         = [for x in core::getresources("aws_lambda_function", null) : x.function_name]
    TableName            = [for x in core::getresources("aws_dynamodb_table", null) : x.name]
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
      if core::length(core::lookup(local.known, k, [])) > 0 && !core::contains(core::lookup(local.known, k, []), v)
    ]
  }

  filter = core::length(local.dimensions) > 0

  enforce {
    condition     = core::length(local.missing) == 0
    at            = attrs.dimensions
    error_message = "${meta.address} watches ${core::join(", ", local.missing)}, which nothing that was read declares, so it never fires."
  }

  option "reference" {
    title    = "Take the dimension from the resource"
    merits   = ["follows a rename"]
    demerits = ["none"]
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
