# The query of a monitor and its thresholds name the critical value twice. If they differ, Datadog refuses the monitor at the apply,
# when half of the change is done already. A warning or a recovery on the wrong side is refused as well.

resource_policy "datadog_monitor" "datadog_monitor_threshold_mismatch" {
  title             = "Thresholds of the monitor contradict each other"
  category          = "monitoring"
  severity          = "medium"
  references        = ["Datadog provider: datadog_monitor", "Datadog documentation: Configure monitors"]
  enforcement_level = "mandatory"
  operations        = ["create", "update"]

  docs {
    why = "The plan looks fine and the apply stops half-way, so the rest of the change is missing until somebody repairs it."
    fix = "Write the same number at the end of the query and in monitor_thresholds.critical. For an alert above: recovery and warning below critical; for an alert below: above."
  }

  locals {
    end      = core::try(core::regex("([<>]=?)\\s*(-?[0-9]+(?:\\.[0-9]+)?)\\s*$", attrs.query), null)
    above    = local.end != null && core::startswith(core::try(local.end[0], ""), ">")
    compared = local.end == null ? null : core::tonumber(local.end[1])
    critical = core::try(core::tonumber(attrs.monitor_thresholds[0].critical), null)
    warning  = core::try(core::tonumber(attrs.monitor_thresholds[0].warning), null)
    recovery = core::try(core::tonumber(attrs.monitor_thresholds[0].critical_recovery), null)
  }

  # Anomaly, outlier and service check monitors have thresholds of another kind.
  filter = core::contains(["metric alert", "query alert", "log alert", "trace-analytics alert"], attrs.type) && local.critical != null && local.compared != null && !core::regex_match("(anomalies|outliers|forecast)\\(", attrs.query)

  enforce {
    condition     = local.compared == local.critical
    at            = attrs.monitor_thresholds[0].critical
    error_message = "${meta.address} compares with ${local.compared} in its query but has ${local.critical} as critical threshold; Datadog refuses this at the apply."
  }

  enforce {
    condition     = local.warning == null || (local.above ? local.warning < local.critical : local.warning > local.critical)
    at            = attrs.monitor_thresholds[0].warning
    error_message = "${meta.address} warns at ${core::coalesce(local.warning, "?")} and is critical at ${local.critical}: the warning lies on the wrong side, and Datadog refuses it at the apply."
  }

  enforce {
    condition     = local.recovery == null || (local.above ? local.recovery < local.critical : local.recovery > local.critical)
    at            = attrs.monitor_thresholds[0].critical_recovery
    error_message = "${meta.address} is critical at ${local.critical} and recovers at ${core::coalesce(local.recovery, "?")}: the recovery lies on the wrong side, and Datadog refuses it at the apply."
  }

  option "one_number" {
    title    = "One local value for the query and the threshold"
    merits   = ["cannot differ again"]
    demerits = ["one more line"]
    downtime = "none"
    effort   = "S"
  }

  option "validate" {
    title    = "Leave validate at its default, true"
    merits   = ["the provider asks Datadog during the plan"]
    demerits = ["a plan needs the API"]
    downtime = "none"
    effort   = "S"
  }

  pass "above" {
    resource "datadog_monitor" "cpu" {
      name    = "cpu"
      type    = "query alert"
      query   = "avg(last_10m):avg:aws.ecs.service.cpuutilization{env:production,servicename:app} > 80"
      message = "Something is wrong. Runbook: https://wiki.example.com/app @slack-app-alerts"
      monitor_thresholds {
        critical          = 80
        warning           = 70
        critical_recovery = 60
      }
    }
  }

  pass "below" {
    resource "datadog_monitor" "disk" {
      name    = "disk"
      type    = "query alert"
      query   = "avg(last_10m):avg:aws.rds.free_storage_space{dbinstanceidentifier:main} < 5000000000"
      message = "Something is wrong. Runbook: https://wiki.example.com/app @slack-app-alerts"
      monitor_thresholds {
        critical          = 5000000000
        warning           = 9000000000
        critical_recovery = 6000000000
      }
    }
  }

  pass "anomaly" {
    resource "datadog_monitor" "hits" {
      name    = "hits"
      type    = "query alert"
      query   = "avg(last_4h):anomalies(sum:trace.http.request.hits{env:production}.as_count(), 'agile', 2) >= 1"
      message = "Something is wrong. Runbook: https://wiki.example.com/app @slack-app-alerts"
      monitor_thresholds {
        critical = 0.5
      }
    }
  }

  fail "other_number" {
    resource "datadog_monitor" "cpu" {
      name    = "cpu"
      type    = "query alert"
      query   = "avg(last_10m):avg:aws.ecs.service.cpuutilization{env:production,servicename:app} > 80"
      message = "Something is wrong. Runbook: https://wiki.example.com/app @slack-app-alerts"
      monitor_thresholds {
        critical = 90
      }
    }
  }

  fail "warning_above" {
    resource "datadog_monitor" "cpu" {
      name    = "cpu"
      type    = "query alert"
      query   = "avg(last_10m):avg:aws.ecs.service.cpuutilization{env:production,servicename:app} > 80"
      message = "Something is wrong. Runbook: https://wiki.example.com/app @slack-app-alerts"
      monitor_thresholds {
        critical = 80
        warning  = 90
      }
    }
  }

  fail "recovery_above" {
    resource "datadog_monitor" "cpu" {
      name    = "cpu"
      type    = "query alert"
      query   = "avg(last_10m):avg:aws.ecs.service.cpuutilization{env:production,servicename:app} > 80"
      message = "Something is wrong. Runbook: https://wiki.example.com/app @slack-app-alerts"
      monitor_thresholds {
        critical          = 80
        critical_recovery = 90
      }
    }
  }

  fail "warning_below" {
    resource "datadog_monitor" "disk" {
      name    = "disk"
      type    = "query alert"
      query   = "avg(last_10m):avg:aws.rds.free_storage_space{dbinstanceidentifier:main} < 5"
      message = "Something is wrong. Runbook: https://wiki.example.com/app @slack-app-alerts"
      monitor_thresholds {
        critical = 5
        warning  = 3
      }
    }
  }

  fail "recovery_below" {
    resource "datadog_monitor" "disk" {
      name    = "disk"
      type    = "query alert"
      query   = "avg(last_10m):avg:aws.rds.free_storage_space{dbinstanceidentifier:main} < 5"
      message = "Something is wrong. Runbook: https://wiki.example.com/app @slack-app-alerts"
      monitor_thresholds {
        critical          = 5
        critical_recovery = 3
      }
    }
  }
}
