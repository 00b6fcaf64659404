# A bug that writes wrong items, a script with the wrong key: in DynamoDB there is no undo. Point-in-time recovery can bring the
# table back as it was at any second of the last days, as a new table beside the old one.

resource_policy "aws_dynamodb_table" "dynamodb_without_recovery" {
  title             = "DynamoDB table cannot be brought back to a point in time"
  category          = "backup"
  severity          = "high"
  scope             = "production"
  aliases           = ["CKV_AWS_28", "CKV_AWS_165", "AWS-0024", "FG_R00106", "K:dynamodb_table_point_in_time_recovery_disabled", "S:dynamo-db-tables-point-in-time-recovery-enabled"]
  references        = ["Terraform AWS provider: aws_dynamodb_table", "Amazon DynamoDB Developer Guide: Point-in-time recovery"]
  enforcement_level = "advisory"

  docs {
    why = "Without point-in-time recovery the items before a wrong write or a delete are lost, unless somebody has taken a backup by hand."
    fix = "Add point_in_time_recovery { enabled = true }. For a table that holds only what can be computed again, suppress the finding with that reason."
  }

  enforce {
    condition     = core::coalesce(core::try(attrs.point_in_time_recovery[0].enabled, null), false)
    at            = attrs.point_in_time_recovery[0].enabled
    error_message = "${meta.address} has no point-in-time recovery, so items that are overwritten or deleted by mistake are lost."
  }

  option "recovery" {
    title    = "Turn point-in-time recovery on"
    merits   = ["any second of the last 35 days", "deleting the table leaves a last backup for 35 days"]
    demerits = ["paid by the gigabyte of the table each month"]
    downtime = "none"
    effort   = "S"

    set {
      point_in_time_recovery = [{ enabled = true }]
    }
  }

  option "daily" {
    title    = "Daily backups with AWS Backup"
    merits   = ["can be kept for years and copied to another account"]
    demerits = ["up to a day of writes is lost"]
    downtime = "none"
    effort   = "M"
  }

  pass "on" {
    resource "aws_dynamodb_table" "bookings" {
      name         = "bookings"
      billing_mode = "PAY_PER_REQUEST"
      hash_key     = "id"

      attribute {
        name = "id"
        type = "S"
      }

      point_in_time_recovery {
        enabled = true
      }
    }
  }

  fail "not_written" {
    resource "aws_dynamodb_table" "bookings" {
      name         = "bookings"
      billing_mode = "PAY_PER_REQUEST"
      hash_key     = "id"

      attribute {
        name = "id"
        type = "S"
      }
    }
  }

  fail "off" {
    resource "aws_dynamodb_table" "bookings" {
      name = "bookings"

      point_in_time_recovery {
        enabled = false
      }
    }
  }
}
