policytest {
  targets = ["dns_cutover_with_long_ttl.policy.hcl"]
}

resource "aws_route53_record" "moves" {
  prior_attrs    = { name = "www", type = "A", ttl = 3600, records = ["203.0.113.10"] }
  attrs          = { name = "www", type = "A", ttl = 60, records = ["203.0.113.20"] }
  meta           = { actions = ["update"], forget = false }
  expect_failure = true
}

resource "aws_route53_record" "becomes_an_alias" {
  prior_attrs    = { name = "www", type = "A", ttl = 3600, records = ["203.0.113.10"], alias = [] }
  attrs          = { name = "www", type = "A", ttl = null, records = null, alias = [{ name = "main.example.com" }] }
  meta           = { actions = ["update"], forget = false }
  expect_failure = true
}

resource "aws_route53_record" "weight" {
  prior_attrs    = { name = "www", type = "CNAME", ttl = 600, records = ["a.example.com"], weighted_routing_policy = [{ weight = 100 }] }
  attrs          = { name = "www", type = "CNAME", ttl = 600, records = ["a.example.com"], weighted_routing_policy = [{ weight = 0 }] }
  meta           = { actions = ["update"], forget = false }
  expect_failure = true
}

resource "aws_route53_record" "alias_target_with_a_ttl" {
  prior_attrs    = { name = "www", type = "A", ttl = 600, records = ["203.0.113.10"], alias = [{ name = "a.example.com" }] }
  attrs          = { name = "www", type = "A", ttl = 600, records = ["203.0.113.10"], alias = [{ name = "b.example.com" }] }
  meta           = { actions = ["update"], forget = false }
  expect_failure = true
}

resource "aws_route53_record" "replaced" {
  prior_attrs = { name = "www", type = "A", ttl = 3600, records = ["203.0.113.10"] }
  attrs       = { name = "www", type = "A", ttl = 60, records = ["203.0.113.20"] }
  meta = {
    operation = "delete"
    actions   = ["delete", "create"]
    forget    = false
  }
  expect_failure = true
}

resource "aws_route53_record" "short_ttl" {
  prior_attrs = { name = "www", type = "A", ttl = 60, records = ["203.0.113.10"] }
  attrs       = { name = "www", type = "A", ttl = 60, records = ["203.0.113.20"] }
  meta        = { actions = ["update"], forget = false }
}

resource "aws_route53_record" "only_the_ttl" {
  prior_attrs = { name = "www", type = "A", ttl = 3600, records = ["203.0.113.10"] }
  attrs       = { name = "www", type = "A", ttl = 60, records = ["203.0.113.10"] }
  meta        = { actions = ["update"], forget = false }
}

resource "aws_route53_record" "validation" {
  prior_attrs = { name = "_0a1b2c", type = "CNAME", ttl = 3600, records = ["a.example.com"] }
  attrs       = { name = "_0a1b2c", type = "CNAME", ttl = 3600, records = ["b.example.com"] }
  meta        = { actions = ["update"], forget = false }
}

resource "aws_route53_record" "text" {
  prior_attrs = { name = "www", type = "TXT", ttl = 3600, records = ["one"] }
  attrs       = { name = "www", type = "TXT", ttl = 3600, records = ["two"] }
  meta        = { actions = ["update"], forget = false }
}

resource "aws_route53_record" "deleted" {
  prior_attrs = { name = "old", type = "A", ttl = 3600, records = ["203.0.113.10"] }
  meta        = { operation = "delete", actions = ["delete"], forget = false }
}
