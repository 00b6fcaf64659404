policytest {
  targets = ["loops.policy.hcl"]
}

resource "aws_subnet" "planned" {
  attrs = { cidr_block = "10.0.2.0/24" }
}

resource "aws_subnet" "unplanned" {
  expect_failure = true
  attrs          = { cidr_block = "10.9.0.0/24" }
}
