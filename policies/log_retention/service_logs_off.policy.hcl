# Engines, brokers, networks and control planes have logs of their own. They are off by default, they cost money, and not every team
# needs them; when something goes wrong inside of a managed service, they are the only thing to look at.

resource_policy "aws_opensearch_domain" "service_logs_off" {
  title             = "Managed service keeps its own log to itself"
  category          = "log_retention"
  severity          = "low"
  scope             = "production"
  pedantic          = true
  aliases           = ["CKV_AWS_84", "CKV_AWS_317", "CKV_AWS_80", "CKV_AWS_48", "CKV_AWS_71", "CKV_AWS_37", "CKV_AWS_285", "CKV_AWS_223", "CKV2_AWS_11", "CKV2_AWS_39", "CKV2_AWS_10", "AWS-0042", "AWS-0074", "AWS-0070", "AWS-0038", "AWS-0178", "FG_R00054"]
  references        = ["Terraform AWS provider: aws_opensearch_domain", "Terraform AWS provider: aws_msk_cluster", "Terraform AWS provider: aws_flow_log", "Terraform AWS provider: aws_redshift_logging"]
  enforcement_level = "advisory"

  docs {
    why = "A slow query, a broker that restarts, a refused connection or an execution that fails leaves no trace that the team can read."
    fix = "Turn the log of the service on and send it to a log group with a retention, or to a bucket with a lifecycle rule."
  }

  locals {
    logs = core::try([for l in attrs.log_publishing_options : core::coalesce(core::try(l.enabled, null), true)], [])
  }

  enforce {
    condition     = core::anytrue(local.logs)
    at            = attrs.log_publishing_options
    error_message = "${meta.address} publishes no log, so slow queries and errors cannot be looked up."
  }

  option "on" {
    title    = "Turn the log on, with a retention"
    merits   = ["a fault of the service can be explained"]
    demerits = ["each gigabyte is paid for at ingest; flow logs and query logs can be large"]
    downtime = "none"
    effort   = "S"
  }

  option "when_needed" {
    title    = "Leave it off until the first question"
    merits   = ["no cost"]
    demerits = ["the first incident cannot be explained"]
    downtime = "none"
    effort   = "S"
  }

  pass "on" {
    resource "aws_opensearch_domain" "main" {
      domain_name = "main"
      log_publishing_options {
        log_type                 = "INDEX_SLOW_LOGS"
        cloudwatch_log_group_arn = "arn:aws:logs:ap-northeast-1:111122223333:log-group:/search"
      }
    }

    resource "aws_msk_cluster" "main" {
      kafka_version          = "3.6.0"
      number_of_broker_nodes = 2
      cluster_name           = "main"
      logging_info {
        broker_logs {
          s3 {
            enabled = true
            bucket  = "example-logs"
          }
        }
      }

      broker_node_group_info {
        client_subnets  = ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"]
        instance_type   = "kafka.m7g.large"
        security_groups = ["sg-0a1b2c3d4e5f60718"]
      }
    }

    resource "aws_mq_broker" "main" {
      engine_type        = "ActiveMQ"
      engine_version     = "5.18"
      host_instance_type = "mq.m5.large"
      broker_name        = "main"
      logs {
        general = true
      }

      user {
        username = "app"
        password = "not-a-real-password"
      }
    }

    resource "aws_redshift_cluster" "main" {
      cluster_identifier = "main"
      node_type          = "ra3.large"

    }

    resource "aws_redshift_logging" "main" {
      cluster_identifier   = aws_redshift_cluster.main.id
      log_destination_type = "cloudwatch"
    }

    resource "aws_eks_cluster" "main" {
      role_arn                  = "arn:aws:iam::111122223333:role/main"
      name                      = "main"
      enabled_cluster_log_types = ["api", "audit"]

      vpc_config {
        subnet_ids = ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"]
      }
    }

    resource "aws_sfn_state_machine" "main" {
      definition = "{}"
      role_arn   = "arn:aws:iam::111122223333:role/main"
      name       = "main"
      logging_configuration {
        level           = "ERROR"
        log_destination = "arn:aws:logs:ap-northeast-1:111122223333:log-group:/flow:*"
      }
    }

    resource "aws_ecs_cluster" "main" {
      name = "main"
    }

    resource "aws_ecs_service" "api" {
      name                   = "api"
      cluster                = aws_ecs_cluster.main.id
      enable_execute_command = true
    }

    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_flow_log" "main" {
      vpc_id          = aws_vpc.main.id
      traffic_type    = "REJECT"
      log_destination = "arn:aws:s3:::example-flow"
    }

    resource "aws_route53_zone" "main" {
      name = "example.com"
    }

    resource "aws_route53_query_log" "main" {
      zone_id                  = aws_route53_zone.main.zone_id
      cloudwatch_log_group_arn = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/route53/example.com"
    }

    resource "aws_cloudtrail" "main" {
      name                       = "main"
      s3_bucket_name             = "example-trail"
      cloud_watch_logs_group_arn = "arn:aws:logs:ap-northeast-1:111122223333:log-group:/trail:*"
    }
  }

  pass "inline_log_of_redshift" {
    resource "aws_redshift_cluster" "main" {
      cluster_identifier = "main"
      node_type          = "ra3.large"

      logging {
        enable = true
      }
    }
  }

  pass "not_asked" {
    resource "aws_route53_zone" "private" {
      name = "internal.example.com"

      vpc {
        vpc_id = "vpc-0a1b2c3d4e5f60718"
      }
    }

    resource "aws_ecs_cluster" "no_commands" {
      name = "main"

      configuration {
        execute_command_configuration {
          logging = "NONE"
        }
      }
    }
  }

  fail "off" {
    resource "aws_opensearch_domain" "main" {
      domain_name = "main"
      log_publishing_options {
        enabled                  = false
        log_type                 = "INDEX_SLOW_LOGS"
        cloudwatch_log_group_arn = "arn:aws:logs:ap-northeast-1:111122223333:log-group:/search"
      }
    }

    resource "aws_msk_cluster" "main" {
      kafka_version          = "3.6.0"
      number_of_broker_nodes = 2
      cluster_name           = "main"
      logging_info {
        broker_logs {
          s3 {
            enabled = false
          }
        }
      }

      broker_node_group_info {
        client_subnets  = ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"]
        instance_type   = "kafka.m7g.large"
        security_groups = ["sg-0a1b2c3d4e5f60718"]
      }
    }

    resource "aws_mq_broker" "main" {
      engine_type        = "ActiveMQ"
      engine_version     = "5.18"
      host_instance_type = "mq.m5.large"
      broker_name        = "main"

      user {
        username = "app"
        password = "not-a-real-password"
      }
    }

    resource "aws_redshift_cluster" "main" {
      cluster_identifier = "main"
      node_type          = "ra3.large"
    }

    resource "aws_eks_cluster" "main" {
      role_arn = "arn:aws:iam::111122223333:role/main"
      name     = "main"

      vpc_config {
        subnet_ids = ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"]
      }
    }

    resource "aws_sfn_state_machine" "main" {
      definition = "{}"
      role_arn   = "arn:aws:iam::111122223333:role/main"
      name       = "main"
    }

    resource "aws_ecs_cluster" "main" {
      name = "main"
      configuration {
        execute_command_configuration {
          logging = "NONE"
        }
      }
    }

    resource "aws_ecs_service" "api" {
      name                   = "api"
      cluster                = aws_ecs_cluster.main.id
      enable_execute_command = true
    }

    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_route53_zone" "main" {
      name = "example.com"
    }

    resource "aws_cloudtrail" "main" {
      name           = "main"
      s3_bucket_name = "example-trail"
    }

    expect = ["aws_opensearch_domain.main", "aws_msk_cluster.main", "aws_mq_broker.main", "aws_redshift_cluster.main", "aws_eks_cluster.main", "aws_sfn_state_machine.main", "aws_ecs_cluster.main", "aws_vpc.main", "aws_route53_zone.main", "aws_cloudtrail.main"]
  }
}

