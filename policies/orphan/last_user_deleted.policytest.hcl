policytest {
  targets = ["last_user_deleted.policy.hcl"]
}

locals {
  delete  = { operation = "delete", actions = ["delete"], forget = false }
  replace = { operation = "delete", actions = ["delete", "create"], forget = false }
  forget  = { operation = "delete", actions = ["forget"], forget = true }
  group   = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/api/0123456789abcdef"
  shared  = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/shared/0123456789abcdef"
}

resource "aws_lb_target_group" "api" {
  attrs = {
    arn  = local.group
    name = "api"
    tags = {}
  }
  meta = { operation = "no-op" }
  skip = true
}

resource "aws_lb_listener_rule" "last_one" {
  prior_attrs = {
    listener_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/main/0123456789abcdef/0123456789abcdef"
    action       = [{ type = "forward", target_group_arn = local.group, forward = [] }]
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_lb_target_group" "shared" {
  attrs = {
    arn  = local.shared
    name = "shared"
    tags = {}
  }
  meta = { operation = "no-op" }
  skip = true
}

resource "aws_lb_listener_rule" "one_of_two" {
  prior_attrs = {
    listener_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/main/0123456789abcdef/0123456789abcdef"
    action       = [{ type = "forward", target_group_arn = local.shared, forward = [] }]
  }
  meta = local.delete
}

resource "aws_lb_listener_rule" "the_other" {
  attrs = {
    listener_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/main/0123456789abcdef/0123456789abcdef"
    action       = [{ type = "forward", target_group_arn = local.shared, forward = [] }]
  }
  meta = { operation = "no-op" }
  skip = true
}

resource "aws_eip" "kept" {
  attrs = {
    id            = "eipalloc-0123456789abcdef0"
    allocation_id = "eipalloc-0123456789abcdef0"
    tags          = { "planfit:keep" = "in the allowlist of the payment partner" }
  }
  meta = { operation = "no-op" }
  skip = true
}

resource "aws_nat_gateway" "its_address_is_kept" {
  prior_attrs = {
    allocation_id = "eipalloc-0123456789abcdef0"
    subnet_id     = "subnet-0a1b2c3d4e5f60718"
  }
  meta = local.delete
}

resource "aws_eip" "left" {
  attrs = {
    id            = "eipalloc-0123456789abcdef1"
    allocation_id = "eipalloc-0123456789abcdef1"
    tags          = {}
  }
  meta = { operation = "no-op" }
  skip = true
}

resource "aws_nat_gateway" "replaced" {
  prior_attrs = {
    allocation_id = "eipalloc-0123456789abcdef1"
    subnet_id     = "subnet-0a1b2c3d4e5f60718"
  }
  meta = local.replace
}

resource "aws_nat_gateway" "forgotten" {
  prior_attrs = {
    allocation_id = "eipalloc-0123456789abcdef1"
    subnet_id     = "subnet-0a1b2c3d4e5f60718"
  }
  meta = local.forget
}
