# A reserved concurrency of 0 is the emergency brake of a function: no call gets through. It is pulled in an incident and forgotten in the
# code. Provisioned concurrency without scaling is the opposite: paid day and night for the hour of the peak.

input "report_fixed_provisioned" {
  type        = bool
  default     = false
  description = "Whether provisioned concurrency without a scaling target is reported. A small fixed number is a fair choice for many teams."
}

resource_policy "aws_lambda_function" "lambda_concurrency_misset" {
  title             = "Function is stopped by its concurrency setting"
  category          = "scaling"
  severity          = "high"
  aliases           = ["CB:LAMBDA-5"]
  references        = ["AWS Lambda Developer Guide: Configuring reserved concurrency for a function", "Terraform AWS provider: aws_lambda_function"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = "With a reserved concurrency of 0 every call is refused. Queues behind it fill up, and messages run out of time."
    fix = "Remove `reserved_concurrent_executions`, or set it to a number the function needs. A function that nobody needs is better deleted."
  }

  enforce {
    condition     = core::coalesce(core::try(attrs.reserved_concurrent_executions, null), -1) != 0
    at            = attrs.reserved_concurrent_executions
    error_message = "${meta.address} has a reserved concurrency of 0: every call is refused."
  }

  option "release" {
    title    = "Remove the brake"
    merits   = ["the function answers again"]
    demerits = ["what was stopped starts again: look at the queue in front of it first"]
    downtime = "none"
    effort   = "S"
    set {
      reserved_concurrent_executions = -1
    }
  }

  option "delete" {
    title    = "Delete the function and its triggers"
    merits   = ["nobody takes it for alive"]
    demerits = ["bringing it back means a new pull request"]
    downtime = "none"
    effort   = "S"
  }

  pass "not_written" {
    resource "aws_lambda_function" "hook" {
      function_name = "hook"
      role          = "arn:aws:iam::123456789012:role/hook"
    }
  }

  pass "reserved" {
    resource "aws_lambda_function" "hook" {
      function_name                  = "hook"
      role                           = "arn:aws:iam::123456789012:role/hook"
      reserved_concurrent_executions = 20
    }
  }

  pass "fixed_provisioned_is_a_choice" {
    resource "aws_lambda_provisioned_concurrency_config" "hook" {
      function_name                     = "hook"
      qualifier                         = "live"
      provisioned_concurrent_executions = 5
    }
  }

  fail "stopped" {
    resource "aws_lambda_function" "hook" {
      function_name                  = "hook"
      role                           = "arn:aws:iam::123456789012:role/hook"
      reserved_concurrent_executions = 0
    }
  }
}

resource_policy "aws_lambda_provisioned_concurrency_config" "lambda_concurrency_misset" {
  enforcement_level = "mandatory_overridable"

  locals {
    targets = plan::matching("aws_appautoscaling_target", "resource_id", "function:${attrs.function_name}:${attrs.qualifier}")
  }

  filter = input.report_fixed_provisioned

  enforce {
    condition     = core::length(local.targets) > 0
    severity      = "low"
    at            = attrs.provisioned_concurrent_executions
    error_message = "${meta.address} keeps ${attrs.provisioned_concurrent_executions} copies warm day and night: no scaling target lowers them in quiet hours."
  }

  option "autoscaling" {
    title    = "Scale the warm copies"
    merits   = ["paid only when they are used"]
    demerits = ["one more target and policy"]
    downtime = "none"
    effort   = "S"
  }
}
