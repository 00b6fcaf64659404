policytest {
  targets = ["port_open_to_world.policy.hcl"]
}

# In a state the rules of other resources stand in the group as well; each is told where it is written.
resource "aws_security_group" "with_rules_apart" {
  attrs = {
    id      = "sg-1"
    ingress = [{ protocol = "tcp", from_port = 22, to_port = 22, cidr_blocks = ["0.0.0.0/0"], ipv6_cidr_blocks = [] }]
  }
  meta = { operation = "no-op" }
}

resource "aws_security_group_rule" "shell" {
  attrs = {
    type              = "ingress"
    security_group_id = "sg-1"
    protocol          = "tcp"
    from_port         = 22
    to_port           = 22
    cidr_blocks       = ["0.0.0.0/0"]
  }
  meta           = { operation = "no-op" }
  expect_failure = true
}

resource "aws_security_group" "inline" {
  attrs = {
    id      = "sg-2"
    ingress = [{ protocol = "tcp", from_port = 22, to_port = 22, cidr_blocks = ["0.0.0.0/0"], ipv6_cidr_blocks = [] }]
  }
  meta           = { operation = "no-op" }
  expect_failure = true
}
