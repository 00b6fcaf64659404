policytest {
  targets = ["child.policy.hcl"]
}

resource "aws_s3_bucket" "versioned" {
  attrs = { id = "logs", bucket = "logs" }
}

resource "aws_s3_bucket_versioning" "logs" {
  skip = true
  attrs = {
    bucket                   = aws_s3_bucket.versioned.id
    versioning_configuration = [{ status = "Enabled" }]
  }
}

resource "aws_s3_bucket" "suspended" {
  expect_failure = true
  attrs          = { id = "temp", bucket = aws_s3_bucket_versioning.temp.attrs.bucket }
}

resource "aws_s3_bucket_versioning" "temp" {
  skip = true
  attrs = {
    bucket                   = aws_s3_bucket.suspended.attrs.id
    versioning_configuration = [{ status = "Suspended" }]
  }
}

resource "aws_s3_bucket" "alone" {
  expect_failure = true
  attrs          = { id = "alone", bucket = "alone" }
}
