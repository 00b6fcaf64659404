policytest {
  targets = ["every_source.policy.hcl"]
}

module "terraform-aws-modules/vpc/aws" "vpc" {
  attrs = { enable_dns_hostnames = true }
  meta  = { version = "5.4.0" }
}

module "terraform-aws-modules/vpc/aws" "old_vpc" {
  expect_failure = true
  attrs          = { enable_dns_hostnames = true }
  meta           = { version = "4.0.2" }
}

module "git::https://example.com/network.git?ref=v1.2.0" "tagged" {
  attrs = {}
}

module "git::https://example.com/network.git" "untagged" {
  expect_failure = true
  attrs          = {}
}

module "somebody/vpc/aws" "of_somebody" {
  expect_failure = true
  meta           = { address = "module.network.module.inner" }
  attrs          = {}
}

module "./modules/local" "local" {
  attrs = {}
}
