# A delete in a plan cannot be taken back. For a database or a disk Terraform can take a last snapshot while it deletes, but
# only if the flag for it was already in the state: a flag that is set in the same change as the delete has no effect.

input "cache_tag" {
  type        = string
  default     = "role=cache"
  description = "Tag of a cache whose content may be lost, as key=value. Such a cache fills itself again from the database, so a last snapshot is of no use."
}

resource_policy "aws_db_instance" "stateful_deleted_without_snapshot" {
  title             = "Data is deleted and no snapshot is left"
  category          = "backup"
  severity          = "critical"
  scope             = "production_data"
  references        = ["AWS provider: aws_db_instance", "AWS provider: aws_rds_cluster", "AWS provider: aws_elasticache_replication_group", "AWS provider: aws_ebs_volume", "AWS provider: aws_cloudwatch_log_group", "Amazon DynamoDB Developer Guide: Delete a table with point-in-time recovery", "Amazon Lightsail User Guide: Snapshots"]
  enforcement_level = "mandatory"
  operations        = ["delete"]

  docs {
    why = "The plan deletes the object and with it the only copy of its data. Automatic backups usually go with it. If somebody asks for the data next month, nobody can give it."
    fix = <<-EOT
      Make two changes. First set the flag that keeps a copy, and apply it: skip_final_snapshot = false with
      final_snapshot_identifier (databases), final_snapshot_identifier (ElastiCache), final_snapshot = true (EBS),
      skip_destroy = true (log groups), a waiting time (keys and secrets), point-in-time recovery (DynamoDB). Then delete the object in a second change.
      Or take a snapshot by hand, put a tag with an end date on it, and suppress this finding with the name of the snapshot.
    EOT
  }

  locals {
    last_snapshot = !core::coalesce(core::try(prior_attrs.skip_final_snapshot, null), false) && core::coalesce(core::try(prior_attrs.final_snapshot_identifier, null), "-") != "-"

    # Snapshots that exist before this plan and stay after it.
    staying = [for s in plan::resources("aws_db_snapshot") : s if core::contains(["no-op", "update"], s._operation)]
  }

  # The source of a replica has the data; that of an Aurora member is in its cluster.
  filter = (
    !meta.forget
    && core::coalesce(core::try(prior_attrs.replicate_source_db, null), "-") == "-"
    && !core::startswith(core::coalesce(core::try(prior_attrs.engine, null), "-"), "aurora")
  )

  enforce {
    condition     = local.last_snapshot || core::anytrue([for s in local.staying : s.db_instance_identifier == prior_attrs.identifier])
    at            = prior_attrs.skip_final_snapshot
    error_message = "${meta.address} is deleted without a final snapshot, and its data is gone: the state has ${core::coalesce(core::try(prior_attrs.skip_final_snapshot, null), false) ? "skip_final_snapshot = true" : "no final_snapshot_identifier"}."
  }

  option "two_changes" {
    title    = "First the flag, then the delete"
    merits   = ["Terraform takes the snapshot itself"]
    demerits = ["the flag must be applied before the delete is planned"]
    downtime = "none"
    effort   = "S"
  }

  option "by_hand" {
    title    = "Take a snapshot by hand with an end date as tag, then delete"
    merits   = ["one change in Terraform"]
    demerits = ["somebody must check that the snapshot is complete"]
    downtime = "none"
    effort   = "S"
  }

  option "stop_first" {
    title    = "Stop it, wait two weeks, then delete"
    merits   = ["can be undone in minutes if somebody still needs it"]
    demerits = ["storage is still paid for", "RDS starts a stopped database again after 7 days"]
    downtime = "only for what still uses it"
    effort   = "S"
  }

  option "keep" {
    title    = "Keep it"
    merits   = ["nothing can go wrong"]
    demerits = ["it is paid for each month"]
    downtime = "none"
    effort   = "S"
  }
}

