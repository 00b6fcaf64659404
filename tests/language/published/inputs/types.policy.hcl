input "name" {
  type        = string
  description = "A text."
  default     = "orders"
}

input "limit" {
  type    = number
  default = 2.5
}

input "strict" {
  type    = bool
  default = true
}

input "zones" {
  type    = list(string)
  default = ["a", "b"]
}

input "ports" {
  type    = set(number)
  default = [443, 80, 443]
}

input "tags" {
  type    = map(string)
  default = { team = "shop" }
}

input "pair" {
  type    = tuple([string, number])
  default = ["a", 1]
}

input "window" {
  type = object({
    start = string
    hours = optional(number, 4)
    days  = optional(list(string))
  })
  default = { start = "02:00" }
}

input "anything" {
  type    = any
  default = [1, "a", null]
}

input "maybe" {
  type     = string
  default  = null
  nullable = true
}

input "token" {
  type      = string
  default   = "not-a-real-token"
  sensitive = true
}

resource_policy "aws_sqs_queue" "every_type_of_input" {
  enforce {
    condition     = input.name == "orders" && input.limit > 2 && input.strict && core::length(input.zones) == 2
    error_message = "Names, limits, flags and lists."
  }

  enforce {
    condition     = core::length(input.ports) == 2 && input.tags.team == "shop" && input.tags["team"] == "shop"
    error_message = "Sets and maps."
  }

  enforce {
    condition     = input.pair[1] == 1 && input.window.hours == 4 && input.window.days == null && input.maybe == null
    error_message = "Tuples, objects and null."
  }

  enforce {
    condition     = core::length(input.anything) == 3 && core::length(input.token) > 3
    error_message = "Anything, and a secret: ${input.token}"
  }
}