resource_policy "aws_msk_cluster" "service_logs_off" {
  enforcement_level = "advisory"

  locals {
    sinks = core::flatten([
      for l in core::try([for x in attrs.logging_info : x], []) : [
        for b in l.broker_logs : [for kind in ["cloudwatch_logs", "firehose", "s3"] : core::try([for sink in b[kind] : sink.enabled], [])]
      ]
    ])
  }

  enforce {
    condition     = core::anytrue(local.sinks)
    at            = attrs.logging_info
    error_message = "${meta.address} sends the logs of its brokers nowhere, so nobody can read why one restarted."
  }
}

resource_policy "aws_mq_broker" "service_logs_off" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(core::try(attrs.logs[0].general, null), false)
    at            = attrs.logs
    error_message = "${meta.address} sends its general log nowhere, so nobody can read why it restarted or refused a connection."
  }
}

resource_policy "aws_redshift_cluster" "service_logs_off" {
  enforcement_level = "advisory"

  locals {
    companions = core::concat(
      core::getresources("aws_redshift_logging", { cluster_identifier = attrs.id }),
      core::getresources("aws_redshift_logging", { cluster_identifier = attrs.cluster_identifier })
    )
  }

  enforce {
    condition     = core::coalesce(core::try(attrs.logging[0].enable, null), false) || core::length(local.companions) > 0
    at            = attrs.logging
    error_message = "${meta.address} writes no audit log, so nobody can tell who asked for what."
  }
}

