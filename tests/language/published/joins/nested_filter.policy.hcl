input "rule_type" {
  type    = string
  default = "aws_lb_listener"
}

resource_policy "aws_lb_target_group" "has_a_listener" {
  locals {
    listeners = core::getresources(input.rule_type, {
      protocol = "HTTPS"
      default_action = {
        target_group_arn = attrs.arn
      }
    })
  }

  enforce {
    condition     = core::length(local.listeners) > 0
    error_message = "No HTTPS listener sends to ${attrs.name}."
  }
}
