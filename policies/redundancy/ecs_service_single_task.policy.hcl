input "min_tasks" {
  type        = number
  default     = 2
  description = "Two tasks are the least that survive the loss of one task or one Availability Zone."
}

input "include_workers" {
  type        = bool
  default     = false
  description = "A worker that reads a queue may stop for a minute without anyone noticing, so only services that receive traffic are judged."
}

# With one task, every crash, every host retirement and every failed health check is an outage: nothing answers until the
# replacement has started. The number that counts is the minimum of the scaling target, because autoscaling goes back to it.
resource_policy "aws_ecs_service" "ecs_service_single_task" {
  title             = "Service keeps a single task"
  category          = "redundancy"
  severity          = "high"
  scope             = "production"
  references        = ["Amazon ECS Developer Guide: Service auto scaling", "Terraform AWS provider: aws_ecs_service"]
  covered_by        = ["redundancy_lowered_by_change"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = <<-EOT
      One task is one process on one machine in one Availability Zone. When it stops, users get errors until ECS has started a
      new one: often one to three minutes. A small team hears of it from its customers first. At night nobody is there at all.
    EOT
    fix = "Set `desired_count` to 2 or more. If the service has a scaling target, raise its `min_capacity` instead: autoscaling goes down to that number."
  }

  locals {
    clusters     = core::getresources("aws_ecs_cluster", { id = core::try(attrs.cluster, null) })
    last_segment = core::element(core::reverse(core::split("/", core::coalesce(core::try(attrs.cluster, null), "default"))), 0)
    cluster      = core::length(local.clusters) == 1 ? local.clusters[0].name : local.last_segment

    # The cluster decides only where two services share a name; it is often not known before the first apply.
    namesakes = core::getresources("aws_ecs_service", { name = attrs.name })
    targets   = plan::matching("aws_appautoscaling_target", "resource_id", core::length(local.namesakes) < 2 ? "service/*/${attrs.name}" : "service/${local.cluster}/${attrs.name}")
    tasks     = core::length(local.targets) > 0 ? local.targets[0].min_capacity : core::coalesce(core::try(attrs.desired_count, null), 0)

    traffic = core::anytrue([
      core::try(core::length(attrs.load_balancer) > 0, false),
      core::try(core::length(attrs.service_registries) > 0, false),
      core::try(core::length(attrs.vpc_lattice_configurations) > 0, false),
      core::try(core::length(core::flatten([for c in attrs.service_connect_configuration : c.service])) > 0, false),
    ])
  }

  filter = core::coalesce(core::try(attrs.scheduling_strategy, null), "REPLICA") == "REPLICA" && (input.include_workers || local.traffic)

  enforce {
    condition     = local.tasks == 0 || local.tasks >= input.min_tasks
    at            = attrs.desired_count
    error_message = "${meta.address} keeps ${local.tasks} ${local.tasks == 1 ? "task" : "tasks"}: ${local.tasks == 1 ? "when it stops, nobody answers" : "when one stops, the rest carry everything"} until another is up; at least ${input.min_tasks} are asked for."
  }

  option "two_tasks" {
    title    = "Run two tasks in two Availability Zones"
    merits   = ["survives the loss of a task, of a zone, and a bad release"]
    demerits = ["the price of the tasks doubles"]
    downtime = "none"
    effort   = "S"
    set {
      desired_count = 2
    }
  }

  option "scaling_minimum" {
    title    = "Raise the minimum of the scaling target to two"
    merits   = ["survives the loss of a task", "autoscaling keeps its freedom above two"]
    demerits = ["the price of the quiet hours doubles"]
    downtime = "none"
    effort   = "S"
    set "aws_appautoscaling_target" {
      min_capacity = 2
    }
  }

  option "two_half_size_tasks" {
    title    = "Run two tasks of half the size"
    merits   = ["survives the loss of a task at the same price"]
    demerits = ["less room for a single heavy request", "memory use must be measured first"]
    downtime = "none, rolling release"
    effort   = "S"
  }

  option "one_on_demand_one_spot" {
    title    = "Run one on-demand task and one Spot task"
    merits   = ["cheaper than two on-demand tasks"]
    demerits = ["the Spot task may be taken away at any time", "going from launch type to capacity providers replaces the service"]
    downtime = "minutes if the service is replaced, else none"
    effort   = "M"
  }

  pass "two_tasks_behind_a_load_balancer" {
    resource "aws_ecs_cluster" "main" {
      name = "main"
    }

    resource "aws_lb_target_group" "api" {
      name        = "api"
      port        = 8080
      protocol    = "HTTP"
      target_type = "ip"
      vpc_id      = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = aws_ecs_cluster.main.id
      task_definition = "api:12"
      desired_count   = 2

      load_balancer {
        target_group_arn = aws_lb_target_group.api.arn
        container_name   = "api"
        container_port   = 8080
      }
    }
  }

  pass "autoscaling_keeps_two" {
    resource "aws_ecs_cluster" "main" {
      name = "main"
    }

    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = aws_ecs_cluster.main.id
      task_definition = "api:12"
      desired_count   = 1

      service_registries {
        registry_arn = "arn:aws:servicediscovery:ap-northeast-1:123456789012:service/srv-0a1b2c3d4e5f6071"
      }
    }

    resource "aws_appautoscaling_target" "api" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.api.name}"
      min_capacity       = 2
      max_capacity       = 6
    }
  }

  pass "worker_without_traffic" {
    resource "aws_ecs_service" "worker" {
      name            = "worker"
      cluster         = "main"
      task_definition = "worker:3"
      desired_count   = 1
    }
  }

  pass "one_task_on_each_host" {
    resource "aws_ecs_service" "agent" {
      name                = "agent"
      cluster             = "main"
      task_definition     = "agent:1"
      scheduling_strategy = "DAEMON"

      service_registries {
        registry_arn = "arn:aws:servicediscovery:ap-northeast-1:123456789012:service/srv-0a1b2c3d4e5f6071"
      }
    }
  }

  fail "one_task_behind_a_load_balancer" {
    resource "aws_lb_target_group" "api" {
      name        = "api"
      port        = 8080
      protocol    = "HTTP"
      target_type = "ip"
      vpc_id      = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api:12"
      desired_count   = 1

      load_balancer {
        target_group_arn = aws_lb_target_group.api.arn
        container_name   = "api"
        container_port   = 8080
      }
    }
  }

  fail "autoscaling_goes_down_to_one" {
    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api:12"
      desired_count   = 3

      service_registries {
        registry_arn = "arn:aws:servicediscovery:ap-northeast-1:123456789012:service/srv-0a1b2c3d4e5f6071"
      }
    }

    resource "aws_appautoscaling_target" "api" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/api"
      min_capacity       = 1
      max_capacity       = 6
    }
  }

  fail "same_name_in_two_clusters" {
    resource "aws_ecs_service" "blue" {
      name            = "api"
      cluster         = "blue"
      task_definition = "api:12"
      desired_count   = 1

      service_registries {
        registry_arn = "arn:aws:servicediscovery:ap-northeast-1:123456789012:service/srv-0a1b2c3d4e5f6071"
      }
    }

    resource "aws_ecs_service" "green" {
      name            = "api"
      cluster         = "green"
      task_definition = "api:12"
      desired_count   = 1

      service_registries {
        registry_arn = "arn:aws:servicediscovery:ap-northeast-1:123456789012:service/srv-1a1b2c3d4e5f6071"
      }
    }

    resource "aws_appautoscaling_target" "green" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/green/api"
      min_capacity       = 2
      max_capacity       = 6
    }

    expect = ["aws_ecs_service.blue"]
  }
}
