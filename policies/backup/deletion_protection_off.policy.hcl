# One wrong target, one renamed module, and a production database is in the list of deletes. Deletion protection makes AWS refuse,
# whatever the plan says. Who really wants to delete takes the flag away first, and that is a change that somebody reviews.

resource_policy "aws_db_instance" "deletion_protection_off" {
  title             = "Nothing stops a delete by mistake"
  category          = "backup"
  severity          = "high"
  scope             = "production"
  aliases           = ["CKV_AWS_293", "CKV_AWS_139", "CKV_AWS_150", "CKV_AWS_344", "CKV2_AWS_58", "AWS-0177", "AWS-0343", "FG_R00280", "K:alb_deletion_protection_disabled", "S:rds-ensure-deletion-protection-enabled", "S:elb-ensure-deletion-protection-enabled"]
  references        = ["Terraform AWS provider: aws_db_instance", "Amazon RDS User Guide: Deleting a DB instance", "Elastic Load Balancing: Deletion protection"]
  enforcement_level = "advisory"

  docs {
    why = "A delete that nobody meant, from Terraform, the console or a script, goes through at once. The service is down until everything is built again, and for a database until a restore is done."
    fix = "Turn deletion protection on: deletion_protection (DynamoDB: deletion_protection_enabled, load balancer: enable_deletion_protection, user pool: \"ACTIVE\", firewall: delete_protection). To delete on purpose, turn it off in a change of its own."
  }

  # A replica is made anew from its source; the cluster protects an Aurora member.
  filter = (
    core::coalesce(core::try(attrs.replicate_source_db, null), "-") == "-"
    && !core::startswith(core::coalesce(core::try(attrs.engine, null), "-"), "aurora")
  )

  enforce {
    condition     = core::coalesce(core::try(attrs.deletion_protection, null), false)
    at            = attrs.deletion_protection
    error_message = "${meta.address} has no deletion protection, so one wrong plan deletes the database."
  }

  option "on" {
    title    = "Turn deletion protection on"
    merits   = ["AWS refuses a delete by mistake"]
    demerits = ["a delete on purpose takes two changes"]
    downtime = "none"
    effort   = "S"

    set {
      deletion_protection = true
    }
  }

  option "prevent_destroy" {
    title    = "prevent_destroy in the lifecycle block"
    merits   = ["works for every resource type", "stops the plan already"]
    demerits = ["does not stop the console or a script", "is gone when the block itself is deleted"]
    downtime = "none"
    effort   = "S"
  }

  pass "databases" {
    resource "aws_db_instance" "main" {
      identifier          = "main"
      engine              = "postgres"
      instance_class      = "db.m7g.large"
      deletion_protection = true
    }

    resource "aws_rds_cluster" "main" {
      cluster_identifier  = "main"
      engine              = "aurora-mysql"
      deletion_protection = true
    }

    resource "aws_rds_global_cluster" "main" {
      global_cluster_identifier = "main"
      deletion_protection       = true
    }

    resource "aws_docdb_cluster" "main" {
      cluster_identifier  = "main"
      deletion_protection = true
    }

    resource "aws_neptune_cluster" "main" {
      cluster_identifier  = "main"
      deletion_protection = true
    }

    resource "aws_dynamodb_table" "main" {
      name                        = "main"
      deletion_protection_enabled = true
    }
  }

  pass "others" {
    resource "aws_lb" "main" {
      name                       = "main"
      enable_deletion_protection = true
    }

    resource "aws_lb_listener" "main" {
      load_balancer_arn = aws_lb.main.arn
      port              = 443
      protocol          = "HTTPS"

      default_action {
        type             = "forward"
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:targetgroup/api/0123456789abcdef"
      }
    }

    resource "aws_cognito_user_pool" "main" {
      name                = "main"
      deletion_protection = "ACTIVE"
    }

    resource "aws_networkfirewall_firewall" "main" {
      name                = "main"
      firewall_policy_arn = "arn:aws:network-firewall:ap-northeast-1:111122223333:firewall-policy/main"
      vpc_id              = "vpc-0a1b2c3d4e5f60718"
      delete_protection   = true
    }
  }

  pass "load_balancer_without_listener" {
    resource "aws_lb" "old" {
      name = "old"
    }
  }

  pass "replica" {
    resource "aws_db_instance" "replica" {
      identifier          = "replica"
      instance_class      = "db.m7g.large"
      replicate_source_db = "main"
    }
  }

  pass "replicas_of_clusters" {
    resource "aws_rds_cluster" "second_region" {
      cluster_identifier            = "second"
      engine                        = "aurora-mysql"
      replication_source_identifier = "arn:aws:rds:us-east-1:111122223333:cluster:main"
    }

    resource "aws_neptune_cluster" "copy" {
      cluster_identifier            = "copy"
      replication_source_identifier = "arn:aws:rds:us-east-1:111122223333:cluster:main"
    }
  }

  fail "databases" {
    resource "aws_db_instance" "main" {
      identifier     = "main"
      engine         = "postgres"
      instance_class = "db.m7g.large"
    }

    resource "aws_rds_cluster" "main" {
      cluster_identifier  = "main"
      engine              = "aurora-mysql"
      deletion_protection = false
    }

    resource "aws_rds_global_cluster" "main" {
      global_cluster_identifier = "main"
    }

    resource "aws_docdb_cluster" "main" {
      cluster_identifier = "main"
    }

    resource "aws_neptune_cluster" "main" {
      cluster_identifier = "main"
    }

    resource "aws_dynamodb_table" "main" {
      name = "main"
    }
  }

  fail "others" {
    resource "aws_lb" "main" {
      name = "main"
    }

    resource "aws_lb_listener" "main" {
      load_balancer_arn = aws_lb.main.arn
      port              = 443
      protocol          = "HTTPS"

      default_action {
        type             = "forward"
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:targetgroup/api/0123456789abcdef"
      }
    }

    resource "aws_cognito_user_pool" "main" {
      name                = "main"
      deletion_protection = "INACTIVE"
    }

    resource "aws_networkfirewall_firewall" "main" {
      name                = "main"
      firewall_policy_arn = "arn:aws:network-firewall:ap-northeast-1:111122223333:firewall-policy/main"
      vpc_id              = "vpc-0a1b2c3d4e5f60718"
    }
  }
}

