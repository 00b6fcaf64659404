# A health check that calls an error healthy, or that needs minutes to notice a dead target, keeps sending users to it. It also lets a broken
# release pass, because the new tasks look fine.

input "max_seconds" {
  type        = number
  default     = 120
  description = "Longest time until a dead target is taken out: interval times unhealthy threshold. In two minutes a small shop loses some dozen orders."
}

resource_policy "aws_lb_target_group" "health_check_too_lenient" {
  title             = "Health check does not see a broken target"
  category          = "release"
  severity          = "medium"
  scope             = "production"
  references        = ["Elastic Load Balancing User Guide: Health checks for Application Load Balancer target groups", "AWS provider: aws_lb_target_group"]
  enforcement_level = "advisory"

  docs {
    why = "Codes of 400 and above are errors. If the health check takes them for healthy, a task that only answers errors stays in the rotation and a broken release goes through to the last task."
    fix = "Give the application a path that answers 200 without a login, and use `matcher = \"200\"`. Keep `interval` times `unhealthy_threshold` below two minutes."
  }

  locals {
    check = core::try(attrs.health_check[0], {})

    # "200", "200,302", "200-499"; the last number of each part. What gRPC calls a code is below 100.
    codes   = [for part in core::split(",", core::coalesce(core::try(local.check.matcher, null), "200")) : core::tonumber(core::element(core::reverse(core::split("-", core::trimspace(part))), 0))]
    seconds = core::coalesce(core::try(local.check.interval, null), 30) * core::coalesce(core::try(local.check.unhealthy_threshold, null), 3)
  }

  filter = core::coalesce(core::try(local.check.enabled, null), true)

  enforce {
    condition     = core::alltrue([for code in local.codes : code < 400])
    at            = attrs.health_check[0].matcher
    error_message = "${meta.address} takes ${local.check.matcher} for healthy: a task that only answers errors keeps getting users, and a broken release goes through."
  }

  enforce {
    condition     = local.seconds <= input.max_seconds
    at            = attrs.health_check[0].interval
    error_message = "${meta.address} needs ${local.seconds} s to notice a dead target; meanwhile its share of the requests fails; at most ${input.max_seconds} s are asked for."
  }

  option "true_health_path" {
    title    = "A path that answers 200 only when the application works"
    merits   = ["a broken release stops itself", "a broken task is replaced"]
    demerits = ["a small change of the application"]
    downtime = "none; try the path first, a wrong one makes all targets unhealthy"
    effort   = "S"
  }

  option "faster" {
    title    = "Check every 10 seconds, three times"
    merits   = ["a dead target is out after half a minute"]
    demerits = ["a few more requests to the application"]
    downtime = "none"
    effort   = "S"
  }

  pass "strict" {
    resource "aws_lb_target_group" "api" {
      name     = "api"
      port     = 8080
      protocol = "HTTP"
      vpc_id   = "vpc-0a1b2c3d4e5f60718"

      health_check {
        path                = "/health"
        matcher             = "200-299,302"
        interval            = 10
        unhealthy_threshold = 3
      }
    }
  }

  pass "by_default" {
    resource "aws_lb_target_group" "api" {
      name     = "api"
      port     = 8080
      protocol = "HTTP"
      vpc_id   = "vpc-0a1b2c3d4e5f60718"

      health_check {
        path = "/health"
      }
    }
  }

  fail "errors_are_healthy" {
    resource "aws_lb_target_group" "api" {
      name     = "api"
      port     = 8080
      protocol = "HTTP"
      vpc_id   = "vpc-0a1b2c3d4e5f60718"

      health_check {
        path    = "/"
        matcher = "200-499"
      }
    }
  }

  fail "login_page_is_healthy" {
    resource "aws_lb_target_group" "api" {
      name     = "api"
      port     = 8080
      protocol = "HTTP"
      vpc_id   = "vpc-0a1b2c3d4e5f60718"

      health_check {
        path    = "/"
        matcher = "200,401"
      }
    }
  }

  fail "slow" {
    resource "aws_lb_target_group" "api" {
      name     = "api"
      port     = 8080
      protocol = "HTTP"
      vpc_id   = "vpc-0a1b2c3d4e5f60718"

      health_check {
        path                = "/health"
        interval            = 60
        unhealthy_threshold = 5
      }
    }
  }
}
