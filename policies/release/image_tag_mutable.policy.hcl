# A tag such as latest names another image tomorrow. A release is then invisible to Terraform, a task that restarts at night may start
# something new, and rolling back starts the same broken image again.

input "bad_tags" {
  type        = list(string)
  default     = ["latest", "main", "master", "develop", "stable"]
  description = "Tags that are moved from one image to the next. Tags of commits and versions stay."
}

resource_policy "aws_ecs_task_definition" "image_tag_mutable" {
  title             = "Image is named by a tag that moves"
  category          = "release"
  severity          = "medium"
  aliases           = ["CKV_AWS_51", "AWS-0031"]
  references        = ["Amazon ECS Developer Guide: Container image resolution", "Amazon ECR User Guide: Preventing image tags from being overwritten", "AWS provider: aws_ecs_task_definition"]
  enforcement_level = "advisory"

  docs {
    why = "When a release is bad, the first thing somebody does is to go back to the task definition of yesterday. It names the same tag, so it starts the same image. Two tasks of one service may also run different code without anybody having released."
    fix = "Name the image by the commit or by its digest, as in `app:1f0c9b2` or `app@sha256:…`, and set `image_tag_mutability = \"IMMUTABLE\"` in the repository."
  }

  # The tag is behind the last colon of the last part of the path; a colon before that belongs to a port. Of an image in a repository
  # that is new, only the tag is known.
  locals {
    containers = core::jsondecode(attrs.container_definitions)
    moving = [
      for c in local.containers : "${core::try(c.name, "?")} (${c.image})"
      if core::try(c.image, null) != null && (
        core::anytrue([for tag in input.bad_tags : core::endswith(c.image, ":${tag}")])
        || !core::regex_match("@|:[^/:]*$", c.image)
      )
    ]
  }

  enforce {
    condition     = core::length(local.moving) == 0
    at            = attrs.container_definitions
    error_message = "${meta.address} names images by a tag that moves: ${core::join(", ", local.moving)}; after a bad release, going back to the tag starts the bad image again."
  }

  option "commit_tag" {
    title    = "Tag by commit, or name the digest"
    merits   = ["a rollback is exact", "the plan shows what is released"]
    demerits = ["the pipeline must pass the tag"]
    downtime = "none, rolling release"
    effort   = "M"
  }

  option "immutable_repository" {
    title    = "Make the repository immutable"
    merits   = ["enforced for everybody"]
    demerits = ["pushing a tag again fails"]
    downtime = "none"
    effort   = "S"
  }

  pass "fixed_images" {
    resource "aws_ecs_task_definition" "app" {
      family = "app"
      container_definitions = jsonencode([
        { name = "app", image = "registry.example.com:5000/app:1f0c9b2" },
        { name = "proxy", image = "proxy@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" },
        { name = "agent", image = "agent:latest@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" },
      ])
    }
  }

  pass "tag_of_a_new_repository" {
    resource "aws_ecr_repository" "app" {
      name                 = "app"
      image_tag_mutability = "IMMUTABLE"
    }

    resource "aws_ecs_task_definition" "app" {
      family                = "app"
      container_definitions = jsonencode([{ name = "app", image = "${aws_ecr_repository.app.repository_url}:1f0c9b2" }])
    }
  }

  pass "immutable_repository" {
    resource "aws_ecr_repository" "app" {
      name                 = "app"
      image_tag_mutability = "IMMUTABLE"
    }
  }

  fail "latest" {
    resource "aws_ecs_task_definition" "app" {
      family                = "app"
      container_definitions = jsonencode([{ name = "app", image = "111122223333.dkr.ecr.ap-northeast-1.amazonaws.com/app:latest" }])
    }
  }

  fail "no_tag" {
    resource "aws_ecs_task_definition" "app" {
      family                = "app"
      container_definitions = jsonencode([{ name = "app", image = "registry.example.com:5000/app" }])
    }
  }

  fail "latest_of_a_new_repository" {
    resource "aws_ecr_repository" "app" {
      name                 = "app"
      image_tag_mutability = "IMMUTABLE"
    }

    resource "aws_ecs_task_definition" "app" {
      family                = "app"
      container_definitions = jsonencode([{ name = "app", image = "${aws_ecr_repository.app.repository_url}:latest" }])
    }

    expect = ["aws_ecs_task_definition.app"]
  }

  fail "mutable_repository" {
    resource "aws_ecr_repository" "app" {
      name = "app"
    }
  }
}

resource_policy "aws_ecr_repository" "image_tag_mutable" {
  enforcement_level = "advisory"

  locals {
    mutability = core::coalesce(core::try(attrs.image_tag_mutability, null), "MUTABLE")
  }

  # IMMUTABLE_WITH_EXCLUSION is a list of exceptions somebody has thought about.
  enforce {
    condition     = core::startswith(local.mutability, "IMMUTABLE")
    severity      = "low"
    at            = attrs.image_tag_mutability
    error_message = "${meta.address} lets a tag be pushed again (${local.mutability}): what a task definition names may be another image tomorrow."
  }

  option "immutable" {
    title    = "Make the repository immutable"
    merits   = ["a tag names one image for ever"]
    demerits = ["pushing a tag again fails; a pipeline that pushes latest must stop doing so"]
    downtime = "none"
    effort   = "S"
    set {
      image_tag_mutability = "IMMUTABLE"
    }
  }
}
