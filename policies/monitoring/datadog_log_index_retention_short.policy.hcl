# An index with three days has forgotten the incident of Friday evening when the team talks about it on Tuesday. Longer indexes cost
# more, so an archive is the other half of the answer.

input "min_days" {
  type        = number
  default     = 7
  description = "Fewest days that pass. A week covers the time between an incident and the meeting about it."
}

resource_policy "datadog_logs_index" "datadog_log_index_retention_short" {
  title             = "Datadog deletes the logs after a few days"
  category          = "monitoring"
  severity          = "medium"
  scope             = "production"
  references        = ["Datadog provider: datadog_logs_index"]
  enforcement_level = "advisory"

  docs {
    why = "By the time somebody asks, the logs cannot be searched any more."
    fix = "Set retention_days to 7 or 15, and archive what must stay longer."
  }

  # Not written: what Datadog chose is only known after the apply.
  filter = core::can(attrs.retention_days) && core::try(attrs.retention_days, null) != null

  enforce {
    condition     = attrs.retention_days >= input.min_days
    at            = attrs.retention_days
    error_message = "${meta.address} keeps logs for ${attrs.retention_days} days, so a fault that is noticed later cannot be searched; at least ${input.min_days} are asked for."
  }

  option "fifteen" {
    title    = "15 days in the index, and an archive behind it"
    merits   = ["incidents of last week can be searched"]
    demerits = ["the index is paid by the event and the day"]
    downtime = "none"
    effort   = "S"

    set {
      retention_days = 15
    }
  }

  option "filter" {
    title    = "Exclude what nobody searches, keep the rest longer"
    merits   = ["about the same price"]
    demerits = ["somebody must decide what is noise"]
    downtime = "none"
    effort   = "M"
  }

  pass "week" {
    resource "datadog_logs_index" "main" {
      name = "main"
      filter {
        query = "*"
      }
      retention_days = 7
    }
  }

  pass "not_written" {
    resource "datadog_logs_index" "main" {
      name = "main"

      filter {
        query = "*"
      }
    }
  }

  fail "three_days" {
    resource "datadog_logs_index" "main" {
      name = "main"
      filter {
        query = "*"
      }
      retention_days = 3
    }
  }
}
