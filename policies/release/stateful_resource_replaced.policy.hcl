# Some attributes cannot be changed on a living object, so Terraform deletes the object and makes a new, empty one. In the
# plan that is one short line among many. For a database, a disk or a queue it means that the data is gone, and for a key
# that nobody can read what it encrypted.

locals {
  # Replaced, judged once: on its delete half. An object that Terraform only forgets stays alive.
  replaced = !meta.forget && core::contains(meta.actions, "create")

  # Only the name of the attribute: a path can also hold a value.
  forced_by = core::try(core::distinct([for path in meta.replace_paths : core::tostring(path[0])]), [])
  reason    = core::length(local.forced_by) > 0 ? "forced by ${core::join(", ", local.forced_by)}" : core::coalesce(core::try(meta.action_reason, null), "the plan names no attribute")
}

resource_policy "aws_db_instance" "stateful_resource_replaced" {
  title             = "An object that holds data is deleted and made again"
  category          = "release"
  severity          = "critical"
  scope             = "production_data"
  references        = ["Terraform: Resource lifecycle, replacement", "Terraform: Refactor modules with moved blocks"]
  enforcement_level = "mandatory"
  operations        = ["delete"]

  docs {
    why = "The plan deletes the object with everything in it and makes an empty one. A small team often has no second copy that is tested. The service stops, and what was not backed up is lost."
    fix = <<-EOT
      Read which attribute forces the replacement, and take that change back if you can.
      If only the address in Terraform changed, write a moved block or an import block: nothing happens to the object then.
      If the new attribute is needed, make a second object from a snapshot beside the old one, switch to it, and delete the old one in a later change.
    EOT
  }

  # Nothing to weigh: who gets this far is replaced.
  filter = local.replaced

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted and made again, and the database and its data go with it (${local.reason})."
  }

  option "keep" {
    title    = "Keep the attribute that forces the replacement"
    merits   = ["nothing happens to the data"]
    demerits = ["the wish behind the change stays open"]
    downtime = "none"
    effort   = "S"
  }

  option "copy" {
    title    = "Make a second object from a snapshot, switch, delete the old one later"
    merits   = ["there is a way back at each step"]
    demerits = ["both are paid for while they run", "writes between snapshot and switch must be stopped or copied"]
    downtime = "minutes"
    effort   = "M"
  }

  option "moved" {
    title    = "Write a moved or import block, if only the address changed"
    merits   = ["changes the state only"]
    demerits = ["helps only if the object itself shall stay as it is"]
    downtime = "none"
    effort   = "S"
  }
}

resource_policy "aws_rds_cluster" "stateful_resource_replaced" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted and made again, and the database cluster and its data go with it (${local.reason})."
  }
}

resource_policy "aws_rds_global_cluster" "stateful_resource_replaced" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted and made again, and the tie between the clusters of the global database goes with it (${local.reason})."
  }
}

resource_policy "aws_docdb_cluster" "stateful_resource_replaced" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted and made again, and the database cluster and its data go with it (${local.reason})."
  }
}

resource_policy "aws_neptune_cluster" "stateful_resource_replaced" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted and made again, and the database cluster and its data go with it (${local.reason})."
  }
}

resource_policy "aws_elasticache_replication_group" "stateful_resource_replaced" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted and made again, and everything in the cache goes with it (${local.reason})."
  }
}

resource_policy "aws_elasticache_cluster" "stateful_resource_replaced" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted and made again, and everything in the cache goes with it (${local.reason})."
  }
}

resource_policy "aws_elasticache_serverless_cache" "stateful_resource_replaced" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted and made again, and everything in the cache goes with it (${local.reason})."
  }
}

resource_policy "aws_dynamodb_table" "stateful_resource_replaced" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted and made again, and all items of the table go with it (${local.reason})."
  }
}

resource_policy "aws_s3_bucket" "stateful_resource_replaced" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted and made again, and the bucket with its objects and settings goes with it (${local.reason})."
  }
}

resource_policy "aws_efs_file_system" "stateful_resource_replaced" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted and made again, and all files go with it (${local.reason})."
  }
}

resource_policy "aws_ebs_volume" "stateful_resource_replaced" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted and made again, and the disk and its data go with it (${local.reason})."
  }
}

resource_policy "aws_opensearch_domain" "stateful_resource_replaced" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted and made again, and all indices go with it (${local.reason})."
  }
}

resource_policy "aws_msk_cluster" "stateful_resource_replaced" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted and made again, and all topics and messages go with it (${local.reason})."
  }
}

resource_policy "aws_mq_broker" "stateful_resource_replaced" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted and made again, and all queued messages go with it (${local.reason})."
  }
}

resource_policy "aws_redshift_cluster" "stateful_resource_replaced" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted and made again, and the warehouse and its data go with it (${local.reason})."
  }
}

resource_policy "aws_kinesis_stream" "stateful_resource_replaced" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted and made again, and all records in the stream go with it (${local.reason})."
  }
}

resource_policy "aws_sqs_queue" "stateful_resource_replaced" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted and made again, and all queued messages go with it (${local.reason})."
  }
}

resource_policy "aws_kms_key" "stateful_resource_replaced" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted and made again, and the key that opens encrypted data goes with it (${local.reason})."
  }
}

resource_policy "aws_secretsmanager_secret" "stateful_resource_replaced" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted and made again, and the secret and its versions go with it (${local.reason})."
  }
}

resource_policy "aws_ecr_repository" "stateful_resource_replaced" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted and made again, and all images go with it (${local.reason})."
  }
}

resource_policy "aws_cloudwatch_log_group" "stateful_resource_replaced" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = local.replaced

  # With skip_destroy the old group stays in the account, with its logs.
  enforce {
    condition     = core::coalesce(core::try(prior_attrs.skip_destroy, null), false)
    error_message = "${meta.address} is deleted and made again, and all logs of the group go with it (${local.reason})."
  }
}

resource_policy "aws_cognito_user_pool" "stateful_resource_replaced" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted and made again, and all users and their passwords go with it (${local.reason})."
  }
}

resource_policy "aws_backup_vault" "stateful_resource_replaced" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted and made again, and the vault with its recovery points goes with it (${local.reason})."
  }
}

resource_policy "aws_lightsail_instance" "stateful_resource_replaced" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted and made again, and the server and its disk go with it (${local.reason})."
  }
}

resource_policy "aws_lightsail_database" "stateful_resource_replaced" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted and made again, and the database and its data go with it (${local.reason})."
  }
}

resource_policy "aws_lightsail_disk" "stateful_resource_replaced" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted and made again, and the disk and its data go with it (${local.reason})."
  }
}

resource_policy "aws_lightsail_bucket" "stateful_resource_replaced" {
  enforcement_level = "mandatory"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted and made again, and all objects of the bucket go with it (${local.reason})."
  }
}
