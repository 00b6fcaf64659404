# A failover record answers with its second address only when its first one is known to be ill. Without a health check Route 53
# never learns that, so the second site is paid for and never used.
resource_policy "aws_route53_record" "failover_record_without_health_check" {
  title             = "DNS failover has no health check"
  category          = "redundancy"
  severity          = "high"
  scope             = "production"
  references        = ["Amazon Route 53 Developer Guide: Creating Amazon Route 53 health checks and configuring DNS failover", "Terraform AWS provider: aws_route53_record"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = <<-EOT
      Everybody believes that DNS will switch over, and nobody has tried it. In the outage the name keeps pointing to the dead site,
      and somebody has to change the record by hand while the old answer is cached everywhere.
    EOT
    fix = "Set `health_check_id` to a health check of the first site, or for an alias `evaluate_target_health = true`."
  }

  locals {
    checked = (
      core::try(attrs.health_check_id, null) != null && core::try(attrs.health_check_id, null) != ""
      || core::anytrue([for target in core::coalesce(core::try(attrs.alias, null), []) : core::coalesce(core::try(target.evaluate_target_health, null), false)])
    )
    primary = core::anytrue([for policy in core::coalesce(core::try(attrs.failover_routing_policy, null), []) : policy.type == "PRIMARY"])
    shared = (
      core::length(core::coalesce(core::try(attrs.weighted_routing_policy, null), [])) > 0
      || core::length(core::coalesce(core::try(attrs.latency_routing_policy, null), [])) > 0
      || core::coalesce(core::try(attrs.multivalue_answer_routing_policy, null), false)
    )

    # Weight 0 takes no traffic, so it needs no check.
    idle  = core::anytrue([for policy in core::coalesce(core::try(attrs.weighted_routing_policy, null), []) : policy.weight == 0])
    alias = core::length(core::coalesce(core::try(attrs.alias, null), [])) > 0
  }

  filter = local.primary || (local.shared && local.alias && !local.idle)

  enforce {
    condition     = !local.primary || local.checked
    at            = attrs.failover_routing_policy
    error_message = "${meta.address} is the primary of a failover and has no health check: DNS never switches to the second site."
  }

  enforce {
    condition = (
      local.primary || local.checked
      || core::length(core::getresources("aws_route53_record", { zone_id = attrs.zone_id, name = attrs.name, type = attrs.type })) < 2
    )
    severity      = "medium"
    at            = attrs.alias
    error_message = "${meta.address} shares its name with other records and does not look at the health of its target: a dead target keeps its share of the users."
  }

  option "health_check" {
    title    = "Attach a health check"
    merits   = ["a failover that really happens", "works for addresses outside of AWS too"]
    demerits = ["about 0.5 to 1 USD a month"]
    downtime = "none"
    effort   = "S"
  }

  option "target_health" {
    title    = "Alias that evaluates the health of its target"
    merits   = ["free of charge"]
    demerits = ["only for AWS targets"]
    downtime = "none"
    effort   = "S"
  }

  pass "health_check" {
    resource "aws_route53_record" "first" {
      zone_id         = "Z0123456789ABCDEFGHIJ"
      name            = "www.example.com"
      type            = "A"
      ttl             = 60
      records         = ["203.0.113.10"]
      set_identifier  = "first"
      health_check_id = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"

      failover_routing_policy {
        type = "PRIMARY"
      }
    }
  }

  pass "alias_with_target_health" {
    resource "aws_route53_record" "first" {
      zone_id        = "Z0123456789ABCDEFGHIJ"
      name           = "www.example.com"
      type           = "A"
      set_identifier = "first"

      failover_routing_policy {
        type = "PRIMARY"
      }

      alias {
        name                   = "main-123.ap-northeast-1.elb.amazonaws.com"
        zone_id                = "Z14GRHDCWA56QT"
        evaluate_target_health = true
      }
    }
  }

  pass "the_second_site_is_the_last_answer" {
    resource "aws_route53_record" "second" {
      zone_id        = "Z0123456789ABCDEFGHIJ"
      name           = "www.example.com"
      type           = "A"
      ttl            = 60
      records        = ["203.0.113.20"]
      set_identifier = "second"

      failover_routing_policy {
        type = "SECONDARY"
      }
    }
  }

  pass "shared_with_target_health" {
    resource "aws_route53_record" "www" {
      for_each       = { blue = "Z14GRHDCWA56QT", green = "Z14GRHDCWA56QT" }
      zone_id        = "Z0123456789ABCDEFGHIJ"
      name           = "www.example.com"
      type           = "A"
      set_identifier = each.key

      weighted_routing_policy {
        weight = 50
      }

      alias {
        name                   = "${each.key}-123.ap-northeast-1.elb.amazonaws.com"
        zone_id                = each.value
        evaluate_target_health = true
      }
    }
  }

  pass "alone_or_without_traffic" {
    resource "aws_route53_record" "alone" {
      zone_id        = "Z0123456789ABCDEFGHIJ"
      name           = "alone.example.com"
      type           = "A"
      set_identifier = "blue"

      weighted_routing_policy {
        weight = 100
      }

      alias {
        name                   = "blue-123.ap-northeast-1.elb.amazonaws.com"
        zone_id                = "Z14GRHDCWA56QT"
        evaluate_target_health = false
      }
    }
  }

  fail "primary_without_health_check" {
    resource "aws_route53_record" "first" {
      zone_id        = "Z0123456789ABCDEFGHIJ"
      name           = "www.example.com"
      type           = "A"
      ttl            = 60
      records        = ["203.0.113.10"]
      set_identifier = "first"

      failover_routing_policy {
        type = "PRIMARY"
      }
    }
  }

  fail "weights_without_target_health" {
    resource "aws_route53_record" "blue" {
      zone_id        = "Z0123456789ABCDEFGHIJ"
      name           = "www.example.com"
      type           = "A"
      set_identifier = "blue"

      weighted_routing_policy {
        weight = 50
      }

      alias {
        name                   = "blue-123.ap-northeast-1.elb.amazonaws.com"
        zone_id                = "Z14GRHDCWA56QT"
        evaluate_target_health = false
      }
    }

    resource "aws_route53_record" "green" {
      zone_id        = "Z0123456789ABCDEFGHIJ"
      name           = "www.example.com"
      type           = "A"
      set_identifier = "green"

      weighted_routing_policy {
        weight = 0
      }

      alias {
        name                   = "green-123.ap-northeast-1.elb.amazonaws.com"
        zone_id                = "Z14GRHDCWA56QT"
        evaluate_target_health = false
      }
    }

    expect = ["aws_route53_record.blue"]
  }

  fail "nearest_region_without_target_health" {
    resource "aws_route53_record" "api" {
      for_each       = toset(["ap-northeast-1", "eu-west-1"])
      zone_id        = "Z0123456789ABCDEFGHIJ"
      name           = "api.example.com"
      type           = "A"
      set_identifier = each.key

      latency_routing_policy {
        region = each.key
      }

      alias {
        name                   = "api-123.${each.key}.elb.amazonaws.com"
        zone_id                = "Z14GRHDCWA56QT"
        evaluate_target_health = false
      }
    }
  }
}
