policytest {
  targets = ["configuration.policy.hcl"]
}

provider "aws" "main" {
  meta = {
    source  = "registry.terraform.io/hashicorp/aws"
    version = "6.2.0"
  }
  attrs = {
    region       = "eu-west-1"
    default_tags = [{ tags = { team = "shop" } }]
  }
}

provider "aws" "elsewhere" {
  expect_failure = true
  attrs          = { region = "us-east-1" }
}

provider "aws" "aliased" {
  meta = {
    alias     = "east"
    namespace = "hashicorp"
    type      = "aws"
    name      = "aws"
  }
  attrs = { region = "us-east-1" }
}

provider "thing" "unofficial" {
  expect_failure = true
  meta = {
    source = "registry.example.com/acme/thing"
  }
}
