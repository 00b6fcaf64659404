# A load balancer takes the first rule that fits. A rule behind one that fits everything it fits is never reached: the path that
# somebody added for it is answered by another service.
locals {
  # What each rule looks at. One that also looks at headers, methods, queries, addresses or regular expressions is narrower.
  conditions = {
    for r in core::getresources("aws_lb_listener_rule", null) : r._address => {
      address  = r._address
      priority = core::coalesce(core::try(r.priority, null), 0)
      hosts    = core::flatten([for c in r.condition : [for h in core::coalesce(core::try(c.host_header, null), []) : [for v in core::coalesce(core::try(h.values, null), []) : core::lower(v)]]])
      paths    = core::flatten([for c in r.condition : [for p in core::coalesce(core::try(c.path_pattern, null), []) : [for v in core::coalesce(core::try(p.values, null), []) : v]]])
      is_plain = core::alltrue([
        for c in r.condition : (
          core::length(core::coalesce(core::try(c.http_header, null), [])) == 0
          && core::length(core::coalesce(core::try(c.http_request_method, null), [])) == 0
          && core::length(core::coalesce(core::try(c.query_string, null), [])) == 0
          && core::length(core::coalesce(core::try(c.source_ip, null), [])) == 0
          && core::length(core::coalesce(core::try(c.host_header[0].regex_values, null), [])) == 0
          && core::length(core::coalesce(core::try(c.path_pattern[0].regex_values, null), [])) == 0
        )
      ])
    }
  }

  # "*.example.com" fits what ends so, "/api/*" what begins so.
  rules = {
    for address, c in local.conditions : address => core::merge(c, {
      endings    = [for q in c.hosts : core::trimprefix(q, "*") if core::startswith(q, "*") && !core::strcontains(core::trimprefix(q, "*"), "*") && !core::strcontains(q, "?")]
      beginnings = [for q in c.paths : core::trimsuffix(q, "*") if core::endswith(q, "*") && !core::strcontains(core::trimsuffix(q, "*"), "*") && !core::strcontains(q, "?")]
    })
  }
}

