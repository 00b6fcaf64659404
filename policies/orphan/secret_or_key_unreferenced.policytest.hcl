policytest {
  targets = ["secret_or_key_unreferenced.policy.hcl"]
}

inputs {
  include_data = true
}

resource "aws_kms_key" "old" {
  attrs = {
    arn  = "arn:aws:kms:ap-northeast-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
    tags = {}
  }
  expect_failure = true
}

resource "aws_kms_key" "used" {
  attrs = {
    arn  = "arn:aws:kms:ap-northeast-1:123456789012:key/11234567-89ab-cdef-0123-456789abcdef"
    tags = {}
  }
}

resource "aws_db_instance" "main" {
  attrs = {
    identifier = "main"
    kms_key_id = "arn:aws:kms:ap-northeast-1:123456789012:key/11234567-89ab-cdef-0123-456789abcdef"
  }
}

resource "aws_s3_bucket" "old" {
  attrs = {
    bucket = "old"
    tags   = {}
  }
  expect_failure = true
}

resource "aws_s3_bucket" "kept" {
  attrs = {
    bucket = "kept"
    tags   = { "planfit:keep" = "the books of 2024" }
  }
}
