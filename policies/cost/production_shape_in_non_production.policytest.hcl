# What is off by default: services that run through the night.
policytest {
  targets = ["production_shape_in_non_production.policy.hcl"]
}

inputs {
  report_nights = true
}

resource "aws_ecs_service" "all_night" {
  meta = { environment = "dev" }
  attrs = {
    name          = "all-night"
    desired_count = 1
  }
  expect_failure = true
}

resource "aws_ecs_service" "stopped_in_the_evening" {
  meta = { environment = "dev" }
  attrs = {
    name          = "day"
    desired_count = 1
  }
}

resource "aws_ecs_service" "fewer_in_the_evening" {
  meta = { environment = "dev" }
  attrs = {
    name          = "fewer"
    desired_count = 1
  }
  expect_failure = true
}

resource "aws_ecs_service" "runs_nothing" {
  meta = { environment = "dev" }
  attrs = {
    name          = "off"
    desired_count = 0
  }
}

resource "aws_appautoscaling_scheduled_action" "evening" {
  skip = true
  attrs = {
    resource_id            = "service/main/day"
    scalable_target_action = [{ min_capacity = 0, max_capacity = 0 }]
  }
}

resource "aws_appautoscaling_scheduled_action" "fewer" {
  skip = true
  attrs = {
    resource_id            = "service/main/fewer"
    scalable_target_action = [{ min_capacity = 1, max_capacity = 1 }]
  }
}
