policytest {
  targets = ["operators.policy.hcl"]
}

resource "aws_ebs_volume" "general" {
  attrs = { type = "gp3", iops = 3000, throughput = 125, size = 10 }
}

resource "aws_ebs_volume" "slow" {
  expect_failure = true
  attrs          = { type = "gp3", iops = 3000, throughput = 100, size = 10 }
}

resource "aws_ebs_volume" "provisioned" {
  attrs = { type = "io2", iops = 10000, size = 10 }
}

resource "aws_ebs_volume" "too_many" {
  expect_failure = true
  attrs          = { type = "io2", iops = 10001, size = 10 }
}

resource "aws_ebs_volume" "cold" {
  attrs = { type = "sc1", size = 500 }
}
