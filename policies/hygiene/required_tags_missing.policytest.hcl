policytest {
  targets = ["required_tags_missing.policy.hcl"]
}

inputs {
  required = ["env", "team"]
}

resource "aws_sqs_queue" "own_and_default_tags" {
  attrs = {
    tags     = { team = "bookings" }
    tags_all = { team = "bookings", env = "production" }
  }
}

resource "aws_sqs_queue" "no_team" {
  attrs = {
    tags     = { env = "production" }
    tags_all = { env = "production" }
  }
  expect_failure = true
}

resource "aws_sqs_queue" "no_tags" {
  attrs = {
    tags     = null
    tags_all = {}
  }
  expect_failure = true
}

resource "aws_sqs_queue" "not_asked_for" {
  attrs = {
    tags     = null
    tags_all = {}
  }
  inputs {
    required = []
  }
}

resource "aws_lb_listener_certificate" "without_tags_at_all" {
  attrs = {
    listener_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/main/0123456789abcdef/0123456789abcdef"
  }
}

resource "datadog_monitor" "tagged" {
  attrs = {
    tags = ["env:production", "team:bookings"]
  }
}

resource "datadog_monitor" "no_team" {
  attrs = {
    tags = ["env:production"]
  }
  expect_failure = true
}
