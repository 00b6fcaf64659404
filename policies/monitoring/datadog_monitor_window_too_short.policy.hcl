# A monitor that looks at one minute of data fires at every short peak and is green again before somebody has opened the
# laptop. After a month nobody reads it any more, and the real outage is one red line among many.

input "min_minutes" {
  type        = number
  default     = 5
  description = "Shortest evaluation window that passes, in minutes. Cloud metrics arrive once a minute and some minutes late, so 5 minutes hold only a few points."
}

resource_policy "datadog_monitor" "datadog_monitor_window_too_short" {
  title             = "Monitor fires at short peaks"
  category          = "monitoring"
  severity          = "medium"
  references        = ["Datadog provider: datadog_monitor", "Datadog documentation: Configure monitors, evaluation window", "Datadog documentation: Anomaly monitor"]
  enforcement_level = "advisory"

  docs {
    why = "The monitor decides on so little data that a single peak or a late point makes it fire. Alerts that solve themselves teach the team to ignore alerts."
    fix = "Use a longer window, for example last_10m, and a recovery threshold so that it does not change back and forth. Or ask that all points are over the limit: min(last_5m) for an alert above, max(last_5m) for an alert below."
  }

  locals {
    # An anomaly monitor decides on its trigger window; the window in front is only the shape of the graph.
    anomaly = core::strcontains(attrs.query, "anomalies(")
    trigger = core::coalesce(core::try(attrs.monitor_threshold_windows[0].trigger_window, null), core::try(core::regex("alert_window='(last_[0-9]+[a-z]+)'", attrs.query)[0], null), "none")
    window  = local.anomaly ? local.trigger : core::try(core::regex("last_[0-9]+[a-z]+", attrs.query), "none")

    parts   = core::regex("^last_([0-9]+)([a-z]+)$", local.window)
    unit    = core::lookup({ m = 1, h = 60, d = 1440, w = 10080, mo = 43200 }, local.parts[1], 1)
    minutes = core::tonumber(local.parts[0]) * local.unit

    # With min above a limit, or max below one, every point of the window must be over it: a peak does not fire.
    aggregation = core::try(core::regex("([a-z]+)\\(last_", attrs.query)[0], "none")
    comparison  = core::try(core::regex("([<>])=?\\s*[-0-9.eE]+\\s*$", attrs.query)[0], "none")
    all_points  = (local.aggregation == "min" && local.comparison == ">") || (local.aggregation == "max" && local.comparison == "<")
  }

  # Composites, service checks and log monitors have no such window.
  filter = core::startswith(local.window, "last_")

  enforce {
    condition     = local.minutes >= input.min_minutes || local.all_points
    at            = attrs.query
    error_message = "${meta.address} decides on ${local.minutes} min of data (${local.window}), so one short peak is an alert; at least ${input.min_minutes} min are asked for."
  }

  option "longer" {
    title    = "A window of 10 minutes and a recovery threshold"
    merits   = ["a peak does not fire", "the alert does not change back and forth"]
    demerits = ["a real outage is told some minutes later"]
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

  pass "ten_minutes" {
    resource "datadog_monitor" "cpu" {
      name    = "CPU of app"
      type    = "query alert"
      query   = "avg(last_10m):avg:aws.ecs.service.cpuutilization{servicename:app} > 80"
      message = "CPU is high. @slack-app-alerts"
    }
  }

  pass "one_hour" {
    resource "datadog_monitor" "disk" {
      name    = "Disk of app"
      type    = "query alert"
      query   = "avg(last_1h):avg:aws.rds.free_storage_space{dbinstanceidentifier:main} < 10000000000"
      message = "Little free storage. @slack-app-alerts"
    }
  }

  pass "all_points_above" {
    resource "datadog_monitor" "cpu" {
      name    = "CPU of app"
      type    = "query alert"
      query   = "min(last_3m):avg:aws.ecs.service.cpuutilization{servicename:app} > 80"
      message = "CPU is high. @slack-app-alerts"
    }
  }

  pass "anomaly_with_a_long_trigger" {
    resource "datadog_monitor" "requests" {
      name    = "Requests of app"
      type    = "query alert"
      query   = "avg(last_4h):anomalies(sum:aws.applicationelb.request_count{app:app}.as_count(), 'agile', 2, direction='both', interval=60, alert_window='last_15m', count_default_zero='true') >= 1"
      message = "Unusual number of requests. @slack-app-alerts"

      monitor_threshold_windows {
        trigger_window  = "last_15m"
        recovery_window = "last_15m"
      }
    }
  }

  pass "composite" {
    resource "datadog_monitor" "both" {
      name    = "Both"
      type    = "composite"
      query   = "12345 && 67890"
      message = "Both fire. @slack-app-alerts"
    }
  }

  fail "one_minute" {
    resource "datadog_monitor" "cpu" {
      name    = "CPU of app"
      type    = "query alert"
      query   = "avg(last_1m):avg:aws.ecs.service.cpuutilization{servicename:app} > 80"
      message = "CPU is high. @slack-app-alerts"
    }
  }

  fail "one_peak_is_enough" {
    resource "datadog_monitor" "cpu" {
      name    = "CPU of app"
      type    = "query alert"
      query   = "max(last_3m):avg:aws.ecs.service.cpuutilization{servicename:app} >= 80"
      message = "CPU is high. @slack-app-alerts"
    }
  }

  fail "anomaly_with_a_short_trigger" {
    resource "datadog_monitor" "requests" {
      name    = "Requests of app"
      type    = "query alert"
      query   = "avg(last_4h):anomalies(sum:aws.applicationelb.request_count{app:app}.as_count(), 'agile', 2) >= 1"
      message = "Unusual number of requests. @slack-app-alerts"

      monitor_threshold_windows {
        trigger_window  = "last_3m"
        recovery_window = "last_15m"
      }
    }
  }
}
