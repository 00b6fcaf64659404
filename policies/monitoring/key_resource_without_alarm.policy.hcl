# A database whose disk fills, a load balancer that answers with errors and a queue of failed messages are the three things that a
# small team learns about from its customers. One alarm or monitor on each is enough. A monitor that names no object counts for all
# of them.

input "database_metrics" {
  type        = map(list(string))
  default     = { "free storage" = ["freestoragespace", "free_storage_space", "freelocalstorage", "free_local_storage"], "CPU" = ["cpuutilization"] }
  description = "What must be watched of a database, with words, in small letters, of which one is in the name of the metric in CloudWatch or in the query in Datadog."
}

input "cluster_metrics" {
  type        = map(list(string))
  default     = { "CPU" = ["cpuutilization"] }
  description = "The same for an Aurora cluster; its storage grows by itself."
}

input "balancer_metrics" {
  type        = map(list(string))
  default     = { "errors (5xx)" = ["5xx"], "unhealthy hosts" = ["healthyhost", "healthy_host"] }
  description = "The same for a load balancer."
}

input "queue_metrics" {
  type        = map(list(string))
  default     = { "its length" = ["approximatenumberofmessages", "approximate_number_of_messages", "approximateage", "approximate_age"] }
  description = "The same for a queue of failed messages."
}

locals {
  queries              = [for m in core::getresources("datadog_monitor", null) : m.query]
  queries_of_databases = [for q in local.queries : q if core::strcontains(q, "aws.rds.")]
  queries_of_balancers = [for q in local.queries : q if core::regex_match("aws\\.(applicationelb|elb)\\.", q)]
  queries_of_queues    = [for q in local.queries : q if core::strcontains(q, "aws.sqs.")]

  # By the object that a query names.
  by_database = { for m in core::flatten([for q in local.queries_of_databases : [for x in core::regexall("\\bdb(?:instance|cluster)identifier:([A-Za-z0-9_-]+)", q) : { id = x[0], query = core::lower(q) }]]) : m.id => m.query... }
  by_balancer = { for m in core::flatten([for q in local.queries_of_balancers : [for x in core::regexall("\\b(?:name|loadbalancer|host):([A-Za-z0-9_./-]+)", q) : { id = core::replace(x[0], "/^app\\/([^\\/]*)\\/.*/", "$1"), query = core::lower(q) }]]) : m.id => m.query... }
  by_queue    = { for m in core::flatten([for q in local.queries_of_queues : [for x in core::regexall("\\bqueuename:([A-Za-z0-9_.-]+)", q) : { id = x[0], query = core::lower(q) }]]) : m.id => m.query... }

  # RDS has metrics of all databases together: an alarm on one of these has no dimensions.
  alarms_of_all_databases = [
    for a in core::getresources("aws_cloudwatch_metric_alarm", { namespace = "AWS/RDS" }) : core::lower(core::coalesce(core::try(a.metric_name, null), "-"))
    if core::length(core::coalesce(core::try(a.dimensions, null), {})) == 0
  ]

  # A query that names none counts for all: the words that are in one of these.
  of_all_databases   = core::lower(core::join("\n", [for q in local.queries_of_databases : q if !core::regex_match("\\bdb(instance|cluster)identifier:", q)]))
  of_all_balancers   = core::lower(core::join("\n", [for q in local.queries_of_balancers : q if !core::regex_match("\\b(name|loadbalancer|host):", q)]))
  of_all_queues      = core::lower(core::join("\n", [for q in local.queries_of_queues : q if !core::strcontains(q, "queuename:")]))
  words_of_databases = [for word in core::distinct(core::flatten(core::concat(core::values(input.database_metrics), core::values(input.cluster_metrics)))) : word if core::strcontains(local.of_all_databases, word) || core::anytrue([for name in local.alarms_of_all_databases : core::strcontains(name, word)])]
  words_of_balancers = [for word in core::distinct(core::flatten(core::values(input.balancer_metrics))) : word if core::strcontains(local.of_all_balancers, word)]
  words_of_queues    = [for word in core::distinct(core::flatten(core::values(input.queue_metrics))) : word if core::strcontains(local.of_all_queues, word)]
}

