# A synthetic test sees what a customer sees, and that is why it should be believed. From one place, without a second try, it fires
# for every hiccup of the network in between; without a recipient or while it is paused it tells nobody.

resource_policy "datadog_synthetics_test" "datadog_synthetics_noisy" {
  title             = "Synthetic test fires for nothing or for nobody"
  category          = "monitoring"
  severity          = "low"
  references        = ["Datadog provider: datadog_synthetics_test", "Datadog documentation: Synthetic test monitors"]
  enforcement_level = "advisory"

  docs {
    why = "The team learns to ignore the one alert that would have shown an outage first."
    fix = "Run it from two places, with a retry and a min_failure_duration, name a recipient in the message, and delete it rather than leave it paused."
  }

  locals {
    options = core::try(attrs.options_list[0], {})
    retries = core::coalesce(core::try(local.options.retry[0].count, null), 0)
    tick    = core::coalesce(core::try(local.options.tick_every, null), 0)
    lasting = core::coalesce(core::try(local.options.min_failure_duration, null), 0)
    faults = core::concat(
      attrs.status == "paused" ? ["is paused"] : [],
      core::regex_match("(^|[^A-Za-z0-9_.+-])@[A-Za-z0-9{]", core::coalesce(core::try(attrs.message, null), "-")) ? [] : ["names no recipient"],
      core::try(core::length(attrs.locations), 2) == 1 ? ["runs from one place"] : [],
      local.retries == 0 ? ["tries once only"] : [],
      local.lasting == 0 && local.tick != 0 && local.tick <= 60 ? ["fires at the first failure of a minute"] : [],
    )
  }

  enforce {
    condition     = core::length(local.faults) == 0
    error_message = "${meta.address} ${core::join(", ", local.faults)}: it is noise, or it is not heard."
  }

  option "steady" {
    title    = "Two places, one retry, two minutes of failure"
    merits   = ["an alert means that customers see it"]
    demerits = ["told a minute or two later"]
    downtime = "none"
    effort   = "S"
  }

  option "delete" {
    title    = "Delete a paused test"
    merits   = ["says what is true"]
    demerits = ["its history goes with it"]
    downtime = "none"
    effort   = "S"
  }

  pass "steady" {
    resource "datadog_synthetics_test" "login" {
      name      = "Login"
      type      = "api"
      status    = "live"
      locations = ["aws:ap-northeast-1", "aws:us-west-2"]
      message   = "Login fails. @slack-app-alerts"
      options_list {
        tick_every           = 60
        min_failure_duration = 120
        retry {
          count    = 2
          interval = 300
        }
      }
      request_definition {
        method = "GET"
        url    = "https://app.example.com/login"
      }
    }
  }

  fail "paused" {
    resource "datadog_synthetics_test" "login" {
      name      = "Login"
      type      = "api"
      status    = "paused"
      locations = ["aws:ap-northeast-1", "aws:us-west-2"]
      message   = "Login fails. @slack-app-alerts"
      options_list {
        tick_every           = 60
        min_failure_duration = 120
        retry {
          count    = 2
          interval = 300
        }
      }
      request_definition {
        method = "GET"
        url    = "https://app.example.com/login"
      }
    }
  }

  fail "nobody" {
    resource "datadog_synthetics_test" "login" {
      name      = "Login"
      type      = "api"
      status    = "live"
      locations = ["aws:ap-northeast-1", "aws:us-west-2"]
      message   = "Login fails. slack-app-alerts"
      options_list {
        tick_every           = 60
        min_failure_duration = 120
        retry {
          count    = 2
          interval = 300
        }
      }
      request_definition {
        method = "GET"
        url    = "https://app.example.com/login"
      }
    }
  }

  fail "one_place" {
    resource "datadog_synthetics_test" "login" {
      name      = "Login"
      type      = "api"
      status    = "live"
      locations = ["aws:ap-northeast-1"]
      message   = "Login fails. @slack-app-alerts"
      options_list {
        tick_every           = 60
        min_failure_duration = 120
        retry {
          count    = 2
          interval = 300
        }
      }
      request_definition {
        method = "GET"
        url    = "https://app.example.com/login"
      }
    }
  }

  fail "no_retry" {
    resource "datadog_synthetics_test" "login" {
      name      = "Login"
      type      = "api"
      status    = "live"
      locations = ["aws:ap-northeast-1", "aws:us-west-2"]
      message   = "Login fails. @slack-app-alerts"
      options_list {
        tick_every           = 60
        min_failure_duration = 120
      }
      request_definition {
        method = "GET"
        url    = "https://app.example.com/login"
      }
    }
  }

  fail "at_once" {
    resource "datadog_synthetics_test" "login" {
      name      = "Login"
      type      = "api"
      status    = "live"
      locations = ["aws:ap-northeast-1", "aws:us-west-2"]
      message   = "Login fails. @slack-app-alerts"
      options_list {
        tick_every = 60
        retry {
          count    = 2
          interval = 300
        }
      }
      request_definition {
        method = "GET"
        url    = "https://app.example.com/login"
      }
    }
  }
}
