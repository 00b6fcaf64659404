# A mute for the evening of a migration that nobody ends is a monitor that does not exist any more. It looks as if everything was
# watched.

resource_policy "datadog_downtime" "datadog_mute_without_end" {
  title             = "Alerts are muted without an end"
  category          = "monitoring"
  severity          = "medium"
  references        = ["Datadog provider: datadog_downtime", "Datadog provider: datadog_downtime_schedule"]
  enforcement_level = "advisory"

  docs {
    why = "The next outage is not told to anybody, because the mute is still there."
    fix = "Write an end: end_date (datadog_downtime) or one_time_schedule.end (datadog_downtime_schedule), or a recurring schedule."
  }

  enforce {
    condition     = core::coalesce(core::try(attrs.end, null), 0) != 0 || core::coalesce(core::try(attrs.end_date, null), "-") != "-" || core::try(core::length(attrs.recurrence), 0) > 0
    error_message = "${meta.address} mutes ${core::join(", ", core::coalesce(core::try([for s in attrs.scope : s], null), ["everything"]))} and has no end, so the next outage there is told to nobody."
  }

  option "end" {
    title    = "An end date"
    merits   = ["alerts come back by themselves"]
    demerits = ["a longer piece of work needs a new date"]
    downtime = "none"
    effort   = "S"
  }

  option "recurring" {
    title    = "A recurring schedule for known quiet hours"
    merits   = ["nothing to do for the team"]
    demerits = ["must be kept up to date"]
    downtime = "none"
    effort   = "S"
  }

  option "delete" {
    title    = "Delete the monitor, if nobody wants its alerts"
    merits   = ["says what is true"]
    demerits = ["make sure that the graph exists on a dashboard"]
    downtime = "none"
    effort   = "S"
  }

  pass "ends" {
    resource "datadog_downtime" "migration" {
      scope    = ["env:production"]
      end_date = "2027-01-31T06:00:00+09:00"
    }

    resource "datadog_downtime" "timestamp" {
      scope = ["env:production"]
      end   = 1800000000
    }

    resource "datadog_downtime_schedule" "migration" {
      scope = "env:production"
      monitor_identifier {
        monitor_tags = ["service:app"]
      }
      one_time_schedule {
        end = "2027-01-31T06:00:00Z"
      }
    }
  }

  pass "recurs" {
    resource "datadog_downtime" "nightly" {
      scope = ["env:staging"]
      recurrence {
        type   = "days"
        period = 1
      }
    }

    resource "datadog_downtime_schedule" "nightly" {
      scope = "env:staging"
      monitor_identifier {
        monitor_tags = ["*"]
      }
      recurring_schedule {
        recurrence {
          duration = "8h"
          rrule    = "FREQ=DAILY"
        }
      }
    }
  }

  fail "no_end" {
    resource "datadog_downtime" "migration" {
      scope = ["env:production"]
    }

    resource "datadog_downtime_schedule" "migration" {
      scope = "env:production"
      monitor_identifier {
        monitor_tags = ["service:app"]
      }
      one_time_schedule {
        start = "2027-01-31T06:00:00Z"
      }
    }

    resource "datadog_downtime_schedule" "no_schedule" {
      scope = "env:production"
      monitor_identifier {
        monitor_tags = ["service:app"]
      }
    }
  }
}

# one_time_schedule and recurring_schedule are single objects, not lists.
resource_policy "datadog_downtime_schedule" "datadog_mute_without_end" {
  enforcement_level = "advisory"

  locals {
    # A block that nobody writes is null; some ways of reading give a list of one.
    recurring = core::try(core::length(attrs.recurring_schedule.recurrence) > 0, core::length(attrs.recurring_schedule[0].recurrence) > 0, false)
    end       = core::coalesce(core::try(attrs.one_time_schedule.end, attrs.one_time_schedule[0].end, null), "-")
  }

  enforce {
    condition     = local.recurring || local.end != "-"
    error_message = "${meta.address} mutes ${attrs.scope} and has no end, so the next outage there is told to nobody."
  }
}
