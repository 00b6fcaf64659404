policytest {
  targets = ["templates.policy.hcl"]
}

resource "aws_sns_topic" "any" {
  attrs = { name = "any" }
}
