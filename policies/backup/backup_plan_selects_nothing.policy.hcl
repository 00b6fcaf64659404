# A backup plan is only a timetable. What it backs up is said by a selection; without one the plan runs every night and saves nothing.
# A selection that says nothing at all is the other way round: AWS Backup then takes every storage it may (its API reference), which
# is seldom meant and can be dear. The catalogue took such a selection for empty.

input "require_copy" {
  type        = bool
  default     = false
  description = "Whether each plan must copy its backups to another vault, in another region or account. Off: many teams begin with one vault."
}

resource_policy "aws_backup_plan" "backup_plan_selects_nothing" {
  title             = "Backup plan does not say what it saves"
  category          = "backup"
  severity          = "medium"
  scope             = "production"
  aliases           = ["CKV2_AWS_8"]
  references        = ["Terraform AWS provider: aws_backup_selection", "AWS Backup Developer Guide: BackupSelection", "AWS Backup Developer Guide: Creating backup copies"]
  enforcement_level = "advisory"

  docs {
    why = "Everybody believes that there are backups, because there is a plan. On the day of the restore the vault is empty."
    fix = "Add an aws_backup_selection with the plan's id that names resources or a tag. Then try a restore."
  }

  enforce {
    condition     = core::length(core::getresources("aws_backup_selection", { plan_id = attrs.id })) > 0
    error_message = "${meta.address} has no selection, so it backs up nothing."
  }

  enforce {
    condition     = !input.require_copy || core::anytrue([for r in attrs.rule : core::try(core::length(r.copy_action), 0) > 0])
    at            = attrs.rule
    error_message = "${meta.address} copies no backup to another vault, so all of them are lost with this account or region."
  }

  option "by_tag" {
    title    = "Select by a tag, such as backup = \"daily\""
    merits   = ["new resources are covered when they have the tag"]
    demerits = ["what lacks the tag is not saved, and nobody is told"]
    downtime = "none"
    effort   = "S"
  }

  option "by_name" {
    title    = "Name the resources"
    merits   = ["can be read in the code"]
    demerits = ["new ones are forgotten"]
    downtime = "none"
    effort   = "S"
  }

  pass "by_tag" {
    resource "aws_backup_plan" "daily" {
      name = "daily"

      rule {
        rule_name         = "daily"
        target_vault_name = "main"
      }
    }

    resource "aws_backup_selection" "daily" {
      name         = "daily"
      plan_id      = aws_backup_plan.daily.id
      iam_role_arn = "arn:aws:iam::111122223333:role/backup"

      selection_tag {
        type  = "STRINGEQUALS"
        key   = "backup"
        value = "daily"
      }
    }
  }

  pass "by_name_and_by_condition" {
    resource "aws_backup_selection" "names" {
      name         = "names"
      plan_id      = "plan"
      iam_role_arn = "arn:aws:iam::111122223333:role/backup"
      resources    = ["arn:aws:dynamodb:ap-northeast-1:111122223333:table/bookings"]
    }

    resource "aws_backup_selection" "all_but_one" {
      name          = "all-but-one"
      plan_id       = "plan"
      iam_role_arn  = "arn:aws:iam::111122223333:role/backup"
      not_resources = ["arn:aws:dynamodb:ap-northeast-1:111122223333:table/cache"]
    }

    resource "aws_backup_selection" "condition" {
      name         = "condition"
      plan_id      = "plan"
      iam_role_arn = "arn:aws:iam::111122223333:role/backup"

      condition {
        string_equals {
          key   = "aws:ResourceTag/backup"
          value = "daily"
        }
      }
    }
  }

  fail "no_selection" {
    resource "aws_backup_plan" "daily" {
      name = "daily"

      rule {
        rule_name         = "daily"
        target_vault_name = "main"
      }
    }
  }

  fail "selection_says_nothing" {
    resource "aws_backup_selection" "daily" {
      name         = "daily"
      plan_id      = "plan"
      iam_role_arn = "arn:aws:iam::111122223333:role/backup"
    }
  }
}

resource_policy "aws_backup_selection" "backup_plan_selects_nothing" {
  enforcement_level = "advisory"

  enforce {
    condition = (
      core::try(core::length(attrs.resources), 0) > 0
      || core::try(core::length(attrs.selection_tag), 0) > 0
      || core::try(core::length(attrs.condition), 0) > 0
      || core::try(core::length(attrs.not_resources), 0) > 0
    )
    error_message = "${meta.address} names no resource, tag or condition, so AWS Backup copies, at your cost, everything in the account that it may."
  }
}
