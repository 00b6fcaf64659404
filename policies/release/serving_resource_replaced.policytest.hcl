policytest {
  targets = ["serving_resource_replaced.policy.hcl"]
}

locals {
  delete_first = {
    operation     = "delete"
    actions       = ["delete", "create"]
    action_reason = "replace_because_cannot_update"
    replace_paths = [["name"]]
    forget        = false
  }
  create_first = {
    operation     = "delete"
    actions       = ["create", "delete"]
    action_reason = "replace_because_cannot_update"
    replace_paths = [["name"]]
    forget        = false
  }
  named = { name = "x" }
}

resource "aws_lb" "gap" {
  prior_attrs = {
    name = "main"
  }
  meta           = local.delete_first
  expect_failure = true
}

# No gap, but still a finding (low).
resource "aws_lb_target_group" "new_one_first" {
  prior_attrs = {
    name = "app"
  }
  meta = {
    operation     = "delete"
    actions       = ["create", "delete"]
    action_reason = "replace_because_cannot_update"
    replace_paths = [["port"]]
    forget        = false
  }
  expect_failure = true
}

resource "aws_ecs_service" "by_request" {
  prior_attrs = {
    name = "app"
  }
  meta = {
    operation     = "delete"
    actions       = ["delete", "create"]
    action_reason = "replace_by_request"
    replace_paths = []
    forget        = false
  }
  expect_failure = true
}

resource "aws_lb" "deleted" {
  prior_attrs = {
    name = "old"
  }
  meta = {
    operation     = "delete"
    actions       = ["delete"]
    action_reason = "delete_because_no_resource_config"
    replace_paths = []
    forget        = false
  }
}

resource "aws_route53_zone" "forgotten" {
  prior_attrs = {
    name = "example.com"
  }
  meta = {
    operation     = "delete"
    actions       = ["forget"]
    action_reason = "delete_because_no_resource_config"
    replace_paths = []
    forget        = true
  }
}

# Each type, both ways of a replacement.

resource "aws_lb" "gap_of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_lb" "first_of_this_type" {
  prior_attrs    = local.named
  meta           = local.create_first
  expect_failure = true
}

resource "aws_elb" "gap_of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_elb" "first_of_this_type" {
  prior_attrs    = local.named
  meta           = local.create_first
  expect_failure = true
}

resource "aws_lb_listener" "gap_of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_lb_listener" "first_of_this_type" {
  prior_attrs    = local.named
  meta           = local.create_first
  expect_failure = true
}

resource "aws_lb_listener_rule" "gap_of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_lb_listener_rule" "first_of_this_type" {
  prior_attrs    = local.named
  meta           = local.create_first
  expect_failure = true
}

resource "aws_lb_target_group" "gap_of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_lb_target_group" "first_of_this_type" {
  prior_attrs    = local.named
  meta           = local.create_first
  expect_failure = true
}

resource "aws_ecs_service" "gap_of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_ecs_service" "first_of_this_type" {
  prior_attrs    = local.named
  meta           = local.create_first
  expect_failure = true
}

resource "aws_ecs_cluster" "gap_of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_ecs_cluster" "first_of_this_type" {
  prior_attrs    = local.named
  meta           = local.create_first
  expect_failure = true
}

resource "aws_autoscaling_group" "gap_of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_autoscaling_group" "first_of_this_type" {
  prior_attrs    = local.named
  meta           = local.create_first
  expect_failure = true
}

resource "aws_instance" "gap_of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_instance" "first_of_this_type" {
  prior_attrs    = local.named
  meta           = local.create_first
  expect_failure = true
}

resource "aws_nat_gateway" "gap_of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_nat_gateway" "first_of_this_type" {
  prior_attrs    = local.named
  meta           = local.create_first
  expect_failure = true
}

resource "aws_route" "gap_of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_route" "first_of_this_type" {
  prior_attrs    = local.named
  meta           = local.create_first
  expect_failure = true
}

resource "aws_subnet" "gap_of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_subnet" "first_of_this_type" {
  prior_attrs    = local.named
  meta           = local.create_first
  expect_failure = true
}

resource "aws_vpc_endpoint" "gap_of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_vpc_endpoint" "first_of_this_type" {
  prior_attrs    = local.named
  meta           = local.create_first
  expect_failure = true
}

resource "aws_security_group" "gap_of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_security_group" "first_of_this_type" {
  prior_attrs    = local.named
  meta           = local.create_first
  expect_failure = true
}

resource "aws_route53_zone" "gap_of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_route53_zone" "first_of_this_type" {
  prior_attrs    = local.named
  meta           = local.create_first
  expect_failure = true
}

resource "aws_route53_record" "gap_of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_route53_record" "first_of_this_type" {
  prior_attrs    = local.named
  meta           = local.create_first
  expect_failure = true
}

resource "aws_acm_certificate" "gap_of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_acm_certificate" "first_of_this_type" {
  prior_attrs    = local.named
  meta           = local.create_first
  expect_failure = true
}

resource "aws_cloudfront_distribution" "gap_of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_cloudfront_distribution" "first_of_this_type" {
  prior_attrs    = local.named
  meta           = local.create_first
  expect_failure = true
}

resource "aws_api_gateway_stage" "gap_of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_api_gateway_stage" "first_of_this_type" {
  prior_attrs    = local.named
  meta           = local.create_first
  expect_failure = true
}

resource "aws_apigatewayv2_stage" "gap_of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_apigatewayv2_stage" "first_of_this_type" {
  prior_attrs    = local.named
  meta           = local.create_first
  expect_failure = true
}

resource "aws_lambda_function" "gap_of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_lambda_function" "first_of_this_type" {
  prior_attrs    = local.named
  meta           = local.create_first
  expect_failure = true
}

resource "aws_lambda_alias" "gap_of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_lambda_alias" "first_of_this_type" {
  prior_attrs    = local.named
  meta           = local.create_first
  expect_failure = true
}

resource "aws_lightsail_lb" "gap_of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_lightsail_lb" "first_of_this_type" {
  prior_attrs    = local.named
  meta           = local.create_first
  expect_failure = true
}

resource "aws_lightsail_static_ip" "gap_of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_lightsail_static_ip" "first_of_this_type" {
  prior_attrs    = local.named
  meta           = local.create_first
  expect_failure = true
}

resource "aws_lightsail_container_service" "gap_of_this_type" {
  prior_attrs    = local.named
  meta           = local.delete_first
  expect_failure = true
}

resource "aws_lightsail_container_service" "first_of_this_type" {
  prior_attrs    = local.named
  meta           = local.create_first
  expect_failure = true
}
