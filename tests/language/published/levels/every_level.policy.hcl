input "strict" {
  type    = bool
  default = false
}

input "level-of-names" {
  type    = string
  default = "mandatory"
}

locals {
  levels = { lax = "advisory", firm = "mandatory_overridable" }
  level  = input.strict ? "mandatory" : local.levels.lax
}

resource_policy "aws_kms_alias" "left_out" {
  enforce {
    condition = core::startswith(attrs.name, "alias/")
  }
}

resource_policy "aws_kms_alias" "advisory" {
  enforcement_level = "advisory"
  enforce { condition = core::startswith(attrs.name, "alias/") }
}

resource_policy "aws_kms_alias" "overridable" {
  enforcement_level = local.levels["firm"]
  enforce { condition = core::startswith(attrs.name, "alias/") }
}

resource_policy "aws_kms_alias" "of_an_input" {
  enforcement_level = input.level-of-names

  enforce {
    condition     = core::startswith(attrs.name, "alias/")
    info_message  = "${attrs.name} is an alias."
    error_message = "${attrs.name} is none."
  }
}

resource_policy "aws_kms_alias" "of_a_local" {
  enforcement_level = local.level
  enforce { condition = core::startswith(attrs.name, "alias/") }
}

resource_policy "aws_kms_alias" "of_an_expression" {
  enforcement_level = input.strict ? "mandatory" : "mandatory_overridable"
  enforce { condition = core::startswith(attrs.name, "alias/") }
}
