policytest {
  targets = ["avoidable_replacement.policy.hcl"]
}

resource "aws_subnet" "last_of_the_list" {
  prior_attrs = { cidr_block = "10.0.3.0/24" }
  meta = {
    address       = "aws_subnet.app[2]"
    operation     = "delete"
    actions       = ["delete"]
    action_reason = "delete_because_count_index"
    forget        = false
  }
  expect_failure = true
}

resource "aws_subnet" "app[1]" {
  prior_attrs = { cidr_block = "10.0.2.0/24" }
  attrs       = { cidr_block = "10.0.3.0/24" }
  skip        = true
  meta = {
    address   = "aws_subnet.app[1]"
    operation = "create"
    actions   = ["delete", "create"]
    forget    = false
  }
}

# The list only became shorter.
resource "aws_subnet" "shorter_list" {
  prior_attrs = { cidr_block = "10.0.9.0/24" }
  meta = {
    address       = "aws_subnet.spare[1]"
    operation     = "delete"
    actions       = ["delete"]
    action_reason = "delete_because_count_index"
    forget        = false
  }
}

resource "aws_ecs_service" "renamed_in_the_code" {
  prior_attrs = { name = "api" }
  meta = {
    address       = "aws_ecs_service.api"
    operation     = "delete"
    actions       = ["delete"]
    action_reason = "delete_because_no_resource_config"
    forget        = false
  }
  expect_failure = true
}

resource "aws_ecs_service" "twin" {
  skip  = true
  attrs = { name = "api" }
  meta = {
    address = "module.service.aws_ecs_service.this"
    actions = ["create"]
  }
}

resource "aws_db_instance" "renamed_in_the_code" {
  prior_attrs = { identifier = "main" }
  meta = {
    address       = "aws_db_instance.main"
    operation     = "delete"
    actions       = ["delete"]
    action_reason = "delete_because_no_resource_config"
    forget        = false
  }
  expect_failure = true
}

resource "aws_db_instance" "twin" {
  skip  = true
  attrs = { identifier = "main" }
  meta = {
    address = "module.db.aws_db_instance.this"
    actions = ["create"]
  }
}

resource "aws_ecs_service" "really_deleted" {
  prior_attrs = { name = "campaign" }
  meta = {
    address       = "aws_ecs_service.campaign"
    operation     = "delete"
    actions       = ["delete"]
    action_reason = "delete_because_no_resource_config"
    forget        = false
  }
}

resource "aws_route53_record" "other_type" {
  prior_attrs = { name = "www.example.com", type = "A" }
  meta = {
    address       = "aws_route53_record.www"
    operation     = "delete"
    actions       = ["delete"]
    action_reason = "delete_because_no_resource_config"
    forget        = false
  }
}

resource "aws_route53_record" "new" {
  skip  = true
  attrs = { name = "www.example.com", type = "CNAME" }
  meta = {
    address = "aws_route53_record.www_cname"
    actions = ["create"]
  }
}

resource "aws_ssm_parameter" "made_anew_without_harm" {
  prior_attrs = { name = "/api/url" }
  meta = {
    address       = "aws_ssm_parameter.url"
    operation     = "delete"
    actions       = ["delete"]
    action_reason = "delete_because_no_resource_config"
    forget        = false
  }
}

resource "aws_ssm_parameter" "twin" {
  skip  = true
  attrs = { name = "/api/url" }
  meta = {
    address = "module.service.aws_ssm_parameter.url"
    actions = ["create"]
  }
}

resource "aws_lb" "replaced_in_place" {
  prior_attrs = { name = "main" }
  attrs       = { name = "main" }
  meta = {
    address       = "aws_lb.main"
    operation     = "delete"
    actions       = ["delete", "create"]
    action_reason = "replace_because_cannot_update"
    forget        = false
  }
}
