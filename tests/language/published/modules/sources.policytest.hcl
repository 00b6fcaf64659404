policytest {
  targets = ["sources.policy.hcl"]
}

module "app.terraform.io/shop/network/aws" "pinned" {
  meta = {
    source  = "app.terraform.io/shop/network/aws"
    version = "2.4.0"
    address = "module.network"
  }
  attrs = {
    zones = ["a", "b", "c"]
  }
}

module "app.terraform.io/shop/network/aws" "old" {
  expect_failure = true
  meta = {
    version = "1.9.9"
  }
}

module "github.com/somebody/thing" "of_somebody" {
  expect_failure = true
  meta = {
    source = "github.com/somebody/thing"
  }
}

module "./modules/local" "own" {
}
