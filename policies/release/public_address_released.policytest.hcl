policytest {
  targets = ["public_address_released.policy.hcl"]
}

locals {
  delete = { operation = "delete", actions = ["delete"], forget = false }
}

resource "aws_eip" "in_use" {
  prior_attrs = {
    public_ip      = "203.0.113.10"
    association_id = "eipassoc-0123456789abcdef0"
  }
  meta           = local.delete
  expect_failure = true
}

# Still a finding (low): it may stand on an allowlist.
resource "aws_eip" "attached_to_nothing" {
  prior_attrs = {
    public_ip         = "203.0.113.11"
    association_id    = ""
    instance          = ""
    network_interface = ""
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_eip" "replaced" {
  prior_attrs = {
    public_ip      = "203.0.113.12"
    association_id = "eipassoc-0123456789abcdef1"
  }
  meta = {
    operation     = "delete"
    actions       = ["delete", "create"]
    replace_paths = [["network_border_group"]]
    forget        = false
  }
  expect_failure = true
}

resource "aws_eip" "forgotten" {
  prior_attrs = {
    public_ip      = "203.0.113.13"
    association_id = "eipassoc-0123456789abcdef2"
  }
  meta = {
    operation = "delete"
    actions   = ["forget"]
    forget    = true
  }
}

resource "aws_lightsail_static_ip" "deleted" {
  prior_attrs = {
    name       = "web"
    ip_address = "203.0.113.20"
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_nat_gateway" "deleted" {
  prior_attrs = {
    allocation_id     = "eipalloc-0123456789abcdef0"
    connectivity_type = "public"
    public_ip         = "203.0.113.30"
  }
  meta           = local.delete
  expect_failure = true
}

resource "aws_nat_gateway" "address_moves_on" {
  prior_attrs = {
    allocation_id     = "eipalloc-0123456789abcdef1"
    connectivity_type = "public"
    public_ip         = "203.0.113.31"
  }
  meta = local.delete
}

resource "aws_nat_gateway" "successor" {
  attrs = {
    allocation_id     = "eipalloc-0123456789abcdef1"
    connectivity_type = "public"
  }
  skip = true
}

resource "aws_nat_gateway" "private" {
  prior_attrs = {
    connectivity_type = "private"
  }
  meta = local.delete
}