resource_policy "aws_rds_cluster" "deletion_protection_off" {
  enforcement_level = "advisory"

  # A replica is made anew from its source.
  filter = core::coalesce(core::try(attrs.replication_source_identifier, null), "-") == "-"

  enforce {
    condition     = core::coalesce(core::try(attrs.deletion_protection, null), false)
    at            = attrs.deletion_protection
    error_message = "${meta.address} has no deletion protection, so one wrong plan deletes the database cluster."
  }
}

resource_policy "aws_rds_global_cluster" "deletion_protection_off" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(core::try(attrs.deletion_protection, null), false)
    at            = attrs.deletion_protection
    error_message = "${meta.address} has no deletion protection, so one wrong plan takes the global database apart."
  }
}

resource_policy "aws_docdb_cluster" "deletion_protection_off" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(core::try(attrs.deletion_protection, null), false)
    at            = attrs.deletion_protection
    error_message = "${meta.address} has no deletion protection, so one wrong plan deletes the database cluster."
  }
}

resource_policy "aws_neptune_cluster" "deletion_protection_off" {
  enforcement_level = "advisory"

  # A replica is made anew from its source.
  filter = core::coalesce(core::try(attrs.replication_source_identifier, null), "-") == "-"

  enforce {
    condition     = core::coalesce(core::try(attrs.deletion_protection, null), false)
    at            = attrs.deletion_protection
    error_message = "${meta.address} has no deletion protection, so one wrong plan deletes the database cluster."
  }
}

resource_policy "aws_dynamodb_table" "deletion_protection_off" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(core::try(attrs.deletion_protection_enabled, null), false)
    at            = attrs.deletion_protection_enabled
    error_message = "${meta.address} has no deletion protection, so one wrong plan deletes the table with its items."
  }
}

# A load balancer without a listener serves nobody; it should be deleted, not protected.
resource_policy "aws_lb" "deletion_protection_off" {
  enforcement_level = "advisory"

  filter = core::length(core::getresources("aws_lb_listener", { load_balancer_arn = attrs.arn })) > 0

  enforce {
    condition     = core::coalesce(core::try(attrs.enable_deletion_protection, null), false)
    at            = attrs.enable_deletion_protection
    severity      = "medium"
    error_message = "${meta.address} has no deletion protection, so one wrong plan deletes the load balancer and its name."
  }
}

resource_policy "aws_cognito_user_pool" "deletion_protection_off" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(core::try(attrs.deletion_protection, null), "INACTIVE") == "ACTIVE"
    at            = attrs.deletion_protection
    error_message = "${meta.address} has no deletion protection, so one wrong plan deletes the pool with all its users."
  }
}

resource_policy "aws_networkfirewall_firewall" "deletion_protection_off" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(core::try(attrs.delete_protection, null), false)
    at            = attrs.delete_protection
    error_message = "${meta.address} has no deletion protection, so one wrong plan deletes the firewall that all traffic passes."
  }
}
