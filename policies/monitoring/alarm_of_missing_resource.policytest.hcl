policytest {
  targets = ["alarm_of_missing_resource.policy.hcl"]
}

resource "aws_lb" "main" {
  attrs = { arn_suffix = "app/main/0123456789abcdef" }
  skip  = true
}

resource "aws_cloudwatch_metric_alarm" "of_the_load_balancer" {
  attrs = { alarm_name = "a", dimensions = { LoadBalancer = "app/main/0123456789abcdef" } }
}

resource "aws_cloudwatch_metric_alarm" "of_one_that_is_gone" {
  attrs          = { alarm_name = "b", dimensions = { LoadBalancer = "app/old/0123456789abcdef" } }
  expect_failure = true
}
