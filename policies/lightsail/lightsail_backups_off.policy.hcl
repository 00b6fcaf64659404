# A Lightsail server is one disk on one machine. Automatic snapshots are off until somebody turns them on; those of a database are on
# until somebody turns them off. Without them a wrong command or a lost disk is the end of the data.

resource_policy "aws_lightsail_instance" "lightsail_backups_off" {
  title             = "Lightsail makes no automatic backups"
  category          = "lightsail"
  severity          = "high"
  scope             = "production"
  references        = ["Terraform AWS provider: aws_lightsail_instance", "Amazon Lightsail User Guide: Automatic snapshots"]
  enforcement_level = "advisory"

  docs {
    why = "If the disk is lost, a file is deleted or an update goes wrong, there is no state of yesterday to go back to."
    fix = "Instance: add an add_on block with type AutoSnapshot, a snapshot_time and status Enabled. Database: leave backup_retention_enabled at its default, true."
  }

  locals {
    snapshots = core::try([for a in attrs.add_on : a if a.type == "AutoSnapshot" && a.status == "Enabled"], [])
  }

  enforce {
    condition     = core::length(local.snapshots) > 0
    at            = attrs.add_on
    error_message = "${meta.address} takes no automatic snapshots, so what is on its disk cannot be restored."
  }

  option "snapshots" {
    title    = "Daily automatic snapshots"
    merits   = ["the last seven days can be restored"]
    demerits = ["snapshot storage is paid by the gigabyte"]
    downtime = "none"
    effort   = "S"
  }

  option "no_state" {
    title    = "Keep nothing on the server: files in a bucket, data in a database"
    merits   = ["the server can be thrown away and made again"]
    demerits = ["a change of the application"]
    downtime = "minutes at the switch"
    effort   = "M"
  }

  pass "on" {
    resource "aws_lightsail_instance" "web" {
      name              = "web"
      availability_zone = "ap-northeast-1a"
      blueprint_id      = "amazon_linux_2023"
      bundle_id         = "small_3_0"

      add_on {
        type          = "AutoSnapshot"
        snapshot_time = "18:00"
        status        = "Enabled"
      }
    }

    resource "aws_lightsail_database" "main" {
      blueprint_id             = "mysql_8_0"
      master_database_name     = "app"
      master_password          = "not-a-real-password"
      master_username          = "app"
      relational_database_name = "main"
      bundle_id                = "small_ha_2_0"
    }
  }

  fail "off" {
    resource "aws_lightsail_instance" "web" {
      name              = "web"
      availability_zone = "ap-northeast-1a"
      blueprint_id      = "amazon_linux_2023"
      bundle_id         = "small_3_0"
    }

    resource "aws_lightsail_instance" "disabled" {
      name              = "disabled"
      availability_zone = "ap-northeast-1a"
      blueprint_id      = "amazon_linux_2023"
      bundle_id         = "small_3_0"

      add_on {
        type          = "AutoSnapshot"
        snapshot_time = "18:00"
        status        = "Disabled"
      }
    }

    resource "aws_lightsail_database" "main" {
      blueprint_id             = "mysql_8_0"
      master_database_name     = "app"
      master_password          = "not-a-real-password"
      master_username          = "app"
      relational_database_name = "main"
      bundle_id                = "small_ha_2_0"
      backup_retention_enabled = false
    }
  }
}

resource_policy "aws_lightsail_database" "lightsail_backups_off" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(core::try(attrs.backup_retention_enabled, null), true)
    at            = attrs.backup_retention_enabled
    error_message = "${meta.address} has backup_retention_enabled = false, so it cannot be brought back to the moment before a mistake."
  }
}
