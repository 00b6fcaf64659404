# A monitor that writes every few minutes until somebody fixes the problem fills the channel while the team is at work on it. The
# next, different alert drowns in it.

input "min_minutes" {
  type        = number
  default     = 60
  description = "Shortest time between two repeats that passes, in minutes. An hour is about how long a team works on a problem before it has news."
}

resource_policy "datadog_monitor" "datadog_monitor_renotify_storm" {
  title             = "Monitor repeats itself without end"
  category          = "monitoring"
  severity          = "medium"
  references        = ["Datadog provider: datadog_monitor", "Datadog documentation: Configure monitors"]
  enforcement_level = "advisory"

  docs {
    why = "Everybody mutes the channel, and the alert of another service is not seen."
    fix = "Set renotify_interval to 60 or more, or renotify_occurrences to a small number."
  }

  locals {
    interval = core::coalesce(core::try(attrs.renotify_interval, null), 0)
  }

  enforce {
    condition     = local.interval == 0 || local.interval >= input.min_minutes || core::coalesce(core::try(attrs.renotify_occurrences, null), 0) > 0
    at            = attrs.renotify_interval
    error_message = "${meta.address} repeats its alert every ${local.interval} minutes without end, until everybody mutes the channel; at least ${input.min_minutes} minutes or a number of repeats is asked for."
  }

  option "hourly" {
    title    = "Repeat once an hour"
    merits   = ["a forgotten alert comes back"]
    demerits = ["none to speak of"]
    downtime = "none"
    effort   = "S"

    set {
      renotify_interval = 60
    }
  }

  option "few" {
    title    = "Repeat three times, then be silent"
    merits   = ["ends by itself"]
    demerits = ["a forgotten alert stays forgotten"]
    downtime = "none"
    effort   = "S"

    set {
      renotify_occurrences = 3
    }
  }

  option "slo" {
    title    = "An objective with a burn-rate alert instead of alerts on causes"
    merits   = ["few alerts, and each one means that users suffer"]
    demerits = ["somebody must agree on the objective first"]
    downtime = "none"
    effort   = "M"
  }

  pass "hourly" {
    resource "datadog_monitor" "cpu" {
      name              = "cpu"
      type              = "query alert"
      query             = "avg(last_10m):avg:aws.ecs.service.cpuutilization{env:production,servicename:app} > 80"
      message           = "Something is wrong. Runbook: https://wiki.example.com/app @slack-app-alerts"
      renotify_interval = 60
    }
  }

  pass "never" {
    resource "datadog_monitor" "cpu" {
      name    = "cpu"
      type    = "query alert"
      query   = "avg(last_10m):avg:aws.ecs.service.cpuutilization{env:production,servicename:app} > 80"
      message = "Something is wrong. Runbook: https://wiki.example.com/app @slack-app-alerts"
    }
  }

  pass "three_times" {
    resource "datadog_monitor" "cpu" {
      name                 = "cpu"
      type                 = "query alert"
      query                = "avg(last_10m):avg:aws.ecs.service.cpuutilization{env:production,servicename:app} > 80"
      message              = "Something is wrong. Runbook: https://wiki.example.com/app @slack-app-alerts"
      renotify_interval    = 10
      renotify_occurrences = 3
    }
  }

  fail "every_ten_minutes" {
    resource "datadog_monitor" "cpu" {
      name              = "cpu"
      type              = "query alert"
      query             = "avg(last_10m):avg:aws.ecs.service.cpuutilization{env:production,servicename:app} > 80"
      message           = "Something is wrong. Runbook: https://wiki.example.com/app @slack-app-alerts"
      renotify_interval = 10
    }
  }
}
