policytest {
  targets = ["service_without_dashboard.policy.hcl"]
}

locals {
  rest = { operation = "no-op" }
}

resource "aws_cloudwatch_dashboard" "main" {
  attrs = { dashboard_body = "{\"widgets\":[{\"properties\":{\"metrics\":[[\"AWS/ECS\",\"CPUUtilization\",\"ServiceName\",\"api\"]]}}]}" }
  skip  = true
}

resource "datadog_dashboard_json" "main" {
  attrs = { dashboard = "{\"widgets\":[{\"q\":\"avg:ecs.fargate.cpu.percent{service:admin}\"}]}" }
  skip  = true
}

resource "datadog_dashboard" "main" {
  attrs = { title = "Team", widget = [{ timeseries_definition = [{ request = [{ q = "avg:ecs.fargate.cpu.percent{service:worker}" }] }] }] }
  skip  = true
}

resource "datadog_service_level_objective" "main" {
  attrs = { name = "Mails are sent", query = [{ numerator = "sum:mails.sent{service:mailer}.as_count()" }] }
  skip  = true
}

resource "aws_ecs_service" "in_cloudwatch" {
  attrs = { name = "api", desired_count = 2 }
  meta  = local.rest
}

resource "aws_ecs_service" "in_json" {
  attrs = { name = "admin", desired_count = 2 }
  meta  = local.rest
}

resource "aws_ecs_service" "in_blocks" {
  attrs = { name = "worker", desired_count = 2 }
  meta  = local.rest
}

resource "aws_ecs_service" "has_an_objective" {
  attrs = { name = "mailer", desired_count = 2 }
  meta  = local.rest
}

# Without tasks it is a leftover, and needs no dashboard.
resource "aws_ecs_service" "stopped" {
  attrs = { name = "stopped", desired_count = 0 }
  meta  = local.rest
}

resource "aws_ecs_service" "on_none" {
  attrs          = { name = "campaign", desired_count = 2 }
  meta           = local.rest
  expect_failure = true
}
