# Some deletes are not meant. A list lost its first element, so every other one moves up and is made anew; a resource got another name in the
# code, so Terraform sees an old one to delete and a new one to create. Both are put right with text, without touching anything that runs.
#
# The third case of the catalogue (replacements because a value is not known before apply) needs the origin of an unknown value, which the
# language cannot ask for; it is not judged.

locals {
  # What runs or keeps data; everything else is made anew without harm.
  judged = [
    "aws_db_instance", "aws_rds_cluster", "aws_rds_cluster_instance", "aws_docdb_cluster", "aws_neptune_cluster", "aws_elasticache_replication_group",
    "aws_elasticache_cluster", "aws_dynamodb_table", "aws_s3_bucket", "aws_efs_file_system", "aws_ebs_volume", "aws_opensearch_domain", "aws_msk_cluster",
    "aws_mq_broker", "aws_redshift_cluster", "aws_kinesis_stream", "aws_sqs_queue", "aws_kms_key", "aws_secretsmanager_secret", "aws_ecr_repository",
    "aws_cloudwatch_log_group", "aws_cognito_user_pool", "aws_backup_vault", "aws_lightsail_instance", "aws_lightsail_database", "aws_lightsail_disk",
    "aws_lb", "aws_elb", "aws_lb_listener", "aws_lb_target_group", "aws_ecs_service", "aws_ecs_cluster", "aws_autoscaling_group", "aws_instance",
    "aws_nat_gateway", "aws_subnet", "aws_vpc_endpoint", "aws_security_group", "aws_route53_zone", "aws_route53_record", "aws_acm_certificate",
    "aws_cloudfront_distribution", "aws_lambda_function", "aws_lightsail_static_ip",
  ]

  # By one of these AWS tells two objects of a type apart.
  names = ["identifier", "cluster_identifier", "replication_group_id", "cluster_id", "cluster_name", "broker_name", "domain_name", "bucket", "function_name", "relational_database_name", "name"]
}

resource_policy "*" "avoidable_replacement" {
  title             = "A delete that nobody means"
  category          = "release"
  severity          = "high"
  references        = ["Terraform: Refactoring, moved blocks", "Terraform: The count meta-argument, when to use for_each instead of count"]
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  docs {
    why = "The pull request removes one subnet from a list, or renames a module, and the plan deletes a database. Whoever reads only the number of changes approves it."
    fix = <<-EOT
      When only the address changed, write a moved block: moved { from = aws_ecs_service.api, to = aws_ecs_service.web }.
      When a list lost an element, use for_each with keys instead of count, and moved blocks from the numbers to the keys.
    EOT
  }

  # Instances of the same resource block that are made anew in this plan while the last one goes.
  locals {
    base = core::replace(meta.address, "/\\[[0-9]+\\]$/", "")
    shifted = core::try(meta.action_reason, null) == "delete_because_count_index" ? [
      for r in core::getresources(meta.type, null) : r._address
      if r._operation == "create" && core::startswith(r._address, "${local.base}[")
    ] : []

    # The first name that this object has, and new objects that have it, too.
    named = [for n in local.names : { key = n, value = prior_attrs[n] } if core::try(prior_attrs[n], null) != null && core::try(prior_attrs[n], null) != ""]
    twins = core::length(local.named) == 0 ? [] : [
      for r in core::getresources(meta.type, { (local.named[0].key) = local.named[0].value }) : r._address
      if r._operation == "create" && !core::startswith(r._address, "${local.base}[")
      && core::try(r.type, null) == core::try(prior_attrs.type, null)
      && core::try(r.set_identifier, null) == core::try(prior_attrs.set_identifier, null)
    ]
  }

  # A replacement stands at its own address: that is another policy.
  filter = !meta.forget && core::contains(local.judged, meta.type) && !core::contains(meta.actions, "create")

  enforce {
    condition     = core::length(local.shifted) == 0
    error_message = "${meta.address} goes, and ${core::length(local.shifted)} other${core::length(local.shifted) == 1 ? "" : "s"} of its list (${core::join(", ", core::slice(local.shifted, 0, core::min(3, core::length(local.shifted))))}) ${core::length(local.shifted) == 1 ? "is" : "are"} made anew: an element was taken out of the middle of a list, and the rest moved up."
  }

  enforce {
    condition     = core::length(local.shifted) > 0 || core::length(local.twins) == 0
    error_message = "${meta.address} is deleted and ${core::length(local.twins) > 0 ? local.twins[0] : "another"} created with the same ${core::length(local.named) > 0 ? "${local.named[0].key} ${local.named[0].value}" : "name"}: only the address in the code has changed, and a moved block would keep the object."
  }

  option "moved_block" {
    title    = "A moved block"
    merits   = ["only the state changes, nothing that runs"]
    demerits = ["none that is known"]
    downtime = "none"
    effort   = "S"
  }

  option "for_each" {
    title    = "for_each with keys, and moved blocks for the numbers"
    merits   = ["taking an entry out can never replace the others again"]
    demerits = ["the addresses are listed once"]
    downtime = "none"
    effort   = "M"
  }
}
