# After the move to ECS the old servers stay "for a week", and a year later they are still paid for and still open to the internet.
# Nobody deletes them, because nobody is sure. That ECS runs and that no record points here is a good sign that they may go.

locals {
  # Services that run; one without tasks is no proof of a move.
  services = [for s in core::getresources("aws_ecs_service", null) : s if core::coalesce(core::try(s.desired_count, null), 0) > 0]
  records  = core::getresources("aws_route53_record", null)
  targets = core::concat(
    core::flatten([for r in local.records : core::try([for x in r.records : x], [])]),
    core::flatten([for r in local.records : core::try([for a in r.alias : a.name], [])]),
    [for e in core::getresources("aws_lightsail_domain_entry", null) : e.target]
  )

  # Ranges that a firewall lets in.
  admitted = core::flatten([
    [for g in core::getresources("aws_security_group", null) : core::try([for i in g.ingress : core::try([for c in i.cidr_blocks : c], [])], [])],
    [for r in core::getresources("aws_security_group_rule", { type = "ingress" }) : core::try([for c in r.cidr_blocks : c], [])],
    [for r in core::getresources("aws_vpc_security_group_ingress_rule", null) : core::coalesce(core::try(r.cidr_ipv4, null), "-")],
  ])

  # Where the tasks get their settings from.
  settings = core::concat(
    [for t in core::getresources("aws_ecs_task_definition", null) : t.container_definitions],
    [for s in core::getresources("aws_ssm_parameter", null) : core::coalesce(core::try(s.value, null), "-")]
  )
}

resource_policy "aws_lightsail_instance" "lightsail_leftover_after_migration" {
  title             = "Lightsail is still there after the move to ECS"
  category          = "lightsail"
  severity          = "medium"
  references        = ["Amazon Lightsail User Guide: Snapshots", "Terraform AWS provider: aws_lightsail_instance"]
  enforcement_level = "advisory"
  operations        = ["no-op"]

  docs {
    why = "It is paid for each month and gets no updates. An old server with open ports is an easy way in."
    fix = "Take a Lightsail snapshot with a keep-until date in its name, stop the object for two weeks, then delete it from Terraform. If it is still needed, tag it `planfit:keep` with the reason."
  }

  locals {
    fixed     = [for a in core::getresources("aws_lightsail_static_ip_attachment", { instance_name = attrs.name }) : core::try(a.ip_address, null)]
    addresses = core::distinct([for a in core::concat(local.fixed, [core::try(attrs.public_ip_address, null)]) : a if a != null && a != ""])
    used      = core::anytrue([for a in local.addresses : core::contains(local.targets, a) || core::contains(local.admitted, "${a}/32")])
  }

  filter = core::try(attrs.tags["planfit:keep"], null) == null && core::length(local.services) > 0

  enforce {
    condition     = local.used
    error_message = "${meta.address} runs beside ${core::length(local.services)} ECS ${core::length(local.services) == 1 ? "service" : "services"}, and no DNS record and no security group names it: it looks like a leftover that is paid for."
  }

  option "snapshot_then_delete" {
    title    = "Snapshot with a keep-until date, then delete"
    merits   = ["the monthly price ends", "one open server less"]
    demerits = ["the snapshot is paid for until its date"]
    downtime = "none if nobody uses it"
    effort   = "S"
  }

  option "stop_first" {
    title    = "Stop it for two weeks, then delete"
    merits   = ["can be undone in a minute"]
    demerits = ["a stopped server is still paid for"]
    downtime = "only for who still uses it"
    effort   = "S"
  }

  option "keep" {
    title    = "Keep it, with the tag planfit:keep and the reason"
    merits   = ["nobody asks again"]
    demerits = ["it is paid for"]
    downtime = "none"
    effort   = "S"
  }
}

resource_policy "aws_lightsail_database" "lightsail_leftover_after_migration" {
  enforcement_level = "advisory"
  operations        = ["no-op"]

  locals {
    address = core::trimsuffix(core::trimprefix(core::coalesce(core::try(attrs.master_endpoint_address, null), "(no address)"), "https://"), "/")
  }

  filter = core::try(attrs.tags["planfit:keep"], null) == null && core::length(local.services) > 0

  enforce {
    condition     = core::contains(local.targets, local.address) || core::anytrue([for s in local.settings : core::strcontains(s, local.address)])
    error_message = "${meta.address} is a database beside ${core::length(local.services)} ECS ${core::length(local.services) == 1 ? "service" : "services"}, and nothing that was read names it: it looks like a leftover that is paid for."
  }
}

resource_policy "aws_lightsail_lb" "lightsail_leftover_after_migration" {
  enforcement_level = "advisory"
  operations        = ["no-op"]

  locals {
    address = core::trimsuffix(core::trimprefix(core::coalesce(core::try(attrs.dns_name, null), "(no address)"), "https://"), "/")
  }

  filter = core::try(attrs.tags["planfit:keep"], null) == null && core::length(local.services) > 0

  enforce {
    condition     = core::contains(local.targets, local.address)
    error_message = "${meta.address} is a load balancer beside ${core::length(local.services)} ECS ${core::length(local.services) == 1 ? "service" : "services"}, and no DNS record names it: it looks like a leftover that is paid for."
  }
}

resource_policy "aws_lightsail_container_service" "lightsail_leftover_after_migration" {
  enforcement_level = "advisory"
  operations        = ["no-op"]

  locals {
    address = core::trimsuffix(core::trimprefix(core::coalesce(core::try(attrs.url, null), "(no address)"), "https://"), "/")
  }

  filter = core::try(attrs.tags["planfit:keep"], null) == null && core::length(local.services) > 0

  enforce {
    condition     = core::contains(local.targets, local.address)
    error_message = "${meta.address} runs beside ${core::length(local.services)} ECS ${core::length(local.services) == 1 ? "service" : "services"}, and no DNS record names it: it looks like a leftover that is paid for."
  }
}
