locals {
  account = core::getdatasource("aws_caller_identity", {})
  zones   = core::getdatasource("aws_availability_zones", { state = "available" })
}

resource_policy "aws_instance" "in_a_zone_of_the_account" {
  enforce {
    condition     = core::contains(local.zones.names, attrs.availability_zone)
    error_message = "${attrs.availability_zone} is none of ${core::join(", ", local.zones.names)}."
  }

  enforce {
    condition = core::try(attrs.owner_id, local.account.account_id) == local.account.account_id
  }
}
