# A disk or a shared file system is often the one place where files live that are in no repository and no database. If nothing makes
# copies of it, the files are one wrong command away from being lost.

locals {
  selections = core::getresources("aws_backup_selection", null)

  # A selection by conditions alone takes whatever fits them; which resources these are cannot be said for sure here.
  named      = core::flatten([for s in local.selections : core::try([for r in s.resources : r], [])])
  everything = core::anytrue([for s in local.selections : core::try(core::length(s.resources), 0) == 0 && core::try(core::length(s.selection_tag), 0) == 0])
  by_tag     = core::flatten([for s in local.selections : core::try([for t in s.selection_tag : { key = t.key, value = t.value }], [])])

  lifecycles = core::flatten([for p in core::getresources("aws_dlm_lifecycle_policy", null) : core::try([for d in p.policy_details : d], [])])
  by_dlm = core::flatten([
    for d in local.lifecycles : core::try([for key, value in d.target_tags : { key = key, value = value }], [])
    if core::contains(core::try([for t in d.resource_types : t], []), "VOLUME")
  ])

  # A policy for whole instances takes their volumes as well, a default policy takes every volume.
  every_attached = core::anytrue([for p in core::getresources("aws_dlm_lifecycle_policy", null) : core::coalesce(core::try(p.default_policy, null), "-") != "-"]) || core::anytrue([
    for d in local.lifecycles : core::contains(core::try([for t in d.resource_types : t], []), "INSTANCE")
  ])
}

