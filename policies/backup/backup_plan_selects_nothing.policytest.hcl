policytest {
  targets = ["backup_plan_selects_nothing.policy.hcl"]
}

inputs {
  require_copy = true
}

resource "aws_backup_selection" "all" {
  attrs = {
    plan_id   = "p-1"
    resources = ["*"]
  }
  skip = true
}

resource "aws_backup_plan" "one_vault" {
  attrs = {
    id   = "p-1"
    rule = [{ rule_name = "daily", copy_action = [] }]
  }
  expect_failure = true
}

resource "aws_backup_plan" "copied" {
  attrs = {
    id   = "p-1"
    rule = [{ rule_name = "daily", copy_action = [{ destination_vault_arn = "arn:aws:backup:us-west-2:111122223333:backup-vault:copy" }] }]
  }
}

resource "aws_backup_plan" "copy_is_not_asked_for" {
  attrs = {
    id   = "p-1"
    rule = [{ rule_name = "daily", copy_action = [] }]
  }
  inputs {
    require_copy = false
  }
}
