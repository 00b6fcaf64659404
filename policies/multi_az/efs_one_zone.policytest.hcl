policytest {
  targets = ["efs_one_zone.policy.hcl"]
}

resource "aws_efs_file_system" "mounted_elsewhere" {
  attrs = {
    id = "fs-0a1b2c3d4e5f60718"
  }
  meta = { operation = "no-op" }
}

# Its subnet belongs to another directory, so it may be in any zone.
resource "aws_efs_mount_target" "other" {
  skip  = true
  attrs = { file_system_id = "fs-0a1b2c3d4e5f60718", subnet_id = "subnet-of-another-directory" }
  meta  = { operation = "no-op" }
}

resource "aws_subnet" "app" {
  skip  = true
  attrs = { id = "subnet-app", availability_zone = "ap-northeast-1a" }
  meta  = { operation = "no-op" }
}

resource "aws_ecs_task_definition" "app" {
  skip = true
  attrs = {
    arn    = "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/app:3"
    volume = [{ efs_volume_configuration = [{ file_system_id = "fs-0a1b2c3d4e5f60718" }] }]
  }
  meta = { operation = "no-op" }
}

resource "aws_ecs_service" "app" {
  skip = true
  attrs = {
    task_definition       = "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/app:3"
    network_configuration = [{ subnets = ["subnet-app"] }]
  }
  meta = { operation = "no-op" }
}
