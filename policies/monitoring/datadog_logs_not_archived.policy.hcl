# An index forgets after days. An archive in a bucket of your own keeps the same logs for years at a small price, and Datadog can
# bring them back when somebody asks.

resource_policy "datadog_logs_index" "datadog_logs_not_archived" {
  title             = "Logs of the index are archived nowhere"
  category          = "monitoring"
  severity          = "medium"
  scope             = "production"
  references        = ["Datadog provider: datadog_logs_archive", "Datadog documentation: Log archives"]
  enforcement_level = "advisory"

  docs {
    why = "After the retention of the index the logs are gone for good."
    fix = "Add a datadog_logs_archive with the query \"*\", or one that covers the filter of this index."
  }

  locals {
    archives = core::getresources("datadog_logs_archive", null)
    wanted   = core::try(attrs.filter[0].query, "*")
    covered  = core::anytrue([for a in local.archives : a.query == "*" || core::trimspace(a.query) == "" || core::trimspace(a.query) == core::trimspace(local.wanted)])

    # Whether another query covers this one is beyond a comparison of texts.
    other = core::length(local.archives) > 0 && !core::contains(["*", ""], core::trimspace(local.wanted))
  }

  enforce {
    condition     = local.covered || local.other
    at            = attrs.filter
    error_message = "${meta.address} holds logs (${local.wanted}) that no datadog_logs_archive covers, so they are gone after the retention of the index."
  }

  option "archive" {
    title    = "An archive of everything in a bucket"
    merits   = ["years for little money"]
    demerits = ["bringing logs back takes a while"]
    downtime = "none"
    effort   = "M"
  }

  option "longer" {
    title    = "A longer retention in the index"
    merits   = ["can be searched at once"]
    demerits = ["paid by the event and the day"]
    downtime = "none"
    effort   = "S"

    set {
      retention_days = 30
    }
  }

  pass "everything" {
    resource "datadog_logs_index" "main" {
      name = "main"
      filter {
        query = "*"
      }
    }

    resource "datadog_logs_archive" "all" {
      name  = "all"
      query = "*"
      s3_archive {
        bucket     = "example-log-archive"
        account_id = "111122223333"
        role_name  = "datadog"
      }
    }
  }

  pass "same_query" {
    resource "datadog_logs_index" "app" {
      name = "app"
      filter {
        query = "service:app"
      }
    }

    resource "datadog_logs_archive" "app" {
      name  = "all"
      query = "service:app"
      s3_archive {
        bucket     = "example-log-archive"
        account_id = "111122223333"
        role_name  = "datadog"
      }
    }
  }

  pass "other_query_is_not_judged" {
    resource "datadog_logs_index" "app" {
      name = "app"
      filter {
        query = "service:app env:production"
      }
    }

    resource "datadog_logs_archive" "app" {
      name  = "all"
      query = "env:production"
      s3_archive {
        bucket     = "example-log-archive"
        account_id = "111122223333"
        role_name  = "datadog"
      }
    }
  }

  fail "no_archive" {
    resource "datadog_logs_index" "app" {
      name = "app"
      filter {
        query = "service:app"
      }
    }
  }

  fail "archive_of_one_service" {
    resource "datadog_logs_index" "main" {
      name = "main"
      filter {
        query = "*"
      }
    }

    resource "datadog_logs_archive" "app" {
      name  = "all"
      query = "service:app"
      s3_archive {
        bucket     = "example-log-archive"
        account_id = "111122223333"
        role_name  = "datadog"
      }
    }
  }
}
