policytest {
  targets = ["bucket_public.policy.hcl"]
}

resource "aws_s3_bucket" "no_block" {
  attrs          = { id = "no-block", bucket = "no-block", acl = null, policy = null }
  meta           = { operation = "no-op" }
  expect_failure = true
}

resource "aws_s3_bucket" "blocked" {
  attrs = { id = "blocked", bucket = "blocked", acl = null, policy = null }
  meta  = { operation = "no-op" }
}

resource "aws_s3_bucket_public_access_block" "blocked" {
  attrs = { bucket = "blocked", block_public_acls = true, block_public_policy = true, ignore_public_acls = true, restrict_public_buckets = true }
  skip  = true
}
