# The health check is what a release, a failover and a replaced task rely on. Without a health_check block the load balancer
# asks for "/" and wants the answer 200. That page may redirect, need a login, or be fine while the application is broken.

resource_policy "aws_lb_target_group" "target_group_without_health_check" {
  title             = "Target group has no health check of its own"
  category          = "release"
  severity          = "medium"
  aliases           = ["CKV_AWS_261"]
  references        = ["AWS provider: aws_lb_target_group", "Elastic Load Balancing: Health checks for Application Load Balancer target groups"]
  enforcement_level = "advisory"

  docs {
    why = "Nobody chose what \"healthy\" means for this group. Either good tasks are thrown out, because \"/\" does not answer 200, or broken tasks stay in, because \"/\" always does. A release cannot tell a good version from a bad one."
    fix = "Add a health_check block with a path that checks the application itself, for example /healthz. Let that path answer fast and without a call to other services."
  }

  locals {
    protocol = core::upper(core::coalesce(core::try(attrs.protocol, null), "none"))
    web      = local.protocol == "HTTP" || local.protocol == "HTTPS"
    path     = core::coalesce(core::try(attrs.health_check[0].path, null), "/")
    enabled  = core::coalesce(core::try(attrs.health_check[0].enabled, null), true)
  }

  # A Lambda target needs no health check.
  filter = core::coalesce(core::try(attrs.target_type, null), "instance") != "lambda"

  enforce {
    condition     = local.enabled
    at            = attrs.health_check[0].enabled
    error_message = "${meta.address} has its health check switched off, so a dead target keeps its share of the users."
  }

  enforce {
    # In a state nobody can tell a default from a written value, but a path other than "/" was written by somebody.
    condition     = !local.web || plan::configured("health_check") || local.path != "/"
    at            = attrs.health_check
    error_message = "${meta.address} has no health_check block, so the load balancer asks for \"/\" over ${local.protocol} and wants the answer 200, whatever the application needs."
  }

  option "own_path" {
    title    = "Check a path of the application"
    merits   = ["releases and failover can trust it"]
    demerits = ["the application must offer the path first, else all targets become unhealthy"]
    downtime = "none"
    effort   = "S"
  }

  pass "own_path" {
    resource "aws_lb_target_group" "app" {
      name     = "app"
      port     = 8080
      protocol = "HTTP"
      vpc_id   = "vpc-0123456789abcdef0"

      health_check {
        path = "/healthz"
      }
    }
  }

  pass "root_chosen_on_purpose" {
    resource "aws_lb_target_group" "app" {
      name     = "app"
      port     = 8080
      protocol = "HTTP"
      vpc_id   = "vpc-0123456789abcdef0"

      health_check {
        path    = "/"
        matcher = "200-399"
      }
    }
  }

  pass "tcp" {
    resource "aws_lb_target_group" "tcp" {
      name     = "tcp"
      port     = 5000
      protocol = "TCP"
      vpc_id   = "vpc-0123456789abcdef0"
    }
  }

  pass "lambda" {
    resource "aws_lb_target_group" "function" {
      name        = "function"
      target_type = "lambda"

      health_check {
        enabled = false
      }
    }
  }

  fail "no_block" {
    resource "aws_lb_target_group" "app" {
      name     = "app"
      port     = 8080
      protocol = "HTTP"
      vpc_id   = "vpc-0123456789abcdef0"
    }
  }

  fail "switched_off" {
    resource "aws_lb_target_group" "app" {
      name     = "app"
      port     = 8080
      protocol = "HTTP"
      vpc_id   = "vpc-0123456789abcdef0"

      health_check {
        enabled = false
      }
    }
  }
}
