policytest {
  targets = ["deleted_but_still_used.policy.hcl"]
}

resource "aws_lb_target_group" "used" {
  prior_attrs = {
    arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/used/0a1b2c3d4e5f6071"
  }
  meta           = { operation = "delete", actions = ["delete"], forget = false }
  expect_failure = true
}

resource "aws_ecs_service" "user" {
  skip = true
  attrs = {
    name = "api"
    load_balancer = [
      { target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/used/0a1b2c3d4e5f6071" },
      { target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/forgotten/3a1b2c3d4e5f6071" },
      { target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/replaced/4a1b2c3d4e5f6071" },
    ]
  }
  meta = { operation = "no-op" }
}

resource "aws_lb_target_group" "unused" {
  prior_attrs = {
    arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/unused/1a1b2c3d4e5f6071"
  }
  meta = { operation = "delete", actions = ["delete"], forget = false }
}

resource "aws_lb_target_group" "user_goes_too" {
  prior_attrs = {
    arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/old/2a1b2c3d4e5f6071"
  }
  meta = { operation = "delete", actions = ["delete"], forget = false }
}

resource "aws_ecs_service" "goes" {
  skip = true
  prior_attrs = {
    name          = "old"
    load_balancer = [{ target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/old/2a1b2c3d4e5f6071" }]
  }
  meta = { operation = "delete", actions = ["delete"], forget = false }
}

resource "aws_lb_target_group" "forgotten" {
  prior_attrs = {
    arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/forgotten/3a1b2c3d4e5f6071"
  }
  meta = { operation = "delete", actions = ["forget"], forget = true }
}

resource "aws_lb_target_group" "replaced" {
  prior_attrs = {
    arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/replaced/4a1b2c3d4e5f6071"
  }
  meta = { operation = "delete", actions = ["delete", "create"], forget = false }
}