resource_policy "aws_lb_listener_rule" "listener_rule_shadowed" {
  title             = "Listener rule is never reached"
  category          = "orphan"
  severity          = "low"
  references        = ["Elastic Load Balancing User Guide: Listener rules for your Application Load Balancer", "Terraform AWS provider: aws_lb_listener_rule"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      Rules are tried by their priority, the lowest number first, and the first one that fits answers. If an earlier rule fits the same
      hosts and paths or more, this one does nothing. Its service gets no request, and whoever reads the rule believes that it does.
    EOT
    fix = "Give the narrower rule the lower priority number, or delete it if the wider one is right."
  }

  locals {
    hosts = core::flatten([for c in attrs.condition : [for h in core::coalesce(core::try(c.host_header, null), []) : [for v in core::coalesce(core::try(h.values, null), []) : core::lower(v)]]])
    paths = core::flatten([for c in attrs.condition : [for p in core::coalesce(core::try(c.path_pattern, null), []) : [for v in core::coalesce(core::try(p.values, null), []) : v]]])

    earlier = [
      for r in core::getresources("aws_lb_listener_rule", { listener_arn = attrs.listener_arn }) : local.rules[r._address]
      if core::try(r.priority < attrs.priority, false)
    ]

    # A rule without hosts fits every host.
    wider = [
      for r in local.earlier : r
      if r.is_plain && r.priority > 0
      && (core::length(r.hosts) == 0 || core::length(local.hosts) > 0 && core::alltrue([
        for h in local.hosts : core::contains(r.hosts, h) || core::anytrue([for ending in r.endings : core::endswith(h, ending)])
      ]))
      && (core::length(r.paths) == 0 || core::length(local.paths) > 0 && core::alltrue([
        for p in local.paths : core::contains(r.paths, p) || core::anytrue([for beginning in r.beginnings : core::startswith(p, beginning)])
      ]))
    ]
  }

  filter = core::coalesce(core::try(attrs.priority, null), 0) > 1 && core::try(attrs.tags["planfit:keep"], null) == null

  enforce {
    condition     = core::length(local.wider) == 0
    at            = attrs.priority
    error_message = "${meta.address} (priority ${attrs.priority}) is never reached: ${core::try(local.wider[0].address, "another rule")} (priority ${core::try(local.wider[0].priority, "?")}) answers all of its hosts and paths first."
  }

  option "reorder" {
    title    = "Put the narrower rule in front"
    merits   = ["requests reach the service that was meant"]
    demerits = ["requests go elsewhere from that moment, so look at both services first"]
    downtime = "none"
    effort   = "S"
  }

  option "delete" {
    title    = "Delete the rule"
    merits   = ["nothing changes for users", "fewer rules to read"]
    demerits = ["the target group behind it may then be unused, too"]
    downtime = "none"
    effort   = "S"
  }

  pass "narrower_first" {
    resource "aws_lb_listener_rule" "api" {
      listener_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/main/0123456789abcdef/0123456789abcdef"
      priority     = 10

      action {
        type             = "forward"
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/api/0123456789abcdef"
      }

      condition {
        path_pattern {
          values = ["/api/v2/*"]
        }
      }
    }

    resource "aws_lb_listener_rule" "all" {
      listener_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/main/0123456789abcdef/0123456789abcdef"
      priority     = 20

      action {
        type             = "forward"
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/old/0123456789abcdef"
      }

      condition {
        path_pattern {
          values = ["/api/*"]
        }
      }
    }
  }

  pass "earlier_rule_is_for_other_hosts_or_methods" {
    resource "aws_lb_listener_rule" "other_host" {
      listener_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/main/0123456789abcdef/0123456789abcdef"
      priority     = 10

      action {
        type             = "forward"
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/admin/0123456789abcdef"
      }

      condition {
        host_header {
          values = ["admin.example.com"]
        }
      }
    }

    resource "aws_lb_listener_rule" "writes" {
      listener_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/main/0123456789abcdef/0123456789abcdef"
      priority     = 11

      action {
        type             = "forward"
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/writes/0123456789abcdef"
      }

      condition {
        path_pattern {
          values = ["/api/*"]
        }
      }

      condition {
        http_request_method {
          values = ["POST"]
        }
      }
    }

    resource "aws_lb_listener_rule" "api" {
      listener_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/main/0123456789abcdef/0123456789abcdef"
      priority     = 20

      action {
        type             = "forward"
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/api/0123456789abcdef"
      }

      condition {
        path_pattern {
          values = ["/api/*"]
        }
      }
    }
  }

  fail "wider_path_first" {
    resource "aws_lb_listener_rule" "all" {
      listener_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/main/0123456789abcdef/0123456789abcdef"
      priority     = 10

      action {
        type             = "forward"
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/old/0123456789abcdef"
      }

      condition {
        path_pattern {
          values = ["/api/*"]
        }
      }
    }

    resource "aws_lb_listener_rule" "api" {
      listener_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/main/0123456789abcdef/0123456789abcdef"
      priority     = 20

      action {
        type             = "forward"
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/api/0123456789abcdef"
      }

      condition {
        path_pattern {
          values = ["/api/v2/*"]
        }
      }
    }

    expect = ["aws_lb_listener_rule.api"]
  }

  fail "wider_host_first" {
    resource "aws_lb_listener_rule" "all" {
      listener_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/main/0123456789abcdef/0123456789abcdef"
      priority     = 10

      action {
        type             = "forward"
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/shops/0123456789abcdef"
      }

      condition {
        host_header {
          values = ["*.shop.example.com"]
        }
      }
    }

    resource "aws_lb_listener_rule" "tokyo" {
      listener_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/main/0123456789abcdef/0123456789abcdef"
      priority     = 20

      action {
        type             = "forward"
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/tokyo/0123456789abcdef"
      }

      condition {
        host_header {
          values = ["Tokyo.shop.example.com"]
        }
      }

      condition {
        path_pattern {
          values = ["/booking"]
        }
      }
    }

    expect = ["aws_lb_listener_rule.tokyo"]
  }
}
