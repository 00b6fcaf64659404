# A service is renamed or deleted and its monitor stays. It has no data, so it is green for ever, or it alerts on missing data and
# nobody knows what it meant. What is known here is what the plan and the states hold; a name that none of them has may live
# elsewhere, so nothing is said where no object of that kind is known at all.

locals {
  services  = core::distinct([for s in core::getresources("aws_ecs_service", null) : core::lower(s.name)])
  databases = core::distinct(core::concat([for d in core::getresources("aws_db_instance", null) : core::try(d.identifier, "-")], [for d in core::getresources("aws_rds_cluster_instance", null) : core::try(d.identifier, "-")]))
  queues    = core::distinct([for q in core::getresources("aws_sqs_queue", null) : core::try(q.name, "-")])
}

resource_policy "datadog_monitor" "datadog_monitor_of_missing_service" {
  title             = "Monitor watches something that does not exist"
  category          = "monitoring"
  severity          = "low"
  references        = ["Datadog provider: datadog_monitor", "Datadog documentation: Configure monitors"]
  enforcement_level = "advisory"
  operations        = ["no-op"]

  docs {
    why = "A green monitor of a service that is gone hides that its successor is watched by nobody."
    fix = "Change the query to the new name, or delete the monitor."
  }

  locals {
    named_services  = core::distinct([for m in core::regexall("\\b(?:servicename):([A-Za-z0-9_-]+)\\s*[,}]", attrs.query) : m[0]])
    named_databases = core::distinct([for m in core::regexall("\\bdbinstanceidentifier:([A-Za-z0-9_-]+)\\s*[,}]", attrs.query) : m[0]])
    named_queues    = core::distinct([for m in core::regexall("\\bqueuename:([A-Za-z0-9_.-]+)\\s*[,}]", attrs.query) : m[0]])
    missing = core::concat(
      core::length(local.services) == 0 ? [] : [for n in local.named_services : "service ${n}" if !core::contains(local.services, core::lower(n))],
      core::length(local.databases) == 0 ? [] : [for n in local.named_databases : "database ${n}" if !core::contains(local.databases, n)],
      core::length(local.queues) == 0 ? [] : [for n in local.named_queues : "queue ${n}" if !core::contains(local.queues, n)],
    )
  }

  filter = core::regex_match("\\b(servicename|dbinstanceidentifier|queuename):", attrs.query)

  enforce {
    condition     = core::length(local.missing) == 0
    at            = attrs.query
    error_message = "${meta.address} watches ${core::join(", ", local.missing)}, which nothing that was read declares, so it stays green and never fires."
  }

  option "delete" {
    title    = "Delete the monitor"
    merits   = ["one green light less that means nothing"]
    demerits = ["make sure that the successor is watched"]
    downtime = "none"
    effort   = "S"
  }

  option "rename" {
    title    = "Change the query to the new name"
    merits   = ["the successor is watched again"]
    demerits = ["none"]
    downtime = "none"
    effort   = "S"
  }
}