resource_policy "aws_rds_cluster" "stateful_deleted_without_snapshot" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  locals {
    last_snapshot = !core::coalesce(core::try(prior_attrs.skip_final_snapshot, null), false) && core::coalesce(core::try(prior_attrs.final_snapshot_identifier, null), "-") != "-"
    staying       = [for s in plan::resources("aws_db_cluster_snapshot") : s if core::contains(["no-op", "update"], s._operation)]
  }

  # The source of a replica has the data.
  filter = !meta.forget && core::coalesce(core::try(prior_attrs.replication_source_identifier, null), "-") == "-"

  enforce {
    condition     = local.last_snapshot || core::anytrue([for s in local.staying : s.db_cluster_identifier == prior_attrs.cluster_identifier])
    at            = prior_attrs.skip_final_snapshot
    error_message = "${meta.address} is deleted without a final snapshot, and its data is gone: the state has ${core::coalesce(core::try(prior_attrs.skip_final_snapshot, null), false) ? "skip_final_snapshot = true" : "no final_snapshot_identifier"}."
  }
}

resource_policy "aws_elasticache_replication_group" "stateful_deleted_without_snapshot" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  locals {
    tag   = core::split("=", input.cache_tag)
    cache = core::try(prior_attrs.tags_all[local.tag[0]] == local.tag[1], prior_attrs.tags[local.tag[0]] == local.tag[1], false)
  }

  filter = !meta.forget && !local.cache

  enforce {
    condition     = core::coalesce(core::try(prior_attrs.final_snapshot_identifier, null), "-") != "-"
    at            = prior_attrs.final_snapshot_identifier
    error_message = "${meta.address} is deleted without a final snapshot, and its data is gone: the state has no final_snapshot_identifier, and the tag ${input.cache_tag} is not set."
  }
}

resource_policy "aws_ebs_volume" "stateful_deleted_without_snapshot" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  locals {
    staying = [for s in plan::resources("aws_ebs_snapshot") : s if core::contains(["no-op", "update"], s._operation)]
  }

  filter = !meta.forget

  enforce {
    condition     = core::coalesce(core::try(prior_attrs.final_snapshot, null), false) || core::anytrue([for s in local.staying : s.volume_id == prior_attrs.id])
    at            = prior_attrs.final_snapshot
    error_message = "${meta.address} is deleted without a snapshot, and its data is gone: the state has final_snapshot = false, and no aws_ebs_snapshot of it stays."
  }
}

resource_policy "aws_cloudwatch_log_group" "stateful_deleted_without_snapshot" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  locals {
    # What ships the logs may go in the same plan; what is new in this plan has shipped nothing yet.
    subscriptions  = [for f in plan::resources("aws_cloudwatch_log_subscription_filter") : f if f._operation != "create"]
    account_policy = [for p in plan::resources("aws_cloudwatch_log_account_policy") : p if p._operation != "create" && p.policy_type == "SUBSCRIPTION_FILTER_POLICY"]
    archives       = [for a in plan::resources("datadog_logs_archive") : a if a._operation != "create"]

    shipped = core::anytrue([for f in local.subscriptions : f.log_group_name == prior_attrs.name]) || core::length(local.account_policy) > 0 || core::length(local.archives) > 0
  }

  filter = !meta.forget

  enforce {
    condition     = core::coalesce(core::try(prior_attrs.skip_destroy, null), false) || local.shipped
    at            = prior_attrs.skip_destroy
    error_message = "${meta.address} is deleted with all its logs: the state has skip_destroy = false, and nothing has copied them."
  }

  option "skip_destroy" {
    title    = "First skip_destroy = true, then the delete"
    merits   = ["the group stays in the account, and its logs expire by its retention"]
    demerits = ["the flag must be applied before the delete is planned", "no plan shows the group any more"]
    downtime = "none"
    effort   = "S"
  }

  option "export" {
    title    = "Export the logs to a bucket, then delete"
    merits   = ["cheap to keep for years"]
    demerits = ["somebody must check that the export is complete"]
    downtime = "none"
    effort   = "M"
  }

  option "keep" {
    title    = "Keep it"
    merits   = ["nothing can go wrong"]
    demerits = ["it is paid for each month"]
    downtime = "none"
    effort   = "S"
  }
}

resource_policy "aws_docdb_cluster" "stateful_deleted_without_snapshot" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  locals {
    last_snapshot = !core::coalesce(core::try(prior_attrs.skip_final_snapshot, null), false) && core::coalesce(core::try(prior_attrs.final_snapshot_identifier, null), "-") != "-"
  }

  filter = !meta.forget

  enforce {
    condition     = local.last_snapshot
    at            = prior_attrs.skip_final_snapshot
    error_message = "${meta.address} is deleted without a final snapshot, and its data is gone: the state has ${core::coalesce(core::try(prior_attrs.skip_final_snapshot, null), false) ? "skip_final_snapshot = true" : "no final_snapshot_identifier"}."
  }
}

