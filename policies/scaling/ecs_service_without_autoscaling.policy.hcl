# A fixed number of tasks is right for one load only. When users come, the service becomes slow until a person changes the number;
# when they leave, the tasks are paid for nothing.
resource_policy "aws_ecs_service" "ecs_service_without_autoscaling" {
  title             = "Service with traffic has no autoscaling"
  category          = "scaling"
  severity          = "high"
  scope             = "production"
  aliases           = ["CB:ECS-3"]
  references        = ["Amazon ECS Developer Guide: Automatically scale your Amazon ECS service", "Terraform AWS provider: aws_appautoscaling_target"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = <<-EOT
      A campaign, a push message or the evening rush brings several times the normal load. Without autoscaling the tasks run at full
      CPU, answers get slow, health checks fail, and ECS stops the tasks that were still working. Somebody has to be there to raise
      the number by hand.
    EOT
    fix = "Add an `aws_appautoscaling_target` for the service with a minimum of 2 and an `aws_appautoscaling_policy` that tracks CPU or requests per target. Put `desired_count` in `ignore_changes`. A service that must not scale gets the tag `autoscaling = \"off\"`."
  }

  locals {
    clusters     = core::getresources("aws_ecs_cluster", { id = core::try(attrs.cluster, null) })
    last_segment = core::element(core::reverse(core::split("/", core::coalesce(core::try(attrs.cluster, null), "default"))), 0)
    cluster      = core::length(local.clusters) == 1 ? local.clusters[0].name : local.last_segment

    # The cluster decides only where two services share a name; it is often not known before the first apply.
    namesakes = core::getresources("aws_ecs_service", { name = attrs.name })
    targets   = plan::matching("aws_appautoscaling_target", "resource_id", core::length(local.namesakes) < 2 ? "service/*/${attrs.name}" : "service/${local.cluster}/${attrs.name}")

    traffic = core::anytrue([
      core::try(core::length(attrs.load_balancer) > 0, false),
      core::try(core::length(attrs.service_registries) > 0, false),
      core::try(core::length(attrs.vpc_lattice_configurations) > 0, false),
      core::try(core::length(core::flatten([for c in attrs.service_connect_configuration : c.service])) > 0, false),
    ])
  }

  filter = (
    core::coalesce(core::try(attrs.scheduling_strategy, null), "REPLICA") == "REPLICA"
    && core::coalesce(core::try(attrs.desired_count, null), 0) != 0
    && core::try(attrs.tags["autoscaling"], null) != "off"
    && local.traffic
  )

  enforce {
    condition     = core::length(local.targets) > 0
    at            = attrs.desired_count
    error_message = "${meta.address} stays at ${attrs.desired_count} ${attrs.desired_count == 1 ? "task" : "tasks"} whatever the load: it has no scaling target."
  }

  option "track_cpu" {
    title    = "Track CPU at 50 to 60 percent, between 2 and 6 tasks"
    merits   = ["follows the load by itself", "fewer tasks in quiet hours"]
    demerits = ["the bill moves between the minimum and the maximum", "reacts after a minute or two"]
    downtime = "none"
    effort   = "S"
  }

  option "track_requests" {
    title    = "Track requests per target"
    merits   = ["reacts earlier than CPU"]
    demerits = ["needs a load test to know what one task can carry"]
    downtime = "none"
    effort   = "M"
  }

  option "by_the_clock" {
    title    = "Scheduled steps for known peaks"
    merits   = ["a bill that can be planned", "capacity is there before the rush"]
    demerits = ["blind to surprises"]
    downtime = "none"
    effort   = "S"
  }

  pass "scaling_target" {
    resource "aws_ecs_cluster" "main" {
      name = "main"
    }

    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = aws_ecs_cluster.main.id
      task_definition = "api:12"
      desired_count   = 2

      load_balancer {
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/api/0a1b2c3d4e5f6071"
        container_name   = "api"
        container_port   = 8080
      }

      lifecycle {
        ignore_changes = [desired_count]
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

  pass "switched_off_by_tag" {
    resource "aws_ecs_service" "admin" {
      name            = "admin"
      cluster         = "main"
      task_definition = "admin:3"
      desired_count   = 2

      load_balancer {
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/admin/0a1b2c3d4e5f6071"
        container_name   = "admin"
        container_port   = 8080
      }

      tags = {
        autoscaling = "off"
      }
    }
  }

  fail "no_target" {
    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api:12"
      desired_count   = 2

      load_balancer {
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/api/0a1b2c3d4e5f6071"
        container_name   = "api"
        container_port   = 8080
      }
    }
  }

  fail "target_of_another_service" {
    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api:12"
      desired_count   = 2

      load_balancer {
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/api/0a1b2c3d4e5f6071"
        container_name   = "api"
        container_port   = 8080
      }
    }

    resource "aws_appautoscaling_target" "public_api" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/public-api"
      min_capacity       = 2
      max_capacity       = 6
    }
  }
}
