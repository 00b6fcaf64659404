locals {
  routes = core::getresources("aws_route", {})
  kind   = "aws_internet_gateway"
}

resource_policy "aws_instance" "reaches_no_gateway" {
  locals {
    subnet       = core::one(core::getresources("aws_subnet", { id = attrs.subnet_id }))
    associations = core::getresources("aws_route_table_association", { subnet_id = attrs.subnet_id })
    tables       = core::toset(local.associations[*].route_table_id)
    ways         = [for route in local.routes : route if core::contains(local.tables, route.route_table_id) && core::try(route.gateway_id, null) != null]
    gateways     = core::flatten([for way in local.ways : core::getresources(local.kind, { id = way.gateway_id })])
    unnamed      = core::getresources("aws_subnet", { tags = { name = null } })
    tagged       = core::getresources("aws_subnet", { id = attrs.subnet_id, tags = { tier = "private" } })
  }

  enforce {
    condition     = local.subnet != null && core::length(local.gateways) == 0
    error_message = "${attrs.subnet_id} leads to ${core::join(", ", local.gateways[*].id)}."
  }

  enforce {
    condition = core::length(local.tagged) == 1 && core::length(local.unnamed) == 1
  }
}
