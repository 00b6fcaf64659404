locals {
  level = core::try(input.strict, false) ? "mandatory" : "advisory"
}

input "strict" {
  type    = bool
  default = false
}

resource_policy "aws_sns_topic" "level_of_a_local" {
  enforcement_level = local.level

  filter = core::lookup(meta.tfe_workspace.tags, "env", "none") != "sandbox"

  enforce {
    condition     = core::try(attrs.display_name, null) != null
    error_message = "Topics have a display name."
  }
}

resource_policy "aws_sns_topic" "level_of_a_condition" {
  enforcement_level = input.strict ? "mandatory" : "mandatory_overridable"

  enforce {
    condition = core::try(attrs.fifo_topic, false) == false
  }
}
