policytest {
  targets = ["read_in_tests.policy.hcl"]
}

inputs {
  owners = {
    allowed = ["kitchen", "garden"]
    address = "owners@example.com"
  }
}

locals {
  second = input.owners.allowed[1]
}

module "app.terraform.io/garden/network/aws" "by_default" {
  meta = {
    source  = "app.terraform.io/garden/network/aws"
    version = input.lowest_version
  }
}

module "app.terraform.io/garden/network/aws" "of_its_own" {
  meta = {
    source  = "app.terraform.io/garden/network/aws"
    version = input.lowest_version
  }
  attrs = {
    name = "main-${input.lowest_version}"
  }
  inputs {
    lowest_version = "4.0.0"
  }
}

module "app.terraform.io/garden/network/aws" "older" {
  expect_failure = true
  meta = {
    source  = "app.terraform.io/garden/network/aws"
    version = "3.0.9"
  }
}

resource "aws_sns_topic" "owned" {
  attrs = {
    tags = { Owner = local.second }
  }
}

resource "aws_sns_topic" "somebody_elses" {
  expect_failure = true
  inputs {
    owners = {
      allowed = ["cellar"]
      address = ""
    }
  }
  attrs = {
    tags = { Owner = "garden" }
  }
}
