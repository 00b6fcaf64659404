# Every release pushes an image, every day writes logs, every broken upload leaves its parts. Without a rule nothing of it ever goes,
# and storage becomes one of the larger lines of the bill.
resource_policy "aws_ecr_repository" "old_objects_kept_for_ever" {
  title             = "Old objects are kept for ever"
  category          = "cost"
  severity          = "low"
  aliases           = ["CKV2_AWS_61", "CKV_AWS_300", "CB:ECR-1", "CB:S3-1", "S:ecr-lifecycle-policy-configured"]
  references        = ["Amazon ECR User Guide: Automate the cleanup of images by using lifecycle policies", "Amazon S3 User Guide: Managing the lifecycle of objects"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      Images of releases that nobody will run again, log files of years, versions of overwritten objects, halves of uploads that broke
      off: all of it is stored at full price. The more often a team releases, the faster it grows.
    EOT
    fix = "Add a rule: keep the last 30 images; move logs to a colder class and delete them after their time; delete old versions and broken uploads."
  }

  enforce {
    condition     = core::length(core::getresources("aws_ecr_lifecycle_policy", { repository = attrs.name })) > 0
    error_message = "${meta.address} has no lifecycle policy: every image that is pushed stays and is paid for."
  }

  option "keep_the_last" {
    title    = "Keep the last 30 images, delete untagged ones after a week"
    merits   = ["storage stops growing", "enough to roll back to"]
    demerits = ["an old image that something still runs can be deleted: keep more than the slowest service is behind"]
    downtime = "none"
    effort   = "S"
  }

  pass "with_rules" {
    resource "aws_ecr_repository" "api" {
      name = "api"
    }

    resource "aws_ecr_lifecycle_policy" "api" {
      repository = aws_ecr_repository.api.name
      policy     = "{}"
    }

    resource "aws_s3_bucket" "logs" {
      bucket = "gym-access-logs"
    }

    resource "aws_s3_bucket_lifecycle_configuration" "logs" {
      bucket = aws_s3_bucket.logs.id

      rule {
        id     = "old"
        status = "Enabled"

        expiration {
          days = 400
        }

        abort_incomplete_multipart_upload {
          days_after_initiation = 7
        }
      }
    }

    resource "aws_efs_file_system" "media" {
      creation_token = "media"

      lifecycle_policy {
        transition_to_ia = "AFTER_30_DAYS"
      }
    }
  }

  pass "rules_inside_of_the_bucket" {
    resource "aws_s3_bucket" "logs" {
      bucket = "old-logs"

      lifecycle_rule {
        enabled                                = true
        abort_incomplete_multipart_upload_days = 7

        expiration {
          days = 400
        }
      }
    }
  }

  pass "small_and_precious" {
    resource "aws_s3_bucket" "members" {
      bucket = "members"
    }
  }

  fail "no_rules" {
    resource "aws_ecr_repository" "api" {
      name = "api"
    }

    resource "aws_s3_bucket" "logs" {
      bucket = "gym-access-logs"
    }

    resource "aws_s3_bucket" "releases" {
      bucket = "releases"
    }

    resource "aws_codepipeline" "main" {
      name     = "main"
      role_arn = "arn:aws:iam::123456789012:role/pipeline"

      artifact_store {
        location = aws_s3_bucket.releases.bucket
        type     = "S3"
      }
    }

    resource "aws_s3_bucket" "uploads" {
      bucket = "uploads"
    }

    resource "aws_s3_bucket_versioning" "uploads" {
      bucket = aws_s3_bucket.uploads.id

      versioning_configuration {
        status = "Enabled"
      }
    }

    resource "aws_efs_file_system" "media" {
      creation_token = "media"
    }
  }

  fail "broken_uploads_stay" {
    resource "aws_s3_bucket" "logs" {
      bucket = "gym-access-logs"
    }

    resource "aws_s3_bucket_lifecycle_configuration" "logs" {
      bucket = aws_s3_bucket.logs.id

      rule {
        id     = "old"
        status = "Enabled"

        expiration {
          days = 400
        }
      }
    }
  }

  fail "versioned_by_the_bucket_itself" {
    resource "aws_s3_bucket" "uploads" {
      bucket = "uploads"

      versioning {
        enabled = true
      }
    }
  }
}

resource_policy "aws_s3_bucket" "old_objects_kept_for_ever" {
  enforcement_level = "advisory"

  locals {
    by_id = core::getresources("aws_s3_bucket_lifecycle_configuration", { bucket = attrs.bucket })
    own   = [for r in core::coalesce(core::try([for x in attrs.lifecycle_rule : x], null), []) : r if core::coalesce(core::try(r.enabled, null), true)]
    rules = core::flatten([for c in local.by_id : core::coalesce(core::try([for r in c.rule : r if core::coalesce(core::try(r.status, null), "Enabled") == "Enabled"], null), [])])

    aborts = core::anytrue(core::concat(
      [for r in local.rules : core::length(core::coalesce(core::try(r.abort_incomplete_multipart_upload, null), [])) > 0],
      [for r in local.own : core::coalesce(core::try(r.abort_incomplete_multipart_upload_days, null), 0) > 0]
    ))

    # Buckets that only grow: logs, artifacts, and those that keep every version.
    named    = core::can(core::regex("(^|[-._])(logs?|logging|artifacts?|trail|flow-?logs?)([-._]|$)", attrs.bucket))
    filled   = core::length(core::getresources("aws_lb", { access_logs = { bucket = attrs.bucket } })) > 0 || core::length(core::getresources("aws_cloudtrail", { s3_bucket_name = attrs.bucket })) > 0 || core::length(core::getresources("aws_s3_bucket_logging", { target_bucket = attrs.bucket })) > 0 || core::length(core::getresources("aws_codepipeline", { artifact_store = { location = attrs.bucket } })) > 0
    kept     = core::length([for v in core::getresources("aws_s3_bucket_versioning", { bucket = attrs.bucket }) : v if core::try(v.versioning_configuration[0].status == "Enabled", false)]) > 0 || core::try(attrs.versioning[0].enabled, false) == true
    why      = local.kept ? "keeps every version of every object" : "only grows"
    is_ruled = core::length(local.rules) > 0 || core::length(local.own) > 0
  }

  filter = local.named || local.filled || local.kept

  enforce {
    condition     = local.is_ruled
    error_message = "${meta.address} ${local.why}, and no lifecycle rule ever deletes anything."
  }

  enforce {
    condition     = !local.is_ruled || local.aborts
    error_message = "${meta.address} has lifecycle rules, but none deletes uploads that broke off half-way; their parts stay and are paid for."
  }

  option "lifecycle" {
    title    = "Add lifecycle rules"
    merits   = ["storage stops growing", "rarely read objects move to a cheaper class"]
    demerits = ["what is deleted is gone; agree on the time with those who need the data"]
    downtime = "none"
    effort   = "S"
  }
}

resource_policy "aws_efs_file_system" "old_objects_kept_for_ever" {
  enforcement_level = "advisory"

  # One Zone has infrequent access, too.
  enforce {
    condition     = core::anytrue(core::coalesce(core::try([for p in attrs.lifecycle_policy : core::try(p.transition_to_ia, null) != null && core::try(p.transition_to_ia, "") != ""], null), []))
    error_message = "${meta.address} keeps files that nobody reads at full price: no rule moves them to infrequent access."
  }

  option "infrequent_access" {
    title    = "Move files to infrequent access after 30 days"
    merits   = ["a small part of the price for files that nobody reads"]
    demerits = ["a fee for each read of such a file"]
    downtime = "none"
    effort   = "S"
  }
}
