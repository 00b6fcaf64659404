policytest {
  targets = ["nullable.policy.hcl"]
}

resource "aws_ebs_volume" "without_limit" {
  attrs = { size = 16000, type = "gp3" }
}

resource "aws_ebs_volume" "below" {
  attrs = { size = 100, type = "io2" }
  inputs {
    limit = 100
  }
}

resource "aws_ebs_volume" "above" {
  expect_failure = true
  attrs          = { size = 101, type = "gp3" }
  inputs {
    limit = 100
  }
}

resource "aws_ebs_volume" "of_another_kind" {
  expect_failure = true
  attrs          = { size = 1, type = "gp2" }
}
