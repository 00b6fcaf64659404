# A release that may stop three of four tasks leaves one task with all the traffic. It answers slowly or falls over, and the
# release looks like an outage although nothing is wrong with the new version. Half of the tasks is a common limit.

input "min_ratio" {
  type        = number
  default     = 0.5
  description = "Smallest share of the tasks that must keep running during a release. At 0.5 the tasks that stay carry at most twice their usual load."
}

resource_policy "aws_ecs_service" "ecs_deployment_cuts_capacity" {
  title             = "A release takes away too many tasks at once"
  category          = "release"
  severity          = "medium"
  scope             = "production"
  references        = ["AWS provider: aws_ecs_service", "Amazon ECS Developer Guide: Deploy Amazon ECS services by replacing tasks"]
  enforcement_level = "advisory"

  docs {
    why = "During a release ECS may stop so many tasks that the rest cannot carry the traffic. Users see slow answers and errors at each release, most of all at the busy hour."
    fix = "Raise deployment_minimum_healthy_percent to 50 or more; 100 keeps the full capacity and needs deployment_maximum_percent above 100."
  }

  locals {
    replica    = core::coalesce(core::try(attrs.scheduling_strategy, null), "REPLICA") == "REPLICA"
    controller = core::coalesce(core::try(attrs.deployment_controller[0].type, null), "ECS")
    strategy   = core::coalesce(core::try(attrs.deployment_configuration[0].strategy, null), "ROLLING")
    rolling    = local.replica && local.controller == "ECS" && local.strategy == "ROLLING"

    # A service that answers requests, in one of the four ways ECS knows.
    traffic = core::anytrue([
      core::try(core::length(attrs.load_balancer), 0) > 0,
      core::try(core::length(attrs.service_registries), 0) > 0,
      core::try(core::length(attrs.vpc_lattice_configurations), 0) > 0,
      core::try(core::length(attrs.service_connect_configuration[0].service), 0) > 0,
    ])

    min_percent = core::coalesce(core::try(attrs.deployment_minimum_healthy_percent, null), 100)

    # Number of tasks: the floor of the autoscaling target if the service has one, else desired_count. When two services
    # carry this name, the cluster in the target's resource_id decides.
    clusters     = core::getresources("aws_ecs_cluster", { arn = core::try(attrs.cluster, null) })
    last_segment = core::element(core::reverse(core::split("/", core::coalesce(core::try(attrs.cluster, null), "default"))), 0)
    cluster      = core::length(local.clusters) == 1 ? local.clusters[0].name : local.last_segment

    namesakes = core::getresources("aws_ecs_service", { name = attrs.name })
    scaling   = plan::matching("aws_appautoscaling_target", "resource_id", core::length(local.namesakes) < 2 ? "service/*/${attrs.name}" : "service/${local.cluster}/${attrs.name}")
    tasks     = core::length(local.scaling) > 0 ? local.scaling[0].min_capacity : core::coalesce(core::try(attrs.desired_count, null), 0)

    # The fewest tasks ECS may run during the release.
    lower = core::ceil(local.tasks * local.min_percent / 100)
  }

  # 0 % is the matter of ecs_deployment_stops_all_tasks.
  filter = local.rolling && local.traffic && local.min_percent > 0

  enforce {
    # Rounding up can only help, so a large percentage decides alone.
    condition     = local.min_percent >= 100 * input.min_ratio || local.lower >= local.tasks * input.min_ratio
    at            = attrs.deployment_minimum_healthy_percent
    error_message = "${meta.address} keeps only ${local.lower} of ${local.tasks} tasks during a release (minimum healthy ${local.min_percent} %), and they carry everything meanwhile; at least ${100 * input.min_ratio} % are asked for."
  }

  option "full" {
    title    = "Keep all tasks (100/200)"
    merits   = ["full capacity during a release"]
    demerits = ["twice the tasks for some minutes; on EC2 there must be room for them"]
    downtime = "none"
    effort   = "S"

    set {
      deployment_minimum_healthy_percent = 100
      deployment_maximum_percent         = 200
    }
  }

  option "half" {
    title    = "Keep half of the tasks (50/150)"
    merits   = ["less extra capacity"]
    demerits = ["the tasks that stay carry twice the load for some minutes"]
    downtime = "none"
    effort   = "S"

    set {
      deployment_minimum_healthy_percent = 50
      deployment_maximum_percent         = 150
    }
  }

  pass "half" {
    resource "aws_ecs_service" "app" {
      name                               = "app"
      cluster                            = "main"
      task_definition                    = "app:1"
      desired_count                      = 4
      deployment_minimum_healthy_percent = 50

      load_balancer {
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:targetgroup/app/0123456789abcdef"
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  pass "one_of_two_after_rounding" {
    resource "aws_ecs_service" "app" {
      name                               = "app"
      cluster                            = "main"
      task_definition                    = "app:1"
      desired_count                      = 2
      deployment_minimum_healthy_percent = 25

      service_registries {
        registry_arn = "arn:aws:servicediscovery:ap-northeast-1:111122223333:service/srv-example"
      }
    }
  }

  pass "worker_without_traffic" {
    resource "aws_ecs_service" "worker" {
      name                               = "worker"
      cluster                            = "main"
      task_definition                    = "worker:1"
      desired_count                      = 8
      deployment_minimum_healthy_percent = 10
    }
  }

  fail "one_of_four" {
    resource "aws_ecs_service" "app" {
      name                               = "app"
      cluster                            = "main"
      task_definition                    = "app:1"
      desired_count                      = 4
      deployment_minimum_healthy_percent = 25

      load_balancer {
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:targetgroup/app/0123456789abcdef"
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  fail "service_connect" {
    resource "aws_ecs_service" "app" {
      name                               = "app"
      cluster                            = "main"
      task_definition                    = "app:1"
      desired_count                      = 6
      deployment_minimum_healthy_percent = 30

      service_connect_configuration {
        enabled   = true
        namespace = "internal"

        service {
          port_name = "http"
        }
      }
    }
  }
}
