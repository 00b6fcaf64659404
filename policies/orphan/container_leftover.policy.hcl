# A service on ECS has many parts: a task definition, a cluster, a repository of images, a name in service discovery. Deleting the
# service leaves them, and a cluster or a repository without a service looks like something important.
locals {
  users = graph::referrers()

  # What leaves in an output, a call or a data source is somebody else's business.
  handed_on = core::anytrue([for user in plan::mentioned_in() : core::contains(["output", "locals", "module"], user) || core::startswith(user, "data.")])

  # Images that are written as text name their repository between the registry and the tag. One that is still to come is an edge.
  images = core::concat(
    core::flatten([
      for t in core::getresources("aws_ecs_task_definition", null) : [for c in core::try(core::jsondecode(t.container_definitions), []) : core::try(c.image, "")]
    ]),
    [for f in core::getresources("aws_lambda_function", null) : core::coalesce(core::try(f.image_uri, null), "-")],
  )
  repositories = core::flatten([for i in local.images : core::regexall("^[^/]+/([^:@]+)", core::nonsensitive(i)) if plan::known(i)])
  in_texts     = { for r in core::distinct(local.repositories) : r => true }

  kept = core::try(attrs.tags["planfit:keep"], null) != null
}

resource_policy "aws_ecs_task_definition" "container_leftover" {
  title             = "Part of a container service is used by nothing"
  category          = "orphan"
  severity          = "low"
  references        = ["Amazon ECS Developer Guide: Amazon ECS task definitions", "Amazon ECR User Guide: Amazon ECR private repositories"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      No service, schedule or workflow runs it. Images in a repository are paid by the gigabyte, a cluster with Container Insights by its
      metrics, and every part is kept up to date by somebody who believes that it runs.
    EOT
    fix = "Delete it, the repository after a look at when an image was last pulled. If a pipeline runs it by name, tag it `planfit:keep` with the reason."
  }

  locals {
    # A workflow may run it by its name; a policy only allows it.
    named_by = [
      for user in plan::mentioned_in() : user
      if !core::contains(["aws_iam_policy", "aws_iam_role_policy", "aws_cloudwatch_metric_alarm", "aws_cloudwatch_dashboard", "moved", "import", "removed", "check"], user)
    ]
  }

  filter = !local.kept

  enforce {
    condition     = core::length(local.users) > 0 || core::length(local.named_by) > 0
    error_message = "${meta.address} (family ${core::coalesce(core::try(attrs.family, null), "not known")}) is run by no service, schedule or workflow, and whoever looks for what runs is misled by it."
  }

  option "delete" {
    title    = "Delete it"
    merits   = ["images and metrics are no longer paid", "fewer parts to keep up to date"]
    demerits = ["images in a repository are gone for good; push the last one elsewhere if in doubt"]
    downtime = "none, nothing runs"
    effort   = "S"
  }

  option "keep_with_reason" {
    title    = "Keep it with a reason"
    merits   = ["the next clean-up knows who runs it"]
    demerits = ["the price stays"]
    downtime = "none"
    effort   = "S"
  }

  pass "parts_of_a_service" {
    resource "aws_ecr_repository" "api" {
      name = "api"
    }

    resource "aws_ecs_task_definition" "api" {
      family                = "api"
      container_definitions = jsonencode([{ name = "api", image = "${aws_ecr_repository.api.repository_url}:1.4.2" }])
    }

    resource "aws_ecs_cluster" "main" {
      name = "main"
    }

    resource "aws_service_discovery_service" "api" {
      name = "api"
    }

    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = aws_ecs_cluster.main.id
      task_definition = aws_ecs_task_definition.api.arn

      service_registries {
        registry_arn = aws_service_discovery_service.api.arn
      }
    }
  }

  pass "run_by_a_schedule_or_named_in_text" {
    resource "aws_ecs_task_definition" "report" {
      family                = "report"
      container_definitions = jsonencode([{ name = "report", image = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/report:7" }])
    }

    resource "aws_ecr_repository" "report" {
      name = "report"
    }

    resource "aws_ecs_cluster" "batch" {
      name = "batch"
    }

    resource "aws_cloudwatch_event_target" "report" {
      rule = "nightly"
      arn  = aws_ecs_cluster.batch.arn

      ecs_target {
        task_definition_arn = aws_ecs_task_definition.report.arn
      }
    }
  }

  pass "image_of_a_function_and_outputs" {
    resource "aws_ecr_repository" "hook" {
      name = "hook"
    }

    resource "aws_lambda_function" "hook" {
      function_name = "hook"
      role          = "arn:aws:iam::123456789012:role/hook"
      package_type  = "Image"
      image_uri     = "${aws_ecr_repository.hook.repository_url}:3"
    }

    resource "aws_ecr_repository" "shared" {
      name = "shared"
    }

    resource "aws_ecs_cluster" "shared" {
      name = "shared"
    }

    resource "aws_service_discovery_service" "shared" {
      name = "shared"
    }

    output "shared" {
      value = [aws_ecr_repository.shared.repository_url, aws_ecs_cluster.shared.arn, aws_service_discovery_service.shared.arn]
    }
  }

  fail "left_behind" {
    resource "aws_ecr_repository" "old" {
      name = "old"
    }

    resource "aws_ecr_lifecycle_policy" "old" {
      repository = aws_ecr_repository.old.name
      policy     = "{}"
    }

    resource "aws_ecs_task_definition" "old" {
      family                = "old"
      container_definitions = jsonencode([{ name = "old", image = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/older:7" }])
    }

    resource "aws_ecs_cluster" "old" {
      name = "old"
    }

    resource "aws_service_discovery_service" "old" {
      name = "old"
    }
  }
}

resource_policy "aws_ecs_cluster" "container_leftover" {
  enforcement_level = "advisory"

  filter = !local.kept

  enforce {
    condition     = core::length(core::getresources("aws_ecs_service", { cluster = attrs.name })) > 0 || core::length([for u in local.users : u if u._type != "aws_ecs_cluster_capacity_providers"]) > 0 || local.handed_on
    error_message = "${meta.address} runs no service and no scheduled task, and whoever looks for what runs is misled by it."
  }
}

resource_policy "aws_ecr_repository" "container_leftover" {
  enforcement_level = "advisory"

  locals {
    named_by = [
      for user in plan::mentioned_in() : user
      if !core::contains(["aws_ecr_lifecycle_policy", "aws_ecr_repository_policy", "aws_iam_policy", "aws_iam_role_policy", "moved", "import", "removed", "check"], user)
    ]
  }

  filter = !local.kept

  enforce {
    condition     = core::length(local.users) > 0 || core::length(local.named_by) > 0 || core::lookup(local.in_texts, attrs.name, false)
    error_message = "${meta.address} holds images that no container and no function here runs; they are paid for by the gigabyte."
  }
}

resource_policy "aws_service_discovery_service" "container_leftover" {
  enforcement_level = "advisory"

  filter = !local.kept

  enforce {
    condition     = core::length(local.users) > 0 || local.handed_on
    error_message = "${meta.address} is a name that no service registers itself under, so whoever asks for it gets no answer."
  }
}
