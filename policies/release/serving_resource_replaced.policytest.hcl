policytest {
  targets = ["serving_resource_replaced.policy.hcl"]
}

resource "aws_lb" "gap" {
  prior_attrs = {
    name = "main"
  }
  meta = {
    operation     = "delete"
    actions       = ["delete", "create"]
    action_reason = "replace_because_cannot_update"
    replace_paths = [["name"]]
    forget        = false
  }
  expect_failure = true
}

# No gap, but still a finding (low).
resource "aws_lb_target_group" "new_one_first" {
  prior_attrs = {
    name = "app"
  }
  meta = {
    operation     = "delete"
    actions       = ["create", "delete"]
    action_reason = "replace_because_cannot_update"
    replace_paths = [["port"]]
    forget        = false
  }
  expect_failure = true
}

resource "aws_ecs_service" "by_request" {
  prior_attrs = {
    name = "app"
  }
  meta = {
    operation     = "delete"
    actions       = ["delete", "create"]
    action_reason = "replace_by_request"
    replace_paths = []
    forget        = false
  }
  expect_failure = true
}

resource "aws_lb" "deleted" {
  prior_attrs = {
    name = "old"
  }
  meta = {
    operation     = "delete"
    actions       = ["delete"]
    action_reason = "delete_because_no_resource_config"
    replace_paths = []
    forget        = false
  }
}

resource "aws_route53_zone" "forgotten" {
  prior_attrs = {
    name = "example.com"
  }
  meta = {
    operation     = "delete"
    actions       = ["forget"]
    action_reason = "delete_because_no_resource_config"
    replace_paths = []
    forget        = true
  }
}
