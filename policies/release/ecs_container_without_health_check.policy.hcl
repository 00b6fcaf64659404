# Behind a load balancer, a task that does not answer is stopped and a release that is broken does not go on. A worker has no load balancer.
# If its containers have no health check either, ECS calls a task healthy as soon as the process has started.
resource_policy "aws_ecs_task_definition" "ecs_container_without_health_check" {
  title             = "Nothing tells ECS whether the task works"
  category          = "release"
  severity          = "medium"
  scope             = "production"
  references        = ["Amazon ECS Developer Guide: Determine Amazon ECS task health using container health checks", "AWS provider: aws_ecs_task_definition"]
  enforcement_level = "advisory"

  docs {
    why = "A release whose process starts and then hangs counts as done: all old tasks are stopped, and the circuit breaker sees nothing to roll back. The same holds for a task that gets stuck at night."
    fix = "Give an essential container a healthCheck, for example a command that looks at the age of a file the worker touches after each job."
  }

  # The services that run this definition, by its ARN or by its family; those with no task run nothing.
  locals {
    services = core::concat(
      core::getresources("aws_ecs_service", { task_definition = attrs.arn }),
      core::getresources("aws_ecs_service", { task_definition = attrs.family }),
    )
    workers = [
      for s in local.services : s.name
      if core::try(s.desired_count, null) != 0
      && core::length(core::coalesce(core::try(s.load_balancer, null), [])) == 0
      && core::coalesce(core::try(s.scheduling_strategy, null), "REPLICA") == "REPLICA"
      && core::coalesce(core::try(s.deployment_controller[0].type, null), "ECS") == "ECS"
      && core::coalesce(core::try(s.deployment_configuration[0].strategy, null), "ROLLING") == "ROLLING"
    ]
    checked = core::anytrue([
      for c in core::jsondecode(attrs.container_definitions) : core::coalesce(core::try(c.essential, null), true) && core::try(c.healthCheck, null) != null
    ])
  }

  filter = core::length(local.workers) > 0

  enforce {
    condition     = local.checked
    at            = attrs.container_definitions
    error_message = "${meta.address} has no container health check, and service ${core::join(", ", core::distinct(local.workers))} has no load balancer: a broken release counts as healthy."
  }

  option "health_check" {
    title    = "Add a healthCheck to an essential container"
    merits   = ["a broken release stops itself", "a stuck task is replaced"]
    demerits = ["the worker must show that it is alive", "a check that is too strict stops busy tasks"]
    downtime = "none, rolling release"
    effort   = "S"
  }

  option "alarm" {
    title    = "Roll back on an alarm of the queue's age"
    merits   = ["measures what users notice"]
    demerits = ["later than a health check"]
    downtime = "none"
    effort   = "M"
  }

  pass "worker_with_health_check" {
    resource "aws_ecs_task_definition" "worker" {
      family = "worker"
      container_definitions = jsonencode([{
        name        = "worker"
        image       = "worker:1.4.2"
        healthCheck = { command = ["CMD-SHELL", "test $(find /tmp/alive -mmin -2)"] }
      }])
    }

    resource "aws_ecs_service" "worker" {
      name            = "worker"
      cluster         = "main"
      task_definition = aws_ecs_task_definition.worker.arn
      desired_count   = 2
    }
  }

  pass "load_balancer_asks" {
    resource "aws_ecs_task_definition" "api" {
      family                = "api"
      container_definitions = jsonencode([{ name = "api", image = "api:1.4.2" }])
    }

    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = aws_ecs_task_definition.api.arn
      desired_count   = 2

      load_balancer {
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/api/0a1b2c3d4e5f6071"
        container_name   = "api"
        container_port   = 8080
      }
    }
  }

  pass "no_service" {
    resource "aws_ecs_task_definition" "batch" {
      family                = "batch"
      container_definitions = jsonencode([{ name = "batch", image = "batch:1.4.2" }])
    }
  }

  pass "switched_off" {
    resource "aws_ecs_task_definition" "campaign" {
      family                = "campaign"
      container_definitions = jsonencode([{ name = "campaign", image = "campaign:1.4.2" }])
    }

    resource "aws_ecs_service" "campaign" {
      name            = "campaign"
      cluster         = "main"
      task_definition = aws_ecs_task_definition.campaign.arn
      desired_count   = 0
    }
  }

  pass "one_on_each_host" {
    resource "aws_ecs_task_definition" "agent" {
      family                = "agent"
      container_definitions = jsonencode([{ name = "agent", image = "agent:1.4.2" }])
    }

    resource "aws_ecs_service" "agent" {
      name                = "agent"
      cluster             = "main"
      task_definition     = aws_ecs_task_definition.agent.arn
      scheduling_strategy = "DAEMON"
    }
  }

  fail "worker_without_health_check" {
    resource "aws_ecs_task_definition" "worker" {
      family                = "worker"
      container_definitions = jsonencode([{ name = "worker", image = "worker:1.4.2" }])
    }

    resource "aws_ecs_service" "worker" {
      name            = "worker"
      cluster         = "main"
      task_definition = aws_ecs_task_definition.worker.arn
      desired_count   = 2
    }
  }

  fail "only_the_sidecar_is_checked" {
    resource "aws_ecs_task_definition" "worker" {
      family = "worker"
      container_definitions = jsonencode([
        { name = "worker", image = "worker:1.4.2" },
        { name = "proxy", image = "proxy:1.4.2", essential = false, healthCheck = { command = ["CMD-SHELL", "true"] } },
      ])
    }

    resource "aws_ecs_service" "worker" {
      name            = "worker"
      cluster         = "main"
      task_definition = aws_ecs_task_definition.worker.family
      desired_count   = 2
    }
  }
}
