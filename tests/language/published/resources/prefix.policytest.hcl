resource "aws_lambda_function" "in_europe" {
  attrs = { region = "eu-central-1" }
}

resource "aws_lambda_alias" "elsewhere" {
  attrs          = { region = "us-east-1" }
  expect_failure = true
}
