# Spot capacity is cheap because AWS may take it back with two minutes' notice, and it does so for many tasks at once. A service
# that has nothing else can lose all of its tasks, and find no Spot capacity to start new ones.
resource_policy "aws_ecs_service" "ecs_service_only_spot" {
  title             = "Service runs on Fargate Spot only"
  category          = "redundancy"
  severity          = "high"
  scope             = "production"
  references        = ["Amazon ECS Developer Guide: Fargate capacity providers", "Terraform AWS provider: aws_ecs_cluster_capacity_providers"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = <<-EOT
      AWS takes Spot tasks back when it needs the capacity, often all of them in one Availability Zone within minutes. When Spot
      is sold out, ECS does not switch to normal Fargate by itself: the service stays down until capacity comes back. For a small
      team this looks like an outage without a cause.
    EOT
    fix = "Add a `capacity_provider_strategy` with `capacity_provider = \"FARGATE\"` and `base = 1` or more. The rest may stay on Spot."
  }

  locals {
    cluster       = core::reverse(core::split("/", core::coalesce(core::try(attrs.cluster, null), "default")))[0]
    cluster_names = [for c in core::getresources("aws_ecs_cluster", { id = core::try(attrs.cluster, null) }) : c.name]
    own           = core::try([for s in attrs.capacity_provider_strategy : s], [])
    launch_type   = core::coalesce(core::try(attrs.launch_type, null), "none")
    of_cluster = core::flatten([
      for p in core::getresources("aws_ecs_cluster_capacity_providers", null) : core::try(p.default_capacity_provider_strategy, [])
      if p.cluster_name == local.cluster || core::contains(local.cluster_names, p.cluster_name)
    ])

    # ECS asks in this order: the service's own strategy, its launch type, the default strategy of the cluster.
    strategy = core::length(local.own) > 0 ? local.own : (local.launch_type != "none" ? [] : local.of_cluster)
    spot     = core::anytrue([for s in local.strategy : s.capacity_provider == "FARGATE_SPOT"])
    floor = core::anytrue([
      for s in local.strategy : s.capacity_provider != "FARGATE_SPOT" && (
        core::coalesce(core::try(s.base, null), 0) >= 1 || core::coalesce(core::try(s.weight, null), 0) >= 1
      )
    ])
  }

  enforce {
    condition     = !local.spot || local.floor
    at            = attrs.capacity_provider_strategy[0].capacity_provider
    error_message = "${meta.address} runs on FARGATE_SPOT only${core::length(local.own) > 0 ? "" : ", by the default of its cluster"}, so all of its tasks can be taken away at once."
  }

  option "base_on_demand" {
    title    = "Keep a base on FARGATE, the rest on Spot"
    merits   = ["a known number of tasks always stays up", "most of the saving stays"]
    demerits = ["the base costs the normal price"]
    downtime = "none with `force_new_deployment = true`; adding the first or removing the last strategy block replaces the service"
    effort   = "S"
  }

  option "on_demand_only" {
    title    = "Use FARGATE for everything"
    merits   = ["no interruption by Spot at all"]
    demerits = ["the saving of Spot is gone"]
    downtime = "none with `force_new_deployment = true`"
    effort   = "S"
  }

  pass "base_on_demand" {
    resource "aws_ecs_service" "api" {
      name                 = "api"
      cluster              = "main"
      task_definition      = "api:12"
      desired_count        = 4
      force_new_deployment = true

      capacity_provider_strategy {
        capacity_provider = "FARGATE"
        base              = 1
        weight            = 0
      }

      capacity_provider_strategy {
        capacity_provider = "FARGATE_SPOT"
        weight            = 1
      }
    }
  }

  pass "launch_type_wins_over_the_cluster" {
    resource "aws_ecs_cluster" "main" {
      name = "main"
    }

    resource "aws_ecs_cluster_capacity_providers" "main" {
      cluster_name       = aws_ecs_cluster.main.name
      capacity_providers = ["FARGATE_SPOT"]

      default_capacity_provider_strategy {
        capacity_provider = "FARGATE_SPOT"
        weight            = 1
      }
    }

    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = aws_ecs_cluster.main.id
      task_definition = "api:12"
      desired_count   = 2
      launch_type     = "FARGATE"
    }
  }

  pass "cluster_default_is_on_demand" {
    resource "aws_ecs_cluster" "main" {
      name = "main"
    }

    resource "aws_ecs_cluster_capacity_providers" "main" {
      cluster_name       = aws_ecs_cluster.main.name
      capacity_providers = ["FARGATE"]

      default_capacity_provider_strategy {
        capacity_provider = "FARGATE"
        weight            = 1
      }
    }

    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = aws_ecs_cluster.main.id
      task_definition = "api:12"
      desired_count   = 2
    }
  }

  fail "spot_only" {
    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api:12"
      desired_count   = 2

      capacity_provider_strategy {
        capacity_provider = "FARGATE_SPOT"
        weight            = 1
      }
    }
  }

  fail "on_demand_provider_that_gets_nothing" {
    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api:12"
      desired_count   = 2

      capacity_provider_strategy {
        capacity_provider = "FARGATE"
        weight            = 0
      }

      capacity_provider_strategy {
        capacity_provider = "FARGATE_SPOT"
        weight            = 1
      }
    }
  }

  fail "cluster_default_is_spot" {
    resource "aws_ecs_cluster" "main" {
      name = "main"
    }

    resource "aws_ecs_cluster_capacity_providers" "main" {
      cluster_name       = aws_ecs_cluster.main.name
      capacity_providers = ["FARGATE", "FARGATE_SPOT"]

      default_capacity_provider_strategy {
        capacity_provider = "FARGATE_SPOT"
        weight            = 1
      }
    }

    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = aws_ecs_cluster.main.id
      task_definition = "api:12"
      desired_count   = 2
    }
  }
}
