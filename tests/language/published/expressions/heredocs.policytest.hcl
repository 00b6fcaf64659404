policytest {
  targets = ["heredocs.policy.hcl"]
}

resource "aws_sns_topic" "any" {
  attrs = {
    name = "any"
  }
}
