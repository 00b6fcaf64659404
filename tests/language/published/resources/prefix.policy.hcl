resource_policy "aws_lambda_*" "lambda_in_a_region" {
  enforce {
    condition     = core::startswith(core::try(attrs.region, "eu-west-1"), "eu-")
    error_message = "Functions run in Europe."
    info_message  = "Checking the region ${core::try(attrs.region, "of the provider")}"
  }
}
