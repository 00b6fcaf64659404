# The access log of a load balancer is the only list of who asked for what and what came back, also for requests that
# never reached a task. In an outage it answers "since when, for whom, how many". It is off unless somebody turns it on.

resource_policy "aws_lb" "load_balancer_logs_off" {
  title             = "Load balancer writes no access log"
  category          = "log_retention"
  severity          = "medium"
  scope             = "production"
  aliases           = ["CKV_AWS_91", "CKV_AWS_92", "FG_R00066", "K:elb_access_logging_disabled", "S:elb-ensure-access-logging-enabled"]
  references        = ["AWS provider: aws_lb", "AWS provider: aws_elb", "Elastic Load Balancing: Access logs for your Application Load Balancer"]
  enforcement_level = "advisory"

  docs {
    why = "Without access logs nobody can say afterwards which requests failed, from where and how often. Requests that the load balancer refused itself appear in no other log."
    fix = "Add an access_logs block with a bucket of the same region and enabled = true. Give the bucket a lifecycle rule, so that old logs expire."
  }

  locals {
    kind     = core::coalesce(core::try(attrs.load_balancer_type, null), "application")
    tls      = core::getresources("aws_lb_listener", { load_balancer_arn = attrs.arn, protocol = "TLS" })
    delivery = core::getresources("aws_cloudwatch_log_delivery_source", { resource_arn = attrs.arn })
  }

  # A network load balancer writes access logs for TLS listeners only; a gateway load balancer has none.
  filter = local.kind == "application" || (local.kind == "network" && core::length(local.tls) > 0)

  enforce {
    condition     = core::coalesce(core::try(attrs.access_logs[0].enabled, null), false) || core::length(local.delivery) > 0
    at            = attrs.access_logs[0].enabled
    error_message = "${meta.address} writes no access log: after an outage nobody can see which requests failed."
  }

  option "bucket" {
    title    = "Write access logs to a bucket with a lifecycle rule"
    merits   = ["every request is on record", "storage is cheap"]
    demerits = ["the bucket and its policy", "searched with Athena"]
    downtime = "none"
    effort   = "S"
  }

  option "cloudwatch" {
    title    = "Deliver the access log to CloudWatch Logs"
    merits   = ["searched like the other logs"]
    demerits = ["each gigabyte is paid for at ingest"]
    downtime = "none"
    effort   = "M"
  }

  pass "application" {
    resource "aws_lb" "main" {
      name = "main"

      access_logs {
        bucket  = "example-lb-logs"
        enabled = true
      }
    }
  }

  pass "network_without_tls" {
    resource "aws_lb" "tcp" {
      name               = "tcp"
      load_balancer_type = "network"
    }

    resource "aws_lb_listener" "tcp" {
      load_balancer_arn = aws_lb.tcp.arn
      port              = 443
      protocol          = "TCP"

      default_action {
        type             = "forward"
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:targetgroup/tcp/0123456789abcdef"
      }
    }
  }

  pass "gateway" {
    resource "aws_lb" "inspection" {
      name               = "inspection"
      load_balancer_type = "gateway"
    }
  }

  pass "classic_block_is_on_by_default" {
    resource "aws_elb" "old" {
      name = "old"

      access_logs {
        bucket = "example-lb-logs"
      }

      listener {
        instance_port     = 80
        instance_protocol = "http"
        lb_port           = 80
        lb_protocol       = "http"
      }
    }
  }

  fail "no_block" {
    resource "aws_lb" "main" {
      name = "main"
    }
  }

  fail "switched_off" {
    resource "aws_lb" "main" {
      name = "main"

      access_logs {
        bucket  = "example-lb-logs"
        enabled = false
      }
    }
  }

  fail "network_with_tls" {
    resource "aws_lb" "tls" {
      name               = "tls"
      load_balancer_type = "network"
    }

    resource "aws_lb_listener" "tls" {
      load_balancer_arn = aws_lb.tls.arn
      port              = 443
      protocol          = "TLS"
      certificate_arn   = "arn:aws:acm:ap-northeast-1:111122223333:certificate/00000000-0000-0000-0000-000000000000"

      default_action {
        type             = "forward"
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:targetgroup/tls/0123456789abcdef"
      }
    }
  }

  fail "classic" {
    resource "aws_elb" "old" {
      name = "old"

      listener {
        instance_port     = 80
        instance_protocol = "http"
        lb_port           = 80
        lb_protocol       = "http"
      }
    }

    expect = ["aws_elb.old"]
  }
}

resource_policy "aws_elb" "load_balancer_logs_off" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::try(attrs.access_logs[0], null) != null && core::coalesce(core::try(attrs.access_logs[0].enabled, null), true)
    at            = attrs.access_logs[0].enabled
    error_message = "${meta.address} writes no access log: after an outage nobody can see which requests failed."
  }
}
