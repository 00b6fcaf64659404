# Tasks and containers live for hours. A monitor that groups by them sends one alert for each, opens new ones at every release, and
# leaves the old ones without data.

input "keys" {
  type        = list(string)
  default     = ["task_arn", "container_id", "container_name", "pod_name", "host", "task_id"]
  description = "Tags whose values come and go with each task, container or machine."
}

resource_policy "datadog_monitor" "datadog_monitor_groups_by_ephemeral" {
  title             = "Monitor alerts once for each task"
  category          = "monitoring"
  severity          = "medium"
  references        = ["Datadog provider: datadog_monitor", "Datadog documentation: Configure monitors"]
  enforcement_level = "advisory"

  docs {
    why = "One problem of a service becomes ten alerts, and a release, which is no problem at all, becomes as many."
    fix = "Group by the service, and look at single tasks on a dashboard."
  }

  locals {
    groups = core::flatten([for m in core::regexall("\\bby\\s*\\{([^}]*)\\}", attrs.query) : [for k in core::split(",", m[0]) : core::trimspace(k)]])
    bad    = [for k in core::distinct(local.groups) : k if core::contains(input.keys, k)]
  }

  filter = core::strcontains(attrs.query, "by")

  enforce {
    condition     = core::length(local.bad) == 0
    at            = attrs.query
    error_message = "${meta.address} groups by ${core::join(", ", local.bad)}, so it opens a new alert for each task and at each release."
  }

  option "service" {
    title    = "Group by service"
    merits   = ["one problem, one alert"]
    demerits = ["which task it is must be looked up"]
    downtime = "none"
    effort   = "S"
  }

  option "slo" {
    title    = "An objective with a burn-rate alert instead of alerts on causes"
    merits   = ["few alerts, and each one means that users suffer"]
    demerits = ["somebody must agree on the objective first"]
    downtime = "none"
    effort   = "M"
  }

  option "weekly" {
    title    = "Priority 5 and a look at it once a week"
    merits   = ["nobody is woken"]
    demerits = ["seen days later"]
    downtime = "none"
    effort   = "S"

    set {
      priority = 5
    }
  }

  pass "by_service" {
    resource "datadog_monitor" "cpu" {
      name    = "cpu"
      type    = "query alert"
      query   = "avg(last_10m):avg:ecs.fargate.cpu.percent{env:production} by {service,env} > 80"
      message = "Something is wrong. Runbook: https://wiki.example.com/app @slack-app-alerts"
    }
  }

  pass "no_group" {
    resource "datadog_monitor" "cpu" {
      name    = "cpu"
      type    = "query alert"
      query   = "avg(last_10m):avg:aws.ecs.service.cpuutilization{env:production,servicename:app} > 80"
      message = "Something is wrong. Runbook: https://wiki.example.com/app @slack-app-alerts"
    }
  }

  fail "by_task" {
    resource "datadog_monitor" "cpu" {
      name    = "cpu"
      type    = "query alert"
      query   = "avg(last_10m):avg:ecs.fargate.cpu.percent{env:production} by {service, task_arn} > 80"
      message = "Something is wrong. Runbook: https://wiki.example.com/app @slack-app-alerts"
    }
  }
}
