policytest {
  targets = ["datadog_monitor_duplicate.policy.hcl"]
}

locals {
  rest  = { operation = "no-op" }
  query = "avg(last_10m):avg:aws.rds.cpuutilization{dbinstanceidentifier:main} > 80"
}

resource "datadog_monitor" "one" {
  attrs          = { query = local.query, message = "CPU is high. @slack-app" }
  meta           = local.rest
  expect_failure = true
}

resource "datadog_monitor" "two" {
  attrs          = { query = local.query, message = "Database is busy. @slack-app" }
  meta           = local.rest
  expect_failure = true
}

resource "datadog_monitor" "other_recipient" {
  attrs = { query = local.query, message = "Database is busy. @slack-data" }
  meta  = local.rest
}

resource "datadog_monitor" "other_query" {
  attrs = { query = "avg(last_10m):avg:aws.rds.cpuutilization{dbinstanceidentifier:main} > 95", message = "CPU is high. @slack-app" }
  meta  = local.rest
}
