policytest {
  targets = ["json_documents.policy.hcl"]
}

resource "aws_iam_policy" "narrow" {
  attrs = {
    policy = core::jsonencode({ Statement = [{ Effect = "Allow", Action = ["s3:GetObject"], Resource = "*" }] })
  }
}

resource "aws_iam_policy" "wide" {
  expect_failure = true
  attrs = {
    policy = "{\"Statement\":[{\"Action\":\"*\",\"Resource\":\"*\"}]}"
  }
}

resource "aws_iam_policy" "without" {
  attrs = { name = "x" }
}