resource_policy "aws_neptune_cluster" "stateful_deleted_without_snapshot" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  locals {
    last_snapshot = !core::coalesce(core::try(prior_attrs.skip_final_snapshot, null), false) && core::coalesce(core::try(prior_attrs.final_snapshot_identifier, null), "-") != "-"
  }

  filter = !meta.forget && core::coalesce(core::try(prior_attrs.replication_source_identifier, null), "-") == "-"

  enforce {
    condition     = local.last_snapshot
    at            = prior_attrs.skip_final_snapshot
    error_message = "${meta.address} is deleted without a final snapshot, and its data is gone: the state has ${core::coalesce(core::try(prior_attrs.skip_final_snapshot, null), false) ? "skip_final_snapshot = true" : "no final_snapshot_identifier"}."
  }
}

resource_policy "aws_redshift_cluster" "stateful_deleted_without_snapshot" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  locals {
    last_snapshot = !core::coalesce(core::try(prior_attrs.skip_final_snapshot, null), false) && core::coalesce(core::try(prior_attrs.final_snapshot_identifier, null), "-") != "-"
  }

  filter = !meta.forget

  enforce {
    condition     = local.last_snapshot
    at            = prior_attrs.skip_final_snapshot
    error_message = "${meta.address} is deleted without a final snapshot, and its data is gone: the state has ${core::coalesce(core::try(prior_attrs.skip_final_snapshot, null), false) ? "skip_final_snapshot = true" : "no final_snapshot_identifier"}."
  }
}

resource_policy "aws_lightsail_database" "stateful_deleted_without_snapshot" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  locals {
    last_snapshot = !core::coalesce(core::try(prior_attrs.skip_final_snapshot, null), false) && core::coalesce(core::try(prior_attrs.final_snapshot_name, null), "-") != "-"
  }

  filter = !meta.forget

  enforce {
    condition     = local.last_snapshot
    at            = prior_attrs.skip_final_snapshot
    error_message = "${meta.address} is deleted without a final snapshot, and its data is gone: the state has ${core::coalesce(core::try(prior_attrs.skip_final_snapshot, null), false) ? "skip_final_snapshot = true" : "no final_snapshot_name"}."
  }
}

resource_policy "aws_elasticache_cluster" "stateful_deleted_without_snapshot" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  locals {
    tag   = core::split("=", input.cache_tag)
    cache = core::try(prior_attrs.tags_all[local.tag[0]] == local.tag[1], prior_attrs.tags[local.tag[0]] == local.tag[1], false)
  }

  # Memcached has no snapshots, and the data of a member is in its replication group.
  filter = (
    !meta.forget
    && core::coalesce(core::try(prior_attrs.engine, null), "-") != "memcached"
    && core::coalesce(core::try(prior_attrs.replication_group_id, null), "-") == "-"
    && !local.cache
  )

  enforce {
    condition     = core::coalesce(core::try(prior_attrs.final_snapshot_identifier, null), "-") != "-"
    at            = prior_attrs.final_snapshot_identifier
    error_message = "${meta.address} is deleted without a final snapshot, and its data is gone: the state has no final_snapshot_identifier, and the tag ${input.cache_tag} is not set."
  }
}

# AWS refuses to delete it while anything is in it, unless the flag in the state says otherwise: then there is nothing to lose.
resource_policy "aws_s3_bucket" "stateful_deleted_without_snapshot" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = !meta.forget

  enforce {
    condition     = !core::coalesce(core::try(prior_attrs.force_destroy, null), false)
    at            = prior_attrs.force_destroy
    error_message = "${meta.address} is deleted with every object in it: the state has force_destroy = true."
  }

  option "copy" {
    title    = "First take the force flag back and copy what is needed, then empty it and delete"
    merits   = ["a delete by mistake stops at what is inside", "what is needed is in another place"]
    demerits = ["two changes, and somebody must check that the copy is complete"]
    downtime = "none"
    effort   = "M"
  }

  option "keep" {
    title    = "Keep it"
    merits   = ["nothing can go wrong"]
    demerits = ["it is paid for each month"]
    downtime = "none"
    effort   = "S"
  }
}

