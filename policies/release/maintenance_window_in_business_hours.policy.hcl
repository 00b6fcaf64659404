# Patches, restarts and failovers happen in the maintenance window. It is written in UTC, so a window that looks like the night may be the
# morning rush.
#
# A window that nobody writes is no finding by itself: AWS picks half an hour at random in eight hours of the region's night (in Tokyo
# 13:00 to 21:00 UTC, 22:00 to 06:00 there), so three in four are harmless, and the first plan cannot tell. The state can, and from then
# on the window is judged like a written one.

input "business_hours" {
  type        = string
  default     = "Mon-Sun 06:00-24:00"
  description = "Hours in which users must not notice anything. A gym is open from early morning to midnight."
}

input "timezone" {
  type        = string
  default     = "Asia/Tokyo"
  description = "Time zone of the business hours."
}

resource_policy "aws_db_instance" "maintenance_window_in_business_hours" {
  title             = "Maintenance may happen while users are there"
  category          = "release"
  severity          = "low"
  scope             = "production"
  references        = ["Amazon RDS User Guide: Maintaining a DB instance, the maintenance window", "AWS provider: aws_db_instance"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      Once in a while AWS restarts the database for a patch, in the window that is set. At 17:00 UTC it is two in the morning in Tokyo;
      at 23:00 UTC people are on their way to work. Where no window is written, AWS picks one at random in the night of the region, and
      planfit judges it as soon as the state shows which: most are harmless, and one in four reaches into the evening.
    EOT
    fix = "Choose an hour in which nobody is there and write it in UTC, as in `\"sun:17:00-sun:17:30\"` for the night to Monday in Tokyo."
  }

  locals {
    window = core::coalesce(core::try(attrs.maintenance_window, null), "none")
  }

  filter = local.window != "none"

  enforce {
    condition     = !time::window_overlaps(local.window, input.business_hours, input.timezone)
    at            = attrs.maintenance_window
    error_message = "${meta.address} is maintained ${local.window} UTC, which is in business hours (${input.business_hours} ${input.timezone}): a patch is then an outage that users see."
  }

  option "night" {
    title    = "A window in the night, written in UTC"
    merits   = ["patches go unnoticed"]
    demerits = ["nobody watches them"]
    downtime = "none"
    effort   = "S"
    set {
      maintenance_window = "sun:17:00-sun:17:30"
    }
  }

  pass "night" {
    resource "aws_db_instance" "main" {
      identifier         = "main"
      engine             = "postgres"
      instance_class     = "db.m7g.large"
      maintenance_window = "sun:17:00-sun:17:30"
    }

    resource "aws_rds_cluster" "main" {
      cluster_identifier           = "main"
      engine                       = "aurora-postgresql"
      preferred_maintenance_window = "sun:17:00-sun:17:30"
    }

    resource "aws_rds_cluster_instance" "main" {
      cluster_identifier           = "main"
      instance_class               = "db.r7g.large"
      preferred_maintenance_window = "sun:17:00-sun:17:30"
    }

    resource "aws_elasticache_replication_group" "main" {
      replication_group_id = "main"
      description          = "main"
      maintenance_window   = "sun:17:00-sun:17:30"
    }

    resource "aws_docdb_cluster" "main" {
      cluster_identifier           = "main"
      preferred_maintenance_window = "sun:17:00-sun:17:30"
    }

    resource "aws_lightsail_database" "main" {
      relational_database_name     = "main"
      blueprint_id                 = "mysql_8_0"
      bundle_id                    = "small_ha_2_0"
      master_database_name         = "app"
      master_username              = "app"
      master_password              = "not-a-real-password"
      preferred_maintenance_window = "sun:17:00-sun:17:30"
    }
  }

  pass "not_written" {
    resource "aws_db_instance" "main" {
      identifier     = "main"
      engine         = "postgres"
      instance_class = "db.m7g.large"
    }

    resource "aws_rds_cluster" "main" {
      cluster_identifier = "main"
      engine             = "aurora-postgresql"
    }

    resource "aws_rds_cluster_instance" "main" {
      cluster_identifier = "main"
      instance_class     = "db.r7g.large"
    }

    resource "aws_elasticache_replication_group" "main" {
      replication_group_id = "main"
      description          = "main"
    }

    resource "aws_docdb_cluster" "main" {
      cluster_identifier = "main"
    }

    resource "aws_lightsail_database" "main" {
      relational_database_name = "main"
      blueprint_id             = "mysql_8_0"
      bundle_id                = "small_ha_2_0"
      master_database_name     = "app"
      master_username          = "app"
      master_password          = "not-a-real-password"
    }
  }

  fail "in_the_morning" {
    resource "aws_db_instance" "main" {
      identifier         = "main"
      engine             = "postgres"
      instance_class     = "db.m7g.large"
      maintenance_window = "sun:23:00-sun:23:30"
    }

    resource "aws_rds_cluster" "main" {
      cluster_identifier           = "main"
      engine                       = "aurora-postgresql"
      preferred_maintenance_window = "sun:23:00-sun:23:30"
    }

    resource "aws_rds_cluster_instance" "main" {
      cluster_identifier           = "main"
      instance_class               = "db.r7g.large"
      preferred_maintenance_window = "sun:23:00-sun:23:30"
    }

    resource "aws_elasticache_replication_group" "main" {
      replication_group_id = "main"
      description          = "main"
      maintenance_window   = "sun:23:00-sun:23:30"
    }

    resource "aws_docdb_cluster" "main" {
      cluster_identifier           = "main"
      preferred_maintenance_window = "sun:23:00-sun:23:30"
    }

    resource "aws_lightsail_database" "main" {
      relational_database_name     = "main"
      blueprint_id                 = "mysql_8_0"
      bundle_id                    = "small_ha_2_0"
      master_database_name         = "app"
      master_username              = "app"
      master_password              = "not-a-real-password"
      preferred_maintenance_window = "sun:23:00-sun:23:30"
    }
  }
}

