input "report_all_edge_locations" {
  type        = bool
  default     = false
  description = "Whether a distribution that answers from the edge locations of the whole world is reported. It costs more only where visitors come from the dear regions."
}

# Some prices are chosen by a setting that somebody tried once: insights kept for two years.
resource_policy "aws_db_instance" "paid_extras" {
  title             = "Extra that is charged and seldom used"
  category          = "cost"
  severity          = "low"
  aliases           = ["CB:CLOUDFRONT-1", "CB:RDS-8"]
  references        = ["Amazon RDS User Guide: Pricing and data retention for Performance Insights"]
  enforcement_level = "advisory"

  docs {
    why = "Seven days of Performance Insights are free. Each month beyond is charged by the vCPU, and hardly anybody looks back further than a release or two."
    fix = "Set `performance_insights_retention_period` to 7. Keep more only where somebody compares months."
  }

  filter = core::coalesce(core::try(attrs.performance_insights_enabled, null), false) == true

  enforce {
    condition     = core::coalesce(core::try(attrs.performance_insights_retention_period, null), 7) <= 7
    at            = attrs.performance_insights_retention_period
    error_message = "${meta.address} keeps Performance Insights for ${attrs.performance_insights_retention_period} days; 7 are free, the rest is charged by the vCPU."
  }

  option "free_days" {
    title    = "Keep seven days"
    merits   = ["the charge ends"]
    demerits = ["older data is deleted at once"]
    downtime = "none"
    effort   = "S"
    set {
      performance_insights_retention_period = 7
    }
  }

  pass "free" {
    resource "aws_db_instance" "week" {
      instance_class                        = "db.m7g.large"
      identifier                            = "week"
      performance_insights_enabled          = true
      performance_insights_retention_period = 7
    }

    resource "aws_db_instance" "not_written" {
      instance_class               = "db.m7g.large"
      identifier                   = "not-written"
      performance_insights_enabled = true
    }

    resource "aws_db_instance" "off" {
      instance_class                        = "db.m7g.large"
      identifier                            = "off"
      performance_insights_enabled          = false
      performance_insights_retention_period = 731
    }

    resource "aws_rds_cluster_instance" "week" {
      cluster_identifier           = "main"
      instance_class               = "db.r6g.large"
      performance_insights_enabled = true
    }
  }

  fail "two_years" {
    resource "aws_db_instance" "main" {
      instance_class                        = "db.m7g.large"
      identifier                            = "main"
      performance_insights_enabled          = true
      performance_insights_retention_period = 731
    }

    resource "aws_rds_cluster_instance" "main" {
      cluster_identifier                    = "main"
      instance_class                        = "db.r6g.large"
      performance_insights_enabled          = true
      performance_insights_retention_period = 31
    }
  }
}

resource_policy "aws_rds_cluster_instance" "paid_extras" {
  enforcement_level = "advisory"

  filter = core::coalesce(core::try(attrs.performance_insights_enabled, null), false) == true

  enforce {
    condition     = core::coalesce(core::try(attrs.performance_insights_retention_period, null), 7) <= 7
    at            = attrs.performance_insights_retention_period
    error_message = "${meta.address} keeps Performance Insights for ${attrs.performance_insights_retention_period} days; 7 are free, the rest is charged by the vCPU."
  }
}

resource_policy "aws_cloudfront_distribution" "paid_extras" {
  enforcement_level = "advisory"

  filter = input.report_all_edge_locations

  enforce {
    condition     = core::coalesce(core::try(attrs.price_class, null), "PriceClass_All") != "PriceClass_All"
    at            = attrs.price_class
    error_message = "${meta.address} answers from the edge locations of the whole world, and requests in the dear regions are charged more; PriceClass_200 leaves out South America and Oceania alone."
  }
}