resource_policy "aws_ecr_repository" "stateful_deleted_without_snapshot" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = !meta.forget

  enforce {
    condition     = !core::coalesce(core::try(prior_attrs.force_delete, null), false)
    at            = prior_attrs.force_delete
    error_message = "${meta.address} is deleted with every image in it: the state has force_delete = true."
  }

  option "copy" {
    title    = "First take the force flag back and copy what is needed, then empty it and delete"
    merits   = ["a delete by mistake stops at what is inside", "what is needed is in another place"]
    demerits = ["two changes, and somebody must check that the copy is complete"]
    downtime = "none"
    effort   = "M"
  }

  option "keep" {
    title    = "Keep it"
    merits   = ["nothing can go wrong"]
    demerits = ["it is paid for each month"]
    downtime = "none"
    effort   = "S"
  }
}

resource_policy "aws_backup_vault" "stateful_deleted_without_snapshot" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = !meta.forget

  enforce {
    condition     = !core::coalesce(core::try(prior_attrs.force_destroy, null), false)
    at            = prior_attrs.force_destroy
    error_message = "${meta.address} is deleted with every backup in it: the state has force_destroy = true."
  }

  option "copy" {
    title    = "First take the force flag back and copy what is needed, then empty it and delete"
    merits   = ["a delete by mistake stops at what is inside", "what is needed is in another place"]
    demerits = ["two changes, and somebody must check that the copy is complete"]
    downtime = "none"
    effort   = "M"
  }

  option "keep" {
    title    = "Keep it"
    merits   = ["nothing can go wrong"]
    demerits = ["it is paid for each month"]
    downtime = "none"
    effort   = "S"
  }
}

resource_policy "aws_lightsail_bucket" "stateful_deleted_without_snapshot" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = !meta.forget

  enforce {
    condition     = !core::coalesce(core::try(prior_attrs.force_delete, null), false)
    at            = prior_attrs.force_delete
    error_message = "${meta.address} is deleted with every object in it: the state has force_delete = true."
  }

  option "copy" {
    title    = "First take the force flag back and copy what is needed, then empty it and delete"
    merits   = ["a delete by mistake stops at what is inside", "what is needed is in another place"]
    demerits = ["two changes, and somebody must check that the copy is complete"]
    downtime = "none"
    effort   = "M"
  }

  option "keep" {
    title    = "Keep it"
    merits   = ["nothing can go wrong"]
    demerits = ["it is paid for each month"]
    downtime = "none"
    effort   = "S"
  }
}

# A table with point-in-time recovery leaves a last backup for 35 days when it is deleted.
resource_policy "aws_dynamodb_table" "stateful_deleted_without_snapshot" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = !meta.forget

  enforce {
    condition     = core::coalesce(core::try(prior_attrs.point_in_time_recovery[0].enabled, null), false)
    at            = prior_attrs.point_in_time_recovery[0].enabled
    error_message = "${meta.address} is deleted with all its items: point-in-time recovery is off in the state, so no last backup is made."
  }
}

# No attribute keeps a copy of these. Who gets this far is deleted; a replacement is told by stateful_resource_replaced.
resource_policy "aws_efs_file_system" "stateful_deleted_without_snapshot" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = !meta.forget && !core::contains(meta.actions, "create")

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted with its files, and AWS keeps no copy; if that is meant, write it down as a suppression with a reason."
  }

  option "copy" {
    title    = "Take a backup or an export by hand, try it, then delete"
    merits   = ["what is asked for next month can be given"]
    demerits = ["somebody must check that it is complete", "the copy is paid for"]
    downtime = "none if nobody uses it"
    effort   = "M"
  }

  option "keep" {
    title    = "Keep it"
    merits   = ["nothing can go wrong"]
    demerits = ["it is paid for each month"]
    downtime = "none"
    effort   = "S"
  }
}

