locals {
  wide  = [for size in local.sizes : size if size >= local.least]
  least = core::min(local.sizes...) + 1
}

locals {
  sizes = [1, 2, 3]
}

resource_policy "aws_ebs_volume" "locals_in_any_order" {
  locals {
    is_known = core::contains(local.wide, local.size)
    size     = core::try(attrs.size, 0)
    # Hides the one of the file.
    least = 0
  }

  enforce {
    condition     = local.is_known && local.least == 0
    error_message = "${local.size} is none of ${core::join(", ", local.wide)}."
  }
}
