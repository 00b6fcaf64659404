input "token" {
  type      = string
  default   = "not-a-real-token"
  sensitive = true
}

resource_policy "aws_ssm_parameter" "secrets" {
  locals {
    is_secret = core::issensitive(core::sensitive(attrs.value))
    hash      = core::nonsensitive(core::sha256(core::sensitive(attrs.value)))
  }

  enforce {
    condition     = local.is_secret && core::length(local.hash) == 64 && !core::issensitive(attrs.name)
    error_message = "The value is ${core::sensitive(attrs.value)}."
  }

  enforce {
    condition     = core::nonsensitive(input.token != attrs.value)
    error_message = "The token is in ${attrs.name}."
  }
}
