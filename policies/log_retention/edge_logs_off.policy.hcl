# The edge answers many requests itself: from its cache, with an error, or with a block. What it has answered appears in no log of
# the application, so without its own log a blocked customer and an attack look the same: like nothing.

resource_policy "aws_cloudfront_distribution" "edge_logs_off" {
  title             = "The edge writes no access log"
  category          = "log_retention"
  severity          = "low"
  scope             = "production"
  aliases           = ["CKV_AWS_86", "CKV_AWS_76", "CKV_AWS_95", "CKV2_AWS_31", "AWS-0001", "AWS-0010", "FG_R00067"]
  references        = ["Terraform AWS provider: aws_cloudfront_distribution", "Terraform AWS provider: aws_wafv2_web_acl_logging_configuration", "Amazon API Gateway Developer Guide: Set up CloudWatch logging"]
  enforcement_level = "advisory"

  docs {
    why = "When customers say that pages fail, nobody can see which requests were refused, from where and why, if they never reached a service."
    fix = "CloudFront: add logging_config with a bucket, or an aws_cloudwatch_log_delivery_source. API Gateway: add access_log_settings. WAF: add an aws_wafv2_web_acl_logging_configuration, with a filter that keeps only blocked requests if there are many."
  }

  locals {
    delivery = core::getresources("aws_cloudwatch_log_delivery_source", { resource_arn = attrs.arn })
    realtime = core::coalesce(core::try(attrs.default_cache_behavior[0].realtime_log_config_arn, null), "-") != "-"
  }

  filter = core::coalesce(core::try(attrs.enabled, null), true)

  enforce {
    condition     = core::try(core::length(attrs.logging_config), 0) > 0 || local.realtime || core::length(local.delivery) > 0
    at            = attrs.logging_config
    error_message = "${meta.address} writes no access log, so nobody can see what the edge answered."
  }

  option "bucket" {
    title    = "Logs to a bucket with a lifecycle rule"
    merits   = ["cheap to keep", "every request is on record"]
    demerits = ["searched with Athena", "some minutes late"]
    downtime = "none"
    effort   = "S"
  }

  option "cloudwatch" {
    title    = "Logs to CloudWatch Logs or Datadog"
    merits   = ["searched like the other logs"]
    demerits = ["each gigabyte is paid for at ingest"]
    downtime = "none"
    effort   = "M"
  }

  pass "bucket" {
    resource "aws_cloudfront_distribution" "site" {
      enabled = true

      logging_config {
        bucket = "example-logs.s3.amazonaws.com"
      }

      default_cache_behavior {
        allowed_methods        = ["GET", "HEAD"]
        cached_methods         = ["GET", "HEAD"]
        target_origin_id       = "site"
        viewer_protocol_policy = "redirect-to-https"
      }

      origin {
        domain_name = "example-site.s3.amazonaws.com"
        origin_id   = "site"
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

  pass "delivery_source" {
    resource "aws_cloudfront_distribution" "site" {
      enabled = true

      default_cache_behavior {
        allowed_methods        = ["GET", "HEAD"]
        cached_methods         = ["GET", "HEAD"]
        target_origin_id       = "site"
        viewer_protocol_policy = "redirect-to-https"
      }

      origin {
        domain_name = "example-site.s3.amazonaws.com"
        origin_id   = "site"
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

    resource "aws_cloudwatch_log_delivery_source" "site" {
      name         = "site"
      log_type     = "ACCESS_LOGS"
      resource_arn = aws_cloudfront_distribution.site.arn
    }
  }

  pass "realtime" {
    resource "aws_cloudfront_distribution" "site" {
      enabled = true

      default_cache_behavior {
        allowed_methods         = ["GET", "HEAD"]
        cached_methods          = ["GET", "HEAD"]
        target_origin_id        = "site"
        viewer_protocol_policy  = "redirect-to-https"
        realtime_log_config_arn = "arn:aws:cloudfront::111122223333:realtime-log-config/site"
      }

      origin {
        domain_name = "example-site.s3.amazonaws.com"
        origin_id   = "site"
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

  pass "stage_with_a_new_log_group" {
    resource "aws_cloudwatch_log_group" "api" {
      name = "/api"
    }

    resource "aws_apigatewayv2_stage" "api" {
      api_id = "a1b2c3d4e5"
      name   = "$default"

      access_log_settings {
        destination_arn = aws_cloudwatch_log_group.api.arn
        format          = "$context.requestId"
      }
    }
  }

  pass "switched_off" {
    resource "aws_cloudfront_distribution" "old" {
      enabled = false

      default_cache_behavior {
        allowed_methods        = ["GET", "HEAD"]
        cached_methods         = ["GET", "HEAD"]
        target_origin_id       = "site"
        viewer_protocol_policy = "redirect-to-https"
      }

      origin {
        domain_name = "example-site.s3.amazonaws.com"
        origin_id   = "site"
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

  pass "stages_and_firewall" {
    resource "aws_api_gateway_stage" "prod" {
      rest_api_id   = "a1b2c3d4e5"
      stage_name    = "prod"
      deployment_id = "d1"

      access_log_settings {
        destination_arn = "arn:aws:logs:ap-northeast-1:111122223333:log-group:/api/prod"
        format          = "$context.requestId"
      }
    }

    resource "aws_apigatewayv2_stage" "prod" {
      api_id = "a1b2c3d4e5"
      name   = "prod"

      access_log_settings {
        destination_arn = "arn:aws:logs:ap-northeast-1:111122223333:log-group:/api/prod"
        format          = "$context.requestId"
      }
    }

    resource "aws_wafv2_web_acl" "main" {
      name  = "main"
      scope = "REGIONAL"

      default_action {
        allow {}
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = "main"
        sampled_requests_enabled   = true
      }
    }

    resource "aws_wafv2_web_acl_logging_configuration" "main" {
      resource_arn            = aws_wafv2_web_acl.main.arn
      log_destination_configs = ["arn:aws:s3:::aws-waf-logs-example"]
    }
  }

  fail "no_log" {
    resource "aws_cloudfront_distribution" "site" {
      enabled = true

      default_cache_behavior {
        allowed_methods        = ["GET", "HEAD"]
        cached_methods         = ["GET", "HEAD"]
        target_origin_id       = "site"
        viewer_protocol_policy = "redirect-to-https"
      }

      origin {
        domain_name = "example-site.s3.amazonaws.com"
        origin_id   = "site"
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

  fail "stages_and_firewall" {
    resource "aws_api_gateway_stage" "prod" {
      rest_api_id   = "a1b2c3d4e5"
      stage_name    = "prod"
      deployment_id = "d1"
    }

    resource "aws_apigatewayv2_stage" "prod" {
      api_id = "a1b2c3d4e5"
      name   = "prod"
    }

    resource "aws_wafv2_web_acl" "main" {
      name  = "main"
      scope = "REGIONAL"

      default_action {
        allow {}
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = "main"
        sampled_requests_enabled   = true
      }
    }
  }
}

resource_policy "aws_api_gateway_stage" "edge_logs_off" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(core::try(attrs.access_log_settings[0].destination_arn, null), "-") != "-"
    at            = attrs.access_log_settings
    error_message = "${meta.address} writes no access log, so requests that fail before they reach a function leave no trace."
  }
}

resource_policy "aws_apigatewayv2_stage" "edge_logs_off" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(core::try(attrs.access_log_settings[0].destination_arn, null), "-") != "-"
    at            = attrs.access_log_settings
    error_message = "${meta.address} writes no access log, so requests that fail before they reach a function leave no trace."
  }
}

resource_policy "aws_wafv2_web_acl" "edge_logs_off" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::length(core::getresources("aws_wafv2_web_acl_logging_configuration", { resource_arn = attrs.arn })) > 0
    error_message = "${meta.address} logs no request, so nobody can tell whether it blocks attackers or customers."
  }
}
