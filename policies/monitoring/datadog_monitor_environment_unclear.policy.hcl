# A monitor whose query names no environment looks at all of them. A load test in staging then wakes somebody at night, and after
# the third time nobody gets up any more.

input "env_keys" {
  type        = list(string)
  default     = ["env", "environment"]
  description = "Tags that name the environment."
}

input "paging" {
  type        = list(string)
  default     = ["pagerduty", "opsgenie", "oncall"]
  description = "Words in a handle that wake somebody."
}

resource_policy "datadog_monitor" "datadog_monitor_environment_unclear" {
  title             = "Monitor does not tell production from staging"
  category          = "monitoring"
  severity          = "medium"
  references        = ["Datadog provider: datadog_monitor", "Datadog documentation: Configure monitors", "Datadog documentation: Unified service tagging"]
  enforcement_level = "advisory"

  docs {
    why = "Staging pages the team, or production hides in the average of all environments."
    fix = "Add env:production to the scope of the query, or group by env. Send alerts of other environments to a channel, not to a pager."
  }

  locals {
    query  = core::lower(attrs.query)
    tags   = [for m in core::regexall("([!-]?)\\b([a-z0-9_.]+)\\s*:\\s*([a-z0-9_-]+)", local.query) : { negated = m[0] != "", key = m[1], value = m[2] }]
    sets   = core::flatten([for m in core::regexall("\\b([a-z0-9_.]+)\\s+(?:not\\s+)?in\\b", local.query) : m])
    groups = core::flatten([for m in core::regexall("\\bby\\s*\\{([^}]*)\\}", local.query) : [for k in core::split(",", m[0]) : core::trimspace(k)]])

    # One object in the scope, by its own name, is in one environment.
    named   = core::regex_match("\\b(servicename|dbinstanceidentifier|dbclusteridentifier|loadbalancer|targetgroup|queuename|functionname|cacheclusterid|replication_group|name|host|hostname|cluster_name|clustername)\\s*:\\s*[^,}*]", local.query)
    scoped  = core::anytrue([for t in local.tags : core::contains(input.env_keys, t.key)]) || core::anytrue([for k in local.sets : core::contains(input.env_keys, k)]) || core::strcontains(local.query, "$")
    grouped = core::anytrue([for g in local.groups : core::contains(input.env_keys, g)])
    staging = core::anytrue([for t in local.tags : !t.negated && core::contains(input.env_keys, t.key) && core::contains(["dev", "development", "test", "testing", "qa", "stg", "stage", "staging", "sandbox", "preview"], t.value)])
    handles = core::regexall("@[a-z0-9_.-]+", core::lower(attrs.message))
    pagers  = [for p in input.paging : p if core::anytrue([for h in local.handles : core::strcontains(h, p)])]
  }

  filter = core::contains(["metric alert", "query alert", "log alert", "trace-analytics alert", "service check", "event-v2 alert", "rum alert"], attrs.type)

  enforce {
    condition     = local.scoped || local.grouped || local.named
    at            = attrs.query
    error_message = "${meta.address} names no environment in its query, so staging alerts like production."
  }

  enforce {
    condition     = !local.staging || core::length(local.pagers) == 0
    at            = attrs.message
    error_message = "${meta.address} watches an environment that is not production and pages (${core::join(", ", local.pagers)}): somebody is woken for a test."
  }

  option "scope" {
    title    = "env:production in the scope"
    merits   = ["only production alerts"]
    demerits = ["other environments need monitors of their own, or none"]
    downtime = "none"
    effort   = "S"
  }

  option "group" {
    title    = "Group by env, and page only for production in the message"
    merits   = ["one monitor for all"]
    demerits = ["a longer message"]
    downtime = "none"
    effort   = "S"
  }

  pass "scope" {
    resource "datadog_monitor" "cpu" {
      name    = "cpu"
      type    = "query alert"
      query   = "avg(last_10m):avg:aws.ecs.service.cpuutilization{env:production,servicename:app} > 80"
      message = "Something is wrong. Runbook: https://wiki.example.com/app @slack-app-alerts"
    }
  }

  pass "group" {
    resource "datadog_monitor" "cpu" {
      name    = "cpu"
      type    = "query alert"
      query   = "avg(last_10m):avg:ecs.fargate.cpu.percent{service:app} by {env} > 80"
      message = "Something is wrong. Runbook: https://wiki.example.com/app @slack-app-alerts"
    }
  }

  pass "environment_only" {
    resource "datadog_monitor" "cpu" {
      name    = "cpu"
      type    = "query alert"
      query   = "avg(last_10m):avg:ecs.fargate.cpu.percent{environment:production} > 80"
      message = "CPU is high. @slack-app-alerts"
    }
  }

  pass "one_database" {
    resource "datadog_monitor" "cpu" {
      name    = "cpu"
      type    = "query alert"
      query   = "avg(last_10m):avg:aws.rds.cpuutilization{dbinstanceidentifier:main} > 80"
      message = "Something is wrong. Runbook: https://wiki.example.com/app @slack-app-alerts"
    }
  }

  pass "composite" {
    resource "datadog_monitor" "both" {
      name    = "both"
      type    = "composite"
      query   = "12345 && 67890"
      message = "Something is wrong. Runbook: https://wiki.example.com/app @slack-app-alerts"
    }
  }

  pass "set_of_environments" {
    resource "datadog_monitor" "cpu" {
      name    = "cpu"
      type    = "query alert"
      query   = "avg(last_10m):avg:ecs.fargate.cpu.percent{env in (production,blue)} > 80"
      message = "CPU is high. @pagerduty-app"
    }
  }

  pass "not_staging" {
    resource "datadog_monitor" "cpu" {
      name    = "cpu"
      type    = "query alert"
      query   = "avg(last_10m):avg:ecs.fargate.cpu.percent{!env:staging} > 80"
      message = "CPU is high. @pagerduty-app"
    }
  }

  pass "staging_to_a_channel" {
    resource "datadog_monitor" "cpu" {
      name    = "cpu"
      type    = "query alert"
      query   = "avg(last_10m):avg:ecs.fargate.cpu.percent{env:staging} > 80"
      message = "Something is wrong. Runbook: https://wiki.example.com/app @slack-app-alerts"
    }
  }

  fail "all_environments" {
    resource "datadog_monitor" "cpu" {
      name    = "cpu"
      type    = "query alert"
      query   = "avg(last_10m):avg:ecs.fargate.cpu.percent{service:app} > 80"
      message = "Something is wrong. Runbook: https://wiki.example.com/app @slack-app-alerts"
    }
  }

  fail "staging_pages" {
    resource "datadog_monitor" "cpu" {
      name    = "cpu"
      type    = "query alert"
      query   = "avg(last_10m):avg:ecs.fargate.cpu.percent{env:staging,service:app} > 80"
      message = "CPU is high. https://wiki.example.com/app @pagerduty-app"
    }
  }
}
