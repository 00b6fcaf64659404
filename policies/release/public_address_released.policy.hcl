# Partners put our address on their allowlists, and DNS records point to it. A released address goes back to the provider
# and cannot be asked for again; a stranger may get it next. Every partner must then change a firewall rule, and that takes
# days, while payments or deliveries fail.

resource_policy "aws_eip" "public_address_released" {
  title             = "A public address is given up"
  category          = "release"
  severity          = "high"
  scope             = "production"
  references        = ["AWS provider: aws_eip", "AWS provider: aws_nat_gateway", "AWS provider: aws_lightsail_static_ip"]
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  docs {
    why = "The plan releases a public IP address. Once AWS has given it to somebody else it does not come back. Partners that allow only this address refuse your calls, and DNS records that still hold it lead to somebody else's server."
    fix = "Keep the address object and attach it to the new resource: aws_nat_gateway.allocation_id, aws_eip_association or aws_lightsail_static_ip_attachment. If the address really must go, give the partners the new one first and wait until they have added it."
  }

  locals {
    user = core::coalesce(core::try(prior_attrs.association_id, null), core::try(prior_attrs.instance, null), core::try(prior_attrs.network_interface, null), "nobody")
  }

  filter = !meta.forget

  enforce {
    condition     = local.user == "nobody"
    error_message = "${meta.address} is in use and its address ${core::coalesce(core::try(prior_attrs.public_ip, null), "(not known)")} is given up for good: whoever reaches you by it no longer does."
  }

  # Attached to nothing: it may still stand on an allowlist.
  enforce {
    condition     = local.user != "nobody"
    severity      = "low"
    error_message = "${meta.address} is attached to nothing, and its address ${core::coalesce(core::try(prior_attrs.public_ip, null), "(not known)")} is given up for good: a record or firewall that still names it then names a stranger."
  }

  option "move" {
    title    = "Keep the address and attach it to the new resource"
    merits   = ["partners and DNS need no change"]
    demerits = ["connections are cut while it moves"]
    downtime = "seconds"
    effort   = "S"
  }

  option "announce" {
    title    = "Let partners allow the new address first, then switch"
    merits   = ["no cut for a partner that is ready"]
    demerits = ["the slowest partner decides the date", "both addresses are paid for until then"]
    downtime = "none"
    effort   = "M"
  }
}

resource_policy "aws_lightsail_static_ip" "public_address_released" {
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  filter = !meta.forget

  enforce {
    condition     = false
    error_message = "${meta.address} is deleted and its address ${core::coalesce(core::try(prior_attrs.ip_address, null), "(not known)")} is given up for good: a record or firewall that still names it then names a stranger."
  }
}

resource_policy "aws_nat_gateway" "public_address_released" {
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  locals {
    allocation = core::try(prior_attrs.allocation_id, null)

    # The gateway that is made again, or another one, goes on with the same address.
    kept = plan::after("allocation_id") == local.allocation || core::length(core::getresources("aws_nat_gateway", { allocation_id = local.allocation })) > 0
  }

  # A private gateway has no public address.
  filter = !meta.forget && core::coalesce(core::try(prior_attrs.connectivity_type, null), "public") == "public"

  enforce {
    condition     = local.allocation != null && local.kept
    error_message = "${meta.address} is deleted, and outgoing traffic no longer comes from ${core::coalesce(core::try(prior_attrs.public_ip, null), "its address")}: partners that admit only this address refuse you."
  }
}
