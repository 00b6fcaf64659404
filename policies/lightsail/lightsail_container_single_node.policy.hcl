# A container service with one node stops with that node, and its deployments have no second node to lean on. How long Lightsail
# keeps container logs cannot be set (quotas of Lightsail), so what is not shipped elsewhere is lost soon.

resource_policy "aws_lightsail_container_service" "lightsail_container_single_node" {
  title             = "Lightsail container service has one node"
  category          = "lightsail"
  severity          = "high"
  scope             = "production"
  references        = ["Terraform AWS provider: aws_lightsail_container_service", "Amazon Lightsail User Guide: Container services", "AWS General Reference: Amazon Lightsail endpoints and quotas"]
  enforcement_level = "advisory"

  docs {
    why = "One node is one machine: when it fails, the service is down until Lightsail has found another one. Container logs are kept for some days only, and that cannot be lengthened."
    fix = "Set scale to 2 or more, and ship the logs from the container itself. Or move the service to ECS."
  }

  filter = !core::coalesce(core::try(attrs.is_disabled, null), false)

  enforce {
    condition     = attrs.scale >= 2
    at            = attrs.scale
    error_message = "${meta.address} runs on ${attrs.scale} node, so one machine that fails stops it; its logs are gone after some days."
  }

  option "two_nodes" {
    title    = "Two nodes"
    merits   = ["one line", "survives the loss of a node"]
    demerits = ["twice the price", "still no autoscaling, still short logs"]
    downtime = "none"
    effort   = "S"

    set {
      scale = 2
    }
  }

  option "ecs" {
    title    = "ECS Fargate behind a load balancer"
    merits   = ["autoscaling, logs with a retention, releases without a gap"]
    demerits = ["a migration project"]
    downtime = "none with a parallel run and weighted DNS"
    effort   = "L"
  }

  pass "two" {
    resource "aws_lightsail_container_service" "app" {
      name  = "app"
      power = "small"
      scale = 2
    }
  }

  pass "disabled" {
    resource "aws_lightsail_container_service" "old" {
      name        = "old"
      power       = "small"
      scale       = 1
      is_disabled = true
    }
  }

  fail "one" {
    resource "aws_lightsail_container_service" "app" {
      name  = "app"
      power = "small"
      scale = 1
    }
  }
}
