policytest {
  targets = ["dns_record_target_missing.policy.hcl"]
}

resource "aws_lb" "main" {
  attrs = {
    dns_name = "Main-1234567890.ap-northeast-1.elb.amazonaws.com"
  }
  meta = { operation = "no-op" }
}

resource "aws_cloudfront_distribution" "main" {
  attrs = {
    domain_name = "d111111abcdef8.cloudfront.net"
  }
  meta = { operation = "no-op" }
}

resource "aws_apigatewayv2_domain_name" "api" {
  attrs = {
    domain_name_configuration = [{ target_domain_name = "d-abcdef1234.execute-api.ap-northeast-1.amazonaws.com" }]
  }
  meta = { operation = "no-op" }
}

resource "aws_route53_record" "known_load_balancer" {
  attrs = {
    name  = "www.example.com"
    type  = "A"
    alias = [{ name = "dualstack.main-1234567890.ap-northeast-1.elb.amazonaws.com." }]
  }
}

resource "aws_route53_record" "known_distribution_and_api" {
  attrs = {
    name    = "static.example.com"
    type    = "CNAME"
    records = ["d111111abcdef8.cloudfront.net", "d-abcdef1234.execute-api.ap-northeast-1.amazonaws.com"]
  }
}

resource "aws_route53_record" "lost_load_balancer" {
  attrs = {
    name    = "old.example.com"
    type    = "CNAME"
    records = ["old-1234567890.ap-northeast-1.elb.amazonaws.com"]
  }
  expect_failure = true
}

resource "aws_route53_record" "lost_distribution" {
  attrs = {
    name    = "old.example.com"
    type    = "CNAME"
    records = ["d222222abcdef8.cloudfront.net"]
  }
  expect_failure = true
}

resource "aws_route53_record" "lost_api" {
  attrs = {
    name    = "old.example.com"
    type    = "CNAME"
    records = ["d-0000000000.execute-api.ap-northeast-1.amazonaws.com"]
  }
  expect_failure = true
}

resource "aws_route53_record" "text" {
  attrs = {
    name    = "example.com"
    type    = "TXT"
    records = ["v=spf1 include:old-1234567890.ap-northeast-1.elb.amazonaws.com"]
  }
}

resource "aws_eip" "given_up" {
  prior_attrs = {
    public_ip = "203.0.113.10"
  }
  meta = { operation = "delete", actions = ["delete"] }
}

resource "aws_route53_record" "points_to_it" {
  attrs = {
    name    = "vpn.example.com"
    type    = "A"
    records = ["203.0.113.10"]
  }
  expect_failure = true
}

resource "aws_route53_record" "points_elsewhere" {
  attrs = {
    name    = "office.example.com"
    type    = "A"
    records = ["203.0.113.11"]
  }
}
