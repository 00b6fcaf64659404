# A plan that stopped half-way, that looked at a part only, or that starts from a state which is no longer true, says nothing about what
# will happen. A green review of it is worth nothing either.
workspace_policy "plan" "plan_not_trustworthy" {
  title             = "Plan cannot be trusted"
  category          = "hygiene"
  severity          = "high"
  references        = ["Terraform: Command plan, resource targeting", "Terraform: Manage resource drift"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      What a plan with `-target` leaves out comes with the next apply, together with something else. A drift means that somebody changed
      or deleted a database or a load balancer by hand: the apply undoes it, which may be the outage of the evening.
    EOT
    fix = "Plan the whole directory again without `-target` and without errors. Write what was changed by hand into the configuration, or agree that it is undone."
  }

  locals {
    # Types that hold data or answer users.
    important = [
      "aws_db_instance", "aws_rds_cluster", "aws_rds_cluster_instance", "aws_rds_global_cluster", "aws_docdb_cluster", "aws_neptune_cluster",
      "aws_elasticache_replication_group", "aws_elasticache_cluster", "aws_elasticache_serverless_cache", "aws_dynamodb_table", "aws_s3_bucket",
      "aws_efs_file_system", "aws_ebs_volume", "aws_opensearch_domain", "aws_msk_cluster", "aws_mq_broker", "aws_redshift_cluster", "aws_kinesis_stream",
      "aws_sqs_queue", "aws_kms_key", "aws_secretsmanager_secret", "aws_ecr_repository", "aws_cloudwatch_log_group", "aws_cognito_user_pool",
      "aws_backup_vault", "aws_lightsail_instance", "aws_lightsail_database", "aws_lightsail_disk", "aws_lightsail_bucket",
      "aws_lb", "aws_alb", "aws_elb", "aws_lb_listener", "aws_lb_listener_rule", "aws_lb_target_group", "aws_ecs_service", "aws_ecs_cluster",
      "aws_autoscaling_group", "aws_instance", "aws_nat_gateway", "aws_route", "aws_subnet", "aws_vpc_endpoint", "aws_security_group",
      "aws_route53_zone", "aws_route53_record", "aws_acm_certificate", "aws_cloudfront_distribution", "aws_api_gateway_stage",
      "aws_apigatewayv2_stage", "aws_lambda_function", "aws_lambda_alias", "aws_lightsail_lb", "aws_lightsail_static_ip", "aws_lightsail_container_service"
    ]
    drifted = [for d in attrs.drift : d if core::contains(local.important, d.type)]
    gone    = [for d in local.drifted : d.address if core::contains(d.actions, "delete")]
    changed = [for d in local.drifted : d.address if core::contains(d.actions, "update")]
  }

  filter = attrs.input == "plan"

  # Terraform before 1.8 does not say whether a plan is whole, so there is nothing to say of it.

  enforce {
    condition     = !attrs.errored
    error_message = "The plan stopped on an error: what it shows is only a part of what an apply would do."
  }

  enforce {
    condition     = attrs.errored || !plan::known(attrs.targeted) || !attrs.targeted
    error_message = "The plan was made with -target: what it leaves out comes with a later apply, unreviewed."
  }

  enforce {
    condition     = attrs.errored || !plan::known(attrs.complete) || attrs.targeted || attrs.complete
    error_message = "The plan is not whole: Terraform has put changes off, and a second plan will show more."
  }

  enforce {
    condition     = core::length(local.gone) == 0
    error_message = "Somebody has deleted ${core::join(", ", core::slice(local.gone, 0, core::min(3, core::length(local.gone))))}${core::length(local.gone) > 3 ? " and ${core::length(local.gone) - 3} more" : ""} outside of Terraform; the apply makes it anew, without its data."
  }

  enforce {
    condition     = core::length(local.changed) == 0
    severity      = "medium"
    error_message = "Somebody has changed ${core::join(", ", core::slice(local.changed, 0, core::min(3, core::length(local.changed))))}${core::length(local.changed) > 3 ? " and ${core::length(local.changed) - 3} more" : ""} outside of Terraform; the apply may undo it."
  }

  option "plan_again" {
    title    = "Plan the whole directory again"
    merits   = ["what is reviewed is what happens"]
    demerits = ["changes of others may show up in it"]
    downtime = "none"
    effort   = "S"
  }

  option "write_it_down" {
    title    = "Write what was changed by hand into the configuration"
    merits   = ["the repair of the last incident is not undone"]
    demerits = ["somebody has to know why it was changed"]
    downtime = "none"
    effort   = "S"
  }
}
