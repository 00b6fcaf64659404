# Orphans are made by deletes: the service goes, its target group, role and log group stay. In the pull request that deletes the user
# it is still clear what belonged to it; a year later nobody knows.
resource_policy "aws_*" "last_user_deleted" {
  title             = "Delete leaves something behind that only this object used"
  category          = "orphan"
  severity          = "medium"
  references        = ["Terraform: Resource addresses and references"]
  enforcement_level = "advisory"
  operations        = ["delete"]

  docs {
    why = <<-EOT
      The plan deletes the last object that uses another one, and the other one stays. From then on it is paid for or counts against a
      limit, and nobody dares to delete it because nobody remembers what it was for.
    EOT
    fix = "Delete it in the same pull request, after a snapshot if it holds data. If it stays on purpose, tag it `planfit:keep` with the reason."
  }

  locals {
    left = [
      for x in graph::left_behind(
        "aws_lb", "aws_elb", "aws_lb_target_group", "aws_eip", "aws_ebs_volume", "aws_efs_file_system", "aws_security_group",
        "aws_iam_role", "aws_iam_policy", "aws_iam_instance_profile", "aws_key_pair", "aws_launch_template", "aws_launch_configuration", "aws_ami",
        "aws_db_subnet_group", "aws_db_parameter_group", "aws_rds_cluster_parameter_group", "aws_db_option_group",
        "aws_elasticache_subnet_group", "aws_elasticache_parameter_group", "aws_acm_certificate", "aws_wafv2_web_acl", "aws_route53_health_check",
        "aws_cloudwatch_log_group", "aws_ecs_task_definition", "aws_ecs_cluster", "aws_ecr_repository", "aws_service_discovery_service",
        "aws_sns_topic", "aws_sqs_queue", "aws_lambda_function", "aws_secretsmanager_secret", "aws_ssm_parameter", "aws_nat_gateway",
        "aws_internet_gateway", "aws_network_interface"
      ) : x
      if core::try(x.tags["planfit:keep"], null) == null
    ]
  }

  # The old half of a replacement has a new half that takes its place.
  filter = !meta.forget && !core::contains(meta.actions, "create")

  enforce {
    condition     = core::length(local.left) == 0
    error_message = "${meta.address} is the last user of ${core::join(", ", core::slice([for x in local.left : x._address], 0, core::min(3, core::length(local.left))))}${core::length(local.left) > 3 ? " and ${core::length(local.left) - 3} more" : ""}, and the plan leaves that behind, to be paid for and wondered about."
  }

  option "delete_too" {
    title    = "Delete it in the same pull request"
    merits   = ["nothing is left over", "the reviewers still know what it was for"]
    demerits = ["take a snapshot first if it holds data"]
    downtime = "none, nothing else uses it"
    effort   = "S"
  }

  option "keep_with_reason" {
    title    = "Keep it with a reason"
    merits   = ["the next clean-up knows why it is there"]
    demerits = ["it stays in the bill"]
    downtime = "none"
    effort   = "S"
  }
}