resource_policy "aws_db_instance" "key_resource_without_alarm" {
  title             = "Nobody is told when it is full, slow or failing"
  category          = "monitoring"
  severity          = "medium"
  scope             = "production"
  references        = ["Amazon RDS User Guide: Monitoring metrics", "Elastic Load Balancing: CloudWatch metrics", "Datadog documentation: Amazon RDS"]
  enforcement_level = "advisory"

  docs {
    why = "The first sign of the outage is a call from a customer."
    fix = "Add an aws_cloudwatch_metric_alarm whose dimensions name it, or a datadog_monitor on its metrics. If the monitors live in another directory, give that directory to planfit as well."
  }

  locals {
    alarms  = [for a in core::getresources("aws_cloudwatch_metric_alarm", { dimensions = { DBInstanceIdentifier = core::try(attrs.identifier, null) } }) : core::lower(core::coalesce(core::try(a.metric_name, null), "-"))]
    queries = core::lookup(local.by_database, core::coalesce(core::try(attrs.identifier, null), "-"), [])
    texts   = core::concat(local.alarms, local.queries)
    missing = [for label, words in input.database_metrics : label if !core::anytrue([for word in words : core::contains(local.words_of_databases, word) || core::anytrue([for text in local.texts : core::strcontains(text, word)])])]
  }

  enforce {
    condition     = core::length(local.missing) == 0
    error_message = "${meta.address} has no alarm and no monitor on ${core::join(" and ", local.missing)}, so the first sign of a full or busy database is a customer who calls."
  }

  option "few" {
    title    = "One alarm for each kind of failure, to the channel of the team"
    merits   = ["known before customers call"]
    demerits = ["a threshold must be found"]
    downtime = "none"
    effort   = "S"
  }

  option "slo" {
    title    = "An objective for the service with a burn-rate alert"
    merits   = ["few alerts, and each one means that users suffer"]
    demerits = ["a full disk is seen only when it hurts"]
    downtime = "none"
    effort   = "M"
  }

  pass "alarms" {
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

    resource "aws_cloudwatch_metric_alarm" "disk" {
      alarm_name          = "disk"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      statistic           = "Average"
      namespace           = "AWS/RDS"
      metric_name         = "FreeStorageSpace"
      evaluation_periods  = 5
      period              = 60
      dimensions = {
        DBInstanceIdentifier = aws_db_instance.main.identifier
      }
    }
  }

  pass "monitors" {
    resource "aws_db_instance" "main" {
      instance_class = "db.m7g.large"
      identifier     = "main"
    }

    resource "datadog_monitor" "cpu" {
      name    = "cpu"
      type    = "query alert"
      message = "@slack-app-alerts"
      query   = "avg(last_10m):avg:aws.rds.cpuutilization{*} by {dbinstanceidentifier} > 80"
    }

    resource "datadog_monitor" "disk" {
      name    = "disk"
      type    = "query alert"
      message = "@slack-app-alerts"
      query   = "avg(last_10m):avg:aws.rds.free_storage_space{dbinstanceidentifier:main} < 5"
    }
  }

  pass "alarms_of_all_databases_together" {
    resource "aws_db_instance" "main" {
      instance_class = "db.m7g.large"
      identifier     = "main"
    }

    resource "aws_cloudwatch_metric_alarm" "cpu" {
      alarm_name          = "cpu"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      statistic           = "Maximum"
      namespace           = "AWS/RDS"
      metric_name         = "CPUUtilization"
      evaluation_periods  = 5
      period              = 60
    }

    resource "aws_cloudwatch_metric_alarm" "disk" {
      alarm_name          = "disk"
      comparison_operator = "LessThanThreshold"
      threshold           = 5000000000
      statistic           = "Minimum"
      namespace           = "AWS/RDS"
      metric_name         = "FreeStorageSpace"
      evaluation_periods  = 5
      period              = 60
    }
  }

  pass "cluster" {
    resource "aws_rds_cluster" "main" {
      cluster_identifier = "main"
      engine             = "aurora-mysql"
    }

    resource "aws_rds_cluster_instance" "main" {
      instance_class     = "db.r7g.large"
      identifier         = "main-0"
      cluster_identifier = aws_rds_cluster.main.cluster_identifier
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
        DBInstanceIdentifier = aws_rds_cluster_instance.main.identifier
      }
    }
  }

  pass "balancer_and_queue" {
    resource "aws_lb" "main" {
      name = "main"
    }

    resource "aws_lb_listener" "https" {
      load_balancer_arn = aws_lb.main.arn
      port              = 443
      protocol          = "HTTPS"
      default_action {
        type = "fixed-response"
      }
    }

    resource "aws_sqs_queue" "dead" {
      name = "mail-dead"
    }

    resource "aws_sqs_queue" "mail" {
      name           = "mail"
      redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead.arn, maxReceiveCount = 5 })
    }

    resource "datadog_monitor" "errors" {
      name    = "errors"
      type    = "query alert"
      message = "@slack-app-alerts"
      query   = "sum(last_10m):sum:aws.applicationelb.httpcode_elb_5xx{name:main}.as_count() > 50"
    }

    resource "datadog_monitor" "hosts" {
      name    = "hosts"
      type    = "query alert"
      message = "@slack-app-alerts"
      query   = "min(last_10m):sum:aws.applicationelb.un_healthy_host_count{name:main} > 0"
    }

    resource "aws_cloudwatch_metric_alarm" "dead" {
      alarm_name          = "dead"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      statistic           = "Average"
      namespace           = "AWS/RDS"
      metric_name         = "ApproximateNumberOfMessagesVisible"
      evaluation_periods  = 5
      period              = 60
      dimensions = {
        QueueName = aws_sqs_queue.dead.name
      }
    }
  }

  pass "balancer_without_listener_and_plain_queue" {
    resource "aws_lb" "old" {
      name = "old"
    }

    resource "aws_sqs_queue" "mail" {
      name = "mail"
    }
  }

  fail "only_cpu" {
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

  fail "monitor_of_another_database" {
    resource "aws_db_instance" "main" {
      instance_class = "db.m7g.large"
      identifier     = "main"
    }

    resource "datadog_monitor" "cpu" {
      name    = "cpu"
      type    = "query alert"
      message = "@slack-app-alerts"
      query   = "avg(last_10m):avg:aws.rds.cpuutilization{dbinstanceidentifier:old} > 80"
    }

    resource "datadog_monitor" "disk" {
      name    = "disk"
      type    = "query alert"
      message = "@slack-app-alerts"
      query   = "avg(last_10m):avg:aws.rds.free_storage_space{dbinstanceidentifier:main} < 5"
    }
  }

  fail "cluster" {
    resource "aws_rds_cluster" "main" {
      cluster_identifier = "main"
      engine             = "aurora-mysql"
    }
  }

  fail "balancer_and_queue" {
    resource "aws_lb" "main" {
      name = "main"
    }

    resource "aws_lb_listener" "https" {
      load_balancer_arn = aws_lb.main.arn
      port              = 443
      protocol          = "HTTPS"
      default_action {
        type = "fixed-response"
      }
    }

    resource "aws_sqs_queue" "dead" {
      name = "mail-dead"
    }

    resource "aws_sqs_queue" "mail" {
      name           = "mail"
      redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead.arn, maxReceiveCount = 5 })
    }

    expect = ["aws_lb.main", "aws_sqs_queue.dead"]
  }
}

