locals {
  sizes = { good = 3, bad = 1 }
}

resource "aws_ebs_volume" "good" {
  attrs = { size = local.sizes.good }
}

resource "aws_ebs_volume" "bad" {
  expect_failure = true
  attrs          = { size = local.sizes["bad"] }
}
