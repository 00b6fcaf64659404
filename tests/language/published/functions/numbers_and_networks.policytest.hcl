policytest {
  targets = ["numbers_and_networks.policy.hcl"]
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  attrs = { from_port = 443, to_port = 443, cidr_ipv4 = "10.0.0.0/8" }
}

resource "aws_vpc_security_group_ingress_rule" "all" {
  expect_failure = true
  attrs          = { from_port = 0, to_port = 65535 }
}

resource "aws_vpc_security_group_ingress_rule" "everybody" {
  expect_failure = true
  attrs          = { from_port = 80, to_port = 80, cidr_ipv4 = "0.0.0.0/0" }
}
