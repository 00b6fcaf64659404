policytest {
  targets = ["errors.policy.hcl"]
}

resource "aws_s3_bucket" "with_versions" {
  attrs = { versioning = [{ enabled = true }] }
}

resource "aws_s3_bucket" "without_versions" {
  expect_failure = true
  attrs          = { versioning = [{ enabled = false }] }
}

# An error of the evaluation counts as a failure.
resource "aws_s3_bucket" "nothing_written" {
  expect_failure = true
  attrs          = { bucket = "a" }
}
