resource_policy "aws_iam_policy" "no_stars" {
  locals {
    document   = core::try(core::jsondecode(core::try(attrs.policy, "{}")), { Statement = [] })
    statements = core::try(local.document.Statement, [])
    stars = [
      for statement in local.statements : statement
      if core::lower(core::try(statement.Effect, "Allow")) == "allow" && core::contains(core::flatten([core::try(statement.Action, [])]), "*")
    ]
  }

  enforce {
    condition     = core::length(local.stars) == 0
    error_message = "The policy allows everything: ${core::jsonencode(local.stars)}"
  }
}
