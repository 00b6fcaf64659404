policytest {
  targets = ["datadog_monitor_without_recipient.policy.hcl"]
}

resource "datadog_monitor" "alone" {
  attrs = {
    id      = "10000001"
    type    = "query alert"
    message = "CPU is high."
    query   = "avg(last_10m):avg:aws.ecs.service.cpuutilization{servicename:app} > 80"
  }
  expect_failure = true
}

resource "datadog_monitor" "part_of_a_composite" {
  attrs = {
    id      = "10000002"
    type    = "query alert"
    message = "Many errors."
    query   = "avg(last_10m):avg:app.errors{service:app} > 80"
  }
}

resource "datadog_monitor" "composite" {
  attrs = {
    id      = "10000003"
    type    = "composite"
    message = "Many errors while the service is in use. @slack-app-alerts"
    query   = "10000002 && 10000009"
  }
}

resource "datadog_monitor" "part_of_an_objective" {
  attrs = {
    id      = "10000004"
    type    = "query alert"
    message = "No healthy host."
    query   = "avg(last_10m):avg:aws.applicationelb.healthy_host_count{app:app} < 1"
  }
}

resource "datadog_service_level_objective" "uptime" {
  attrs = {
    type        = "monitor"
    monitor_ids = [10000004]
  }
  skip = true
}
