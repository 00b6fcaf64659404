# A bucket that everybody can read is listed by search engines for open buckets within days. The site of a company belongs behind
# CloudFront with an origin access control; backups, uploads and logs belong to nobody else. A public access block undoes public
# lists and policies. Since April 2023 AWS blocks new buckets by itself, so a missing block is only told of buckets that exist
# already.

resource_policy "aws_s3_bucket" "bucket_public" {
  title             = "Everybody can read the bucket"
  category          = "exposure"
  severity          = "high"
  aliases           = ["CKV_AWS_20", "CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56", "CKV_AWS_57", "CKV_AWS_70", "AWS-0086", "AWS-0092", "AWS-0094"]
  references        = ["Terraform AWS provider: aws_s3_bucket_public_access_block", "Amazon S3 User Guide: Blocking public access to your Amazon S3 storage"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = "Whoever guesses the name reads, lists or even writes what is in the bucket."
    fix = "Remove the public acl or the policy for everybody, and add an aws_s3_bucket_public_access_block with all four settings true."
  }

  locals {
    blocks = core::concat(
      core::getresources("aws_s3_bucket_public_access_block", { bucket = attrs.id }),
      core::getresources("aws_s3_bucket_public_access_block", { bucket = core::try(attrs.bucket, null) })
    )
    whole = core::concat(local.blocks, core::getresources("aws_s3_account_public_access_block", null))
    blocked = core::anytrue([
      for b in local.whole : core::coalesce(core::try(b.block_public_acls, null), false) && core::coalesce(core::try(b.block_public_policy, null), false)
      && core::coalesce(core::try(b.ignore_public_acls, null), false) && core::coalesce(core::try(b.restrict_public_buckets, null), false)
    ])

    lists = [for a in core::concat(
      [core::try(attrs.acl, null)],
      [for a in core::getresources("aws_s3_bucket_acl", { bucket = attrs.id }) : core::try(a.acl, null)],
      [for a in core::getresources("aws_s3_bucket_acl", { bucket = core::try(attrs.bucket, null) }) : core::try(a.acl, null)],
    ) : a if a != null]
    open_lists = [for a in core::distinct(local.lists) : a if core::contains(["public-read", "public-read-write", "authenticated-read"], a)]

    policies = core::concat(
      [for p in core::getresources("aws_s3_bucket_policy", { bucket = attrs.id }) : p.policy],
      [for p in core::getresources("aws_s3_bucket_policy", { bucket = core::try(attrs.bucket, null) }) : p.policy],
      core::coalesce(core::try(attrs.policy, null), "-") == "-" ? [] : [attrs.policy],
    )
    open_statements = core::flatten([
      for p in local.policies : [
        for s in core::try([for x in core::jsondecode(p).Statement : x], [core::jsondecode(p).Statement], []) : s
        if core::try(s.Effect, null) == "Allow" && core::try(core::length(s.Condition), 0) == 0
        && (core::try(s.Principal == "*", false) || core::try(s.Principal.AWS == "*", false) || core::try(core::contains(s.Principal.AWS, "*"), false))
      ]
    ])
  }

  enforce {
    condition     = local.blocked || core::length(local.open_lists) == 0
    at            = attrs.acl
    error_message = "${meta.address} has the acl ${core::join(", ", local.open_lists)}, so everybody who knows its name can read what is in it."
  }

  enforce {
    condition     = local.blocked || core::length(local.open_statements) == 0
    at            = attrs.policy
    error_message = "${meta.address} has a policy that allows everybody, without a condition: whoever knows its name gets in."
  }

  enforce {
    condition     = meta.operation == "create" || local.blocked || core::length(local.open_lists) > 0 || core::length(local.open_statements) > 0
    severity      = "low"
    error_message = "${meta.address} has no full public access block, so one acl or policy by mistake opens it to everybody."
  }

  option "block" {
    title    = "Block public access, all four settings"
    merits   = ["no acl and no policy can open it"]
    demerits = ["who reads it directly today gets an error"]
    downtime = "none for a private bucket"
    effort   = "S"
  }

  option "cloudfront" {
    title    = "CloudFront with origin access control in front"
    merits   = ["fast, HTTPS, own domain, bucket stays private"]
    demerits = ["a distribution to maintain"]
    downtime = "none with a new domain name"
    effort   = "M"
  }

  pass "private" {
    resource "aws_s3_bucket" "photos" {
      bucket = "example-photos"
    }

    resource "aws_s3_bucket_public_access_block" "photos" {
      bucket                  = aws_s3_bucket.photos.id
      block_public_acls       = true
      block_public_policy     = true
      ignore_public_acls      = true
      restrict_public_buckets = true
    }
  }

  pass "new_bucket_is_blocked_by_aws" {
    resource "aws_s3_bucket" "photos" {
      bucket = "example-photos"
    }
  }

  pass "blocked_anyway" {
    resource "aws_s3_bucket" "photos" {
      bucket = "example-photos"
      acl    = "public-read"
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Principal = "*"
          Action    = "s3:GetObject"
          Resource  = "*"
        }]
      })
    }

    resource "aws_s3_bucket_public_access_block" "photos" {
      bucket                  = aws_s3_bucket.photos.id
      block_public_acls       = true
      block_public_policy     = true
      ignore_public_acls      = true
      restrict_public_buckets = true
    }
  }

  pass "blocked_for_the_account" {
    resource "aws_s3_bucket" "photos" {
      bucket = "example-photos"
      acl    = "public-read"
    }

    resource "aws_s3_account_public_access_block" "all" {
      block_public_acls       = true
      block_public_policy     = true
      ignore_public_acls      = true
      restrict_public_buckets = true
    }
  }

  pass "one_account" {
    resource "aws_s3_bucket" "photos" {
      bucket = "example-photos"
    }

    resource "aws_s3_bucket_policy" "photos" {
      bucket = aws_s3_bucket.photos.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Principal = { AWS = "arn:aws:iam::111122223333:root" }
          Action    = "s3:GetObject"
          Resource  = "*"
        }]
      })
    }
  }

  pass "everybody_with_a_condition" {
    resource "aws_s3_bucket" "photos" {
      bucket = "example-photos"
    }

    resource "aws_s3_bucket_policy" "photos" {
      bucket = aws_s3_bucket.photos.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Principal = "*"
          Action    = "s3:GetObject"
          Resource  = "*"
          Condition = { StringEquals = { "aws:SourceVpce" = "vpce-1" } }
        }]
      })
    }
  }

  fail "inline_list" {
    resource "aws_s3_bucket" "photos" {
      bucket = "example-photos"
      acl    = "public-read"
    }
  }

  fail "list" {
    resource "aws_s3_bucket" "photos" {
      bucket = "example-photos"
    }

    resource "aws_s3_bucket_acl" "photos" {
      bucket = aws_s3_bucket.photos.id
      acl    = "public-read-write"
    }
  }

  fail "policy" {
    resource "aws_s3_bucket" "photos" {
      bucket = "example-photos"
    }

    resource "aws_s3_bucket_policy" "photos" {
      bucket = aws_s3_bucket.photos.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Principal = "*"
          Action    = "s3:GetObject"
          Resource  = "*"
        }]
      })
    }
  }

  fail "policy_for_all_accounts" {
    resource "aws_s3_bucket" "photos" {
      bucket = "example-photos"
    }

    resource "aws_s3_bucket_policy" "photos" {
      bucket = aws_s3_bucket.photos.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Principal = { AWS = ["*"] }
          Action    = "s3:GetObject"
          Resource  = "*"
        }]
      })
    }
  }

  fail "inline_policy" {
    resource "aws_s3_bucket" "photos" {
      bucket = "example-photos"
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Principal = { AWS = "*" }
          Action    = "s3:GetObject"
          Resource  = "*"
        }]
      })
    }
  }

  fail "block_with_a_gap" {
    resource "aws_s3_bucket" "photos" {
      bucket = "example-photos"
      acl    = "public-read"
    }

    resource "aws_s3_bucket_public_access_block" "photos" {
      bucket                  = aws_s3_bucket.photos.id
      block_public_acls       = false
      block_public_policy     = true
      ignore_public_acls      = true
      restrict_public_buckets = true
    }
  }
}
