resource "aws_sns_topic" "sandbox" {
  attrs = {
    display_name = null
  }
  meta = {
    tfe_workspace = {
      tags = { env = "sandbox" }
    }
  }
}

resource "aws_sns_topic" "production" {
  expect_failure = true
  attrs = {
    display_name = null
  }
  meta = {
    tfe_workspace = {
      "tags" = { "env" = "production" }
    }
    tfe_stack = {
      deployment_name = "global"
    }
  }
}
