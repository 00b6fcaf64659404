policytest {
  targets = ["create_first_name_clash.policy.hcl"]
}

locals {
  new_half = { operation = "create", actions = ["create", "delete"] }
}

resource "aws_lb_target_group" "same" {
  prior_attrs    = { name = "main" }
  attrs          = { name = "main" }
  meta           = local.new_half
  expect_failure = true
}

resource "aws_lb_target_group" "renamed" {
  prior_attrs = { name = "main" }
  attrs       = { name = "main-2" }
  meta        = local.new_half
}

resource "aws_lb" "same" {
  prior_attrs    = { name = "main" }
  attrs          = { name = "main" }
  meta           = local.new_half
  expect_failure = true
}

resource "aws_lb" "renamed" {
  prior_attrs = { name = "main" }
  attrs       = { name = "main-2" }
  meta        = local.new_half
}

resource "aws_security_group" "same" {
  prior_attrs    = { name = "main", vpc_id = "one" }
  attrs          = { name = "main", vpc_id = "one" }
  meta           = local.new_half
  expect_failure = true
}

resource "aws_security_group" "renamed" {
  prior_attrs = { name = "main", vpc_id = "one" }
  attrs       = { name = "main-2", vpc_id = "one" }
  meta        = local.new_half
}

resource "aws_security_group" "moved" {
  prior_attrs = { name = "main", vpc_id = "one" }
  attrs       = { name = "main", vpc_id = "two" }
  meta        = local.new_half
}

resource "aws_iam_role" "same" {
  prior_attrs    = { name = "main" }
  attrs          = { name = "main" }
  meta           = local.new_half
  expect_failure = true
}

resource "aws_iam_role" "renamed" {
  prior_attrs = { name = "main" }
  attrs       = { name = "main-2" }
  meta        = local.new_half
}

resource "aws_launch_configuration" "same" {
  prior_attrs    = { name = "main" }
  attrs          = { name = "main" }
  meta           = local.new_half
  expect_failure = true
}

resource "aws_launch_configuration" "renamed" {
  prior_attrs = { name = "main" }
  attrs       = { name = "main-2" }
  meta        = local.new_half
}

resource "aws_ecs_service" "same" {
  prior_attrs    = { name = "main", cluster = "one" }
  attrs          = { name = "main", cluster = "one" }
  meta           = local.new_half
  expect_failure = true
}

resource "aws_ecs_service" "renamed" {
  prior_attrs = { name = "main", cluster = "one" }
  attrs       = { name = "main-2", cluster = "one" }
  meta        = local.new_half
}

resource "aws_ecs_service" "moved" {
  prior_attrs = { name = "main", cluster = "one" }
  attrs       = { name = "main", cluster = "two" }
  meta        = local.new_half
}

resource "aws_db_instance" "same" {
  prior_attrs    = { identifier = "main" }
  attrs          = { identifier = "main" }
  meta           = local.new_half
  expect_failure = true
}

resource "aws_db_instance" "renamed" {
  prior_attrs = { identifier = "main" }
  attrs       = { identifier = "main-2" }
  meta        = local.new_half
}

resource "aws_lb" "deleted_first" {
  prior_attrs = { name = "main" }
  attrs       = { name = "main" }
  meta = {
    operation = "create"
    actions   = ["delete", "create"]
  }
}

resource "aws_lb_target_group" "generated" {
  prior_attrs = { name = "main-2026", name_prefix = "main-" }
  attrs       = { name = "main-2026", name_prefix = "main-" }
  meta        = local.new_half
}

resource "aws_lb" "generated" {
  prior_attrs = { name = "main-2026", name_prefix = "main-" }
  attrs       = { name = "main-2026", name_prefix = "main-" }
  meta        = local.new_half
}

resource "aws_security_group" "generated" {
  prior_attrs = { name = "main-2026", name_prefix = "main-" }
  attrs       = { name = "main-2026", name_prefix = "main-" }
  meta        = local.new_half
}

resource "aws_iam_role" "generated" {
  prior_attrs = { name = "main-2026", name_prefix = "main-" }
  attrs       = { name = "main-2026", name_prefix = "main-" }
  meta        = local.new_half
}

resource "aws_launch_configuration" "generated" {
  prior_attrs = { name = "main-2026", name_prefix = "main-" }
  attrs       = { name = "main-2026", name_prefix = "main-" }
  meta        = local.new_half
}

resource "aws_db_instance" "generated" {
  prior_attrs = { identifier = "main-2026", identifier_prefix = "main-" }
  attrs       = { identifier = "main-2026", identifier_prefix = "main-" }
  meta        = local.new_half
}
