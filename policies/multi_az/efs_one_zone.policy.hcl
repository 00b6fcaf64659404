# A file system of class One Zone is a single copy in a single zone. And a regional one can be reached only where it has a mount target:
# tasks that are placed in another zone do not start.
resource_policy "aws_efs_file_system" "efs_one_zone" {
  title             = "File system is in, or reachable from, too few Availability Zones"
  category          = "multi_az"
  severity          = "high"
  scope             = "production"
  references        = ["Amazon EFS User Guide: EFS file system types", "Terraform AWS provider: aws_efs_mount_target"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      Files that users uploaded are usually the only copy. In a One Zone file system they are away while the zone is away, and lost if
      the zone is lost. A missing mount target is noticed only when ECS starts a task in that zone, in the middle of another failure.
    EOT
    fix = "Leave `availability_zone_name` out (it takes a new file system and a copy of the files), and add an `aws_efs_mount_target` for each zone in which tasks may run."
  }

  # Tasks that mount the file system, the zones they may run in, and the zones where it can be reached.
  locals {
    zone = core::coalesce(core::try(attrs.availability_zone_name, null), "none")

    definitions = core::getresources("aws_ecs_task_definition", { volume = { efs_volume_configuration = { file_system_id = attrs.id } } })
    subnet_ids = core::distinct(core::flatten([
      for d in local.definitions : [
        for s in core::getresources("aws_ecs_service", { task_definition = d.arn }) : core::try([for id in s.network_configuration[0].subnets : id], [])
      ]
    ]))
    consumer_zones = core::distinct(core::flatten([for id in local.subnet_ids : [for s in core::getresources("aws_subnet", { id = id }) : s.availability_zone]]))

    mounts      = core::getresources("aws_efs_mount_target", { file_system_id = attrs.id })
    mounted     = [for m in local.mounts : core::getresources("aws_subnet", { id = m.subnet_id })]
    all_mounted = core::length(local.mounts) > 0 && core::alltrue([for found in local.mounted : core::length(found) > 0])
    mount_zones = core::distinct(core::flatten([for found in local.mounted : [for s in found : s.availability_zone]]))
    missing     = core::setsubtract(local.consumer_zones, local.mount_zones)
  }

  enforce {
    condition     = local.zone == "none"
    at            = attrs.availability_zone_name
    error_message = "${meta.address} keeps its files in ${local.zone} only: while that zone is away nobody can read them, and if it is lost they are lost."
  }

  # A mount target in a subnet of another directory could be in any zone.
  enforce {
    condition     = local.zone != "none" || core::length(local.definitions) == 0 || !local.all_mounted || core::length(local.missing) == 0
    error_message = "${meta.address} has no mount target in ${core::join(", ", local.missing)}, where its tasks may run: a task that is placed there does not start."
  }

  option "regional" {
    title    = "A regional file system with a mount target in each zone"
    merits   = ["three copies in three zones", "tasks start in every zone"]
    demerits = ["storage costs more than One Zone", "a copy of the files when it was One Zone before"]
    downtime = "minutes at the switch, none for a new mount target"
    effort   = "M"
  }

  option "backup" {
    title    = "Stay with One Zone and back it up daily"
    merits   = ["cheaper storage"]
    demerits = ["the files of the last day may be lost", "a restore takes hours"]
    downtime = "none"
    effort   = "S"
  }

  pass "regional" {
    resource "aws_efs_file_system" "photos" {
      creation_token = "photos"
    }
  }

  pass "mounted_where_tasks_run" {
    resource "aws_subnet" "app" {
      for_each          = { "ap-northeast-1a" = "10.0.10.0/24", "ap-northeast-1c" = "10.0.11.0/24" }
      vpc_id            = "vpc-0a1b2c3d4e5f60718"
      cidr_block        = each.value
      availability_zone = each.key
    }

    resource "aws_efs_file_system" "photos" {
      creation_token = "photos"
    }

    resource "aws_efs_mount_target" "photos" {
      for_each       = aws_subnet.app
      file_system_id = aws_efs_file_system.photos.id
      subnet_id      = each.value.id
    }

    resource "aws_ecs_task_definition" "app" {
      family                = "app"
      container_definitions = jsonencode([{ name = "app", image = "app:1.4.2" }])

      volume {
        name = "photos"

        efs_volume_configuration {
          file_system_id = aws_efs_file_system.photos.id
        }
      }
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "main"
      task_definition = aws_ecs_task_definition.app.arn
      desired_count   = 2

      network_configuration {
        subnets = [for s in aws_subnet.app : s.id]
      }
    }
  }

  fail "one_zone" {
    resource "aws_efs_file_system" "photos" {
      creation_token         = "photos"
      availability_zone_name = "ap-northeast-1a"
    }
  }

  fail "no_mount_target_in_the_second_zone" {
    resource "aws_subnet" "app" {
      for_each          = { "ap-northeast-1a" = "10.0.10.0/24", "ap-northeast-1c" = "10.0.11.0/24" }
      vpc_id            = "vpc-0a1b2c3d4e5f60718"
      cidr_block        = each.value
      availability_zone = each.key
    }

    resource "aws_efs_file_system" "photos" {
      creation_token = "photos"
    }

    resource "aws_efs_mount_target" "photos" {
      file_system_id = aws_efs_file_system.photos.id
      subnet_id      = aws_subnet.app["ap-northeast-1a"].id
    }

    resource "aws_ecs_task_definition" "app" {
      family                = "app"
      container_definitions = jsonencode([{ name = "app", image = "app:1.4.2" }])

      volume {
        name = "photos"

        efs_volume_configuration {
          file_system_id = aws_efs_file_system.photos.id
        }
      }
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "main"
      task_definition = aws_ecs_task_definition.app.arn
      desired_count   = 2

      network_configuration {
        subnets = [for s in aws_subnet.app : s.id]
      }
    }
  }
}
