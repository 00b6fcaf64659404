# A rolling release replaces tasks step by step. deployment_minimum_healthy_percent says how many must stay while it does.
# At 0 % ECS may stop every task before one new task answers, and at a maximum of 100 % it has to. Each release is then an
# outage, so releases move to the night and become rare.

resource_policy "aws_ecs_service" "ecs_deployment_stops_all_tasks" {
  title             = "A release stops all tasks of the service"
  category          = "release"
  severity          = "critical"
  scope             = "production"
  references        = ["AWS provider: aws_ecs_service", "Amazon ECS Developer Guide: Deploy Amazon ECS services by replacing tasks"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = "With a minimum of 0 % healthy tasks ECS may stop all running tasks before the new ones answer. Users get errors from then until the new tasks are up. If the new image is broken, the service stays down."
    fix = "Set deployment_minimum_healthy_percent to 100 and deployment_maximum_percent to 200: new tasks start first, old ones stop afterwards. On EC2 instances there must be room for the extra tasks. With two or more tasks 50 and 150 also works."
  }

  locals {
    replica    = core::coalesce(core::try(attrs.scheduling_strategy, null), "REPLICA") == "REPLICA"
    controller = core::coalesce(core::try(attrs.deployment_controller[0].type, null), "ECS")
    strategy   = core::coalesce(core::try(attrs.deployment_configuration[0].strategy, null), "ROLLING")
    rolling    = local.replica && local.controller == "ECS" && local.strategy == "ROLLING"

    min_percent = core::coalesce(core::try(attrs.deployment_minimum_healthy_percent, null), 100)
    max_percent = core::coalesce(core::try(attrs.deployment_maximum_percent, null), 200)

    # Number of tasks: the floor of the autoscaling target if the service has one, else desired_count. When two services
    # carry this name, the cluster in the target's resource_id decides.
    clusters     = core::getresources("aws_ecs_cluster", { arn = core::try(attrs.cluster, null) })
    last_segment = core::element(core::reverse(core::split("/", core::coalesce(core::try(attrs.cluster, null), "default"))), 0)
    cluster      = core::length(local.clusters) == 1 ? local.clusters[0].name : local.last_segment

    namesakes = core::getresources("aws_ecs_service", { name = attrs.name })
    scaling   = plan::matching("aws_appautoscaling_target", "resource_id", core::length(local.namesakes) < 2 ? "service/*/${attrs.name}" : "service/${local.cluster}/${attrs.name}")
    tasks     = core::length(local.scaling) > 0 ? local.scaling[0].min_capacity : core::coalesce(core::try(attrs.desired_count, null), 0)

    # The highest number of tasks ECS may run during the release.
    upper = core::floor(local.tasks * local.max_percent / 100)
  }

  filter = local.rolling

  # A minimum above 0 % is rounded up, so it always keeps at least one task.
  enforce {
    condition     = local.min_percent > 0 || local.tasks == 0 || local.upper > local.tasks
    at            = attrs.deployment_minimum_healthy_percent
    error_message = "${meta.address} stops its tasks before new ones start, so every release is an outage: minimum healthy 0 %, maximum ${local.max_percent} %, ${local.tasks} ${local.tasks == 1 ? "task" : "tasks"}."
  }

  enforce {
    condition     = local.min_percent > 0 || local.tasks == 0
    severity      = "high"
    at            = attrs.deployment_minimum_healthy_percent
    error_message = "${meta.address} allows a release to stop all of its tasks, which is an outage: minimum healthy 0 %, ${local.tasks} ${local.tasks == 1 ? "task" : "tasks"}."
  }

  option "rolling" {
    title    = "Start new tasks first (100/200)"
    merits   = ["no gap", "what the provider does by default"]
    demerits = ["twice the tasks for some minutes; on EC2 there must be room for them"]
    downtime = "none"
    effort   = "S"

    set {
      deployment_minimum_healthy_percent = 100
      deployment_maximum_percent         = 200
    }
  }

  option "half" {
    title    = "Keep half of the tasks (50/150), with two tasks or more"
    merits   = ["less extra capacity"]
    demerits = ["half of the capacity may be gone while releasing"]
    downtime = "none"
    effort   = "S"

    set {
      deployment_minimum_healthy_percent = 50
      deployment_maximum_percent         = 150
    }
  }

  option "blue_green" {
    title    = "Blue/green release"
    merits   = ["the old tasks wait, so going back takes seconds", "the new version can be tested before users see it"]
    demerits = ["a second target group and a listener rule to maintain", "twice the tasks while both run"]
    downtime = "none"
    effort   = "L"
  }

  pass "provider_default" {
    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "main"
      task_definition = "app:1"
      desired_count   = 2
    }
  }

  pass "half_of_one_is_rounded_up" {
    resource "aws_ecs_service" "app" {
      name                               = "app"
      cluster                            = "main"
      task_definition                    = "app:1"
      desired_count                      = 1
      deployment_minimum_healthy_percent = 50
    }
  }

  pass "no_tasks" {
    resource "aws_ecs_service" "app" {
      name                               = "app"
      cluster                            = "main"
      task_definition                    = "app:1"
      desired_count                      = 0
      deployment_minimum_healthy_percent = 0
    }
  }

  pass "daemon" {
    resource "aws_ecs_service" "agent" {
      name                               = "agent"
      cluster                            = "main"
      task_definition                    = "agent:1"
      scheduling_strategy                = "DAEMON"
      deployment_minimum_healthy_percent = 0
      deployment_maximum_percent         = 100
    }
  }

  pass "code_deploy" {
    resource "aws_ecs_service" "app" {
      name                               = "app"
      cluster                            = "main"
      task_definition                    = "app:1"
      desired_count                      = 2
      deployment_minimum_healthy_percent = 0

      deployment_controller {
        type = "CODE_DEPLOY"
      }
    }
  }

  fail "stop_then_start" {
    resource "aws_ecs_service" "app" {
      name                               = "app"
      cluster                            = "main"
      task_definition                    = "app:1"
      desired_count                      = 2
      deployment_minimum_healthy_percent = 0
      deployment_maximum_percent         = 100
    }
  }

  fail "may_stop_all" {
    resource "aws_ecs_service" "app" {
      name                               = "app"
      cluster                            = "main"
      task_definition                    = "app:1"
      desired_count                      = 4
      deployment_minimum_healthy_percent = 0
      deployment_maximum_percent         = 200
    }
  }

  fail "tasks_from_autoscaling" {
    resource "aws_ecs_cluster" "main" {
      name = "main"
    }

    resource "aws_ecs_service" "app" {
      name                               = "app"
      cluster                            = aws_ecs_cluster.main.id
      task_definition                    = "app:1"
      deployment_minimum_healthy_percent = 0
    }

    resource "aws_appautoscaling_target" "app" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.app.name}"
      min_capacity       = 2
      max_capacity       = 6
    }
  }
}
