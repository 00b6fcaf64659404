# A monitor without a recipient turns red on a page that nobody has open. It gives the feeling that the service is watched,
# and the outage is reported by a customer.

resource_policy "datadog_monitor" "datadog_monitor_without_recipient" {
  title             = "Monitor tells nobody"
  category          = "monitoring"
  severity          = "high"
  references        = ["Datadog provider: datadog_monitor", "Datadog provider: datadog_monitor_notification_rule", "Datadog documentation: Monitor notifications"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = "The message of the monitor names no recipient, and no notification rule is known that could add one. When it fires, nobody is told."
    fix = "Write the channel of the team into the message, for example @slack-team-alerts, or route by tags with a datadog_monitor_notification_rule. If nobody needs the alert, delete the monitor."
  }

  locals {
    # A handle begins with @ at the start of a word; an e-mail address inside a text is none.
    handle = core::regex_match("(^|[^A-Za-z0-9_.+-])@[A-Za-z0-9{]", attrs.message)

    rules      = core::getresources("datadog_monitor_notification_rule", null)
    composites = core::getresources("datadog_monitor", { type = "composite" })
    objectives = core::getresources("datadog_service_level_objective", null)

    # A part of a composite or of an objective is not meant to speak itself.
    in_composite = core::anytrue([for m in local.composites : core::strcontains(m.query, attrs.id)])
    in_objective = core::anytrue([for o in local.objectives : core::contains(core::try([for i in o.monitor_ids : core::tostring(i)], []), attrs.id)])
  }

  filter = core::coalesce(core::try(attrs.draft_status, null), "published") != "draft"

  enforce {
    condition     = local.handle || core::length(local.rules) > 0 || local.in_composite || local.in_objective
    at            = attrs.message
    error_message = "${meta.address} names no @recipient in its message, and no notification rule is known, so nobody is told when it fires."
  }

  option "channel" {
    title    = "Name the channel of the team"
    merits   = ["somebody acts"]
    demerits = ["one more alert to look at"]
    downtime = "none"
    effort   = "S"
  }

  option "delete" {
    title    = "Delete the monitor"
    merits   = ["less to maintain, and nobody missed it"]
    demerits = ["make sure that the graph exists on a dashboard"]
    downtime = "none"
    effort   = "S"
  }

  option "dashboard" {
    title    = "A dashboard widget for the weekly review instead"
    merits   = ["seen without waking anybody"]
    demerits = ["seen days later"]
    downtime = "none"
    effort   = "S"
  }

  pass "slack" {
    resource "datadog_monitor" "cpu" {
      name    = "CPU of app"
      type    = "query alert"
      query   = "avg(last_10m):avg:aws.ecs.service.cpuutilization{servicename:app} > 80"
      message = "CPU is high. See the runbook. @slack-app-alerts"
    }
  }

  pass "handle_behind_a_condition" {
    resource "datadog_monitor" "cpu" {
      name    = "CPU of app"
      type    = "query alert"
      query   = "avg(last_10m):avg:aws.ecs.service.cpuutilization{servicename:app} > 80"
      message = "{{#is_alert}}@pagerduty-app{{/is_alert}}"
    }
  }

  pass "notification_rule" {
    resource "datadog_monitor" "cpu" {
      name    = "CPU of app"
      type    = "query alert"
      query   = "avg(last_10m):avg:aws.ecs.service.cpuutilization{servicename:app} > 80"
      message = "CPU is high."
      tags    = ["team:app"]
    }

    resource "datadog_monitor_notification_rule" "app" {
      name       = "alerts of team app"
      recipients = ["slack-app-alerts"]

      filter {
        tags = ["team:app"]
      }
    }
  }

  pass "draft" {
    resource "datadog_monitor" "cpu" {
      name         = "CPU of app"
      type         = "query alert"
      query        = "avg(last_10m):avg:aws.ecs.service.cpuutilization{servicename:app} > 80"
      message      = "CPU is high."
      draft_status = "draft"
    }
  }

  fail "no_handle" {
    resource "datadog_monitor" "cpu" {
      name    = "CPU of app"
      type    = "query alert"
      query   = "avg(last_10m):avg:aws.ecs.service.cpuutilization{servicename:app} > 80"
      message = "CPU is high."
    }
  }

  fail "an_address_in_the_text_is_no_handle" {
    resource "datadog_monitor" "cpu" {
      name    = "CPU of app"
      type    = "query alert"
      query   = "avg(last_10m):avg:aws.ecs.service.cpuutilization{servicename:app} > 80"
      message = "CPU is high. Questions: team-app@example.com"
    }
  }
}