resource_policy "aws_opensearch_domain" "stateful_deleted_without_snapshot" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = !meta.forget && !core::contains(meta.actions, "create")

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted with its indexes, and AWS keeps no copy; if that is meant, write it down as a suppression with a reason."
  }

  option "copy" {
    title    = "Take a backup or an export by hand, try it, then delete"
    merits   = ["what is asked for next month can be given"]
    demerits = ["somebody must check that it is complete", "the copy is paid for"]
    downtime = "none if nobody uses it"
    effort   = "M"
  }

  option "keep" {
    title    = "Keep it"
    merits   = ["nothing can go wrong"]
    demerits = ["it is paid for each month"]
    downtime = "none"
    effort   = "S"
  }
}

resource_policy "aws_msk_cluster" "stateful_deleted_without_snapshot" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = !meta.forget && !core::contains(meta.actions, "create")

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted with its topics, and AWS keeps no copy; if that is meant, write it down as a suppression with a reason."
  }

  option "drain" {
    title    = "Stop the senders, wait until it is empty, then delete"
    merits   = ["no message is lost"]
    demerits = ["somebody must look that it is empty"]
    downtime = "none once the senders use the new one"
    effort   = "S"
  }

  option "keep" {
    title    = "Keep it"
    merits   = ["nothing can go wrong"]
    demerits = ["it is paid for each month"]
    downtime = "none"
    effort   = "S"
  }
}

resource_policy "aws_mq_broker" "stateful_deleted_without_snapshot" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = !meta.forget && !core::contains(meta.actions, "create")

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted with its queues, and AWS keeps no copy; if that is meant, write it down as a suppression with a reason."
  }

  option "drain" {
    title    = "Stop the senders, wait until it is empty, then delete"
    merits   = ["no message is lost"]
    demerits = ["somebody must look that it is empty"]
    downtime = "none once the senders use the new one"
    effort   = "S"
  }

  option "keep" {
    title    = "Keep it"
    merits   = ["nothing can go wrong"]
    demerits = ["it is paid for each month"]
    downtime = "none"
    effort   = "S"
  }
}

resource_policy "aws_kinesis_stream" "stateful_deleted_without_snapshot" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = !meta.forget && !core::contains(meta.actions, "create")

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted with its records, and AWS keeps no copy; if that is meant, write it down as a suppression with a reason."
  }

  option "drain" {
    title    = "Stop the senders, wait until it is empty, then delete"
    merits   = ["no message is lost"]
    demerits = ["somebody must look that it is empty"]
    downtime = "none once the senders use the new one"
    effort   = "S"
  }

  option "keep" {
    title    = "Keep it"
    merits   = ["nothing can go wrong"]
    demerits = ["it is paid for each month"]
    downtime = "none"
    effort   = "S"
  }
}

resource_policy "aws_sqs_queue" "stateful_deleted_without_snapshot" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = !meta.forget && !core::contains(meta.actions, "create")

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted with its messages, and AWS keeps no copy; if that is meant, write it down as a suppression with a reason."
  }

  option "drain" {
    title    = "Stop the senders, wait until it is empty, then delete"
    merits   = ["no message is lost"]
    demerits = ["somebody must look that it is empty"]
    downtime = "none once the senders use the new one"
    effort   = "S"
  }

  option "keep" {
    title    = "Keep it"
    merits   = ["nothing can go wrong"]
    demerits = ["it is paid for each month"]
    downtime = "none"
    effort   = "S"
  }
}

resource_policy "aws_elasticache_serverless_cache" "stateful_deleted_without_snapshot" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  locals {
    tag   = core::split("=", input.cache_tag)
    cache = core::try(prior_attrs.tags_all[local.tag[0]] == local.tag[1], prior_attrs.tags[local.tag[0]] == local.tag[1], false)
  }

  filter = !meta.forget && !core::contains(meta.actions, "create") && core::coalesce(core::try(prior_attrs.engine, null), "-") != "memcached" && !local.cache

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted with its content, and AWS keeps no copy; if that does not matter, tag it ${input.cache_tag}."
  }

  option "copy" {
    title    = "Take a backup or an export by hand, try it, then delete"
    merits   = ["what is asked for next month can be given"]
    demerits = ["somebody must check that it is complete", "the copy is paid for"]
    downtime = "none if nobody uses it"
    effort   = "M"
  }

  option "keep" {
    title    = "Keep it"
    merits   = ["nothing can go wrong"]
    demerits = ["it is paid for each month"]
    downtime = "none"
    effort   = "S"
  }
}

