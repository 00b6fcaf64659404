# AWS has no deletion protection for these. In Terraform a lifecycle block can stop the plan instead.

resource_policy "aws_s3_bucket" "stateful_without_prevent_destroy" {
  title             = "Data without deletion protection has no prevent_destroy"
  category          = "backup"
  severity          = "low"
  scope             = "production"
  pedantic          = true
  references        = ["Terraform: The lifecycle meta-argument", "Terraform AWS provider: aws_s3_bucket"]
  enforcement_level = "advisory"

  docs {
    why = "AWS does not protect this object against a delete, and neither does its block. A changed attribute that forces a replacement is enough to lose what is in it."
    fix = "Add lifecycle { prevent_destroy = true }. It must be a plain true: Terraform takes no variable there."
  }

  enforce {
    condition     = core::coalesce(meta.lifecycle.prevent_destroy, false)
    error_message = "${meta.address} has no prevent_destroy and no protection by AWS, so one wrong plan deletes it with what is in it."
  }

  option "prevent" {
    title    = "Add prevent_destroy"
    merits   = ["the plan stops before anything is deleted"]
    demerits = ["gone when the whole block is removed", "a delete on purpose takes two changes"]
    downtime = "none"
    effort   = "S"
  }

  pass "prevented" {
    resource "aws_s3_bucket" "photos" {
      bucket = "example-photos"

      lifecycle {
        prevent_destroy = true
      }
    }
  }

  pass "others" {
    resource "aws_efs_file_system" "main" {
      creation_token = "main"

      lifecycle {
        prevent_destroy = true
      }
    }

    resource "aws_elasticache_replication_group" "main" {
      replication_group_id = "main"
      description          = "Sessions"

      lifecycle {
        prevent_destroy = true
      }
    }

    resource "aws_ebs_volume" "main" {
      availability_zone = "ap-northeast-1a"
      size              = 100

      lifecycle {
        prevent_destroy = true
      }
    }

    resource "aws_opensearch_domain" "main" {
      domain_name = "main"

      lifecycle {
        prevent_destroy = true
      }
    }

    resource "aws_msk_cluster" "main" {
      kafka_version          = "3.6.0"
      number_of_broker_nodes = 2
      cluster_name           = "main"

      lifecycle {
        prevent_destroy = true
      }

      broker_node_group_info {
        client_subnets  = ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"]
        instance_type   = "kafka.m7g.large"
        security_groups = ["sg-0a1b2c3d4e5f60718"]
      }
    }

    resource "aws_lightsail_database" "main" {
      blueprint_id             = "mysql_8_0"
      bundle_id                = "small_ha_2_0"
      master_database_name     = "app"
      master_password          = "not-a-real-password"
      master_username          = "app"
      relational_database_name = "main"

      lifecycle {
        prevent_destroy = true
      }
    }

    resource "aws_route53_zone" "main" {
      name = "example.com"

      lifecycle {
        prevent_destroy = true
      }
    }

    resource "aws_kms_key" "main" {
      description = "Data of the application"

      lifecycle {
        prevent_destroy = true
      }
    }
  }

  fail "not_prevented" {
    resource "aws_s3_bucket" "photos" {
      bucket = "example-photos"
      lifecycle {
        prevent_destroy = false
      }
    }

    resource "aws_efs_file_system" "main" {
      creation_token = "main"
    }

    resource "aws_elasticache_replication_group" "main" {
      replication_group_id = "main"
      description          = "Sessions"
    }

    resource "aws_ebs_volume" "main" {
      availability_zone = "ap-northeast-1a"
      size              = 100
    }

    resource "aws_opensearch_domain" "main" {
      domain_name = "main"
    }

    resource "aws_msk_cluster" "main" {
      kafka_version          = "3.6.0"
      number_of_broker_nodes = 2
      cluster_name           = "main"

      broker_node_group_info {
        client_subnets  = ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"]
        instance_type   = "kafka.m7g.large"
        security_groups = ["sg-0a1b2c3d4e5f60718"]
      }
    }

    resource "aws_lightsail_database" "main" {
      blueprint_id             = "mysql_8_0"
      bundle_id                = "small_ha_2_0"
      master_database_name     = "app"
      master_password          = "not-a-real-password"
      master_username          = "app"
      relational_database_name = "main"
    }

    resource "aws_route53_zone" "main" {
      name = "example.com"
    }

    resource "aws_kms_key" "main" {
      description = "Data of the application"
    }
  }
}

resource_policy "aws_efs_file_system" "stateful_without_prevent_destroy" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(meta.lifecycle.prevent_destroy, false)
    error_message = "${meta.address} has no prevent_destroy and no protection by AWS, so one wrong plan deletes it with what is in it."
  }
}

resource_policy "aws_elasticache_replication_group" "stateful_without_prevent_destroy" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(meta.lifecycle.prevent_destroy, false)
    error_message = "${meta.address} has no prevent_destroy and no protection by AWS, so one wrong plan deletes it with what is in it."
  }
}

resource_policy "aws_ebs_volume" "stateful_without_prevent_destroy" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(meta.lifecycle.prevent_destroy, false)
    error_message = "${meta.address} has no prevent_destroy and no protection by AWS, so one wrong plan deletes it with what is in it."
  }
}

resource_policy "aws_opensearch_domain" "stateful_without_prevent_destroy" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(meta.lifecycle.prevent_destroy, false)
    error_message = "${meta.address} has no prevent_destroy and no protection by AWS, so one wrong plan deletes it with what is in it."
  }
}

resource_policy "aws_msk_cluster" "stateful_without_prevent_destroy" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(meta.lifecycle.prevent_destroy, false)
    error_message = "${meta.address} has no prevent_destroy and no protection by AWS, so one wrong plan deletes it with what is in it."
  }
}

resource_policy "aws_lightsail_database" "stateful_without_prevent_destroy" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(meta.lifecycle.prevent_destroy, false)
    error_message = "${meta.address} has no prevent_destroy and no protection by AWS, so one wrong plan deletes it with what is in it."
  }
}

resource_policy "aws_route53_zone" "stateful_without_prevent_destroy" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(meta.lifecycle.prevent_destroy, false)
    error_message = "${meta.address} has no prevent_destroy and no protection by AWS, so one wrong plan deletes it with what is in it."
  }
}

resource_policy "aws_kms_key" "stateful_without_prevent_destroy" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(meta.lifecycle.prevent_destroy, false)
    error_message = "${meta.address} has no prevent_destroy and no protection by AWS, so one wrong plan deletes it with what is in it."
  }
}
