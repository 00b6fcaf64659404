# Mocks that name each other before and behind themselves, labels of any text, inputs of the file and of one mock.
policytest {
  targets = [
    "references.policy.hcl",
  ]
}

inputs {
  team = local.team
}

locals {
  team  = "web"
  range = "10.1.0.0/16"
}

resource "aws_subnet" "before its network" {
  attrs = {
    vpc_id     = aws_vpc.main.id
    cidr_block = core::cidrsubnet(local.range, 8, 1)
  }
}

resource "aws_vpc" "main" {
  skip = true
  attrs = {
    id         = "vpc-1"
    cidr_block = local.range
    tags       = { team = local.team }
  }
}

resource "aws_subnet" "by-all-of-its-attributes" {
  attrs = {
    vpc_id     = aws_vpc.main.attrs.id
    cidr_block = "10.1.2.0/24"
  }
}

resource "aws_subnet" "nowhere" {
  expect_failure = true
  attrs = {
    vpc_id     = "vpc-2"
    cidr_block = "10.1.3.0/24"
  }
}

resource "aws_subnet" "of_another_team" {
  expect_failure = true
  attrs = {
    vpc_id     = aws_vpc.main.id
    cidr_block = "10.1.4.0/24"
  }

  inputs {
    team = "shop"
  }
}
