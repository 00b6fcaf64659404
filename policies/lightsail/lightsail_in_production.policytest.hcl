policytest {
  targets = ["lightsail_in_production.policy.hcl"]
}

resource "aws_lightsail_instance" "runs" {
  attrs          = { name = "web" }
  meta           = { operation = "no-op" }
  expect_failure = true
}

resource "aws_lightsail_database" "runs" {
  attrs          = { relational_database_name = "main" }
  meta           = { operation = "no-op" }
  expect_failure = true
}

resource "aws_lightsail_container_service" "runs" {
  attrs          = { name = "app" }
  meta           = { operation = "no-op" }
  expect_failure = true
}

# What is about to be made is looked at by the other policies.
resource "aws_lightsail_instance" "new" {
  attrs = { name = "web" }
}

# In other environments nobody needs to leave Lightsail.
resource "aws_lightsail_instance" "staging" {
  attrs = { name = "web" }
  meta  = { operation = "no-op", environment = "staging" }
}
