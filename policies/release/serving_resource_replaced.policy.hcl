# Some attributes cannot be changed on a living object, so Terraform makes a new one. If it deletes the old one first,
# nobody answers from that moment until the new one is ready: minutes for a load balancer, longer for names and
# certificates. If it makes the new one first, there is usually no gap, but names, addresses and ids change.

locals {
  # Replaced, judged once: on its delete half. An object that Terraform only forgets stays alive.
  replaced = !meta.forget && core::contains(meta.actions, "create")

  create_first = core::try(meta.actions[0], "delete") == "create"

  # Only the name of the attribute: a path can also hold a value.
  forced_by = core::try(core::distinct([for path in meta.replace_paths : core::tostring(path[0])]), [])
  reason    = core::length(local.forced_by) > 0 ? "forced by ${core::join(", ", local.forced_by)}" : core::coalesce(core::try(meta.action_reason, null), "the plan names no attribute")
}

resource_policy "aws_lb" "serving_resource_replaced" {
  title             = "An object that serves traffic is replaced"
  category          = "release"
  severity          = "high"
  scope             = "production"
  references        = ["Terraform: The lifecycle meta-argument, create_before_destroy", "Terraform: Resource lifecycle, replacement"]
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  docs {
    why = "The plan deletes an object that users reach, and makes a new one afterwards. In between nobody answers. The new object often has another name, address or id, so what points to it must change too. Without an announcement, users notice before the team does."
    fix = <<-EOT
      Take the change back if the attribute that forces it is not needed.
      Else make the new object first: lifecycle { create_before_destroy = true } and name_prefix, or no name, so that both can exist.
      For the largest parts make a second one beside the old one, move traffic to it step by step, and remove the old one in a later change.
      If none of this is possible, announce a window.
    EOT
  }

  filter = local.replaced

  enforce {
    condition     = local.create_first
    error_message = "${meta.address} is deleted before the new one is made (${local.reason}): everything behind it is down in between."
  }

  # No gap is planned, but the object is a new one.
  enforce {
    condition     = !local.create_first
    severity      = "low"
    error_message = "${meta.address} is replaced by a new object that is made first (${local.reason}): there is no gap, but whoever has its old id or name written down loses it."
  }

  option "create_first" {
    title    = "create_before_destroy with a generated name"
    merits   = ["no gap"]
    demerits = ["the name changes with each replacement"]
    downtime = "none"
    effort   = "S"
  }

  option "side_by_side" {
    title    = "Make a second one, shift traffic by weight, remove the first"
    merits   = ["can be rolled back at each step"]
    demerits = ["two pull requests", "both are paid for while they run"]
    downtime = "none"
    effort   = "M"
  }

  option "window" {
    title    = "Replace it in an announced window"
    merits   = ["one pull request"]
    demerits = ["an outage, and somebody must be awake"]
    downtime = "minutes"
    effort   = "S"
  }
}

resource_policy "aws_elb" "serving_resource_replaced" {
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = local.create_first
    error_message = "${meta.address} is deleted before the new one is made (${local.reason}): everything behind it is down in between."
  }

  enforce {
    condition     = !local.create_first
    severity      = "low"
    error_message = "${meta.address} is replaced by a new object that is made first (${local.reason}): there is no gap, but whoever has its old id or name written down loses it."
  }
}

resource_policy "aws_lb_listener" "serving_resource_replaced" {
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = local.create_first
    error_message = "${meta.address} is deleted before the new one is made (${local.reason}): its port is down in between."
  }

  enforce {
    condition     = !local.create_first
    severity      = "low"
    error_message = "${meta.address} is replaced by a new object that is made first (${local.reason}): there is no gap, but whoever has its old id or name written down loses it."
  }
}

resource_policy "aws_lb_listener_rule" "serving_resource_replaced" {
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = local.create_first
    error_message = "${meta.address} is deleted before the new one is made (${local.reason}): the paths and hosts of the rule are down in between."
  }

  enforce {
    condition     = !local.create_first
    severity      = "low"
    error_message = "${meta.address} is replaced by a new object that is made first (${local.reason}): there is no gap, but whoever has its old id or name written down loses it."
  }
}

resource_policy "aws_lb_target_group" "serving_resource_replaced" {
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = local.create_first
    error_message = "${meta.address} is deleted before the new one is made (${local.reason}): its targets are down in between."
  }

  enforce {
    condition     = !local.create_first
    severity      = "low"
    error_message = "${meta.address} is replaced by a new object that is made first (${local.reason}): there is no gap, but whoever has its old id or name written down loses it."
  }
}

