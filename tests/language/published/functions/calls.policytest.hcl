policytest {
  targets = ["calls.policy.hcl"]
}

resource "aws_ecs_service" "numbered" {
  attrs = { name = "worker-7" }
}

resource "aws_ecs_service" "unnumbered" {
  expect_failure = true
  attrs          = { name = "worker" }
}
