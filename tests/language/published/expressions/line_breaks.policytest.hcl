policytest {
  targets = ["line_breaks.policy.hcl"]
}

resource "aws_kms_key" "rotated" {
  attrs = {
    enable_key_rotation = true
  }
}

resource "aws_kms_key" "fast" {
  expect_failure = true
  attrs = {
    enable_key_rotation     = true
    deletion_window_in_days = 1
  }
}
