# Burstable machines save up credits while they are idle and spend them under load. When the credits are gone, they fall back to a fraction of
# their CPU (or cost more by the hour), in the middle of the peak. For small databases they are a good choice, so this is off unless asked for.
resource_policy "aws_db_instance" "burstable_class_in_production" {
  title             = "Burstable machine class in production"
  category          = "scaling"
  severity          = "low"
  scope             = "production"
  pedantic          = true
  references        = ["Amazon EC2 User Guide: Burstable performance instances", "Amazon RDS User Guide: DB instance class types"]
  enforcement_level = "advisory"

  docs {
    why = "Tests never last long enough to use up the credits. A campaign does, and then every query is slow without any change of the code."
    fix = "Watch the CPU credit balance. If it goes down on busy days, move to a class without credits (m or r)."
  }

  enforce {
    condition     = !core::startswith(core::coalesce(core::try(attrs.instance_class, null), "none"), "db.t")
    at            = attrs.instance_class
    error_message = "${meta.address} is a burstable ${attrs.instance_class}: when its CPU credits run out under load, it is slow or costs more."
  }

  option "steady_class" {
    title    = "Move to a class without credits"
    merits   = ["the same speed all day"]
    demerits = ["a higher price by the hour"]
    downtime = "seconds with a standby, minutes without"
    effort   = "S"
  }

  option "alarm" {
    title    = "Stay, with an alarm on the credit balance"
    merits   = ["the low price stays"]
    demerits = ["somebody must act in the peak"]
    downtime = "none"
    effort   = "S"
  }

  pass "steady" {
    resource "aws_db_instance" "main" {
      identifier     = "main"
      engine         = "postgres"
      instance_class = "db.m7g.large"
    }

    resource "aws_rds_cluster_instance" "main" {
      cluster_identifier = "main"
      engine             = "aurora-postgresql"
      instance_class     = "db.serverless"
    }

    resource "aws_elasticache_replication_group" "sessions" {
      replication_group_id = "sessions"
      description          = "sessions"
      node_type            = "cache.m7g.large"
    }

    resource "aws_opensearch_domain" "search" {
      domain_name = "search"

      cluster_config {
        instance_type = "m7g.large.search"
      }
    }
  }

  fail "burstable" {
    resource "aws_db_instance" "main" {
      identifier     = "main"
      engine         = "postgres"
      instance_class = "db.t4g.medium"
    }

    resource "aws_rds_cluster_instance" "main" {
      cluster_identifier = "main"
      engine             = "aurora-postgresql"
      instance_class     = "db.t4g.medium"
    }

    resource "aws_elasticache_replication_group" "sessions" {
      replication_group_id = "sessions"
      description          = "sessions"
      node_type            = "cache.t4g.small"
    }

    resource "aws_opensearch_domain" "search" {
      domain_name = "search"

      cluster_config {
        instance_type = "t3.small.search"
      }
    }
  }
}

resource_policy "aws_rds_cluster_instance" "burstable_class_in_production" {
  enforcement_level = "advisory"

  enforce {
    condition     = !core::startswith(core::coalesce(core::try(attrs.instance_class, null), "none"), "db.t")
    at            = attrs.instance_class
    error_message = "${meta.address} is a burstable ${attrs.instance_class}: when its CPU credits run out under load, it is slow or costs more."
  }
}

resource_policy "aws_elasticache_replication_group" "burstable_class_in_production" {
  enforcement_level = "advisory"

  enforce {
    condition     = !core::startswith(core::coalesce(core::try(attrs.node_type, null), "none"), "cache.t")
    at            = attrs.node_type
    error_message = "${meta.address} uses burstable ${attrs.node_type} nodes: when their CPU credits run out under load, the cache is slow."
  }
}

resource_policy "aws_opensearch_domain" "burstable_class_in_production" {
  enforcement_level = "advisory"

  enforce {
    condition     = !core::startswith(core::coalesce(core::try(attrs.cluster_config[0].instance_type, null), "none"), "t")
    at            = attrs.cluster_config[0].instance_type
    error_message = "${meta.address} uses burstable ${attrs.cluster_config[0].instance_type} nodes: when their CPU credits run out under load, searches are slow."
  }
}
