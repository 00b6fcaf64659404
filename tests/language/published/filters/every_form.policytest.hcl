policytest {
  targets = ["every_form.policy.hcl"]
}

resource "aws_kms_key" "main" {
  skip  = true
  attrs = { id = "key-1", is_enabled = true }
}

resource "aws_ebs_volume" "encrypted" {
  attrs = { encrypted = true, kms_key_id = aws_kms_key.main.id, type = "gp3", availability_zone = "a" }
}

resource "aws_ebs_volume" "plain" {
  expect_failure = true
  attrs          = { encrypted = false, availability_zone = "a" }
}

resource "aws_ebs_volume" "fast_without_iops" {
  expect_failure = true
  attrs          = { encrypted = true, kms_key_id = "k", type = "io2", iops = 0, availability_zone = "a" }
}

resource "aws_ebs_volume" "fast_elsewhere" {
  attrs = { encrypted = true, kms_key_id = "k", type = "io2", iops = 0, availability_zone = "a" }
  meta  = { module_path = "module.storage" }
}
