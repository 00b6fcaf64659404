input "report_nights" {
  type        = bool
  default     = false
  description = "Whether a service that nothing stops for the night is reported. Nobody tests while everybody sleeps, but some tests run then."
}

# Staging is for trying things out, and it sleeps at night. A standby, a second gateway and a third task cost there what they cost in
# production, and save nobody.
locals {
  kept = core::try(attrs.tags["planfit:keep"], null) != null
}

resource_policy "aws_db_instance" "production_shape_in_non_production" {
  title             = "Test environment is built as large as production"
  category          = "cost"
  severity          = "low"
  scope             = "non_production"
  references        = ["AWS Well-Architected Framework, Cost Optimization Pillar", "Amazon ECS Developer Guide: Use scheduled actions to scale Amazon ECS services"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      What makes production survive a failure at night (a standby, a gateway in each zone, replicas) doubles the price of an environment
      in which nobody works at night.
    EOT
    fix = "Take one of each outside of production, by a variable. Keep the shape for the days of a rehearsal, or tag it `planfit:keep` with the reason."
  }

  filter = !local.kept

  enforce {
    condition     = core::coalesce(core::try(attrs.multi_az, null), false) == false
    at            = attrs.multi_az
    error_message = "${meta.address} has a standby outside of production, which doubles its price."
  }

  option "one_of_each" {
    title    = "Take one of each outside of production"
    merits   = ["about half the price of the environment"]
    demerits = ["a failover cannot be tried there without a change first"]
    downtime = "none"
    effort   = "S"
    set {
      multi_az = false
    }
  }

  option "keep_for_rehearsal" {
    title    = "Keep it for a rehearsal, with a date"
    merits   = ["staging behaves like production"]
    demerits = ["the full price until the date"]
    downtime = "none"
    effort   = "S"
  }

  pass "one_of_each" {
    resource "aws_db_instance" "main" {
      instance_class = "db.m7g.large"
      identifier     = "main"
      multi_az       = false
    }

    resource "aws_db_instance" "not_written" {
      instance_class = "db.m7g.large"
      identifier     = "not-written"
    }

    resource "aws_nat_gateway" "main" {
      allocation_id = "eipalloc-0a1b2c3d4e5f60718"
      subnet_id     = "subnet-0a1b2c3d4e5f60718"
    }

    resource "aws_elasticache_replication_group" "main" {
      replication_group_id = "main"
      description          = "sessions"
      num_cache_clusters   = 1
    }

    resource "aws_elasticache_replication_group" "shards" {
      replication_group_id    = "shards"
      description             = "sessions"
      num_node_groups         = 1
      replicas_per_node_group = 0
    }

    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api:12"
      desired_count   = 1
    }
  }

  pass "kept_for_a_load_test" {
    resource "aws_db_instance" "main" {
      instance_class = "db.m7g.large"
      identifier     = "main"
      multi_az       = true

      tags = {
        "planfit:keep" = "load test until June"
      }
    }
  }

  fail "as_in_production" {
    resource "aws_db_instance" "main" {
      instance_class = "db.m7g.large"
      identifier     = "main"
      multi_az       = true
    }

    resource "aws_subnet" "a" {
      vpc_id     = "vpc-0a1b2c3d4e5f60718"
      cidr_block = "10.0.0.0/24"
    }

    resource "aws_subnet" "c" {
      vpc_id     = "vpc-0a1b2c3d4e5f60718"
      cidr_block = "10.0.1.0/24"
    }

    resource "aws_nat_gateway" "a" {
      allocation_id = "eipalloc-0a1b2c3d4e5f60718"
      subnet_id     = aws_subnet.a.id
    }

    resource "aws_nat_gateway" "c" {
      allocation_id = "eipalloc-0a1b2c3d4e5f60719"
      subnet_id     = aws_subnet.c.id
    }

    resource "aws_elasticache_replication_group" "main" {
      replication_group_id = "main"
      description          = "sessions"
      num_cache_clusters   = 2
    }

    resource "aws_elasticache_replication_group" "shards" {
      replication_group_id    = "shards"
      description             = "sessions"
      num_node_groups         = 2
      replicas_per_node_group = 0
    }

    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api:12"
      desired_count   = 3
    }

    resource "aws_ecs_service" "scaled" {
      name            = "scaled"
      cluster         = "main"
      task_definition = "scaled:12"
      desired_count   = 1
    }

    resource "aws_appautoscaling_target" "scaled" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/scaled"
      min_capacity       = 2
      max_capacity       = 6
    }
  }
}

