# A dashboard is where a new colleague begins and where everybody looks first in an outage. A service that is on none is looked up
# by hand each time.

locals {
  texts = core::concat(
    [for d in core::getresources("aws_cloudwatch_dashboard", null) : d.dashboard_body],
    [for d in core::getresources("datadog_dashboard_json", null) : d.dashboard],
    [for d in core::getresources("datadog_dashboard", null) : core::jsonencode(d)],
    [for o in core::getresources("datadog_service_level_objective", null) : core::jsonencode(o)],
  )
}

resource_policy "aws_ecs_service" "service_without_dashboard" {
  title             = "Service is on no dashboard"
  category          = "monitoring"
  severity          = "low"
  scope             = "production"
  pedantic          = true
  references        = ["Terraform AWS provider: aws_cloudwatch_dashboard", "Datadog provider: datadog_dashboard_json"]
  enforcement_level = "advisory"
  operations        = ["no-op"]

  docs {
    why = "In an outage the first ten minutes go into finding the graphs."
    fix = "Add the service to a dashboard, or give it an objective (datadog_service_level_objective)."
  }

  filter = core::coalesce(core::try(attrs.desired_count, null), 0) > 0

  enforce {
    condition     = core::anytrue([for t in local.texts : core::strcontains(t, attrs.name)])
    error_message = "${meta.address} is on no dashboard and has no objective, so in an outage its graphs must be found first."
  }

  option "add" {
    title    = "Add it to the dashboard of the team"
    merits   = ["graphs are found at once"]
    demerits = ["one more row"]
    downtime = "none"
    effort   = "S"
  }

  option "template" {
    title    = "One dashboard with a variable for the service"
    merits   = ["new services are on it by themselves"]
    demerits = ["all services must send the same metrics"]
    downtime = "none"
    effort   = "M"
  }
}
