# No data is an alert of its own. Where the groups come and go, or where the metric is late, it fires for nothing: a task that a
# release has stopped sends no data any more, and that is as it should be.

input "keys" {
  type        = list(string)
  default     = ["task_arn", "container_id", "container_name", "pod_name", "host", "task_id"]
  description = "Tags whose values come and go with each task, container or machine."
}

resource_policy "datadog_monitor" "datadog_monitor_no_data_noise" {
  title             = "Monitor takes a stopped task for an outage"
  category          = "monitoring"
  severity          = "medium"
  references        = ["Datadog provider: datadog_monitor", "Datadog documentation: Configure monitors"]
  enforcement_level = "advisory"

  docs {
    why = "Each release and each scale-in ends in alerts about missing data that nobody can act on."
    fix = "Turn notify_no_data off where groups come and go, and ask for no data on the service as a whole. Set no_data_timeframe to at least twice the window."
  }

  locals {
    loud   = core::coalesce(core::try(attrs.notify_no_data, null), false) || core::try(attrs.on_missing_data, null) == "show_and_notify_no_data"
    groups = core::flatten([for m in core::regexall("\\bby\\s*\\{([^}]*)\\}", attrs.query) : [for k in core::split(",", m[0]) : core::trimspace(k)]])
    bad    = [for k in core::distinct(local.groups) : k if core::contains(input.keys, k)]

    window  = core::try(core::regex("last_([0-9]+)([mh])\\b", attrs.query), null)
    minutes = local.window == null ? 0 : core::tonumber(local.window[0]) * (local.window[1] == "h" ? 60 : 1)
    frame   = core::coalesce(core::try(attrs.no_data_timeframe, null), 10)
  }

  filter = local.loud

  enforce {
    condition     = core::length(local.bad) == 0
    at            = attrs.query
    error_message = "${meta.address} alerts on missing data for each ${core::join(", ", local.bad)}, so every task that stops is an alert."
  }

  # on_missing_data has no time frame of its own.
  enforce {
    condition     = !core::coalesce(core::try(attrs.notify_no_data, null), false) || local.frame >= 2 * local.minutes
    at            = attrs.no_data_timeframe
    error_message = "${meta.address} alerts after ${local.frame} minutes without data, but looks at ${local.minutes} minutes; Datadog asks for at least twice the window, so late data is an alert."
  }

  option "off" {
    title    = "No alert on missing data for single tasks"
    merits   = ["releases are silent"]
    demerits = ["that nothing runs at all needs a monitor of its own"]
    downtime = "none"
    effort   = "S"

    set {
      notify_no_data = false
    }
  }

  option "longer" {
    title    = "A time frame of twice the window"
    merits   = ["late data does not fire"]
    demerits = ["told some minutes later"]
    downtime = "none"
    effort   = "S"
  }

  pass "whole_service" {
    resource "datadog_monitor" "hits" {
      name              = "hits"
      type              = "query alert"
      query             = "sum(last_5m):sum:trace.http.request.hits{env:production,service:app}.as_count() < 1"
      message           = "Something is wrong. Runbook: https://wiki.example.com/app @slack-app-alerts"
      notify_no_data    = true
      no_data_timeframe = 10
    }
  }

  pass "silent" {
    resource "datadog_monitor" "cpu" {
      name    = "cpu"
      type    = "query alert"
      query   = "avg(last_10m):avg:ecs.fargate.cpu.percent{env:production} by {task_arn} > 80"
      message = "Something is wrong. Runbook: https://wiki.example.com/app @slack-app-alerts"
    }
  }

  fail "for_each_task" {
    resource "datadog_monitor" "cpu" {
      name              = "cpu"
      type              = "query alert"
      query             = "avg(last_5m):avg:ecs.fargate.cpu.percent{env:production} by {task_arn} > 80"
      message           = "Something is wrong. Runbook: https://wiki.example.com/app @slack-app-alerts"
      notify_no_data    = true
      no_data_timeframe = 60
    }
  }

  fail "for_each_container_in_the_new_form" {
    resource "datadog_monitor" "cpu" {
      name            = "cpu"
      type            = "query alert"
      query           = "avg(last_5m):avg:ecs.fargate.cpu.percent{env:production} by {container_id} > 80"
      message         = "Something is wrong. Runbook: https://wiki.example.com/app @slack-app-alerts"
      on_missing_data = "show_and_notify_no_data"
    }
  }

  fail "frame_too_short" {
    resource "datadog_monitor" "hits" {
      name           = "hits"
      type           = "query alert"
      query          = "sum(last_1h):sum:trace.http.request.hits{env:production,service:app}.as_count() < 1"
      message        = "Something is wrong. Runbook: https://wiki.example.com/app @slack-app-alerts"
      notify_no_data = true
    }
  }
}
