policytest {
  targets = ["strings.policy.hcl"]
}

resource "aws_iam_role" "api" {
  attrs = { name = "shop-api-role" }
}

resource "aws_iam_role" "other" {
  expect_failure = true
  attrs          = { name = "blog-web-role" }
}
