policytest {
  targets = ["encoding.policy.hcl"]
}

resource "aws_ssm_parameter" "any" {
  attrs = { name = "any" }
}
