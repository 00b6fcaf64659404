policytest {
  targets = ["collections.policy.hcl"]
}

resource "aws_s3_bucket" "any" {
  attrs = { bucket = "any" }
}
