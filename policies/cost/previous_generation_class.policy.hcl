# AWS keeps old machines running and keeps their price. The next generation does more work for the same money or less, and one day the
# old one can no longer be started when an instance has to be replaced.
locals {
  # Families that have a successor of the same kind. A class is FAMILY.SIZE, behind "db." or "cache.".
  old_families = ["t1", "t2", "m1", "m2", "m3", "m4", "c1", "c3", "c4", "r3", "r4", "i2", "d2", "g2", "g3", "g3s", "p2", "hs1", "cr1", "x1"]
}

resource_policy "aws_instance" "previous_generation_class" {
  title             = "Machine of a previous generation"
  category          = "cost"
  severity          = "low"
  aliases           = ["tfl:aws_instance_previous_type", "tfl:aws_db_instance_previous_type", "tfl:aws_elasticache_cluster_previous_type", "CB:RDS-1"]
  references        = ["Amazon EC2: Previous generation instances", "Amazon RDS User Guide: DB instance classes"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      The same amount of work costs more on an old machine. AWS has fewer and fewer of them: when a zone has none left, an instance that
      stops does not come back.
    EOT
    fix = "Choose the same size of the next generation (t2 → t3 or t4g, m4 → m6i or m7g, r4 → r6i or r7g). The change restarts the machine, so do it in a window or after a failover."
  }

  locals {
    family = core::split(".", core::coalesce(core::try(attrs.instance_type, null), "-"))[0]
  }

  enforce {
    condition     = !core::contains(local.old_families, local.family)
    at            = attrs.instance_type
    error_message = "${meta.address} runs on ${attrs.instance_type}, a previous generation: the next one does the same work for less."
  }

  option "next_generation" {
    title    = "Move to the same size of the next generation"
    merits   = ["more speed for the same money or less", "capacity is there when an instance must be replaced"]
    demerits = ["a stop and a start", "very old images lack the drivers for it; try it in staging"]
    downtime = "minutes"
    effort   = "M"
  }

  pass "current_generations" {
    resource "aws_instance" "web" {
      ami           = "ami-0a1b2c3d4e5f60718"
      instance_type = "t3.small"
    }

    resource "aws_launch_template" "web" {
      name          = "web"
      instance_type = "m7g.large"
    }

    resource "aws_launch_template" "no_type" {
      name = "no-type"
    }

    resource "aws_db_instance" "main" {
      identifier     = "main"
      instance_class = "db.r6g.large"
    }

    resource "aws_rds_cluster_instance" "main" {
      cluster_identifier = "main"
      instance_class     = "db.serverless"
    }

    resource "aws_elasticache_replication_group" "main" {
      replication_group_id = "main"
      description          = "sessions"
      node_type            = "cache.t4g.small"
    }

    resource "aws_elasticache_cluster" "main" {
      cluster_id = "main"
      node_type  = "cache.m6g.large"
    }
  }

  fail "previous_generations" {
    resource "aws_instance" "web" {
      ami           = "ami-0a1b2c3d4e5f60718"
      instance_type = "t2.small"
    }

    resource "aws_launch_template" "web" {
      name          = "web"
      instance_type = "m4.large"
    }

    resource "aws_db_instance" "main" {
      identifier     = "main"
      instance_class = "db.t2.small"
    }

    resource "aws_rds_cluster_instance" "main" {
      cluster_identifier = "main"
      instance_class     = "db.r4.large"
    }

    resource "aws_elasticache_replication_group" "main" {
      replication_group_id = "main"
      description          = "sessions"
      node_type            = "cache.t2.small"
    }

    resource "aws_elasticache_cluster" "main" {
      cluster_id = "main"
      node_type  = "cache.m3.medium"
    }
  }
}

resource_policy "aws_launch_template" "previous_generation_class" {
  enforcement_level = "advisory"

  locals {
    family = core::split(".", core::coalesce(core::try(attrs.instance_type, null), "-"))[0]
  }

  enforce {
    condition     = !core::contains(local.old_families, local.family)
    at            = attrs.instance_type
    error_message = "${meta.address} starts instances of ${attrs.instance_type}, a previous generation: the next one does the same work for less."
  }
}

resource_policy "aws_db_instance" "previous_generation_class" {
  enforcement_level = "advisory"

  locals {
    family = core::try(core::split(".", attrs.instance_class)[1], "-")
  }

  enforce {
    condition     = !core::contains(local.old_families, local.family)
    at            = attrs.instance_class
    error_message = "${meta.address} runs on ${attrs.instance_class}, a previous generation: the next one does the same work for less."
  }
}

resource_policy "aws_rds_cluster_instance" "previous_generation_class" {
  enforcement_level = "advisory"

  locals {
    family = core::try(core::split(".", attrs.instance_class)[1], "-")
  }

  enforce {
    condition     = !core::contains(local.old_families, local.family)
    at            = attrs.instance_class
    error_message = "${meta.address} runs on ${attrs.instance_class}, a previous generation: the next one does the same work for less."
  }
}

resource_policy "aws_elasticache_replication_group" "previous_generation_class" {
  enforcement_level = "advisory"

  locals {
    family = core::try(core::split(".", attrs.node_type)[1], "-")
  }

  # A member of a global datastore has its type from there.
  filter = plan::configured("node_type")

  enforce {
    condition     = !core::contains(local.old_families, local.family)
    at            = attrs.node_type
    error_message = "${meta.address} runs on ${attrs.node_type}, a previous generation: the next one does the same work for less."
  }
}

resource_policy "aws_elasticache_cluster" "previous_generation_class" {
  enforcement_level = "advisory"

  locals {
    family = core::try(core::split(".", attrs.node_type)[1], "-")
  }

  # A member of a replication group has its type from there.
  filter = plan::configured("node_type")

  enforce {
    condition     = !core::contains(local.old_families, local.family)
    at            = attrs.node_type
    error_message = "${meta.address} runs on ${attrs.node_type}, a previous generation: the next one does the same work for less."
  }
}
