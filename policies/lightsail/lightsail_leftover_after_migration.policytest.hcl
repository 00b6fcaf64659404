policytest {
  targets = ["lightsail_leftover_after_migration.policy.hcl"]
}

locals {
  rest = { operation = "no-op" }
}

resource "aws_ecs_service" "api" {
  attrs = { name = "api", desired_count = 2 }
  skip  = true
}

resource "aws_route53_record" "www" {
  attrs = { name = "www", records = ["203.0.113.10", "203.0.113.11", "db.example.com", "lb.example.com"] }
  skip  = true
}

resource "aws_lightsail_domain_entry" "app" {
  attrs = { name = "app", target = "app.lightsail.example.com" }
  skip  = true
}

resource "aws_lightsail_instance" "old" {
  attrs          = { name = "old", public_ip_address = "203.0.113.99" }
  meta           = local.rest
  expect_failure = true
}

resource "aws_lightsail_instance" "in_dns" {
  attrs = { name = "in-dns", public_ip_address = "203.0.113.10" }
  meta  = local.rest
}

resource "aws_lightsail_instance" "static_address_in_dns" {
  attrs = { name = "static", public_ip_address = "203.0.113.98" }
  meta  = local.rest
}

resource "aws_lightsail_static_ip_attachment" "static" {
  attrs = { instance_name = "static", ip_address = "203.0.113.11" }
  skip  = true
}

resource "aws_lightsail_instance" "kept" {
  attrs = { name = "kept", public_ip_address = "203.0.113.99", tags = { "planfit:keep" = "build machine" } }
  meta  = local.rest
}

resource "aws_lightsail_database" "old" {
  attrs          = { relational_database_name = "old", master_endpoint_address = "old.example.com" }
  meta           = local.rest
  expect_failure = true
}

resource "aws_lightsail_database" "in_dns" {
  attrs = { relational_database_name = "in-dns", master_endpoint_address = "db.example.com" }
  meta  = local.rest
}

resource "aws_lightsail_lb" "old" {
  attrs          = { name = "old", dns_name = "old.example.com" }
  meta           = local.rest
  expect_failure = true
}

resource "aws_lightsail_lb" "in_dns" {
  attrs = { name = "in-dns", dns_name = "lb.example.com" }
  meta  = local.rest
}

resource "aws_lightsail_container_service" "old" {
  attrs          = { name = "old", url = "https://old.example.com/" }
  meta           = local.rest
  expect_failure = true
}

resource "aws_lightsail_container_service" "in_dns" {
  attrs = { name = "app", url = "https://app.lightsail.example.com/" }
  meta  = local.rest
}

resource "aws_lightsail_instance" "admitted" {
  attrs = { name = "admitted", public_ip_address = "203.0.113.50" }
  meta  = local.rest
}

resource "aws_vpc_security_group_ingress_rule" "admitted" {
  attrs = { cidr_ipv4 = "203.0.113.50/32" }
  skip  = true
}

resource "aws_lightsail_database" "in_a_task" {
  attrs = { relational_database_name = "task", master_endpoint_address = "task.example.com" }
  meta  = local.rest
}

resource "aws_ecs_task_definition" "api" {
  attrs = { container_definitions = "[{\"environment\":[{\"name\":\"DB_HOST\",\"value\":\"task.example.com\"}]}]" }
  skip  = true
}

resource "aws_lightsail_database" "kept" {
  attrs = { master_endpoint_address = "old.example.com", tags = { "planfit:keep" = "until the audit" } }
  meta  = local.rest
}

resource "aws_lightsail_lb" "kept" {
  attrs = { dns_name = "old.example.com", tags = { "planfit:keep" = "until the audit" } }
  meta  = local.rest
}

resource "aws_lightsail_container_service" "kept" {
  attrs = { url = "https://old.example.com/", tags = { "planfit:keep" = "until the audit" } }
  meta  = local.rest
}
