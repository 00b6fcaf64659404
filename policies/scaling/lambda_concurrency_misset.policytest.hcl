policytest {
  targets = ["lambda_concurrency_misset.policy.hcl"]
}

inputs {
  report_fixed_provisioned = true
}

resource "aws_lambda_provisioned_concurrency_config" "fixed" {
  attrs = {
    function_name                     = "hook"
    qualifier                         = "live"
    provisioned_concurrent_executions = 5
  }
  expect_failure = true
}

resource "aws_lambda_provisioned_concurrency_config" "scaled" {
  attrs = {
    function_name                     = "thumbnail"
    qualifier                         = "live"
    provisioned_concurrent_executions = 5
  }
}

resource "aws_appautoscaling_target" "thumbnail" {
  skip = true
  attrs = {
    resource_id = "function:thumbnail:live"
  }
}
