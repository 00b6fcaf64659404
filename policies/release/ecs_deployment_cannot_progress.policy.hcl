# A rolling release needs one free step: it either starts a task above the wanted number or stops one below it. When the
# two percentages leave neither, ECS waits for ever. The pipeline hangs, nobody sees an error, and the fix that was to go
# out is not out.

resource_policy "aws_ecs_service" "ecs_deployment_cannot_progress" {
  title             = "A release of the service can never finish"
  category          = "release"
  severity          = "high"
  references        = ["AWS provider: aws_ecs_service", "Amazon ECS Developer Guide: Deploy Amazon ECS services by replacing tasks"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = "All tasks must stay healthy and no extra task may start, so ECS can neither stop an old task nor start a new one. The release waits until somebody stops it by hand."
    fix = "Let ECS start extra tasks: deployment_maximum_percent = 200 works for every number of tasks. Or let it stop some: a lower deployment_minimum_healthy_percent, with two tasks or more. The minimum is rounded up and the maximum is rounded down to whole tasks, so 150 % of one task is still one task."
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

    # The fewest and the most tasks ECS may run during the release.
    lower = core::ceil(local.tasks * local.min_percent / 100)
    upper = core::floor(local.tasks * local.max_percent / 100)
  }

  filter = local.rolling

  enforce {
    # 200 % is at least one task more, whatever their number.
    condition     = local.max_percent >= 200 || local.tasks == 0 || local.lower < local.tasks || local.upper > local.tasks
    at            = attrs.deployment_maximum_percent
    error_message = "${meta.address} cannot release: of ${local.tasks} ${local.tasks == 1 ? "task" : "tasks"} at least ${local.lower} must stay and at most ${local.upper} may run (${local.min_percent} % and ${local.max_percent} %)."
  }

  option "extra" {
    title    = "Let ECS start extra tasks (100/200)"
    merits   = ["no gap", "what the provider does by default"]
    demerits = ["twice the tasks for some minutes; on EC2 there must be room for them"]
    downtime = "none"
    effort   = "S"

    set {
      deployment_minimum_healthy_percent = 100
      deployment_maximum_percent         = 200
    }
  }

  option "fewer" {
    title    = "Let ECS stop half of the tasks first (50/100), with two tasks or more"
    merits   = ["no extra capacity"]
    demerits = ["half of the capacity is gone while releasing", "does not help a service with one task"]
    downtime = "none"
    effort   = "S"

    set {
      deployment_minimum_healthy_percent = 50
      deployment_maximum_percent         = 100
    }
  }

  pass "provider_default" {
    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "main"
      task_definition = "app:1"
      desired_count   = 1
    }
  }

  pass "one_may_stop" {
    resource "aws_ecs_service" "app" {
      name                               = "app"
      cluster                            = "main"
      task_definition                    = "app:1"
      desired_count                      = 2
      deployment_minimum_healthy_percent = 50
      deployment_maximum_percent         = 100
    }
  }

  pass "one_more_may_start" {
    resource "aws_ecs_service" "app" {
      name                               = "app"
      cluster                            = "main"
      task_definition                    = "app:1"
      desired_count                      = 2
      deployment_minimum_healthy_percent = 100
      deployment_maximum_percent         = 150
    }
  }

  fail "no_room" {
    resource "aws_ecs_service" "app" {
      name                               = "app"
      cluster                            = "main"
      task_definition                    = "app:1"
      desired_count                      = 3
      deployment_minimum_healthy_percent = 100
      deployment_maximum_percent         = 100
    }
  }

  fail "half_a_task_more_is_no_task" {
    resource "aws_ecs_service" "app" {
      name                               = "app"
      cluster                            = "main"
      task_definition                    = "app:1"
      desired_count                      = 1
      deployment_minimum_healthy_percent = 100
      deployment_maximum_percent         = 150
    }
  }

  fail "half_of_one_task_is_one_task" {
    resource "aws_ecs_service" "app" {
      name                               = "app"
      cluster                            = "main"
      task_definition                    = "app:1"
      desired_count                      = 1
      deployment_minimum_healthy_percent = 50
      deployment_maximum_percent         = 100
    }
  }

  fail "the_target_of_the_other_cluster_does_not_count" {
    resource "aws_ecs_cluster" "blue" {
      name = "blue"
    }

    resource "aws_ecs_cluster" "green" {
      name = "green"
    }

    resource "aws_ecs_service" "blue" {
      name                       = "app"
      cluster                    = aws_ecs_cluster.blue.arn
      task_definition            = "app:1"
      desired_count              = 1
      deployment_maximum_percent = 150
    }

    resource "aws_ecs_service" "green" {
      name                       = "app"
      cluster                    = aws_ecs_cluster.green.arn
      task_definition            = "app:1"
      deployment_maximum_percent = 150
    }

    resource "aws_appautoscaling_target" "green" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/${aws_ecs_cluster.green.name}/${aws_ecs_service.green.name}"
      min_capacity       = 2
      max_capacity       = 6
    }

    expect = ["aws_ecs_service.blue"]
  }
}
