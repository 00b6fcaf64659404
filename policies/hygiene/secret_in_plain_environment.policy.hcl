# A password in the environment of a container stands in the repository, in the state, in every plan and in the console, readable by
# everybody who may look at the task definition. It cannot be rotated without a release.
input "pattern" {
  type        = string
  default     = "(?i)(password|secret|token|api_?key)$"
  description = "What the name of a variable that holds a secret looks like. Names that go on (`TOKEN_URL`, `SECRET_ARN`) are none."
}

resource_policy "aws_ecs_task_definition" "secret_in_plain_environment" {
  title             = "Secret is written in plain text into the environment"
  category          = "hygiene"
  severity          = "high"
  references        = ["Amazon ECS Developer Guide: Pass sensitive data to an Amazon ECS container", "AWS Lambda Developer Guide: Securing Lambda environment variables"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = <<-EOT
      Whoever can read the repository, the state, a plan in a pull request or the task definition has the secret. To change it after a
      leak, the service must be released again, and every old revision still holds the old value.
    EOT
    fix = "Put the value into Secrets Manager or Parameter Store and name it in `secrets` with `valueFrom`. Then change the secret: the old value is in the history."
  }

  locals {
    entries = core::flatten([
      for c in core::jsondecode(attrs.container_definitions) : [
        for e in core::coalesce(core::try(c.environment, null), []) : { container = core::try(c.name, "?"), name = core::try(e.name, ""), value = core::try(e.value, "") }
        if core::can(core::regex(input.pattern, core::try(e.name, "")))
      ]
    ])

    # Written values of some length; a reference to a place is none: ARN, URL, path of a parameter, name of a secret (shop/production/key).
    plain = [
      for e in local.entries : "${e.name} of container ${e.container}"
      if core::try(core::length(e.value) >= 8, false) && !core::can(core::regex("^(arn:|[a-z][a-z0-9+.-]*://|/[A-Za-z0-9_.-]+/|[a-z0-9_.-]+(/[a-z0-9_.-]+)+$)", e.value))
    ]
  }

  enforce {
    condition     = core::length(local.plain) == 0
    at            = attrs.container_definitions
    error_message = "${meta.address} holds ${core::issensitive(attrs.container_definitions) ? "a secret (not named here, because Terraform keeps the whole text of container_definitions sensitive)" : core::join(", ", local.plain)} in plain text: everybody who can read the state or the task definition has it."
  }

  option "secrets_manager" {
    title    = "Secrets Manager and valueFrom"
    merits   = ["only the task can read it", "rotation without a change here"]
    demerits = ["a price for each secret and month", "the execution role must be allowed to read it"]
    downtime = "none, a rolling release"
    effort   = "M"
  }

  option "parameter_store" {
    title    = "Parameter Store (SecureString) and valueFrom"
    merits   = ["free of charge", "only the task can read it"]
    demerits = ["no rotation by itself"]
    downtime = "none, a rolling release"
    effort   = "M"
  }

  pass "by_reference" {
    resource "aws_ecs_task_definition" "api" {
      family = "api"
      container_definitions = jsonencode([{
        name    = "api"
        image   = "api:1"
        secrets = [{ name = "DB_PASSWORD", valueFrom = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:db-AbCdEf" }]
        environment = [
          { name = "LOG_LEVEL", value = "information" },
          { name = "API_TOKEN", value = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:token-AbCdEf" },
          { name = "OAUTH_TOKEN", value = "https://login.example.com/token" },
          { name = "DB_SECRET", value = "/app/db/password" },
          { name = "CSRF_TOKEN", value = "on" },
          { name = "SECRET_NAME", value = "a-name-of-a-secret" }
        ]
      }])
    }

    resource "aws_lambda_function" "hook" {
      function_name = "hook"
      role          = "arn:aws:iam::123456789012:role/hook"

      environment {
        variables = {
          TABLE      = "a-long-table-name"
          API_TOKEN  = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:token-AbCdEf"
          HOOK_TOKEN = "off"
          KEY_SECRET = "shop/production/payment-key"
        }
      }
    }

    resource "aws_lambda_function" "bare" {
      function_name = "bare"
      role          = "arn:aws:iam::123456789012:role/hook"
    }
  }

  fail "written_in_a_container" {
    resource "aws_ecs_task_definition" "api" {
      family                = "api"
      container_definitions = jsonencode([{ name = "api", image = "api:1", environment = [{ name = "DB_PASSWORD", value = "not-a-real-password" }] }])
    }
  }

  fail "written_in_a_function" {
    resource "aws_lambda_function" "hook" {
      function_name = "hook"
      role          = "arn:aws:iam::123456789012:role/hook"

      environment {
        variables = {
          STRIPE_API_KEY = "not-a-real-api-key"
        }
      }
    }
  }
}

resource_policy "aws_lambda_function" "secret_in_plain_environment" {
  enforcement_level = "mandatory_overridable"

  locals {
    variables = core::coalesce(core::try(attrs.environment[0].variables, null), {})
    plain = [
      for name, value in local.variables : name
      if core::can(core::regex(input.pattern, name)) && core::try(core::length(value) >= 8, false) && !core::can(core::regex("^(arn:|[a-z][a-z0-9+.-]*://|/[A-Za-z0-9_.-]+/|[a-z0-9_.-]+(/[a-z0-9_.-]+)+$)", value))
    ]
  }

  enforce {
    condition     = core::length(local.plain) == 0
    at            = attrs.environment[0].variables
    error_message = "${meta.address} holds ${core::issensitive(local.variables) ? "a secret (not named here, because Terraform keeps all variables sensitive)" : core::join(", ", local.plain)} in plain text: everybody who can read the state or the function has it."
  }
}
