# With CodeDeploy, another tool changes the task definition and the target group of the service at each release. Terraform sees a difference
# at its next run and tries to put it back, and ECS refuses: such a service may only be changed by a deployment.
resource_policy "aws_ecs_service" "ecs_external_deploy_not_ignored" {
  title             = "Terraform and CodeDeploy both change the service"
  category          = "release"
  severity          = "medium"
  references        = ["AWS provider: aws_ecs_service", "Amazon ECS API Reference: UpdateService", "Terraform: The lifecycle meta-argument, ignore_changes"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = "The first apply after a release stops with an error, and everything behind it in the same apply is not done. In the worst moment, an urgent change cannot go out."
    fix = "Add `lifecycle { ignore_changes = [task_definition, load_balancer] }` to the service."
  }

  locals {
    ignored = core::coalesce(core::try(meta.lifecycle.ignore_changes, null), [])
    missing = core::contains(local.ignored, "all") ? [] : [for name in ["task_definition", "load_balancer"] : name if !core::contains(local.ignored, name)]
  }

  filter = core::coalesce(core::try(attrs.deployment_controller[0].type, null), "ECS") == "CODE_DEPLOY"

  enforce {
    condition     = core::length(local.missing) == 0
    at            = attrs.deployment_controller
    error_message = "${meta.address} is released by CodeDeploy but does not ignore changes of ${core::join(" and ", local.missing)}: the next apply after a release stops with an error."
  }

  option "ignore" {
    title    = "Ignore what CodeDeploy changes"
    merits   = ["each tool has its own part"]
    demerits = ["a new task definition in Terraform is released by CodeDeploy only"]
    downtime = "none"
    effort   = "S"
  }

  option "native_blue_green" {
    title    = "Use the blue/green deployment of ECS itself"
    merits   = ["one tool less", "Terraform sees the release"]
    demerits = ["needs a recent provider", "the controller cannot be changed: a second service, then a shift of traffic"]
    downtime = "none when traffic is shifted"
    effort   = "L"
  }

  pass "ignored" {
    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api:12"

      deployment_controller {
        type = "CODE_DEPLOY"
      }

      lifecycle {
        ignore_changes = [task_definition, load_balancer, desired_count]
      }
    }
  }

  pass "everything_ignored" {
    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api:12"

      deployment_controller {
        type = "CODE_DEPLOY"
      }

      lifecycle {
        ignore_changes = all
      }
    }
  }

  pass "rolling" {
    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api:12"
    }
  }

  fail "nothing_ignored" {
    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api:12"

      deployment_controller {
        type = "CODE_DEPLOY"
      }
    }
  }

  fail "load_balancer_not_ignored" {
    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api:12"

      deployment_controller {
        type = "CODE_DEPLOY"
      }

      lifecycle {
        ignore_changes = [task_definition]
      }
    }
  }
}
