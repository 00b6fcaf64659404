# A database that has a public address is one firewall rule away from everybody. Applications in the same network never need it.
# Redshift was public by default up to version 5 of the provider; a plan then says true by itself. Where nothing is written and no
# plan is at hand, the version is not known, and nothing is said.

resource_policy "aws_db_instance" "database_publicly_accessible" {
  title             = "Database has an address on the internet"
  category          = "exposure"
  severity          = "critical"
  aliases           = ["CKV_AWS_17", "CKV_AWS_87", "CKV_AWS_69", "CKV_AWS_89", "CKV_AWS_102", "AWS-0180", "AWS-0072", "FG_R00278", "FG_R00270"]
  references        = ["Terraform AWS provider: aws_db_instance", "Amazon RDS User Guide: Hiding a DB instance in a VPC from the internet", "Terraform AWS provider: Version 6 upgrade guide, aws_redshift_cluster"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = "The database can be reached from the internet as soon as one security group is too wide. Password guessing and known holes do the rest."
    fix = "Set publicly_accessible = false. Reach the database through SSM port forwarding, a bastion or a VPN."
  }

  enforce {
    condition     = !core::coalesce(core::try(attrs.publicly_accessible, null), false)
    at            = attrs.publicly_accessible
    error_message = "${meta.address} is publicly accessible: it has an address on the internet, and only its password and its firewall keep strangers out."
  }

  option "private" {
    title    = "Turn the public address off"
    merits   = ["nobody outside can try"]
    demerits = ["people need another way in"]
    downtime = "none for RDS inside the VPC; clients outside lose the connection"
    effort   = "S"

    set {
      publicly_accessible = false
    }
  }

  option "tunnel" {
    title    = "SSM port forwarding for people"
    merits   = ["no open port, each login is on record"]
    demerits = ["an instance or task to tunnel through"]
    downtime = "none"
    effort   = "M"
  }

  pass "private" {
    resource "aws_db_instance" "main" {
      instance_class = "db.m7g.large"
      identifier     = "main"
    }

    resource "aws_rds_cluster_instance" "main" {
      cluster_identifier  = "main"
      instance_class      = "db.r7g.large"
      publicly_accessible = false
    }

    resource "aws_redshift_cluster" "main" {
      cluster_identifier  = "main"
      node_type           = "ra3.large"
      publicly_accessible = false
    }

    resource "aws_mq_broker" "main" {
      broker_name         = "main"
      engine_type         = "ActiveMQ"
      engine_version      = "5.18"
      host_instance_type  = "mq.m5.large"
      publicly_accessible = false

      user {
        username = "app"
        password = "not-a-real-password"
      }
    }

    resource "aws_dms_replication_instance" "main" {
      replication_instance_class = "dms.t3.medium"
      replication_instance_id    = "main"
      publicly_accessible        = false
    }

    resource "aws_neptune_cluster_instance" "main" {
      cluster_identifier  = "main"
      instance_class      = "db.r6g.large"
      publicly_accessible = false
    }

    resource "aws_lightsail_database" "main" {
      blueprint_id             = "mysql_8_0"
      bundle_id                = "small_ha_2_0"
      master_database_name     = "app"
      master_password          = "not-a-real-password"
      master_username          = "app"
      relational_database_name = "main"
      publicly_accessible      = false
    }
  }

  fail "public" {
    resource "aws_db_instance" "main" {
      instance_class      = "db.m7g.large"
      identifier          = "main"
      publicly_accessible = true
    }

    resource "aws_rds_cluster_instance" "main" {
      cluster_identifier  = "main"
      instance_class      = "db.r7g.large"
      publicly_accessible = true
    }

    resource "aws_redshift_cluster" "main" {
      cluster_identifier  = "main"
      node_type           = "ra3.large"
      publicly_accessible = true
    }

    resource "aws_mq_broker" "main" {
      broker_name         = "main"
      engine_type         = "ActiveMQ"
      engine_version      = "5.18"
      host_instance_type  = "mq.m5.large"
      publicly_accessible = true

      user {
        username = "app"
        password = "not-a-real-password"
      }
    }

    resource "aws_dms_replication_instance" "main" {
      replication_instance_class = "dms.t3.medium"
      replication_instance_id    = "main"
      publicly_accessible        = true
    }

    resource "aws_neptune_cluster_instance" "main" {
      cluster_identifier  = "main"
      instance_class      = "db.r6g.large"
      publicly_accessible = true
    }

    resource "aws_lightsail_database" "main" {
      blueprint_id             = "mysql_8_0"
      bundle_id                = "small_ha_2_0"
      master_database_name     = "app"
      master_password          = "not-a-real-password"
      master_username          = "app"
      relational_database_name = "main"
      publicly_accessible      = true
    }
  }
}

resource_policy "aws_rds_cluster_instance" "database_publicly_accessible" {
  enforcement_level = "mandatory_overridable"

  enforce {
    condition     = !core::coalesce(core::try(attrs.publicly_accessible, null), false)
    at            = attrs.publicly_accessible
    error_message = "${meta.address} is publicly accessible: it has an address on the internet, and only its password and its firewall keep strangers out."
  }
}

resource_policy "aws_redshift_cluster" "database_publicly_accessible" {
  enforcement_level = "mandatory_overridable"

  enforce {
    condition     = !core::coalesce(core::try(attrs.publicly_accessible, null), false)
    at            = attrs.publicly_accessible
    error_message = "${meta.address} is publicly accessible: it has an address on the internet, and only its password and its firewall keep strangers out."
  }
}

resource_policy "aws_mq_broker" "database_publicly_accessible" {
  enforcement_level = "mandatory_overridable"

  enforce {
    condition     = !core::coalesce(core::try(attrs.publicly_accessible, null), false)
    at            = attrs.publicly_accessible
    error_message = "${meta.address} is publicly accessible: it has an address on the internet, and only its password and its firewall keep strangers out."
  }
}

resource_policy "aws_dms_replication_instance" "database_publicly_accessible" {
  enforcement_level = "mandatory_overridable"

  enforce {
    condition     = !core::coalesce(core::try(attrs.publicly_accessible, null), false)
    at            = attrs.publicly_accessible
    error_message = "${meta.address} is publicly accessible: it has an address on the internet, and only its password and its firewall keep strangers out."
  }
}

resource_policy "aws_neptune_cluster_instance" "database_publicly_accessible" {
  enforcement_level = "mandatory_overridable"

  enforce {
    condition     = !core::coalesce(core::try(attrs.publicly_accessible, null), false)
    at            = attrs.publicly_accessible
    error_message = "${meta.address} is publicly accessible: it has an address on the internet, and only its password and its firewall keep strangers out."
  }
}

resource_policy "aws_lightsail_database" "database_publicly_accessible" {
  enforcement_level = "mandatory_overridable"

  enforce {
    condition     = !core::coalesce(core::try(attrs.publicly_accessible, null), false)
    at            = attrs.publicly_accessible
    error_message = "${meta.address} is publicly accessible: it has an address on the internet, and only its password and its firewall keep strangers out."
  }
}
