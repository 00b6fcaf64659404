# Lightsail sells the standby as another bundle. A database of a plain bundle is one machine in one Availability Zone, and the step
# to a bundle with standby is a replacement, so it is better taken before the database is full of data.
resource_policy "aws_lightsail_database" "lightsail_database_without_standby" {
  title             = "Lightsail database has no standby"
  category          = "lightsail"
  severity          = "high"
  scope             = "production"
  references        = ["Amazon Lightsail User Guide: High availability databases", "Terraform AWS provider: aws_lightsail_database"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = <<-EOT
      When the machine or its zone fails, every server that uses the database stops, and the way back is a restore by hand. Updates
      are outages as well. Lightsail offers no reader and no failover for this bundle, so the team can only wait.
    EOT
    fix = "Restore a snapshot as a new database with a bundle that has `_ha_` in its name, switch the application, then delete the old one. Changing `bundle_id` in place makes Terraform destroy the database first."
  }

  enforce {
    condition     = core::strcontains(attrs.bundle_id, "_ha_")
    at            = attrs.bundle_id
    error_message = "${meta.address} uses bundle ${attrs.bundle_id}, which has no standby: when its machine or zone fails, it is down until a snapshot is restored by hand."
  }

  option "high_availability_bundle" {
    title    = "Move to a high availability bundle"
    merits   = ["a standby in another zone with failover by AWS", "stays within Lightsail"]
    demerits = ["about twice the price", "`bundle_id` forces a replacement: snapshot, restore as new, switch"]
    downtime = "minutes at the switch"
    effort   = "M"
    set {
      bundle_id = core::replace(attrs.bundle_id, "/^(micro|small|medium|large)_/", "$${1}_ha_")
    }
  }

  option "rds_multi_az" {
    title    = "Move to RDS with Multi-AZ"
    merits   = ["failover, readers, longer backups and metrics", "the way out of Lightsail"]
    demerits = ["a migration project", "a higher price"]
    downtime = "minutes when the data is replicated first"
    effort   = "L"
  }

  pass "high_availability_bundle" {
    resource "aws_lightsail_database" "main" {
      relational_database_name = "main"
      blueprint_id             = "mysql_8_0"
      bundle_id                = "small_ha_2_0"
      master_database_name     = "app"
      master_username          = "app"
      master_password          = "not-a-real-password"
    }
  }

  fail "plain_bundle" {
    resource "aws_lightsail_database" "main" {
      relational_database_name = "main"
      blueprint_id             = "mysql_8_0"
      bundle_id                = "micro_2_0"
      master_database_name     = "app"
      master_username          = "app"
      master_password          = "not-a-real-password"
    }
  }
}
