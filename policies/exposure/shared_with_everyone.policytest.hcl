# What is off by default: the API of a cluster.
policytest {
  targets = ["shared_with_everyone.policy.hcl"]
}

inputs {
  report_eks_endpoint = true
}

resource "aws_eks_cluster" "nothing_written" {
  attrs = {
    vpc_config = [{ subnet_ids = ["subnet-x", "subnet-y"] }]
  }
  expect_failure = true
}

resource "aws_eks_cluster" "whole_internet" {
  attrs = {
    vpc_config = [{ endpoint_public_access = true, public_access_cidrs = ["203.0.113.0/24", "0.0.0.0/0"] }]
  }
  expect_failure = true
}

resource "aws_eks_cluster" "from_the_office" {
  attrs = {
    vpc_config = [{ endpoint_public_access = true, public_access_cidrs = ["203.0.113.0/24"] }]
  }
}

resource "aws_eks_cluster" "from_inside" {
  attrs = {
    vpc_config = [{ endpoint_public_access = false, endpoint_private_access = true }]
  }
}
