policytest {
  targets = ["data_source.policy.hcl"]
}

data "aws_ami" "newest" {
  attrs = {
    id          = "ami-2"
    owners      = ["amazon"]
    most_recent = true
    filter      = [{ name = "name", values = ["al2023-*"] }]
  }
}

resource "aws_instance" "newest" {
  attrs = { ami = data.aws_ami.newest.attrs.id }
}

resource "aws_instance" "old" {
  expect_failure = true
  attrs          = { ami = "ami-1" }
}
