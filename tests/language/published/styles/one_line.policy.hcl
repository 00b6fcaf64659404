policy {}
locals { longest = 900 }
input "max" { type = number }
resource_policy "aws_lambda_function" "one_line" {
  filter = true
  enforce { condition = attrs.timeout <= input.max && attrs.timeout <= local.longest }
  enforce {
    condition = attrs.memory_size >= 128 # no message
  }
}
resource_policy "aws_lambda_*" "prefix" {
  enforce { condition = core::can(attrs.function_name) }
}
resource_policy "*" "all" {
  enforcement_level = "advisory"
  enforce { condition = meta.type != "aws_iam_access_key" }
}
