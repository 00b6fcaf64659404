locals {
  zones = { a = ["10.0.0.0/24", "10.0.1.0/24"], b = ["10.0.2.0/24"], c = [] }

  flat    = core::flatten([for zone, ranges in local.zones : [for range in ranges : { zone = zone, range = range }]])
  by_zone = { for item in local.flat : item.zone => item.range... }
  upper   = { for zone, _ in local.zones : core::upper(zone) => true }
  indexes = [for at, item in local.flat : "${at}:${item.zone}"]
  swapped = { for zone, ranges in local.zones : core::join("+", ranges) => zone if core::length(ranges) > 0 }
  keyed   = { for zone in core::toset(["y", "x", "y"]) : zone => zone }
  members = [for key, value in core::toset(["y", "x"]) : key == value]
  nested = {
    for zone, ranges in local.zones :
    zone => {
      for at, range in ranges :
      "range-${at}" => core::cidrhost(range, 1)
      if core::endswith(range, "/24")
    }
    if zone != "c"
  }
}

resource_policy "aws_subnet" "loops" {
  enforce {
    condition = core::length(local.flat) == 3 && local.by_zone == { a = ["10.0.0.0/24", "10.0.1.0/24"], b = ["10.0.2.0/24"] }
  }

  enforce {
    condition = core::keys(local.upper) == ["A", "B", "C"] && local.indexes == ["0:a", "1:a", "2:b"]
  }

  enforce {
    condition = local.swapped["10.0.2.0/24"] == "b" && core::keys(local.keyed) == ["x", "y"] && core::alltrue(local.members)
  }

  enforce {
    condition = local.nested.a["range-1"] == "10.0.1.1" && core::length(local.nested) == 2
  }

  enforce {
    condition     = core::anytrue([for zone, ranges in local.zones : core::contains(ranges, attrs.cidr_block)])
    error_message = "${attrs.cidr_block} is no planned range."
  }
}
