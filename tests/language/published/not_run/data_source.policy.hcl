locals {
  function = core::getdatasource("aws_lambda_function", { function_name = "gate" })
}

resource_policy "aws_sns_topic" "needs_a_data_source" {
  enforce {
    condition     = local.function != null && local.function.runtime == "python3.13"
    error_message = "The gate is of ${local.function.runtime}."
  }
}
