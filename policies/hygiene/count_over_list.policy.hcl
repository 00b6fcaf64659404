# With count over a list, an object is known by its place in the list. Whoever takes out the first entry moves all others up by one:
# Terraform changes or replaces every one of them, and deletes the last.
workspace_policy "declaration" "count_over_list" {
  title             = "Objects are told apart by their place in a list"
  category          = "hygiene"
  severity          = "low"
  references        = ["Terraform: The count meta-argument, when to use for_each instead of count", "Terraform: Refactor modules, moved blocks"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      The list is changed years later by somebody who wants to remove one entry. The plan then shows changes of all objects behind it,
      replacements for what cannot be changed in place: databases, subnets, addresses.
    EOT
    fix = "Use `for_each = toset(LIST)` and `each.key`, with a `moved` block for each object, so that nothing is replaced."
  }

  locals {
    type = core::split(".", attrs.name)[0]

    # Types that hold data or answer users; for others a change costs nothing.
    important = [
      "aws_db_instance", "aws_rds_cluster", "aws_rds_cluster_instance", "aws_docdb_cluster", "aws_neptune_cluster", "aws_elasticache_replication_group", "aws_elasticache_cluster",
      "aws_dynamodb_table", "aws_s3_bucket", "aws_efs_file_system", "aws_ebs_volume", "aws_opensearch_domain", "aws_msk_cluster", "aws_mq_broker",
      "aws_redshift_cluster", "aws_kinesis_stream", "aws_sqs_queue", "aws_kms_key", "aws_secretsmanager_secret", "aws_ecr_repository",
      "aws_cloudwatch_log_group", "aws_cognito_user_pool", "aws_backup_vault", "aws_lightsail_instance", "aws_lightsail_database", "aws_lightsail_disk",
      "aws_lb", "aws_elb", "aws_lb_listener", "aws_lb_listener_rule", "aws_lb_target_group", "aws_ecs_service", "aws_ecs_cluster", "aws_autoscaling_group",
      "aws_instance", "aws_nat_gateway", "aws_eip", "aws_route", "aws_subnet", "aws_vpc_endpoint", "aws_security_group", "aws_route53_zone", "aws_route53_record",
      "aws_acm_certificate", "aws_cloudfront_distribution", "aws_api_gateway_stage", "aws_apigatewayv2_stage", "aws_lambda_function", "aws_lambda_alias"
    ]
  }

  filter = attrs.kind == "counted"

  enforce {
    condition     = !core::contains(local.important, local.type)
    error_message = "${attrs.name} makes one object for each entry of a list and knows it by its number: when an entry is taken out, all behind it are changed or replaced."
  }

  option "for_each" {
    title    = "for_each by name, with moved blocks"
    merits   = ["an entry can be taken out without touching the others"]
    demerits = ["a moved block for each object that exists"]
    downtime = "none"
    effort   = "M"
  }

  pass "by_name_or_by_number_alone" {
    resource "aws_sqs_queue" "by_name" {
      for_each = toset(["orders", "mails"])
      name     = each.key
    }

    resource "aws_iam_user" "harmless" {
      count = length(["a", "b"])
      name  = ["a", "b"][count.index]
    }
  }

  fail "by_index" {
    variable "queues" {
      type    = list(string)
      default = ["orders", "mails"]
    }

    resource "aws_sqs_queue" "all" {
      count = length(var.queues)
      name  = var.queues[count.index]
    }

    expect = ["aws_sqs_queue.all"]
  }
}
