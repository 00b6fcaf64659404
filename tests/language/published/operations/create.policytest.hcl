policytest {
  targets = ["create.policy.hcl"]
}

resource "aws_s3_bucket" "good" {
  attrs = { bucket = "shop-logs" }
}

resource "aws_s3_bucket" "bad" {
  expect_failure = true
  attrs          = { bucket = "Shop" }
}

resource "aws_s3_bucket" "bad_and_kept" {
  expect_failure = true
  attrs          = { bucket = "Shop" }
  meta = {
    operation = "no-op"
  }
}
