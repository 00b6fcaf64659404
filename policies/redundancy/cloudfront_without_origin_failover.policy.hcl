# CloudFront is in hundreds of places, its origin often in one. With an origin group it asks a second origin when the first gives
# an error. For most teams a page from the cache is enough, so this is off unless asked for.
resource_policy "aws_cloudfront_distribution" "cloudfront_without_origin_failover" {
  title             = "CDN has no second origin"
  category          = "redundancy"
  severity          = "low"
  scope             = "production"
  pedantic          = true
  aliases           = ["CKV_AWS_310", "S:cloudfront-distributions-should-have-origin-failover-configured"]
  references        = ["Amazon CloudFront Developer Guide: Optimize high availability with CloudFront origin failover", "Terraform AWS provider: aws_cloudfront_distribution"]
  enforcement_level = "advisory"

  docs {
    why = "When the only origin is down, whatever is not in the cache is an error in every country at once."
    fix = "Add an `origin_group` with a second origin, for example a bucket in another region or a static page, and name it in the behaviours that read."
  }

  filter = core::coalesce(core::try(attrs.enabled, null), true)

  enforce {
    condition     = core::length(core::coalesce(core::try(attrs.origin_group, null), [])) > 0
    error_message = "${meta.address} has no origin group: when its origin is down, whatever is not in the cache is an error."
  }

  option "origin_group" {
    title    = "Add an origin group with a second origin"
    merits   = ["readers get an answer while the first origin is down"]
    demerits = ["the second origin must be kept up to date", "only for GET, HEAD and OPTIONS"]
    downtime = "none"
    effort   = "M"
  }

  option "error_page" {
    title    = "Serve a static page from the cache for errors"
    merits   = ["cheap", "users see what is going on"]
    demerits = ["only a page, not the site"]
    downtime = "none"
    effort   = "S"
  }

  pass "two_origins" {
    resource "aws_cloudfront_distribution" "site" {
      enabled = true

      origin {
        origin_id   = "first"
        domain_name = "site-first.s3.ap-northeast-1.amazonaws.com"
      }

      origin {
        origin_id   = "second"
        domain_name = "site-second.s3.ap-northeast-3.amazonaws.com"
      }

      origin_group {
        origin_id = "both"

        failover_criteria {
          status_codes = [500, 502, 503, 504]
        }

        member {
          origin_id = "first"
        }

        member {
          origin_id = "second"
        }
      }

      default_cache_behavior {
        target_origin_id       = "both"
        viewer_protocol_policy = "redirect-to-https"
        allowed_methods        = ["GET", "HEAD"]
        cached_methods         = ["GET", "HEAD"]
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

  fail "one_origin" {
    resource "aws_cloudfront_distribution" "site" {
      enabled = true

      origin {
        origin_id   = "first"
        domain_name = "site-first.s3.ap-northeast-1.amazonaws.com"
      }

      default_cache_behavior {
        target_origin_id       = "first"
        viewer_protocol_policy = "redirect-to-https"
        allowed_methods        = ["GET", "HEAD"]
        cached_methods         = ["GET", "HEAD"]
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
