# Code that nobody uses is read by everybody. A variable without effect is set by somebody who believes that it has one.
workspace_policy "declaration" "declaration_unused" {
  title             = "Declaration is used by nothing"
  category          = "hygiene"
  severity          = "low"
  aliases           = ["tfl:terraform_unused_declarations", "tfl:terraform_unused_required_providers"]
  references        = ["Terraform: Input variables", "Terraform: Provider requirements"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      Whoever changes it expects something to happen. An unused data source is read in every plan and can fail it; an unused provider is
      downloaded in every run and wants credentials.
    EOT
    fix = "Delete it. If a caller passes the variable, delete it there, too."
  }

  locals {
    # A program that a data source runs may be there for what it does.
    runs = attrs.kind == "data" && core::startswith(attrs.name, "external.")
    what = {
      variable       = "Variable \"${attrs.name}\" is declared, but nothing in its module uses it: setting it has no effect"
      local          = "The value local.${attrs.name} is computed, but nothing in its module uses it"
      data           = "The data source data.${attrs.name} is read in every plan, but nothing in its module uses it"
      provider       = "The provider \"${attrs.name}\" is required, but neither the module nor one that it calls uses it"
      variable_value = "The name \"${attrs.name}\" gets a value, but there is no such variable: the value has no effect"
      nothing        = "The block ${attrs.name} makes nothing: its count is written as 0 or its for_each as empty"
    }
    where = attrs.module == "." ? "" : " (${attrs.module})"
  }

  filter = core::contains(["variable", "local", "data", "provider", "variable_value", "nothing"], attrs.kind) && !local.runs

  enforce {
    condition     = attrs.kind != "nothing" && (attrs.has_conditions || attrs.references > 0)
    error_message = "${local.what[attrs.kind]}${local.where}."
  }

  option "delete" {
    title    = "Delete it"
    merits   = ["less to read", "nobody sets something that has no effect"]
    demerits = ["callers and .tfvars files that set it must be changed in the same pull request"]
    downtime = "none"
    effort   = "S"
  }

  option "use_it" {
    title    = "Use it where it was meant to be used"
    merits   = ["the setting does what it says"]
    demerits = ["a plan that changes something"]
    downtime = "depends on what it sets"
    effort   = "M"
  }

  pass "everything_is_used" {
    terraform {
      required_providers {
        aws = {
          source = "hashicorp/aws"
        }
      }
    }

    variable "name" {
      type = string
    }

    variable "size" {
      type    = number
      default = 1
    }

    locals {
      full_name = "gym-${var.name}"
      sizes     = { small = 1 }
    }

    data "aws_caller_identity" "current" {}

    data "aws_vpc" "checked" {
      id = "vpc-0a1b2c3d4e5f60718"

      lifecycle {
        postcondition {
          condition     = self.enable_dns_support
          error_message = "The network needs DNS."
        }
      }
    }

    data "external" "register" {
      program = ["./register"]
    }

    resource "aws_sqs_queue" "main" {
      name = local.full_name
      tags = {
        size    = local.sizes["small"]
        account = data.aws_caller_identity.current.account_id
        text    = templatefile("text.tftpl", { size = var.size })
      }
    }
  }

  fail "used_by_nothing" {
    terraform {
      required_providers {
        aws = {
          source = "hashicorp/aws"
        }
        random = {
          source = "hashicorp/random"
        }
      }
    }

    variable "old_name" {
      type = string
    }

    locals {
      old_tags = { team = "gym" }
    }

    data "aws_caller_identity" "old" {}

    resource "aws_sqs_queue" "off" {
      count = 0
      name  = "off"
    }

    resource "aws_sqs_queue" "none" {
      for_each = {}
      name     = each.key
    }

    expect = ["required_providers.random", "var.old_name", "local.old_tags", "data.aws_caller_identity.old", "aws_sqs_queue.off", "aws_sqs_queue.none"]
  }
}
