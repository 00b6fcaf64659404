input "key" {
  type      = string
  default   = "not-a-real-key"
  sensitive = true
}

locals {
  answer = core::gethttprequest("https://example.com/health", { Authorization = "Bearer ${input.key}" })
  body   = core::jsondecode(local.answer.body)
}

resource_policy "aws_sns_topic" "asked_over_http" {
  enforce {
    condition = local.answer.statusCode == 200
  }
}

resource_policy "aws_sns_topic" "body_over_http" {
  enforce {
    condition = core::try(local.body.is_open, false)
  }
}