resource_policy "aws_eks_cluster" "service_logs_off" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::try(core::length(attrs.enabled_cluster_log_types), 0) > 0
    at            = attrs.enabled_cluster_log_types
    error_message = "${meta.address} logs nothing of its control plane, so nobody can tell who changed what in the cluster."
  }
}

resource_policy "aws_sfn_state_machine" "service_logs_off" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(core::try(attrs.logging_configuration[0].level, null), "OFF") != "OFF"
    at            = attrs.logging_configuration
    error_message = "${meta.address} logs no execution, so nobody can read later why one failed."
  }
}

resource_policy "aws_ecs_cluster" "service_logs_off" {
  enforcement_level = "advisory"

  locals {
    logging  = core::coalesce(core::try(attrs.configuration[0].execute_command_configuration[0].logging, null), "DEFAULT")
    services = local.logging == "NONE" ? graph::referrers("aws_ecs_service") : []
  }

  enforce {
    condition     = !core::anytrue([for s in local.services : core::coalesce(core::try(s.enable_execute_command, null), false)])
    at            = attrs.configuration
    error_message = "${meta.address} lets people run commands in its tasks and records none of them, so nobody can tell who did what."
  }
}

resource_policy "aws_vpc" "service_logs_off" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::length(core::getresources("aws_flow_log", { vpc_id = attrs.id })) > 0
    error_message = "${meta.address} has no flow log, so nobody can see which connections were refused."
  }
}

resource_policy "aws_route53_zone" "service_logs_off" {
  enforcement_level = "advisory"

  # A private zone has no such log.
  filter = core::try(core::length(attrs.vpc), 0) == 0

  enforce {
    condition     = core::length(core::getresources("aws_route53_query_log", { zone_id = attrs.id })) > 0 || core::length(core::getresources("aws_route53_query_log", { zone_id = attrs.zone_id })) > 0
    error_message = "${meta.address} logs no query, so nobody can tell which names were asked for."
  }
}

resource_policy "aws_cloudtrail" "service_logs_off" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(core::try(attrs.cloud_watch_logs_group_arn, null), "-") != "-"
    at            = attrs.cloud_watch_logs_group_arn
    error_message = "${meta.address} is not sent to CloudWatch Logs, so no alarm can be set on it."
  }
}
