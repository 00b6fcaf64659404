policytest {
  targets = ["datadog_monitor_of_missing_service.policy.hcl"]
}

locals {
  rest = { operation = "no-op" }
}

resource "aws_ecs_service" "api" {
  attrs = { name = "api" }
  skip  = true
}

resource "aws_db_instance" "main" {
  attrs = { identifier = "main" }
  skip  = true
}

resource "datadog_monitor" "of_a_service" {
  attrs = { query = "avg(last_10m):avg:aws.ecs.service.cpuutilization{servicename:api} > 80" }
  meta  = local.rest
}

resource "datadog_monitor" "of_a_service_that_is_gone" {
  attrs          = { query = "avg(last_10m):avg:aws.ecs.service.cpuutilization{env:production,servicename:campaign} > 80" }
  meta           = local.rest
  expect_failure = true
}

resource "datadog_monitor" "of_a_database" {
  attrs = { query = "avg(last_10m):avg:aws.rds.cpuutilization{dbinstanceidentifier:main} > 80" }
  meta  = local.rest
}

resource "datadog_monitor" "of_a_database_that_is_gone" {
  attrs          = { query = "avg(last_10m):avg:aws.rds.cpuutilization{dbinstanceidentifier:old} > 80" }
  meta           = local.rest
  expect_failure = true
}

# No queue is known, so the queues may be elsewhere.
resource "datadog_monitor" "of_a_queue" {
  attrs = { query = "avg(last_10m):avg:aws.sqs.approximate_number_of_messages_visible{queuename:mail} > 80" }
  meta  = local.rest
}
