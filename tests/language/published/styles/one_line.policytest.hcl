policytest { targets = ["one_line.policy.hcl"] }
inputs { max = 60 }
resource "aws_lambda_function" "short" { attrs = { timeout = 60, memory_size = 128, function_name = "a" } }
resource "aws_lambda_function" "long" {
  attrs = { timeout = 61, memory_size = 128, function_name = "a" }
  expect_failure = true
}
resource "aws_lambda_permission" "named" { attrs = { function_name = "a" } }
resource "aws_lambda_alias" "unnamed" {
  attrs = { name = "live" }
  expect_failure = true
}
resource "aws_iam_access_key" "any" {
  attrs = { user = "u" }
  expect_failure = true
}