resource_policy "aws_nat_gateway" "production_shape_in_non_production" {
  enforcement_level = "advisory"

  locals {
    vpc     = core::try(core::getresources("aws_subnet", { id = attrs.subnet_id })[0].vpc_id, null)
    subnets = local.vpc == null ? [] : core::getresources("aws_subnet", { vpc_id = local.vpc })
    in_vpc  = core::flatten([for s in local.subnets : core::getresources("aws_nat_gateway", { subnet_id = s.id })])
  }

  filter = !local.kept && core::coalesce(core::try(attrs.connectivity_type, null), "public") == "public"

  enforce {
    condition     = core::length(local.in_vpc) <= 1
    error_message = "${meta.address} is one of ${core::length(local.in_vpc)} NAT gateways of one network outside of production; each is paid by the hour."
  }

  option "one_gateway" {
    title    = "Keep one gateway and route all private subnets through it"
    merits   = ["the hourly price of the others ends"]
    demerits = ["traffic between zones is charged", "a zone that fails takes the way out with it"]
    downtime = "seconds for open connections"
    effort   = "S"
  }
}

resource_policy "aws_elasticache_replication_group" "production_shape_in_non_production" {
  enforcement_level = "advisory"

  locals {
    sharded = plan::configured("num_node_groups") || plan::configured("replicas_per_node_group")
    nodes   = local.sharded ? core::coalesce(core::try(attrs.num_node_groups, null), 1) * (1 + core::coalesce(core::try(attrs.replicas_per_node_group, null), 0)) : core::coalesce(core::try(attrs.num_cache_clusters, null), 1)
  }

  filter = !local.kept

  enforce {
    condition     = local.nodes <= 1
    at            = attrs.num_cache_clusters
    error_message = "${meta.address} has ${local.nodes} nodes outside of production, and each is paid for; one is enough there."
  }

  option "one_node" {
    title    = "One node outside of production"
    merits   = ["the price of one node"]
    demerits = ["a failover cannot be tried there"]
    downtime = "none"
    effort   = "S"
    set {
      num_cache_clusters = 1
    }
  }
}

resource_policy "aws_ecs_service" "production_shape_in_non_production" {
  enforcement_level = "advisory"

  locals {
    targets = [for t in plan::matching("aws_appautoscaling_target", "resource_id", "service/*/${attrs.name}") : t if core::try(t.scalable_dimension, "") == "ecs:service:DesiredCount"]
    tasks   = core::length(local.targets) > 0 ? local.targets[0].min_capacity : core::coalesce(core::try(attrs.desired_count, null), 0)

    schedules = [for a in plan::matching("aws_appautoscaling_scheduled_action", "resource_id", "service/*/${attrs.name}") : a if core::try(a.scalable_target_action[0].min_capacity == 0, false)]
  }

  filter = !local.kept && core::coalesce(core::try(attrs.scheduling_strategy, null), "REPLICA") == "REPLICA"

  enforce {
    condition     = local.tasks <= 1
    at            = attrs.desired_count
    error_message = "${meta.address} runs at least ${local.tasks} tasks outside of production, and each is paid for; one is enough there."
  }

  enforce {
    condition     = !input.report_nights || local.tasks == 0 || core::length(local.schedules) > 0
    at            = attrs.desired_count
    error_message = "${meta.address} runs through the night outside of production, when nobody uses it: no scheduled action stops it."
  }

  option "one_task" {
    title    = "One task outside of production, none at night"
    merits   = ["a part of the price"]
    demerits = ["a release has a gap if the service cannot run twice for a moment"]
    downtime = "none"
    effort   = "S"
    set {
      desired_count = 1
    }
  }
}