resource_policy "aws_efs_file_system" "volume_without_backup" {
  title             = "Nothing makes copies of this storage"
  category          = "backup"
  severity          = "medium"
  scope             = "production"
  aliases           = ["CKV2_AWS_9", "CKV2_AWS_18", "S:efs-file-systems-should-be-in-backup-plans", "S:ebs-volumes-should-be-in-a-backup-plan"]
  references        = ["Terraform AWS provider: aws_efs_backup_policy", "Terraform AWS provider: aws_dlm_lifecycle_policy", "Terraform AWS provider: aws_backup_selection"]
  enforcement_level = "advisory"

  docs {
    why = "A file that is deleted, overwritten or encrypted by an attacker is gone. A file system or volume has no undo."
    fix = "EFS: add an aws_efs_backup_policy with status ENABLED. EBS: give the volume a tag that an aws_dlm_lifecycle_policy or an aws_backup_selection looks for."
  }

  locals {
    tags     = core::merge(core::coalesce(core::try(attrs.tags_all, null), {}), core::coalesce(core::try(attrs.tags, null), {}))
    policies = core::getresources("aws_efs_backup_policy", { file_system_id = attrs.id })
    own      = core::anytrue([for p in local.policies : core::try(p.backup_policy[0].status, null) == "ENABLED"])
    tagged   = core::anytrue([for t in local.by_tag : core::lookup(local.tags, t.key, null) == t.value])
    kind     = core::anytrue([for r in local.named : r == "*" || core::regex_match("elasticfilesystem.*[*]$", r)])
  }

  enforce {
    condition     = local.own || local.everything || local.tagged || core::contains(local.named, attrs.arn) || local.kind
    error_message = "${meta.address} is in no backup, so files that are deleted or overwritten by mistake are lost."
  }

  option "automatic" {
    title    = "Automatic daily backups of EFS (EBS: a lifecycle policy with daily snapshots)"
    merits   = ["files of the last weeks can be brought back"]
    demerits = ["backup storage is paid by the gigabyte"]
    downtime = "none"
    effort   = "S"
  }

  option "plan" {
    title    = "A backup plan that selects by tag"
    merits   = ["one place for all storage", "copies to another region or account"]
    demerits = ["a plan, a vault and a role to maintain"]
    downtime = "none"
    effort   = "M"
  }

  pass "own_policy" {
    resource "aws_efs_file_system" "uploads" {
      creation_token = "uploads"
    }

    resource "aws_efs_backup_policy" "uploads" {
      file_system_id = aws_efs_file_system.uploads.id

      backup_policy {
        status = "ENABLED"
      }
    }
  }

  pass "selected_by_tag" {
    resource "aws_efs_file_system" "uploads" {
      creation_token = "uploads"

      tags = {
        backup = "daily"
      }
    }

    resource "aws_ebs_volume" "data" {
      availability_zone = "ap-northeast-1a"
      size              = 100

      tags = {
        backup = "daily"
      }
    }

    resource "aws_volume_attachment" "data" {
      device_name = "/dev/sdf"
      volume_id   = aws_ebs_volume.data.id
      instance_id = "i-0a1b2c3d4e5f60718"
    }

    resource "aws_backup_selection" "daily" {
      name         = "daily"
      plan_id      = "plan"
      iam_role_arn = "arn:aws:iam::111122223333:role/backup"

      selection_tag {
        type  = "STRINGEQUALS"
        key   = "backup"
        value = "daily"
      }
    }
  }

  pass "selected_by_name" {
    resource "aws_efs_file_system" "uploads" {
      creation_token = "uploads"
    }

    resource "aws_ebs_volume" "data" {
      availability_zone = "ap-northeast-1a"
      size              = 100
    }

    resource "aws_volume_attachment" "data" {
      device_name = "/dev/sdf"
      volume_id   = aws_ebs_volume.data.id
      instance_id = "i-0a1b2c3d4e5f60718"
    }

    resource "aws_backup_selection" "daily" {
      name         = "daily"
      plan_id      = "plan"
      iam_role_arn = "arn:aws:iam::111122223333:role/backup"
      resources    = [aws_efs_file_system.uploads.arn, aws_ebs_volume.data.arn]
    }
  }

  pass "lifecycle_policy" {
    resource "aws_ebs_volume" "data" {
      availability_zone = "ap-northeast-1a"
      size              = 100

      tags = {
        snapshot = "daily"
      }
    }

    resource "aws_volume_attachment" "data" {
      device_name = "/dev/sdf"
      volume_id   = aws_ebs_volume.data.id
      instance_id = "i-0a1b2c3d4e5f60718"
    }

    resource "aws_dlm_lifecycle_policy" "daily" {
      description        = "Daily snapshots"
      execution_role_arn = "arn:aws:iam::111122223333:role/dlm"

      policy_details {
        resource_types = ["VOLUME"]
        target_tags    = { snapshot = "daily" }
      }
    }
  }

  pass "policy_for_whole_instances" {
    resource "aws_ebs_volume" "data" {
      availability_zone = "ap-northeast-1a"
      size              = 100
    }

    resource "aws_volume_attachment" "data" {
      device_name = "/dev/sdf"
      volume_id   = aws_ebs_volume.data.id
      instance_id = "i-0a1b2c3d4e5f60718"
    }

    resource "aws_dlm_lifecycle_policy" "daily" {
      description        = "Daily snapshots"
      execution_role_arn = "arn:aws:iam::111122223333:role/dlm"

      policy_details {
        resource_types = ["INSTANCE"]
        target_tags    = { snapshot = "daily" }
      }
    }
  }

  pass "default_policy" {
    resource "aws_ebs_volume" "data" {
      availability_zone = "ap-northeast-1a"
      size              = 100
    }

    resource "aws_volume_attachment" "data" {
      device_name = "/dev/sdf"
      volume_id   = aws_ebs_volume.data.id
      instance_id = "i-0a1b2c3d4e5f60718"
    }

    resource "aws_dlm_lifecycle_policy" "all" {
      description        = "Every volume"
      execution_role_arn = "arn:aws:iam::111122223333:role/dlm"
      default_policy     = "VOLUME"

      policy_details {
        policy_language = "SIMPLIFIED"
        resource_type   = "VOLUME"
      }
    }
  }

  pass "selected_by_condition" {
    resource "aws_efs_file_system" "uploads" {
      creation_token = "uploads"
    }

    resource "aws_ebs_volume" "data" {
      availability_zone = "ap-northeast-1a"
      size              = 100
    }

    resource "aws_volume_attachment" "data" {
      device_name = "/dev/sdf"
      volume_id   = aws_ebs_volume.data.id
      instance_id = "i-0a1b2c3d4e5f60718"
    }

    resource "aws_backup_selection" "daily" {
      name         = "daily"
      plan_id      = "plan"
      iam_role_arn = "arn:aws:iam::111122223333:role/backup"

      condition {
        string_like {
          key   = "aws:ResourceTag/team"
          value = "*"
        }
      }
    }
  }

  pass "selected_by_kind" {
    resource "aws_efs_file_system" "uploads" {
      creation_token = "uploads"
    }

    resource "aws_backup_selection" "files" {
      name         = "files"
      plan_id      = "plan"
      iam_role_arn = "arn:aws:iam::111122223333:role/backup"
      resources    = ["arn:aws:elasticfilesystem:*:*:file-system/*"]
    }
  }

  pass "volumes_selected_by_kind" {
    resource "aws_ebs_volume" "data" {
      availability_zone = "ap-northeast-1a"
      size              = 100
    }

    resource "aws_volume_attachment" "data" {
      device_name = "/dev/sdf"
      volume_id   = aws_ebs_volume.data.id
      instance_id = "i-0a1b2c3d4e5f60718"
    }

    resource "aws_backup_selection" "volumes" {
      name         = "volumes"
      plan_id      = "plan"
      iam_role_arn = "arn:aws:iam::111122223333:role/backup"
      resources    = ["arn:aws:ec2:*:*:volume/*"]
    }
  }

  pass "not_attached" {
    resource "aws_ebs_volume" "data" {
      availability_zone = "ap-northeast-1a"
      size              = 100
    }
  }

  fail "nothing" {
    resource "aws_efs_file_system" "uploads" {
      creation_token = "uploads"
    }

    resource "aws_ebs_volume" "data" {
      availability_zone = "ap-northeast-1a"
      size              = 100
    }

    resource "aws_volume_attachment" "data" {
      device_name = "/dev/sdf"
      volume_id   = aws_ebs_volume.data.id
      instance_id = "i-0a1b2c3d4e5f60718"
    }
  }

  fail "backups_are_for_others" {
    resource "aws_efs_file_system" "uploads" {
      creation_token = "uploads"

      tags = {
        backup = "no"
      }
    }

    resource "aws_efs_backup_policy" "uploads" {
      file_system_id = aws_efs_file_system.uploads.id

      backup_policy {
        status = "DISABLED"
      }
    }

    resource "aws_ebs_volume" "data" {
      availability_zone = "ap-northeast-1a"
      size              = 100

      tags = {
        snapshot = "no"
      }
    }

    resource "aws_volume_attachment" "data" {
      device_name = "/dev/sdf"
      volume_id   = aws_ebs_volume.data.id
      instance_id = "i-0a1b2c3d4e5f60718"
    }

    resource "aws_dlm_lifecycle_policy" "daily" {
      description        = "Daily snapshots"
      execution_role_arn = "arn:aws:iam::111122223333:role/dlm"

      policy_details {
        resource_types = ["VOLUME"]
        target_tags    = { snapshot = "daily" }
      }
    }

    resource "aws_backup_selection" "daily" {
      name         = "daily"
      plan_id      = "plan"
      iam_role_arn = "arn:aws:iam::111122223333:role/backup"

      selection_tag {
        type  = "STRINGEQUALS"
        key   = "backup"
        value = "daily"
      }
    }

    expect = ["aws_efs_file_system.uploads", "aws_ebs_volume.data"]
  }
}

# A volume that is attached to nothing is judged by volume_unattached; whether it is worth a copy is the question there.
resource_policy "aws_ebs_volume" "volume_without_backup" {
  enforcement_level = "advisory"

  locals {
    tags   = core::merge(core::coalesce(core::try(attrs.tags_all, null), {}), core::coalesce(core::try(attrs.tags, null), {}))
    tagged = core::anytrue([for t in core::concat(local.by_tag, local.by_dlm) : core::lookup(local.tags, t.key, null) == t.value])
    kind   = core::anytrue([for r in local.named : r == "*" || core::regex_match(":volume/[*]$", r)])
  }

  filter = core::length(core::getresources("aws_volume_attachment", { volume_id = attrs.id })) > 0

  enforce {
    condition     = local.everything || local.every_attached || local.tagged || core::contains(local.named, attrs.arn) || local.kind
    error_message = "${meta.address} (${core::coalesce(core::try(attrs.size, null), "?")} GB) is in no backup, so files that are deleted or overwritten by mistake are lost."
  }
}
