# The person who is woken is often not the one who wrote the monitor. A link to a page that says what to look at and what to try
# saves the first twenty minutes of an outage.

resource_policy "datadog_monitor" "datadog_monitor_without_runbook" {
  title             = "Monitor does not say what to do"
  category          = "monitoring"
  severity          = "low"
  references        = ["Datadog provider: datadog_monitor", "Datadog documentation: Configure monitors"]
  enforcement_level = "advisory"

  docs {
    why = "Whoever gets the alert has to find out alone what it means, at night, and asks the one person who knows."
    fix = "Put the address of a runbook into the message. A page with three lines (what it means, where to look, whom to ask) is a good beginning."
  }

  locals {
    link   = core::regex_match("https?://", attrs.message)
    asset  = core::anytrue([for a in core::coalesce(core::try([for x in attrs.assets : x], null), []) : core::lower(core::try(a.category, "-")) == "runbook"])
    urgent = core::contains(["1", "2"], core::coalesce(core::try(core::tostring(attrs.priority), null), "-")) || core::regex_match("@[A-Za-z0-9_.-]*(pagerduty|opsgenie|oncall)", attrs.message)
  }

  filter = core::coalesce(core::try(attrs.draft_status, null), "published") != "draft"

  enforce {
    condition     = local.link || local.asset || local.urgent
    at            = attrs.message
    error_message = "${meta.address} has no link to a runbook in its message, so whoever sees it has to find out alone what to do."
  }

  enforce {
    condition     = local.link || local.asset || !local.urgent
    at            = attrs.message
    severity      = "medium"
    error_message = "${meta.address} wakes somebody and has no link to a runbook in its message, so they have to find out alone, at night, what to do."
  }

  option "link" {
    title    = "A link to a runbook in the message"
    merits   = ["anybody of the team can act"]
    demerits = ["the page must be written and kept"]
    downtime = "none"
    effort   = "S"
  }

  option "delete" {
    title    = "Delete the monitor, if nobody can say what to do"
    merits   = ["less noise"]
    demerits = ["make sure that the graph exists on a dashboard"]
    downtime = "none"
    effort   = "S"
  }

  pass "link" {
    resource "datadog_monitor" "cpu" {
      name    = "cpu"
      type    = "query alert"
      query   = "avg(last_10m):avg:aws.ecs.service.cpuutilization{env:production,servicename:app} > 80"
      message = "Something is wrong. Runbook: https://wiki.example.com/app @slack-app-alerts"
    }
  }

  pass "draft" {
    resource "datadog_monitor" "cpu" {
      name         = "cpu"
      type         = "query alert"
      query        = "avg(last_10m):avg:aws.ecs.service.cpuutilization{env:production,servicename:app} > 80"
      message      = "CPU is high. @slack-app-alerts"
      draft_status = "draft"
    }
  }

  pass "asset" {
    resource "datadog_monitor" "cpu" {
      name    = "cpu"
      type    = "query alert"
      query   = "avg(last_10m):avg:aws.ecs.service.cpuutilization{env:production,servicename:app} > 80"
      message = "CPU is high. @slack-app-alerts"
      assets {
        name     = "Runbook"
        url      = "/notebook/1"
        category = "runbook"
      }
    }
  }

  fail "no_link" {
    resource "datadog_monitor" "cpu" {
      name    = "cpu"
      type    = "query alert"
      query   = "avg(last_10m):avg:aws.ecs.service.cpuutilization{env:production,servicename:app} > 80"
      message = "CPU is high. @slack-app-alerts"
    }
  }

  fail "pages" {
    resource "datadog_monitor" "cpu" {
      name    = "cpu"
      type    = "query alert"
      query   = "avg(last_10m):avg:aws.ecs.service.cpuutilization{env:production,servicename:app} > 80"
      message = "CPU is high. @pagerduty-app"
    }
  }

  fail "high_priority" {
    resource "datadog_monitor" "cpu" {
      name     = "cpu"
      type     = "query alert"
      query    = "avg(last_10m):avg:aws.ecs.service.cpuutilization{env:production,servicename:app} > 80"
      message  = "CPU is high. @slack-app-alerts"
      priority = 1
    }
  }
}
