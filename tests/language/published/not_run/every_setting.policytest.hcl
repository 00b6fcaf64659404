policytest {
  terraform_config {
    required_version = ">= 1.5.0"
  }

  targets = [
    "stack.policy.hcl",
  ]

  plugins {
    naming = {
      source = "../plugins/bin/naming"
    }
  }
}

inputs {}

locals {}

resource "aws_sns_topic" "any" {
  skip = false
  attrs = {
    name = "any"
  }
  inputs {}
}

data "aws_sns_topic" "read" {
  attrs = {
    name = "read"
  }
  inputs {}
}
