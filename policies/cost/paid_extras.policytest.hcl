# What is off by default: the edge locations of a distribution.
policytest {
  targets = ["paid_extras.policy.hcl"]
}

inputs {
  report_all_edge_locations = true
}

resource "aws_cloudfront_distribution" "nothing_written" {
  attrs          = { enabled = true }
  expect_failure = true
}

resource "aws_cloudfront_distribution" "whole_world" {
  attrs          = { price_class = "PriceClass_All" }
  expect_failure = true
}

resource "aws_cloudfront_distribution" "most_of_it" {
  attrs = { price_class = "PriceClass_200" }
}
