# The service names a container and a port, the task definition has them in a JSON text, and nobody compares the two before ECS does. By then
# half of the apply is done.
resource_policy "aws_ecs_service" "ecs_load_balancer_container_mismatch" {
  title             = "Load balancer points to a container or port that the task does not have"
  category          = "release"
  severity          = "high"
  references        = ["Amazon ECS API Reference: LoadBalancer", "AWS provider: aws_ecs_service"]
  enforcement_level = "mandatory"

  docs {
    why = "ECS refuses the service, and the apply stops half-way: the task definition, the target group and the rules are changed already, the service is not."
    fix = "Write the same `container_name` and `container_port` into the service as in `name` and `portMappings.containerPort` of the task definition; best from one local."
  }

  # A definition that is named by a number of its own may be older than the one here, so only references are compared.
  locals {
    by_arn      = core::getresources("aws_ecs_task_definition", { arn = attrs.task_definition })
    by_family   = core::getresources("aws_ecs_task_definition", { family = attrs.task_definition })
    by_prefix   = core::getresources("aws_ecs_task_definition", { arn_without_revision = attrs.task_definition })
    definitions = core::length(local.by_arn) > 0 ? local.by_arn : core::length(local.by_family) > 0 ? local.by_family : local.by_prefix

    containers = core::flatten([for d in local.definitions : core::jsondecode(d.container_definitions)])
    names      = [for c in local.containers : core::try(c.name, "?")]
    nameless   = [for b in attrs.load_balancer : b.container_name if core::try(b.container_name, null) != null && core::try(b.container_name, "") != "" && !core::contains(local.names, b.container_name)]

    # Containers with a range of ports are left out: the range is not compared.
    portless = core::flatten([
      for b in attrs.load_balancer : [
        for c in local.containers : "${b.container_name}:${b.container_port}"
        if core::try(c.name, "?") == b.container_name
        && !core::anytrue([for p in core::coalesce(core::try(c.portMappings, null), []) : core::try(p.containerPortRange, null) != null])
        && !core::contains([for p in core::coalesce(core::try(c.portMappings, null), []) : core::tonumber(core::try(p.containerPort, 0))], b.container_port)
      ]
    ])
  }

  filter = core::length(core::coalesce(core::try(attrs.load_balancer, null), [])) > 0 && core::try(attrs.task_definition, null) != null && core::length(local.definitions) == 1

  enforce {
    condition     = core::length(local.nameless) == 0
    at            = attrs.load_balancer
    error_message = "${meta.address} sends traffic to container ${core::join(", ", local.nameless)}, but its task definition has only ${core::join(", ", local.names)}: the apply stops half-way."
  }

  enforce {
    condition     = core::length(local.portless) == 0
    at            = attrs.load_balancer
    error_message = "${meta.address} sends traffic to ${core::join(", ", local.portless)}, a port that the container does not map: the apply stops half-way."
  }

  option "one_place" {
    title    = "Take name and port from one local"
    merits   = ["the two can no longer differ"]
    demerits = ["a small change of the module"]
    downtime = "none, rolling release"
    effort   = "S"
  }

  pass "same_name_and_port" {
    resource "aws_ecs_task_definition" "api" {
      family                = "api"
      container_definitions = jsonencode([{ name = "api", image = "api:1.4.2", portMappings = [{ containerPort = 8080 }] }])
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

  pass "definition_of_another_directory" {
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

  pass "range_of_ports" {
    resource "aws_ecs_task_definition" "api" {
      family                = "api"
      container_definitions = jsonencode([{ name = "api", image = "api:1.4.2", portMappings = [{ containerPortRange = "8000-8100" }] }])
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

  fail "other_name" {
    resource "aws_ecs_task_definition" "api" {
      family                = "api"
      container_definitions = jsonencode([{ name = "app", image = "api:1.4.2", portMappings = [{ containerPort = 8080 }] }])
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

  fail "other_port" {
    resource "aws_ecs_task_definition" "api" {
      family                = "api"
      container_definitions = jsonencode([{ name = "api", image = "api:1.4.2", portMappings = [{ containerPort = 3000 }] }])
    }

    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = aws_ecs_task_definition.api.family
      desired_count   = 2

      load_balancer {
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/api/0a1b2c3d4e5f6071"
        container_name   = "api"
        container_port   = 8080
      }
    }
  }

  fail "no_port_at_all" {
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
}