resource_policy "aws_rds_cluster" "key_resource_without_alarm" {
  enforcement_level = "advisory"

  locals {
    alarms     = [for a in core::getresources("aws_cloudwatch_metric_alarm", { dimensions = { DBClusterIdentifier = attrs.cluster_identifier } }) : core::lower(core::coalesce(core::try(a.metric_name, null), "-"))]
    members    = [for m in core::getresources("aws_rds_cluster_instance", { cluster_identifier = attrs.cluster_identifier }) : core::try(m.identifier, null)]
    of_members = core::flatten([for id in local.members : [for a in core::getresources("aws_cloudwatch_metric_alarm", { dimensions = { DBInstanceIdentifier = id } }) : core::lower(core::coalesce(core::try(a.metric_name, null), "-"))]])
    queries    = core::lookup(local.by_database, attrs.cluster_identifier, [])
    texts      = core::concat(local.alarms, local.of_members, local.queries)
    missing    = [for label, words in input.cluster_metrics : label if !core::anytrue([for word in words : core::contains(local.words_of_databases, word) || core::anytrue([for text in local.texts : core::strcontains(text, word)])])]
  }

  enforce {
    condition     = core::length(local.missing) == 0
    error_message = "${meta.address} has no alarm and no monitor on ${core::join(" and ", local.missing)}, so the first sign of a busy database is a customer who calls."
  }
}

# A load balancer without a listener serves nobody; a network load balancer knows no errors of HTTP.
resource_policy "aws_lb" "key_resource_without_alarm" {
  enforcement_level = "advisory"

  locals {
    alarms  = [for a in core::getresources("aws_cloudwatch_metric_alarm", { dimensions = { LoadBalancer = attrs.arn_suffix } }) : core::lower(core::coalesce(core::try(a.metric_name, null), "-"))]
    queries = core::lookup(local.by_balancer, core::coalesce(core::try(attrs.name, null), "-"), [])
    texts   = core::concat(local.alarms, local.queries)
    missing = [for label, words in input.balancer_metrics : label if !core::anytrue([for word in words : core::contains(local.words_of_balancers, word) || core::anytrue([for text in local.texts : core::strcontains(text, word)])])]
  }

  filter = core::coalesce(core::try(attrs.load_balancer_type, null), "application") == "application" && core::length(core::getresources("aws_lb_listener", { load_balancer_arn = attrs.arn })) > 0

  enforce {
    condition     = core::length(local.missing) == 0
    error_message = "${meta.address} has no alarm and no monitor on ${core::join(" and ", local.missing)}, so the first sign of an outage is a customer who calls."
  }
}

# Only queues that take failed messages: what lies there has been given up, and nobody looks.
resource_policy "aws_sqs_queue" "key_resource_without_alarm" {
  enforcement_level = "advisory"

  locals {
    alarms  = [for a in core::getresources("aws_cloudwatch_metric_alarm", { dimensions = { QueueName = core::try(attrs.name, null) } }) : core::lower(core::coalesce(core::try(a.metric_name, null), "-"))]
    queries = core::lookup(local.by_queue, core::coalesce(core::try(attrs.name, null), "-"), [])
    texts   = core::concat(local.alarms, local.queries)
    missing = [for label, words in input.queue_metrics : label if !core::anytrue([for word in words : core::contains(local.words_of_queues, word) || core::anytrue([for text in local.texts : core::strcontains(text, word)])])]
  }

  filter = core::length(graph::referrers("aws_sqs_queue", "aws_sqs_queue_redrive_policy")) > 0

  enforce {
    condition     = core::length(local.missing) == 0
    error_message = "${meta.address} has no alarm and no monitor on ${core::join(" and ", local.missing)}, so failed messages pile up and nobody knows."
  }
}
