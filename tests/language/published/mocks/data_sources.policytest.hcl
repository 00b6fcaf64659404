policytest {
  targets = ["data_sources.policy.hcl"]
}

data "aws_caller_identity" "current" {
  attrs = {
    account_id = "123456789012"
  }
}

data "aws_availability_zones" "all" {
  attrs = {
    state = "available"
    names = ["ap-northeast-1a", "ap-northeast-1c"]
  }
}

resource "aws_instance" "in_the_zone" {
  attrs = {
    availability_zone = data.aws_availability_zones.all.names[1]
    owner_id          = data.aws_caller_identity.current.account_id
  }
}

resource "aws_instance" "elsewhere" {
  expect_failure = true
  attrs          = { availability_zone = "us-east-1a" }
}

resource "aws_instance" "of_another_account" {
  expect_failure = true
  attrs          = { availability_zone = "ap-northeast-1a", owner_id = "000000000000" }
}
