policytest {
  targets = ["service_stopped_by_change.policy.hcl"]
}

locals {
  attached = [{ target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/api/0a1b2c3d4e5f6071" }]
}

resource "aws_ecs_service" "stopped" {
  prior_attrs    = { name = "api", desired_count = 2 }
  attrs          = { name = "api", desired_count = 0 }
  expect_failure = true
}

resource "aws_ecs_service" "count_left_out" {
  prior_attrs    = { name = "api", desired_count = 2 }
  attrs          = { name = "api", desired_count = null }
  expect_failure = true
}

resource "aws_ecs_service" "shrinks" {
  prior_attrs = { name = "api", desired_count = 4 }
  attrs       = { name = "api", desired_count = 1 }
}

resource "aws_ecs_service" "was_stopped" {
  prior_attrs = { name = "api", desired_count = 0 }
  attrs       = { name = "api", desired_count = 0 }
}

resource "aws_ecs_service" "autoscaling_starts_it_again" {
  prior_attrs = { name = "scaled", desired_count = 2 }
  attrs       = { name = "scaled", desired_count = 0 }
}

resource "aws_appautoscaling_target" "scaled" {
  skip  = true
  attrs = { resource_id = "service/main/scaled", min_capacity = 2 }
  meta  = { operation = "no-op" }
}

resource "aws_ecs_service" "leaves_the_load_balancer" {
  prior_attrs    = { name = "api", desired_count = 2, load_balancer = local.attached }
  attrs          = { name = "api", desired_count = 2, load_balancer = [] }
  expect_failure = true
}

resource "aws_ecs_service" "stays_behind_it" {
  prior_attrs = { name = "api", desired_count = 2, load_balancer = local.attached }
  attrs       = { name = "api", desired_count = 3, load_balancer = local.attached }
}
