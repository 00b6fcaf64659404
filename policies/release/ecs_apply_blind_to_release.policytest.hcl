policytest {
  targets = ["ecs_apply_blind_to_release.policy.hcl"]
}

resource "aws_ecs_service" "time_in_triggers" {
  prior_attrs = {
    task_definition = "api"
    triggers        = { redeploy = "2026-05-01T09:00:00Z" }
  }
  attrs = {
    task_definition = "api"
    triggers        = { redeploy = "2026-05-02T09:00:00Z" }
  }
  expect_failure = true
}

resource "aws_ecs_service" "image_in_triggers" {
  prior_attrs = {
    task_definition = "api"
    triggers        = { image = "1.4.1" }
  }
  attrs = {
    task_definition = "api"
    triggers        = { image = "1.4.2" }
  }
}
