# A secret is paid by the month, and it is a secret: one that no program reads is a password that can leak and help nobody.
input "include_data" {
  type        = bool
  default     = false
  description = "Whether buckets and keys are judged, too. Off: they hold data, and people and other accounts use them in ways that no configuration shows."
}

locals {
  kept = core::try(attrs.tags["planfit:keep"], null) != null

  users = graph::referrers()

  # Where containers take their secrets from.
  value_from = core::flatten([
    for t in core::getresources("aws_ecs_task_definition", null) : [
      for c in core::try(core::jsondecode(t.container_definitions), []) : [for s in core::coalesce(core::try(c.secrets, null), []) : core::try(s.valueFrom, "")]
    ]
  ])

  # The names in them: a text is the name itself or an ARN, that of a secret with six characters more. One that is still to come
  # is an edge.
  known = [for text in local.value_from : core::nonsensitive(text) if plan::known(text)]
  names = core::distinct(core::concat(
    local.known,
    core::flatten([for text in local.known : core::regexall(":secret:([^:]+)", text)]),
    core::flatten([for text in local.known : core::regexall(":secret:([^:]+)-[A-Za-z0-9]{6}", text)]),
    core::flatten([for text in local.known : core::regexall(":parameter(/[^:]+)", text)]),
    core::flatten([for text in local.known : core::regexall(":parameter/([^:]+)", text)]),
  ))
  in_texts = { for name in local.names : name => true }

  # What belongs to it, watches it or only allows it.
  ornaments = [
    "aws_secretsmanager_secret_version", "aws_secretsmanager_secret_rotation", "aws_secretsmanager_secret_policy", "aws_kms_alias", "aws_kms_key_policy", "aws_kms_grant",
    "aws_s3_bucket_acl", "aws_s3_bucket_policy", "aws_s3_bucket_versioning", "aws_s3_bucket_lifecycle_configuration", "aws_s3_bucket_public_access_block",
    "aws_s3_bucket_ownership_controls", "aws_s3_bucket_server_side_encryption_configuration", "aws_s3_bucket_logging", "aws_s3_bucket_metric",
    "aws_cloudwatch_metric_alarm", "aws_cloudwatch_dashboard", "moved", "import", "removed", "check"
  ]
  named_by = [for user in plan::mentioned_in() : user if !core::contains(local.ornaments, user)]
}

resource_policy "aws_secretsmanager_secret" "secret_or_key_unreferenced" {
  title             = "Secret, key or bucket is referred to by nothing"
  category          = "orphan"
  severity          = "low"
  references        = ["AWS Secrets Manager User Guide: Find unused secrets", "AWS Systems Manager User Guide: AWS Systems Manager Parameter Store"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      No container, function or policy here names it. It is paid for each month, it is rotated or forgotten, and whoever finds it must
      find out what it opens before they may delete it.
    EOT
    fix = "Look at when it was last read. If a program reads it by a name that stands in its code, tag it `planfit:keep` with the reason; else delete it, which has a waiting time of 7 to 30 days."
  }

  filter = !local.kept

  enforce {
    condition     = core::length(local.users) > 0 || core::length(local.named_by) > 0 || core::lookup(local.in_texts, core::coalesce(attrs.name, "-"), false)
    error_message = "${meta.address} is named by no container, function or policy here; AWS charges each secret by the month."
  }

  option "delete" {
    title    = "Delete it with a waiting time"
    merits   = ["its price ends", "one password less that can leak"]
    demerits = ["what reads it by name fails from then on; within the waiting time it can be brought back"]
    downtime = "none if nothing reads it"
    effort   = "S"
  }

  option "name_it" {
    title    = "Name it where it is read"
    merits   = ["the configuration shows who needs it", "a rename cannot break anything silently"]
    demerits = ["the task definition changes"]
    downtime = "none, a rolling release"
    effort   = "S"
  }

  pass "read_by_containers" {
    resource "aws_secretsmanager_secret" "db" {
      name = "db"
    }

    resource "aws_ssm_parameter" "token" {
      name  = "/app/token"
      type  = "SecureString"
      value = "not-a-real-token"
    }

    resource "aws_secretsmanager_secret" "by_text" {
      name = "app/by-text"
    }

    resource "aws_ecs_task_definition" "api" {
      family = "api"
      container_definitions = jsonencode([{
        name  = "api"
        image = "api:1"
        secrets = [
          { name = "DB", valueFrom = aws_secretsmanager_secret.db.arn },
          { name = "TOKEN", valueFrom = "/app/token" },
          { name = "OTHER", valueFrom = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:app/by-text-AbCdEf" }
        ]
      }])
    }
  }

  pass "read_by_a_function" {
    resource "aws_secretsmanager_secret" "hook" {
      name = "hook"
    }

    resource "aws_lambda_function" "hook" {
      function_name = "hook"
      role          = "arn:aws:iam::123456789012:role/hook"

      environment {
        variables = { SECRET = aws_secretsmanager_secret.hook.arn }
      }
    }
  }

  pass "plain_parameters_hand_values_over_and_data_is_off" {
    resource "aws_ssm_parameter" "endpoint" {
      name  = "/shared/endpoint"
      type  = "String"
      value = "https://example.com"
    }

    resource "aws_kms_key" "old" {
      description = "old"
    }

    resource "aws_s3_bucket" "old" {
      bucket = "old"
    }
  }

  fail "nobody_reads_them" {
    resource "aws_secretsmanager_secret" "old" {
      name = "old"
    }

    resource "aws_secretsmanager_secret_version" "old" {
      secret_id     = aws_secretsmanager_secret.old.id
      secret_string = "not-a-real-secret"
    }

    resource "aws_ssm_parameter" "old" {
      name  = "/old/token"
      type  = "SecureString"
      value = "not-a-real-token"
    }
  }
}

# Only secrets: a plain parameter is often there for another directory.
resource_policy "aws_ssm_parameter" "secret_or_key_unreferenced" {
  enforcement_level = "advisory"

  filter = core::try(attrs.type, null) == "SecureString" && !local.kept

  enforce {
    condition     = core::length(local.users) > 0 || core::length(local.named_by) > 0 || core::lookup(local.in_texts, core::coalesce(attrs.name, "-"), false)
    error_message = "${meta.address} is a secret that no container, function or policy here names: one more that can leak and must be rotated."
  }
}

resource_policy "aws_kms_key" "secret_or_key_unreferenced" {
  enforcement_level = "advisory"

  filter = input.include_data && !local.kept

  enforce {
    condition     = core::length(local.users) > 0 || core::length(local.named_by) > 0
    error_message = "${meta.address} encrypts nothing that is known here; AWS charges each key by the month."
  }
}

resource_policy "aws_s3_bucket" "secret_or_key_unreferenced" {
  enforcement_level = "advisory"

  filter = input.include_data && !local.kept

  enforce {
    condition     = core::length(local.users) > 0 || core::length(local.named_by) > 0
    error_message = "${meta.address} is named by nothing here: one more value that can leak and must be kept up to date."
  }
}
