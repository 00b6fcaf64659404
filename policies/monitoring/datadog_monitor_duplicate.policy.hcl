# The same monitor made twice, in two modules or by copying, sends each alert twice, and when the threshold is changed one of them
# is forgotten.

resource_policy "datadog_monitor" "datadog_monitor_duplicate" {
  title             = "Two monitors watch the same thing"
  category          = "monitoring"
  severity          = "low"
  references        = ["Datadog provider: datadog_monitor", "Datadog documentation: Configure monitors"]
  enforcement_level = "advisory"
  operations        = ["no-op"]

  docs {
    why = "Everything is told twice, and after the next change the two contradict each other."
    fix = "Delete one of them. If they shall tell different people, name both channels in one message."
  }

  locals {
    query   = core::replace(core::lower(attrs.query), "/\\s+/", "")
    handles = core::sort(core::distinct(core::regexall("@[A-Za-z0-9_.@-]+", attrs.message)))
    same    = [for m in core::getresources("datadog_monitor", { query = attrs.query }) : m if core::sort(core::distinct(core::regexall("@[A-Za-z0-9_.@-]+", m.message))) == local.handles]
  }

  enforce {
    condition     = core::length(local.same) < 2
    at            = attrs.query
    error_message = "${meta.address} has the same query and the same recipients as ${core::length(local.same) == 2 ? "another monitor" : "${core::length(local.same) - 1} other monitors"}, so each alert is told ${core::length(local.same)} times."
  }

  option "delete" {
    title    = "Delete one of them"
    merits   = ["each alert once"]
    demerits = ["a dashboard or an objective that names it loses it"]
    downtime = "none"
    effort   = "S"
  }

  option "merge" {
    title    = "One monitor that groups by what differs"
    merits   = ["one place to change"]
    demerits = ["one message for all"]
    downtime = "none"
    effort   = "S"
  }
}
