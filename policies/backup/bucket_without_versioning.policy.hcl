# S3 keeps what it is told: an overwritten or deleted object is gone at once. With versioning the old version stays until a
# lifecycle rule removes it, so a wrong sync or a bug can be undone.

resource_policy "aws_s3_bucket" "bucket_without_versioning" {
  title             = "Bucket keeps no older versions of its objects"
  category          = "backup"
  severity          = "medium"
  scope             = "production"
  aliases           = ["CKV_AWS_21", "AWS-0090", "FG_R00101", "K:s3_bucket_without_versioning", "S:s3-bucket-should-have-versioning-enabled"]
  references        = ["Terraform AWS provider: aws_s3_bucket_versioning", "Amazon S3 User Guide: Using versioning in S3 buckets"]
  enforcement_level = "advisory"

  docs {
    why = "A deploy script with the wrong path, a sync with the wrong flag or a bug overwrites or deletes objects, and nobody can bring them back."
    fix = "Add an aws_s3_bucket_versioning with status Enabled, and a lifecycle rule that removes old versions after some weeks. Buckets that only take access logs, trails or flow logs are left out."
  }

  locals {
    inline = core::coalesce(core::try(attrs.versioning[0].enabled, null), false)
    companions = core::concat(
      core::getresources("aws_s3_bucket_versioning", { bucket = attrs.id }),
      core::getresources("aws_s3_bucket_versioning", { bucket = core::try(attrs.bucket, null) })
    )
    enabled = core::anytrue([for v in local.companions : core::try(v.versioning_configuration[0].status, null) == "Enabled"])

    # AWS writes each object of a log or a stream once, under a new name.
    log_target = core::anytrue([
      for r in graph::referrers("aws_lb", "aws_elb", "aws_cloudtrail", "aws_flow_log", "aws_s3_bucket", "aws_s3_bucket_logging", "aws_cloudfront_distribution", "aws_config_delivery_channel", "aws_kinesis_firehose_delivery_stream") :
      core::regex_match("^(access_logs|logging|logging_config|log_destination|s3_bucket_name|target_bucket|extended_s3_configuration)\\b", r._path)
    ])
  }

  filter = local.inline || local.enabled || !local.log_target

  enforce {
    condition     = local.inline || local.enabled
    error_message = "${meta.address} keeps no older versions, so an object that is overwritten or deleted by mistake is lost."
  }

  option "versioning" {
    title    = "Turn versioning on, and let old versions expire after 30 days"
    merits   = ["a wrong write or delete can be undone"]
    demerits = ["old versions are paid for until they expire"]
    downtime = "none"
    effort   = "S"
  }

  option "backup" {
    title    = "Back the bucket up with AWS Backup"
    merits   = ["a copy that the application cannot reach"]
    demerits = ["needs versioning as well", "paid by the gigabyte"]
    downtime = "none"
    effort   = "M"
  }

  pass "companion" {
    resource "aws_s3_bucket" "photos" {
      bucket = "example-photos"
    }

    resource "aws_s3_bucket_versioning" "photos" {
      bucket = aws_s3_bucket.photos.id

      versioning_configuration {
        status = "Enabled"
      }
    }
  }

  pass "inline" {
    resource "aws_s3_bucket" "photos" {
      bucket = "example-photos"

      versioning {
        enabled = true
      }
    }
  }

  pass "by_name" {
    resource "aws_s3_bucket" "photos" {
      bucket = "example-photos"
    }

    resource "aws_s3_bucket_versioning" "photos" {
      bucket = "example-photos"

      versioning_configuration {
        status = "Enabled"
      }
    }
  }

  pass "log_targets" {
    resource "aws_s3_bucket" "access" {
      bucket = "example-access-log"
    }

    resource "aws_s3_bucket" "trail" {
      bucket = "example-trail"
    }

    resource "aws_lb" "main" {
      name = "main"

      access_logs {
        bucket  = aws_s3_bucket.access.id
        enabled = true
      }
    }

    resource "aws_cloudtrail" "main" {
      name           = "main"
      s3_bucket_name = aws_s3_bucket.trail.id
    }

    resource "aws_s3_bucket" "events" {
      bucket = "example-events"
    }

    resource "aws_kinesis_firehose_delivery_stream" "events" {
      name        = "events"
      destination = "extended_s3"

      extended_s3_configuration {
        role_arn   = "arn:aws:iam::123456789012:role/firehose"
        bucket_arn = aws_s3_bucket.events.arn
      }
    }
  }

  fail "nothing" {
    resource "aws_s3_bucket" "photos" {
      bucket = "example-photos"
    }
  }

  fail "suspended" {
    resource "aws_s3_bucket" "photos" {
      bucket = "example-photos"
    }

    resource "aws_s3_bucket_versioning" "photos" {
      bucket = aws_s3_bucket.photos.id

      versioning_configuration {
        status = "Suspended"
      }
    }
  }

  fail "origin_of_a_distribution" {
    resource "aws_s3_bucket" "site" {
      bucket = "example-site"
    }

    resource "aws_cloudfront_distribution" "site" {
      enabled = true

      origin {
        domain_name = aws_s3_bucket.site.bucket_regional_domain_name
        origin_id   = "site"
      }

      default_cache_behavior {
        allowed_methods        = ["GET", "HEAD"]
        cached_methods         = ["GET", "HEAD"]
        target_origin_id       = "site"
        viewer_protocol_policy = "redirect-to-https"
      }

      restrictions {
        geo_restriction {
          restriction_type = "none"
        }
      }

      viewer_certificate {
        cloudfront_default_certificate = true
      }
    }
  }
}