resource_policy "aws_cognito_user_pool" "stateful_deleted_without_snapshot" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = !meta.forget && !core::contains(meta.actions, "create")

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted with its users, and AWS keeps no copy; if that is meant, write it down as a suppression with a reason."
  }

  option "copy" {
    title    = "Take a backup or an export by hand, try it, then delete"
    merits   = ["what is asked for next month can be given"]
    demerits = ["somebody must check that it is complete", "the copy is paid for"]
    downtime = "none if nobody uses it"
    effort   = "M"
  }

  option "keep" {
    title    = "Keep it"
    merits   = ["nothing can go wrong"]
    demerits = ["it is paid for each month"]
    downtime = "none"
    effort   = "S"
  }
}

# Whether a snapshot was taken by hand is in no plan and no state.
resource_policy "aws_lightsail_instance" "stateful_deleted_without_snapshot" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = !meta.forget && !core::contains(meta.actions, "create")

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted with everything on the server; take a Lightsail snapshot by hand first, Terraform takes none."
  }

  option "snapshot" {
    title    = "Take a Lightsail snapshot by hand with an end date in its name, then delete"
    merits   = ["the server or disk can be made again from it"]
    demerits = ["the snapshot is paid for until somebody deletes it"]
    downtime = "none if nobody uses it"
    effort   = "S"
  }

  option "keep" {
    title    = "Keep it"
    merits   = ["nothing can go wrong"]
    demerits = ["it is paid for each month"]
    downtime = "none"
    effort   = "S"
  }
}

resource_policy "aws_lightsail_disk" "stateful_deleted_without_snapshot" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = !meta.forget && !core::contains(meta.actions, "create")

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted with everything on the disk; take a Lightsail snapshot by hand first, Terraform takes none."
  }

  option "snapshot" {
    title    = "Take a Lightsail snapshot by hand with an end date in its name, then delete"
    merits   = ["the server or disk can be made again from it"]
    demerits = ["the snapshot is paid for until somebody deletes it"]
    downtime = "none if nobody uses it"
    effort   = "S"
  }

  option "keep" {
    title    = "Keep it"
    merits   = ["nothing can go wrong"]
    demerits = ["it is paid for each month"]
    downtime = "none"
    effort   = "S"
  }
}

resource_policy "aws_kms_key" "stateful_deleted_without_snapshot" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  locals {
    days = core::coalesce(core::try(prior_attrs.deletion_window_in_days, null), 30)
  }

  filter = !meta.forget

  enforce {
    condition     = local.days >= 14
    at            = prior_attrs.deletion_window_in_days
    error_message = "${meta.address} is gone ${local.days} days after this apply, and whatever it encrypts can then be read by nobody; 14 days leave time to notice."
  }

  option "wait" {
    title    = "First deletion_window_in_days = 30, and switch the key off, then the delete"
    merits   = ["whoever still needs it gets an error while it can be brought back"]
    demerits = ["two changes", "a month until it is gone"]
    downtime = "only for what still uses it"
    effort   = "S"
  }

  option "keep" {
    title    = "Keep it"
    merits   = ["nothing can go wrong"]
    demerits = ["it is paid for each month"]
    downtime = "none"
    effort   = "S"
  }
}

resource_policy "aws_secretsmanager_secret" "stateful_deleted_without_snapshot" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  locals {
    days = core::coalesce(core::try(prior_attrs.recovery_window_in_days, null), 30)
  }

  filter = !meta.forget

  enforce {
    condition     = local.days >= 7
    at            = prior_attrs.recovery_window_in_days
    error_message = "${meta.address} cannot be brought back after this apply: the state has recovery_window_in_days = ${local.days}."
  }

  option "wait" {
    title    = "First recovery_window_in_days = 30, then the delete"
    merits   = ["it can be brought back for a month"]
    demerits = ["its name is taken until then"]
    downtime = "only for what still reads it"
    effort   = "S"
  }

  option "keep" {
    title    = "Keep it"
    merits   = ["nothing can go wrong"]
    demerits = ["it is paid for each month"]
    downtime = "none"
    effort   = "S"
  }
}