resource_policy "aws_ecs_service" "serving_resource_replaced" {
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = local.create_first
    error_message = "${meta.address} is deleted before the new one is made (${local.reason}): the service is down in between."
  }

  enforce {
    condition     = !local.create_first
    severity      = "low"
    error_message = "${meta.address} is replaced by a new object that is made first (${local.reason}): there is no gap, but whoever has its old id or name written down loses it."
  }
}

resource_policy "aws_ecs_cluster" "serving_resource_replaced" {
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = local.create_first
    error_message = "${meta.address} is deleted before the new one is made (${local.reason}): the services of the cluster are down in between."
  }

  enforce {
    condition     = !local.create_first
    severity      = "low"
    error_message = "${meta.address} is replaced by a new object that is made first (${local.reason}): there is no gap, but whoever has its old id or name written down loses it."
  }
}

resource_policy "aws_autoscaling_group" "serving_resource_replaced" {
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = local.create_first
    error_message = "${meta.address} is deleted before the new one is made (${local.reason}): all instances of the group are down in between."
  }

  enforce {
    condition     = !local.create_first
    severity      = "low"
    error_message = "${meta.address} is replaced by a new object that is made first (${local.reason}): there is no gap, but whoever has its old id or name written down loses it."
  }
}

resource_policy "aws_instance" "serving_resource_replaced" {
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = local.create_first
    error_message = "${meta.address} is deleted before the new one is made (${local.reason}): the server is down in between."
  }

  enforce {
    condition     = !local.create_first
    severity      = "low"
    error_message = "${meta.address} is replaced by a new object that is made first (${local.reason}): there is no gap, but whoever has its old id or name written down loses it."
  }
}

resource_policy "aws_nat_gateway" "serving_resource_replaced" {
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = local.create_first
    error_message = "${meta.address} is deleted before the new one is made (${local.reason}): outgoing traffic is down in between."
  }

  enforce {
    condition     = !local.create_first
    severity      = "low"
    error_message = "${meta.address} is replaced by a new object that is made first (${local.reason}): there is no gap, but whoever has its old id or name written down loses it."
  }
}

resource_policy "aws_route" "serving_resource_replaced" {
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = local.create_first
    error_message = "${meta.address} is deleted before the new one is made (${local.reason}): the traffic of this route is down in between."
  }

  enforce {
    condition     = !local.create_first
    severity      = "low"
    error_message = "${meta.address} is replaced by a new object that is made first (${local.reason}): there is no gap, but whoever has its old id or name written down loses it."
  }
}

resource_policy "aws_subnet" "serving_resource_replaced" {
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = local.create_first
    error_message = "${meta.address} is deleted before the new one is made (${local.reason}): everything in the subnet is down in between."
  }

  enforce {
    condition     = !local.create_first
    severity      = "low"
    error_message = "${meta.address} is replaced by a new object that is made first (${local.reason}): there is no gap, but whoever has its old id or name written down loses it."
  }
}

resource_policy "aws_vpc_endpoint" "serving_resource_replaced" {
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = local.create_first
    error_message = "${meta.address} is deleted before the new one is made (${local.reason}): the traffic through it is down in between."
  }

  enforce {
    condition     = !local.create_first
    severity      = "low"
    error_message = "${meta.address} is replaced by a new object that is made first (${local.reason}): there is no gap, but whoever has its old id or name written down loses it."
  }
}

resource_policy "aws_security_group" "serving_resource_replaced" {
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = local.create_first
    error_message = "${meta.address} is deleted before the new one is made (${local.reason}): AWS refuses to delete a group that is in use, so the apply hangs for minutes and stops half-way."
  }

  enforce {
    condition     = !local.create_first
    severity      = "low"
    error_message = "${meta.address} is replaced by a new object that is made first (${local.reason}): there is no gap, but whoever has its old id or name written down loses it."
  }
}

resource_policy "aws_route53_zone" "serving_resource_replaced" {
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = local.create_first
    error_message = "${meta.address} is deleted before the new one is made (${local.reason}): all names of the zone are down in between."
  }

  enforce {
    condition     = !local.create_first
    severity      = "low"
    error_message = "${meta.address} is replaced by a new object that is made first (${local.reason}): there is no gap, but whoever has its old id or name written down loses it."
  }
}

