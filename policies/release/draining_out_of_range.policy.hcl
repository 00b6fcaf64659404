# When a task leaves, the load balancer lets it finish its requests for a while. Too short, and uploads and payments are cut at each release.
# Too long, and each batch of a release waits for nothing: five minutes by default.

input "min_seconds" {
  type        = number
  default     = 15
  description = "Less cuts ordinary requests. Services with uploads or WebSockets need the length of their longest request."
}

input "max_seconds" {
  type        = number
  default     = 120
  description = "More makes a release slow without a use for most web services: every batch waits this long."
}

resource_policy "aws_lb_target_group" "draining_out_of_range" {
  title             = "Tasks leave the load balancer too early or too late"
  category          = "release"
  severity          = "medium"
  scope             = "production"
  aliases           = ["S:elb-connection-draining-enabled"]
  references        = ["Elastic Load Balancing User Guide: Edit target group attributes, deregistration delay", "Amazon ECS Developer Guide: Optimize load balancer connection draining parameters for Amazon ECS", "AWS provider: aws_lb_target_group"]
  enforcement_level = "advisory"

  docs {
    why = "A release should go unnoticed and be quick. With a delay of some seconds, requests that are under way get an error. With five minutes, a release of three batches takes a quarter of an hour, a rollback too."
    fix = "Set `deregistration_delay` to the length of the longest ordinary request, 30 seconds for most APIs, and make the container stop on SIGTERM within the same time."
  }

  locals {
    delay = core::tonumber(core::coalesce(core::try(attrs.deregistration_delay, null), 300))
    services = core::concat(
      core::getresources("aws_ecs_service", { load_balancer = { target_group_arn = attrs.arn } }),
      core::getresources("aws_ecs_service", { load_balancer = { advanced_configuration = { alternate_target_group_arn = attrs.arn } } }),
    )
  }

  filter = (local.delay < input.min_seconds || local.delay > input.max_seconds) && core::length(local.services) > 0

  enforce {
    condition     = local.delay >= input.min_seconds
    at            = attrs.deregistration_delay
    error_message = "${meta.address} gives a leaving task ${local.delay} s: requests that take longer are cut at each release; at least ${input.min_seconds} s are asked for."
  }

  enforce {
    condition     = local.delay <= input.max_seconds
    severity      = "low"
    at            = attrs.deregistration_delay
    error_message = "${meta.address} keeps each leaving task for ${local.delay} s: every release and every rollback waits that long, batch by batch; at most ${input.max_seconds} s are asked for."
  }

  option "half_a_minute" {
    title    = "30 seconds for an API, the longest request for uploads and WebSockets"
    merits   = ["releases and rollbacks are minutes faster"]
    demerits = ["longer requests are cut if the number is too low"]
    downtime = "none"
    effort   = "S"
    set {
      deregistration_delay = 30
    }
  }

  pass "half_a_minute" {
    resource "aws_lb_target_group" "api" {
      name                 = "api"
      port                 = 8080
      protocol             = "HTTP"
      vpc_id               = "vpc-0a1b2c3d4e5f60718"
      target_type          = "ip"
      deregistration_delay = 30
    }

    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api:12"

      load_balancer {
        target_group_arn = aws_lb_target_group.api.arn
        container_name   = "api"
        container_port   = 8080
      }
    }
  }

  pass "no_service" {
    resource "aws_lb_target_group" "api" {
      name     = "api"
      port     = 8080
      protocol = "HTTP"
      vpc_id   = "vpc-0a1b2c3d4e5f60718"
    }
  }

  pass "classic_drains" {
    resource "aws_elb" "old" {
      name                = "old"
      connection_draining = true

      listener {
        instance_port     = 8080
        instance_protocol = "http"
        lb_port           = 80
        lb_protocol       = "http"
      }
    }
  }

  fail "five_minutes_by_default" {
    resource "aws_lb_target_group" "api" {
      name        = "api"
      port        = 8080
      protocol    = "HTTP"
      vpc_id      = "vpc-0a1b2c3d4e5f60718"
      target_type = "ip"
    }

    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api:12"

      load_balancer {
        target_group_arn = aws_lb_target_group.api.arn
        container_name   = "api"
        container_port   = 8080
      }
    }
  }

  fail "at_once" {
    resource "aws_lb_target_group" "api" {
      name                 = "api"
      port                 = 8080
      protocol             = "HTTP"
      vpc_id               = "vpc-0a1b2c3d4e5f60718"
      target_type          = "ip"
      deregistration_delay = 0
    }

    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api:12"

      load_balancer {
        target_group_arn = aws_lb_target_group.api.arn
        container_name   = "api"
        container_port   = 8080
      }
    }
  }

  fail "classic_cuts" {
    resource "aws_elb" "old" {
      name = "old"

      listener {
        instance_port     = 8080
        instance_protocol = "http"
        lb_port           = 80
        lb_protocol       = "http"
      }
    }
  }
}

resource_policy "aws_elb" "draining_out_of_range" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(core::try(attrs.connection_draining, null), false)
    at            = attrs.connection_draining
    error_message = "${meta.address} does not drain connections: requests are cut whenever a server leaves."
  }

  option "drain" {
    title    = "Turn on connection draining"
    merits   = ["requests end in peace"]
    demerits = ["a server takes a little longer to leave"]
    downtime = "none"
    effort   = "S"
    set {
      connection_draining         = true
      connection_draining_timeout = 30
    }
  }
}
