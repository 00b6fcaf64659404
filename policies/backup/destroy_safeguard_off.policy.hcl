# Some things refuse to be deleted while anything is in them, or wait some days before they go. These flags take the safeguard away.
# They are handy in a test account; in production they turn one wrong line of a plan into lost data.

input "min_days" {
  type        = number
  default     = 14
  description = "Shortest waiting time before a KMS key is deleted that passes, in days. Two weeks are enough to notice that something cannot decrypt any more; 30 is the default of AWS."
}

resource_policy "aws_s3_bucket" "destroy_safeguard_off" {
  title             = "A delete would not stop at what is inside"
  category          = "backup"
  severity          = "high"
  scope             = "production"
  aliases           = ["K:kms_key_with_no_deletion_window"]
  references        = ["Terraform AWS provider: aws_s3_bucket", "Terraform AWS provider: aws_kms_key", "Terraform AWS provider: aws_secretsmanager_secret"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      With force_destroy or force_delete Terraform empties the bucket, repository, zone or vault itself before it deletes it. A short
      or missing waiting time makes a deleted key or secret final before anybody has noticed. What a key encrypted is then lost, too.
    EOT
    fix = "Remove force_destroy or force_delete. Leave deletion_window_in_days and recovery_window_in_days at their default of 30 days."
  }

  enforce {
    condition     = !core::coalesce(core::try(attrs.force_destroy, null), false)
    at            = attrs.force_destroy
    error_message = "${meta.address} has force_destroy = true, so a delete takes every object in the bucket with it."
  }

  option "remove" {
    title    = "Remove the flag, keep the waiting time of 30 days"
    merits   = ["a delete by mistake fails or can be taken back"]
    demerits = ["a delete on purpose needs an empty bucket first"]
    downtime = "none"
    effort   = "S"

    set {
      force_destroy = false
    }
  }

  option "by_environment" {
    title    = "Set the flag from a variable, true only where everything may go"
    merits   = ["test stacks are still taken down in one run"]
    demerits = ["one more difference between environments"]
    downtime = "none"
    effort   = "S"
  }

  pass "not_written" {
    resource "aws_s3_bucket" "photos" {
      bucket = "example-photos"
    }

    resource "aws_ecr_repository" "api" {
      name = "api"
    }

    resource "aws_route53_zone" "main" {
      name = "example.com"
    }

    resource "aws_backup_vault" "main" {
      name = "main"
    }

    resource "aws_kms_key" "main" {
      description = "Data of the application"
    }

    resource "aws_secretsmanager_secret" "main" {
      name = "main"
    }
  }

  pass "long_enough" {
    resource "aws_kms_key" "main" {
      deletion_window_in_days = 14
    }

    resource "aws_secretsmanager_secret" "main" {
      name                    = "main"
      recovery_window_in_days = 7
    }
  }

  fail "forced" {
    resource "aws_s3_bucket" "photos" {
      bucket        = "example-photos"
      force_destroy = true
    }

    resource "aws_ecr_repository" "api" {
      name         = "api"
      force_delete = true
    }

    resource "aws_route53_zone" "main" {
      name          = "example.com"
      force_destroy = true
    }

    resource "aws_backup_vault" "main" {
      name          = "main"
      force_destroy = true
    }
  }

  fail "too_quick" {
    resource "aws_kms_key" "main" {
      deletion_window_in_days = 7
    }

    resource "aws_secretsmanager_secret" "main" {
      name                    = "main"
      recovery_window_in_days = 0
    }
  }
}

resource_policy "aws_ecr_repository" "destroy_safeguard_off" {
  enforcement_level = "advisory"

  enforce {
    condition     = !core::coalesce(core::try(attrs.force_delete, null), false)
    at            = attrs.force_delete
    error_message = "${meta.address} has force_delete = true, so a delete takes every image with it, also those that run now."
  }
}

resource_policy "aws_route53_zone" "destroy_safeguard_off" {
  enforcement_level = "advisory"

  enforce {
    condition     = !core::coalesce(core::try(attrs.force_destroy, null), false)
    at            = attrs.force_destroy
    error_message = "${meta.address} has force_destroy = true, so a delete takes every record with it, also those that Terraform does not know."
  }
}

resource_policy "aws_backup_vault" "destroy_safeguard_off" {
  enforcement_level = "advisory"

  enforce {
    condition     = !core::coalesce(core::try(attrs.force_destroy, null), false)
    at            = attrs.force_destroy
    error_message = "${meta.address} has force_destroy = true, so a delete takes every backup in the vault with it."
  }
}

resource_policy "aws_kms_key" "destroy_safeguard_off" {
  enforcement_level = "advisory"

  locals {
    days = core::coalesce(core::try(attrs.deletion_window_in_days, null), 30)
  }

  enforce {
    condition     = local.days >= input.min_days
    at            = attrs.deletion_window_in_days
    error_message = "${meta.address} is gone ${local.days} days after a delete, and with it whatever it encrypted; at least ${input.min_days} days are asked for."
  }
}

resource_policy "aws_secretsmanager_secret" "destroy_safeguard_off" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(core::try(attrs.recovery_window_in_days, null), 30) != 0
    at            = attrs.recovery_window_in_days
    error_message = "${meta.address} has recovery_window_in_days = 0, so a delete is final at once."
  }
}
