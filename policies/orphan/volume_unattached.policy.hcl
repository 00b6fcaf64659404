# Storage is charged by the gigabyte, not by use. A volume without a server, or a file system that nobody can mount, is paid for
# month after month, and nobody dares to delete it because it may hold data.
resource_policy "aws_ebs_volume" "volume_unattached" {
  title             = "Volume or file system is attached to nothing"
  category          = "orphan"
  severity          = "low"
  references        = ["Amazon EBS User Guide: Attach an Amazon EBS volume to an instance", "Terraform AWS provider: aws_volume_attachment"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      No server uses this storage, yet its full size is charged. Its data may be the last copy of something, so it is kept out of
      fear. A snapshot costs a part of the price and takes the fear away.
    EOT
    fix = "Take a snapshot (for EFS a backup) with a `keep-until` tag, then delete the storage. If it is kept on purpose, tag it `planfit:keep` with the reason."
  }

  filter = core::try(attrs.tags["planfit:keep"], null) == null

  enforce {
    condition     = core::length(core::getresources("aws_volume_attachment", { volume_id = attrs.id })) > 0
    error_message = "${meta.address} (${core::coalesce(core::try(attrs.size, null), "?")} GiB) is attached to no instance and is paid for every month."
  }

  option "snapshot_and_delete" {
    title    = "Take a snapshot with a keep-until tag, then delete"
    merits   = ["most of the price ends", "the data can be brought back"]
    demerits = ["a restored volume is slow at first"]
    downtime = "none, nothing uses it"
    effort   = "S"
  }

  option "detach_and_wait" {
    title    = "Wait two weeks, then delete"
    merits   = ["somebody who needs it has time to say so"]
    demerits = ["two more weeks are paid"]
    downtime = "none"
    effort   = "S"
  }

  pass "attached_volume" {
    resource "aws_ebs_volume" "data" {
      availability_zone = "ap-northeast-1a"
      size              = 100
      type              = "gp3"
    }

    resource "aws_volume_attachment" "data" {
      device_name = "/dev/sdf"
      volume_id   = aws_ebs_volume.data.id
      instance_id = "i-0a1b2c3d4e5f60718"
    }
  }

  pass "mounted_file_system" {
    resource "aws_efs_file_system" "media" {
      creation_token = "media"
    }

    resource "aws_efs_mount_target" "media" {
      file_system_id = aws_efs_file_system.media.id
      subnet_id      = "subnet-0a1b2c3d4e5f60718"
    }
  }

  pass "kept_with_a_reason" {
    resource "aws_ebs_volume" "archive" {
      availability_zone = "ap-northeast-1a"
      size              = 500
      type              = "sc1"

      tags = {
        "planfit:keep" = "attached by hand for the yearly audit"
      }
    }
  }

  fail "volume_without_attachment" {
    resource "aws_ebs_volume" "old" {
      availability_zone = "ap-northeast-1a"
      size              = 100
      type              = "gp3"
    }
  }

  fail "file_system_without_mount_target" {
    resource "aws_efs_file_system" "old" {
      creation_token = "old"
    }
  }
}

# A file system is reached through its mount targets; without one, no server can mount it.
resource_policy "aws_efs_file_system" "volume_unattached" {
  enforcement_level = "advisory"

  filter = core::try(attrs.tags["planfit:keep"], null) == null

  enforce {
    condition = (
      core::length(core::getresources("aws_efs_mount_target", { file_system_id = attrs.id })) > 0
      || core::coalesce(core::try(attrs.number_of_mount_targets, null), 0) > 0
    )
    error_message = "${meta.address} has no mount target: no server can reach its files."
  }
}