resource_policy "aws_rds_cluster" "maintenance_window_in_business_hours" {
  enforcement_level = "advisory"

  locals {
    window = core::coalesce(core::try(attrs.preferred_maintenance_window, null), "none")
  }

  filter = local.window != "none"

  enforce {
    condition     = !time::window_overlaps(local.window, input.business_hours, input.timezone)
    at            = attrs.preferred_maintenance_window
    error_message = "${meta.address} is maintained ${local.window} UTC, which is in business hours (${input.business_hours} ${input.timezone}): a patch is then an outage that users see."
  }

  option "night" {
    title    = "A window in the night, written in UTC"
    merits   = ["patches go unnoticed"]
    demerits = ["nobody watches them"]
    downtime = "none"
    effort   = "S"
    set {
      preferred_maintenance_window = "sun:17:00-sun:17:30"
    }
  }
}

resource_policy "aws_rds_cluster_instance" "maintenance_window_in_business_hours" {
  enforcement_level = "advisory"

  locals {
    window = core::coalesce(core::try(attrs.preferred_maintenance_window, null), "none")
  }

  filter = local.window != "none"

  enforce {
    condition     = !time::window_overlaps(local.window, input.business_hours, input.timezone)
    at            = attrs.preferred_maintenance_window
    error_message = "${meta.address} is maintained ${local.window} UTC, which is in business hours (${input.business_hours} ${input.timezone}): a patch is then an outage that users see."
  }

  option "night" {
    title    = "A window in the night, written in UTC"
    merits   = ["patches go unnoticed"]
    demerits = ["nobody watches them"]
    downtime = "none"
    effort   = "S"
    set {
      preferred_maintenance_window = "sun:17:00-sun:17:30"
    }
  }
}

resource_policy "aws_elasticache_replication_group" "maintenance_window_in_business_hours" {
  enforcement_level = "advisory"

  locals {
    window = core::coalesce(core::try(attrs.maintenance_window, null), "none")
  }

  filter = local.window != "none"

  enforce {
    condition     = !time::window_overlaps(local.window, input.business_hours, input.timezone)
    at            = attrs.maintenance_window
    error_message = "${meta.address} is maintained ${local.window} UTC, which is in business hours (${input.business_hours} ${input.timezone}): a patch is then an outage that users see."
  }

  option "night" {
    title    = "A window in the night, written in UTC"
    merits   = ["patches go unnoticed"]
    demerits = ["nobody watches them"]
    downtime = "none"
    effort   = "S"
    set {
      maintenance_window = "sun:17:00-sun:17:30"
    }
  }
}

resource_policy "aws_docdb_cluster" "maintenance_window_in_business_hours" {
  enforcement_level = "advisory"

  locals {
    window = core::coalesce(core::try(attrs.preferred_maintenance_window, null), "none")
  }

  filter = local.window != "none"

  enforce {
    condition     = !time::window_overlaps(local.window, input.business_hours, input.timezone)
    at            = attrs.preferred_maintenance_window
    error_message = "${meta.address} is maintained ${local.window} UTC, which is in business hours (${input.business_hours} ${input.timezone}): a patch is then an outage that users see."
  }

  option "night" {
    title    = "A window in the night, written in UTC"
    merits   = ["patches go unnoticed"]
    demerits = ["nobody watches them"]
    downtime = "none"
    effort   = "S"
    set {
      preferred_maintenance_window = "sun:17:00-sun:17:30"
    }
  }
}

resource_policy "aws_lightsail_database" "maintenance_window_in_business_hours" {
  enforcement_level = "advisory"

  locals {
    window = core::coalesce(core::try(attrs.preferred_maintenance_window, null), "none")
  }

  filter = local.window != "none"

  enforce {
    condition     = !time::window_overlaps(local.window, input.business_hours, input.timezone)
    at            = attrs.preferred_maintenance_window
    error_message = "${meta.address} is maintained ${local.window} UTC, which is in business hours (${input.business_hours} ${input.timezone}): a patch is then an outage that users see."
  }

  option "night" {
    title    = "A window in the night, written in UTC"
    merits   = ["patches go unnoticed"]
    demerits = ["nobody watches them"]
    downtime = "none"
    effort   = "S"
    set {
      preferred_maintenance_window = "sun:17:00-sun:17:30"
    }
  }
}
