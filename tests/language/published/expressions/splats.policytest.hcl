policytest {
  targets = ["splats.policy.hcl"]
}

locals {
  forward = [{
    port = 80
    target_group = [
      { arn = "arn:aws:elasticloadbalancing:group/a" },
      { arn = "arn:aws:elasticloadbalancing:group/b" },
    ]
  }]
}

resource "aws_lb_listener_rule" "two_groups" {
  attrs = {
    action    = [{ type = "forward", forward = local.forward }]
    condition = [{ path_pattern = [{ values = ["/api/*"] }] }]
    tags      = { team = "web" }
  }
}

resource "aws_lb_listener_rule" "no_group" {
  expect_failure = true
  attrs = {
    action    = [{ type = "forward", forward = [] }]
    condition = []
    tags      = { team = "web" }
  }
}

resource "aws_lb_listener_rule" "everything" {
  expect_failure = true
  attrs = {
    action    = [{ type = "forward", forward = local.forward }]
    condition = [{ path_pattern = [{ values = ["/*"] }] }]
    tags      = { team = "web" }
  }
}
