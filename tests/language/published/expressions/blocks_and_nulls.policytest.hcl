policytest {
  targets = ["blocks_and_nulls.policy.hcl"]
}

resource "aws_instance" "encrypted" {
  attrs = {
    ebs_block_device  = [{ device_name = "/dev/sdf", encrypted = true }]
    root_block_device = [{ volume_size = 20 }]
  }
}

resource "aws_instance" "plain" {
  expect_failure = true
  attrs = {
    ebs_block_device = [{ device_name = "/dev/sdf", encrypted = true }, { device_name = "/dev/sdg" }]
  }
}

resource "aws_instance" "large_root" {
  expect_failure = true
  attrs = {
    ebs_block_device  = [{ device_name = "/dev/sdf", encrypted = true }]
    root_block_device = [{ volume_size = 500 }]
  }
}

resource "aws_instance" "no_volumes" {
  attrs = { ebs_block_device = null }
}
