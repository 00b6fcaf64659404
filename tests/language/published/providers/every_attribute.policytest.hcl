policytest {
  targets = ["every_attribute.policy.hcl"]
}

locals {
  good = {
    region       = "ap-northeast-1"
    default_tags = [{ tags = { managed_by = "terraform" } }]
  }
  meta = {
    source    = "registry.terraform.io/hashicorp/aws"
    namespace = "hashicorp"
    version   = "6.2.0"
  }
}

provider "aws" "default" {
  attrs = local.good
  meta  = local.meta
}

provider "aws" "without_version" {
  attrs = local.good
  meta  = { namespace = "hashicorp", source = "hashicorp/aws" }
}

provider "aws" "old" {
  expect_failure = true
  attrs          = local.good
  meta           = core::merge(local.meta, { version = "5.99.0" })
}

provider "aws" "with_a_key" {
  expect_failure = true
  attrs          = core::merge(local.good, { access_key = "not-a-real-key" })
  meta           = local.meta
}

provider "aws" "legacy" {
  attrs = { region = "us-east-1" }
  meta  = core::merge(local.meta, { alias = "legacy" })
}

provider "datadog" "main" {
  attrs = {}
  meta  = { namespace = "DataDog", source = "registry.terraform.io/DataDog/datadog" }
}

provider "thing" "unknown" {
  expect_failure = true
  attrs          = {}
  meta           = { namespace = "somebody", source = "registry.terraform.io/somebody/thing" }
}
