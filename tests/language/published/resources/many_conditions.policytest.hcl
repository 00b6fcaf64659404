policytest {
  targets = ["many_conditions.policy.hcl"]
}

resource "aws_security_group" "closed" {
  attrs = {
    ingress = [{ from_port = 22, to_port = 22, cidr_blocks = ["10.0.0.0/8"] }]
  }
}

resource "aws_security_group" "open" {
  expect_failure = true
  attrs = {
    ingress = [{ from_port = 22, to_port = 22, cidr_blocks = ["0.0.0.0/0"] }]
  }
}

resource "aws_security_group" "wide" {
  expect_failure = true
  attrs = {
    ingress = [
      { from_port = 443, to_port = 443, cidr_blocks = null },
      { from_port = 1024, to_port = 9999, cidr_blocks = null }
    ]
  }
}

resource "aws_security_group" "no_rules" {
  attrs = { name = "x" }
}
