# The same work on ARM costs about a fifth less on Fargate and Lambda, and on RDS the class with a g does more for the price. It is off
# by default: images and libraries must exist for ARM, and only the team knows that.
resource_policy "aws_ecs_task_definition" "arm_is_cheaper" {
  title             = "Runs on x86 where ARM is cheaper"
  category          = "cost"
  severity          = "low"
  pedantic          = true
  aliases           = ["CB:LAMBDA-1", "CB:EC2-6", "CB:RDS-4"]
  references        = ["Amazon ECS Developer Guide: Amazon ECS task definitions for 64-bit ARM workloads", "AWS Lambda Developer Guide: Selecting and configuring an instruction set architecture"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      Nobody chose x86; it is what happens when nothing is written. For a service that is built from source anyway, the move is a line in
      the pipeline and a line here.
    EOT
    fix = "Build images for both architectures, release them, then change the architecture here. Databases only change their class."
  }

  locals {
    architecture = core::coalesce(core::try(attrs.runtime_platform[0].cpu_architecture, null), "X86_64")
  }

  filter = core::contains(core::coalesce(core::try(attrs.requires_compatibilities, null), []), "FARGATE") && !core::startswith(core::coalesce(core::try(attrs.runtime_platform[0].operating_system_family, null), "LINUX"), "WINDOWS")

  enforce {
    condition     = local.architecture == "ARM64"
    at            = attrs.runtime_platform[0].cpu_architecture
    error_message = "${meta.address} runs on ${local.architecture}; Fargate charges less for ARM64."
  }

  option "arm" {
    title    = "Run it on ARM"
    merits   = ["a lower price for the same CPU and memory"]
    demerits = ["images for two architectures for a while", "a library without an ARM build stops it; try it in staging"]
    downtime = "none, a rolling release"
    effort   = "M"
  }

  pass "arm" {
    resource "aws_ecs_task_definition" "api" {
      family                   = "api"
      container_definitions    = "[]"
      requires_compatibilities = ["FARGATE"]

      runtime_platform {
        cpu_architecture = "ARM64"
      }
    }

    resource "aws_lambda_function" "hook" {
      function_name = "hook"
      role          = "arn:aws:iam::123456789012:role/hook"
      architectures = ["arm64"]
    }

    resource "aws_db_instance" "main" {
      identifier     = "main"
      engine         = "postgres"
      instance_class = "db.t4g.small"
    }
  }

  pass "no_choice" {
    resource "aws_ecs_task_definition" "on_instances" {
      family                   = "on-instances"
      container_definitions    = "[]"
      requires_compatibilities = ["EC2"]
    }

    resource "aws_ecs_task_definition" "windows" {
      family                   = "windows"
      container_definitions    = "[]"
      requires_compatibilities = ["FARGATE"]

      runtime_platform {
        operating_system_family = "WINDOWS_SERVER_2022_CORE"
      }
    }

    resource "aws_db_instance" "oracle" {
      identifier     = "oracle"
      engine         = "oracle-se2"
      instance_class = "db.r5.large"
    }
  }

  fail "x86" {
    resource "aws_ecs_task_definition" "not_written" {
      family                   = "not-written"
      container_definitions    = "[]"
      requires_compatibilities = ["FARGATE"]
    }

    resource "aws_ecs_task_definition" "written" {
      family                   = "written"
      container_definitions    = "[]"
      requires_compatibilities = ["FARGATE"]

      runtime_platform {
        cpu_architecture = "X86_64"
      }
    }

    resource "aws_lambda_function" "hook" {
      function_name = "hook"
      role          = "arn:aws:iam::123456789012:role/hook"
    }

    resource "aws_db_instance" "main" {
      identifier     = "main"
      engine         = "mysql"
      instance_class = "db.r5.large"
    }
  }
}

resource_policy "aws_lambda_function" "arm_is_cheaper" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::contains(core::coalesce(core::try(attrs.architectures, null), ["x86_64"]), "arm64")
    at            = attrs.architectures
    error_message = "${meta.address} runs on x86_64; Lambda charges less for arm64."
  }
}

# Classes of Intel or AMD machines that have a twin with ARM.
resource_policy "aws_db_instance" "arm_is_cheaper" {
  enforcement_level = "advisory"

  filter = core::contains(["mysql", "postgres", "mariadb"], core::try(attrs.engine, ""))

  enforce {
    condition     = !core::contains(["t3", "m5", "m5d", "m6i", "m6id", "m7i", "r5", "r5d", "r6i", "r6id", "r7i"], core::try(core::split(".", attrs.instance_class)[1], "-"))
    at            = attrs.instance_class
    error_message = "${meta.address} runs on ${attrs.instance_class}; the class of the same size with Graviton costs less."
  }
}
