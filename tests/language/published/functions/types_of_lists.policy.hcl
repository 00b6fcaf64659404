# Lists, tuples and sets of expressions are of unlike types; what a mock or a plan holds fits each of them.
locals {
  zones = core::toset(["b", "a"])
}

resource_policy "aws_db_subnet_group" "types_of_lists" {
  enforce {
    condition = core::split(",", "a,b") == core::tolist(["a", "b"]) && core::split(",", "a,b") != ["a", "b"]
  }

  enforce {
    condition = [for key, zone in local.zones : "${key}${zone}"] == ["aa", "bb"] && !core::can(local.zones[0])
  }

  enforce {
    condition = core::tolist(local.zones)[0] == "a" && core::sort(local.zones) == core::tolist(["a", "b"])
  }

  enforce {
    condition     = core::toset(attrs.zones) == local.zones && attrs.zones == local.zones && core::length(attrs.zones) == 2
    error_message = "The group is in ${core::join(", ", attrs.zones)}."
  }

  enforce {
    condition = core::setintersection(attrs.zones, local.zones) == local.zones && core::setsubtract(local.zones, attrs.zones) == core::toset([])
  }
}
