input "limit" {
  type        = number
  default     = null
  nullable    = true
  description = <<-EOT
    How large a volume may be, in GiB.
    Without it, any size may be.
  EOT
}

input "owners" {
  type    = map(object({ mail = string, page = optional(bool, false) }))
  default = { shop = { mail = "shop@example.com" } }
}

input "kinds" {
  type    = set(string)
  default = ["gp3", "io2", "gp3"]
}

input "pair" {
  type    = tuple([string, number])
  default = ["gp3", "125"]
}

input "anything" {
  type    = any
  default = { nested = [1, "two", null] }
}

resource_policy "aws_ebs_volume" "nullable" {
  enforce {
    condition     = input.limit == null || attrs.size <= core::coalesce(input.limit, 0)
    error_message = "${attrs.size} GiB are more than ${core::coalesce(input.limit, "any")}."
  }

  enforce {
    condition = core::contains(input.kinds, attrs.type) && core::length(input.kinds) == 2 && !core::can(input.kinds[0])
  }

  enforce {
    condition = input.owners.shop.page == false && input.pair[1] == 125 && input.anything.nested[1] == "two"
  }
}
