policytest {
  targets = ["versions.policy.hcl"]
}

resource "aws_elasticache_cluster" "new" {
  attrs = { engine_version = "7.1.0" }
}

resource "aws_elasticache_cluster" "short" {
  attrs = { engine_version = "6.x" }
}

resource "aws_elasticache_cluster" "old" {
  expect_failure = true
  attrs          = { engine_version = "5.0.6" }
}

resource "aws_elasticache_cluster" "unset" {
  attrs = { engine_version = null }
}
