resource_policy "aws_lb_listener_rule" "splats" {
  locals {
    groups  = core::flatten(attrs.action[*].forward[*].target_group[*].arn)
    legacy  = attrs.action.*.type
    first   = attrs.action.*.type[0]
    values  = attrs.condition[*].path_pattern[0].values
    paths   = core::flatten(core::try(local.values, []))
    nothing = core::try(attrs.missing, null)[*]
    single  = attrs.tags[*].team
    ports   = [for action in attrs.action : action.forward[*].port]
  }

  enforce {
    condition     = core::length(local.groups) > 0 && core::alltrue([for arn in local.groups : core::startswith(arn, "arn:")])
    error_message = "The rule forwards to ${core::length(local.groups)} groups."
  }

  enforce {
    condition = local.legacy == attrs.action[*].type && core::contains(local.legacy, "forward")
  }

  enforce {
    condition = core::length(local.nothing) == 0 && local.single == ["web"]
  }

  enforce {
    condition = core::alltrue([for path in local.paths : path != "/*"])
  }
}
