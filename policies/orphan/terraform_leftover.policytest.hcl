policytest {
  targets = ["terraform_leftover.policy.hcl"]
}

resource "aws_s3_bucket" "forgotten" {
  prior_attrs = {
    bucket = "old-uploads"
  }
  meta = {
    operation = "delete"
    actions   = ["forget"]
    forget    = true
  }
  expect_failure = true
}

resource "aws_s3_bucket" "deleted" {
  prior_attrs = {
    bucket = "older-uploads"
  }
  meta = {
    operation = "delete"
    actions   = ["delete"]
    forget    = false
  }
}