resource_policy "aws_route53_record" "serving_resource_replaced" {
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = local.create_first
    error_message = "${meta.address} is deleted before the new one is made (${local.reason}): the name is down in between."
  }

  enforce {
    condition     = !local.create_first
    severity      = "low"
    error_message = "${meta.address} is replaced by a new object that is made first (${local.reason}): there is no gap, but whoever has its old id or name written down loses it."
  }
}

resource_policy "aws_acm_certificate" "serving_resource_replaced" {
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = local.create_first
    error_message = "${meta.address} is deleted before the new one is made (${local.reason}): TLS with this certificate is down in between."
  }

  enforce {
    condition     = !local.create_first
    severity      = "low"
    error_message = "${meta.address} is replaced by a new object that is made first (${local.reason}): there is no gap, but whoever has its old id or name written down loses it."
  }
}

resource_policy "aws_cloudfront_distribution" "serving_resource_replaced" {
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = local.create_first
    error_message = "${meta.address} is deleted before the new one is made (${local.reason}): the distribution is down in between."
  }

  enforce {
    condition     = !local.create_first
    severity      = "low"
    error_message = "${meta.address} is replaced by a new object that is made first (${local.reason}): there is no gap, but whoever has its old id or name written down loses it."
  }
}

resource_policy "aws_api_gateway_stage" "serving_resource_replaced" {
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = local.create_first
    error_message = "${meta.address} is deleted before the new one is made (${local.reason}): the stage is down in between."
  }

  enforce {
    condition     = !local.create_first
    severity      = "low"
    error_message = "${meta.address} is replaced by a new object that is made first (${local.reason}): there is no gap, but whoever has its old id or name written down loses it."
  }
}

resource_policy "aws_apigatewayv2_stage" "serving_resource_replaced" {
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = local.create_first
    error_message = "${meta.address} is deleted before the new one is made (${local.reason}): the stage is down in between."
  }

  enforce {
    condition     = !local.create_first
    severity      = "low"
    error_message = "${meta.address} is replaced by a new object that is made first (${local.reason}): there is no gap, but whoever has its old id or name written down loses it."
  }
}

resource_policy "aws_lambda_function" "serving_resource_replaced" {
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = local.create_first
    error_message = "${meta.address} is deleted before the new one is made (${local.reason}): the function is down in between."
  }

  enforce {
    condition     = !local.create_first
    severity      = "low"
    error_message = "${meta.address} is replaced by a new object that is made first (${local.reason}): there is no gap, but whoever has its old id or name written down loses it."
  }
}

resource_policy "aws_lambda_alias" "serving_resource_replaced" {
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = local.create_first
    error_message = "${meta.address} is deleted before the new one is made (${local.reason}): the alias is down in between."
  }

  enforce {
    condition     = !local.create_first
    severity      = "low"
    error_message = "${meta.address} is replaced by a new object that is made first (${local.reason}): there is no gap, but whoever has its old id or name written down loses it."
  }
}

resource_policy "aws_lightsail_lb" "serving_resource_replaced" {
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = local.create_first
    error_message = "${meta.address} is deleted before the new one is made (${local.reason}): everything behind it is down in between."
  }

  enforce {
    condition     = !local.create_first
    severity      = "low"
    error_message = "${meta.address} is replaced by a new object that is made first (${local.reason}): there is no gap, but whoever has its old id or name written down loses it."
  }
}

resource_policy "aws_lightsail_static_ip" "serving_resource_replaced" {
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = local.create_first
    error_message = "${meta.address} is deleted before the new one is made (${local.reason}): the address is down in between."
  }

  enforce {
    condition     = !local.create_first
    severity      = "low"
    error_message = "${meta.address} is replaced by a new object that is made first (${local.reason}): there is no gap, but whoever has its old id or name written down loses it."
  }
}

resource_policy "aws_lightsail_container_service" "serving_resource_replaced" {
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  filter = local.replaced

  enforce {
    condition     = local.create_first
    error_message = "${meta.address} is deleted before the new one is made (${local.reason}): the service is down in between."
  }

  enforce {
    condition     = !local.create_first
    severity      = "low"
    error_message = "${meta.address} is replaced by a new object that is made first (${local.reason}): there is no gap, but whoever has its old id or name written down loses it."
  }
}
