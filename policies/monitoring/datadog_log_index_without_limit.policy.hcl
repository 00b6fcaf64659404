# Logs in an index are paid by the event. One debug flag left on over a weekend can write more than the whole month before, and
# nothing stops it unless the index has a daily limit.

resource_policy "datadog_logs_index" "datadog_log_index_without_limit" {
  title             = "One noisy service can use up the log budget"
  category          = "monitoring"
  severity          = "medium"
  references        = ["Datadog provider: datadog_logs_index", "Datadog documentation: Log indexes, set a daily quota"]
  enforcement_level = "advisory"

  docs {
    why = "The bill of one weekend can be that of a month."
    fix = "Set daily_limit to about twice a normal day, with a warning before it is reached. Add an exclusion_filter for health checks and debug lines."
  }

  locals {
    limited  = core::coalesce(core::try(attrs.daily_limit, null), 0) > 0 && !(core::coalesce(core::try(plan::configured("disable_daily_limit") ? attrs.disable_daily_limit : false, null), false))
    excludes = core::try(core::length(attrs.exclusion_filter), 0) > 0
  }

  enforce {
    condition     = local.limited
    at            = attrs.daily_limit
    error_message = "${meta.address} has no daily limit, so one debug flag can cost a month's budget in a weekend."
  }

  enforce {
    condition     = !local.limited || local.excludes
    at            = attrs.exclusion_filter
    severity      = "low"
    error_message = "${meta.address} excludes nothing, so health checks and debug lines are paid for like everything else."
  }

  option "limit" {
    title    = "A daily limit of twice a normal day"
    merits   = ["the bill has an upper end"]
    demerits = ["logs over the limit are not in the index that day"]
    downtime = "none"
    effort   = "S"

    set {
      disable_daily_limit = false
    }
  }

  option "exclude" {
    title    = "Exclude health checks and debug lines"
    merits   = ["fewer events, same use"]
    demerits = ["somebody must decide what is noise"]
    downtime = "none"
    effort   = "S"
  }

  pass "limited" {
    resource "datadog_logs_index" "main" {
      name = "main"
      filter {
        query = "*"
      }
      daily_limit = 2000000
      exclusion_filter {
        name       = "health checks"
        is_enabled = true
        filter {
          query       = "@http.url_details.path:/healthz"
          sample_rate = 1.0
        }
      }
    }
  }

  fail "no_limit" {
    resource "datadog_logs_index" "main" {
      name = "main"
      filter {
        query = "*"
      }
    }
  }

  fail "disabled" {
    resource "datadog_logs_index" "main" {
      name = "main"
      filter {
        query = "*"
      }
      daily_limit         = 2000000
      disable_daily_limit = true
    }
  }

  fail "no_exclusion" {
    resource "datadog_logs_index" "main" {
      name = "main"
      filter {
        query = "*"
      }
      daily_limit = 2000000
    }
  }
}
