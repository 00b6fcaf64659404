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

workspace "plan" "nothing_left_over" {
}

workspace "plan" "old_half_of_a_replacement" {
  attrs = {
    deposed = ["aws_instance.web"]
  }
  expect_failure = true
}
