policytest {
  targets = ["deep_paths.policy.hcl"]
}

locals {
  good = {
    origin = [{
      custom_origin_config = [{ http_port = 80, https_port = 443 }]
      custom_header        = [{ name = "x-first", value = "1" }, { name = "x-origin", value = "cdn" }]
    }]
    viewer_certificate     = [{ minimum_protocol_version = "TLSv1.2_2021" }]
    ordered_cache_behavior = [{ path_pattern = "/static/*", allowed_methods = ["GET", "HEAD"] }]
    tags                   = { "example.com/cost-center" = "42" }
  }
}

resource "aws_cloudfront_distribution" "good" {
  attrs = local.good
}

resource "aws_cloudfront_distribution" "deletes" {
  expect_failure = true
  attrs = core::merge(local.good, {
    ordered_cache_behavior = [{ path_pattern = "/static/*", allowed_methods = ["GET", "DELETE"] }]
  })
}

resource "aws_cloudfront_distribution" "no_such_origin" {
  expect_failure = true
  attrs          = local.good
  inputs {
    position = 7
  }
}
