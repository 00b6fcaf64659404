# Terraform tells ECS about a new version and is done, green, before the first new task has started. Whether the release works is seen
# somewhere else, or by users. Teams with another deployment tool do not mind, so this is off unless asked for.
resource_policy "aws_ecs_service" "ecs_apply_blind_to_release" {
  title             = "A green apply may be a failed release"
  category          = "release"
  severity          = "low"
  pedantic          = true
  references        = ["AWS provider: aws_ecs_service, wait_for_steady_state", "Amazon ECS Developer Guide: How the Amazon ECS deployment circuit breaker detects failures"]
  enforcement_level = "advisory"

  docs {
    why = "Terraform is the deploy tool here, but it does not wait. The pipeline is green, the team goes home, and the new tasks crash. With a timestamp in `triggers`, every apply is a release, also one that changes a tag."
    fix = "Set `wait_for_steady_state = true` with a timeout, together with the circuit breaker. Use the image or a version in `triggers`, not the time."
  }

  locals {
    replica    = core::coalesce(core::try(attrs.scheduling_strategy, null), "REPLICA") == "REPLICA"
    controller = core::coalesce(core::try(attrs.deployment_controller[0].type, null), "ECS")
    strategy   = core::coalesce(core::try(attrs.deployment_configuration[0].strategy, null), "ROLLING")
    rolling    = local.replica && local.controller == "ECS" && local.strategy == "ROLLING"
    own_definitions = core::concat(
      core::getresources("aws_ecs_task_definition", { arn = core::try(attrs.task_definition, null) }),
      core::getresources("aws_ecs_task_definition", { family = core::try(attrs.task_definition, null) }),
    )
    clocks = [for key, value in core::coalesce(core::try(attrs.triggers, null), {}) : key if core::regex_match("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$", value)]
  }

  filter = local.rolling

  enforce {
    condition     = core::coalesce(core::try(attrs.wait_for_steady_state, null), false) || core::length(local.own_definitions) == 0
    at            = attrs.wait_for_steady_state
    error_message = "${meta.address} releases what this configuration defines and does not wait for it: the apply is green while the new tasks crash."
  }

  enforce {
    condition     = core::length(local.clocks) == 0
    at            = attrs.triggers
    error_message = "${meta.address} has the time in its triggers (${core::join(", ", local.clocks)}): every apply is a release, even if nothing has changed."
  }

  option "wait" {
    title    = "Wait for the release, with a circuit breaker"
    merits   = ["the apply says whether the release works"]
    demerits = ["an apply takes as long as the release"]
    downtime = "none"
    effort   = "S"
    set {
      wait_for_steady_state = true
    }
  }

  option "deploy_tool" {
    title    = "Release outside of Terraform"
    merits   = ["infrastructure and releases are apart"]
    demerits = ["one more tool", "`task_definition` goes into ignore_changes"]
    downtime = "none"
    effort   = "L"
  }

  pass "waits" {
    resource "aws_ecs_task_definition" "api" {
      family                = "api"
      container_definitions = jsonencode([{ name = "api", image = "api:1.4.2" }])
    }

    resource "aws_ecs_service" "api" {
      name                  = "api"
      cluster               = "main"
      task_definition       = aws_ecs_task_definition.api.arn
      wait_for_steady_state = true
      triggers              = { image = "1.4.2" }
    }
  }

  pass "released_by_another_tool" {
    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api"
    }
  }

  pass "code_deploy" {
    resource "aws_ecs_task_definition" "api" {
      family                = "api"
      container_definitions = jsonencode([{ name = "api", image = "api:1.4.2" }])
    }

    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = aws_ecs_task_definition.api.arn

      deployment_controller {
        type = "CODE_DEPLOY"
      }
    }
  }

  fail "does_not_wait" {
    resource "aws_ecs_task_definition" "api" {
      family                = "api"
      container_definitions = jsonencode([{ name = "api", image = "api:1.4.2" }])
    }

    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = aws_ecs_task_definition.api.arn
    }
  }
}
