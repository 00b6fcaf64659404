# What stands at the edge (names, certificates, distributions, firewalls) outlives the service behind it, because nobody is sure
# whether a customer still uses the name.
locals {
  users = graph::referrers()

  # What leaves in an output, a call or a data source is somebody else's business.
  handed_on = core::anytrue([for user in plan::mentioned_in() : core::contains(["output", "locals", "module"], user) || core::startswith(user, "data.")])

  kept = core::try(attrs.tags["planfit:keep"], null) != null
}

resource_policy "aws_acm_certificate" "edge_part_unused" {
  title             = "Certificate, zone, check, distribution or firewall is used by nothing"
  category          = "orphan"
  severity          = "low"
  aliases           = ["CB:ROUTE53-2"]
  references        = ["AWS Certificate Manager User Guide: Managed certificate renewal", "Amazon Route 53 Developer Guide: Working with hosted zones"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      Zones, health checks and firewalls are paid by the month, used or not. A certificate that nothing uses is not renewed, and its
      warning mails train the team to look away. Each of them makes the way of a request harder to follow.
    EOT
    fix = "Look for requests in the last month, then delete it. If it is kept on purpose, tag it `planfit:keep` with the reason."
  }

  filter = !local.kept

  enforce {
    condition     = core::length(local.users) > 0 || local.handed_on
    error_message = "${meta.address} (${core::coalesce(core::try(attrs.domain_name, null), "imported")}) is used by no listener, distribution or API, so AWS does not renew it and it ends one day."
  }

  option "delete" {
    title    = "Delete it"
    merits   = ["its price and its warnings end"]
    demerits = ["a name that somebody still uses stops; look at the request count first"]
    downtime = "none if nothing uses it"
    effort   = "S"
  }

  option "use_it" {
    title    = "Attach it where it was meant to be"
    merits   = ["what was planned works"]
    demerits = ["the price stays"]
    downtime = "none"
    effort   = "S"
  }

  pass "used" {
    resource "aws_acm_certificate" "main" {
      domain_name       = "www.example.com"
      validation_method = "DNS"
    }

    resource "aws_lb_listener" "https" {
      load_balancer_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/main/0123456789abcdef"
      port              = 443
      protocol          = "HTTPS"
      certificate_arn   = aws_acm_certificate.main.arn

      default_action {
        type = "fixed-response"

        fixed_response {
          content_type = "text/plain"
        }
      }
    }

    resource "aws_route53_zone" "main" {
      name = "example.com"
    }

    resource "aws_route53_health_check" "www" {
      fqdn = "www.example.com"
      type = "HTTPS"
    }

    resource "aws_route53_record" "www" {
      zone_id         = aws_route53_zone.main.zone_id
      name            = "www"
      type            = "A"
      ttl             = 60
      records         = ["192.0.2.10"]
      health_check_id = aws_route53_health_check.www.id
      set_identifier  = "first"

      failover_routing_policy {
        type = "PRIMARY"
      }
    }

    resource "aws_cloudfront_distribution" "www" {
      enabled = true
      aliases = ["static.example.com"]

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

    resource "aws_wafv2_web_acl_association" "main" {
      resource_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/main/0123456789abcdef"
      web_acl_arn  = aws_wafv2_web_acl.main.arn
    }
  }

  pass "check_below_another_check" {
    resource "aws_route53_health_check" "shop" {
      fqdn = "shop.example.com"
      type = "HTTPS"
    }

    resource "aws_route53_health_check" "all" {
      type                   = "CALCULATED"
      child_health_threshold = 1
      child_healthchecks     = [aws_route53_health_check.shop.id]

      tags = {
        "planfit:keep" = "watched by an alarm of another account"
      }
    }
  }

  pass "name_of_the_distribution_is_an_output" {
    resource "aws_cloudfront_distribution" "assets" {
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

    output "assets" {
      value = aws_cloudfront_distribution.assets.domain_name
    }
  }

  fail "used_by_nothing" {
    resource "aws_acm_certificate" "old" {
      domain_name       = "old.example.com"
      validation_method = "DNS"
    }

    resource "aws_acm_certificate_validation" "old" {
      certificate_arn = aws_acm_certificate.old.arn
    }

    resource "aws_route53_zone" "old" {
      name = "old.example.com"
    }

    resource "aws_route53_health_check" "old" {
      fqdn = "old.example.com"
      type = "HTTPS"
    }

    resource "aws_wafv2_web_acl" "old" {
      name  = "old"
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

  fail "distributions_without_requests" {
    resource "aws_cloudfront_distribution" "off" {
      enabled = false
      aliases = ["off.example.com"]

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

    resource "aws_cloudfront_distribution" "nameless" {
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
}

resource_policy "aws_route53_zone" "edge_part_unused" {
  enforcement_level = "advisory"

  filter = !local.kept

  enforce {
    condition     = core::length(core::getresources("aws_route53_record", { zone_id = attrs.zone_id })) > 0 || core::length(local.users) > 0 || local.handed_on
    error_message = "${meta.address} (${attrs.name}) has no record; AWS charges the zone by the month."
  }
}

resource_policy "aws_route53_health_check" "edge_part_unused" {
  enforcement_level = "advisory"

  locals {
    # An alarm on the check's metric is a use of it.
    alarms = [for a in core::getresources("aws_cloudwatch_metric_alarm", null) : a if core::try(a.dimensions["HealthCheckId"] == attrs.id, false)]
  }

  filter = !local.kept

  enforce {
    condition     = core::length(local.users) > 0 || local.handed_on || core::length(local.alarms) > 0
    error_message = "${meta.address} decides nothing: no record, no other check and no alarm uses it, and it is charged by the month."
  }
}

resource_policy "aws_cloudfront_distribution" "edge_part_unused" {
  enforcement_level = "advisory"

  filter = !local.kept

  enforce {
    condition     = core::coalesce(core::try(attrs.enabled, null), true)
    at            = attrs.enabled
    error_message = "${meta.address} is switched off: nobody gets an answer from it."
  }

  enforce {
    condition     = !core::coalesce(core::try(attrs.enabled, null), true) || core::length(core::coalesce(core::try(attrs.aliases, null), [])) > 0 || core::length(local.users) > 0 || local.handed_on
    error_message = "${meta.address} has no name of its own, and nothing here refers to the name that AWS gives it, so it looks like a leftover."
  }
}

resource_policy "aws_wafv2_web_acl" "edge_part_unused" {
  enforcement_level = "advisory"

  filter = !local.kept

  enforce {
    condition     = core::length(local.users) > 0 || local.handed_on
    error_message = "${meta.address} protects nothing: no load balancer, API or distribution uses it, and it is charged by the month."
  }
}
