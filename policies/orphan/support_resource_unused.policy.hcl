# Roles, templates and groups of parameters are made for something else. When that is gone they stay, and a role that nothing uses is
# a right that nobody watches.
locals {
  users = graph::referrers()

  # What leaves in an output, a call or a data source is somebody else's business.
  handed_on = core::anytrue([for user in plan::mentioned_in() : core::contains(["output", "locals", "module"], user) || core::startswith(user, "data.")])

  kept    = core::try(attrs.tags["planfit:keep"], null) != null
  is_used = core::length(local.users) > 0 || local.handed_on
}

resource_policy "aws_iam_role" "support_resource_unused" {
  title             = "Role, template or parameter group is used by nothing"
  category          = "orphan"
  severity          = "low"
  aliases           = ["CKV2_AWS_14", "CKV2_AWS_21"]
  references        = ["AWS Identity and Access Management User Guide: Refine permissions using last accessed information", "Terraform AWS provider: aws_iam_role"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      It was made for a service, an instance or a database that is gone or never came. A role keeps its rights, a template an old image,
      a parameter group settings that look as if they were in force. The next engineer reads all of them.
    EOT
    fix = "Delete it. If something outside of this directory uses it, put its name into an output, or tag it `planfit:keep` with the reason."
  }

  locals {
    trust      = core::jsondecode(attrs.assume_role_policy)
    statements = core::flatten([core::try(local.trust.Statement, [])])

    # People, pipelines and other accounts take a role on without Terraform knowing it.
    outsiders = [
      for s in local.statements : s
      if core::try(s.Principal == "*", false) || core::can(s.Principal.AWS) || core::can(s.Principal.Federated) || core::can(s.NotPrincipal)
    ]
  }

  filter = !local.kept

  # Who uses it is asked first: a trust policy that a data source makes is not known before the plan.
  enforce {
    condition     = local.is_used || core::length(local.outsiders) > 0
    error_message = "${meta.address} is used by no service, function or instance, but keeps its rights."
  }

  option "delete" {
    title    = "Delete it"
    merits   = ["one right or one setting less to explain"]
    demerits = ["something made by hand may use it; look at when it was last used"]
    downtime = "none if nothing uses it"
    effort   = "S"
  }

  option "use_it" {
    title    = "Use it where it was meant to be used"
    merits   = ["the setting takes effect"]
    demerits = ["a database may need a restart for another parameter group"]
    downtime = "none; a restart for a parameter group"
    effort   = "M"
  }

  pass "used" {
    resource "aws_iam_role" "task" {
      name               = "task"
      assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
    }

    resource "aws_ecs_task_definition" "api" {
      family                = "api"
      container_definitions = "[]"
      task_role_arn         = aws_iam_role.task.arn
    }

    resource "aws_iam_role" "server" {
      name               = "server"
      assume_role_policy = jsonencode({ Statement = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } } })
    }

    resource "aws_iam_instance_profile" "server" {
      name = "server"
      role = aws_iam_role.server.name
    }

    resource "aws_key_pair" "server" {
      key_name   = "server"
      public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIexample"
    }

    resource "aws_launch_template" "server" {
      name     = "server"
      key_name = aws_key_pair.server.key_name

      iam_instance_profile {
        name = aws_iam_instance_profile.server.name
      }
    }

    resource "aws_autoscaling_group" "server" {
      min_size            = 1
      max_size            = 2
      vpc_zone_identifier = ["subnet-0a1b2c3d4e5f60718"]

      launch_template {
        id = aws_launch_template.server.id
      }
    }

    resource "aws_iam_policy" "read" {
      name   = "read"
      policy = "{}"
    }

    resource "aws_iam_role_policy_attachment" "read" {
      role       = aws_iam_role.task.name
      policy_arn = aws_iam_policy.read.arn
    }
  }

  pass "databases_use_their_groups" {
    resource "aws_db_subnet_group" "main" {
      name       = "main"
      subnet_ids = ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"]
    }

    resource "aws_db_parameter_group" "main" {
      name   = "main"
      family = "postgres16"
    }

    resource "aws_db_option_group" "main" {
      name                 = "main"
      engine_name          = "mysql"
      major_engine_version = "8.0"
    }

    resource "aws_db_instance" "main" {
      instance_class       = "db.m7g.large"
      identifier           = "main"
      db_subnet_group_name = aws_db_subnet_group.main.name
      parameter_group_name = aws_db_parameter_group.main.name
      option_group_name    = aws_db_option_group.main.name
    }

    resource "aws_rds_cluster_parameter_group" "main" {
      name   = "main"
      family = "aurora-postgresql16"
    }

    resource "aws_rds_cluster" "main" {
      cluster_identifier              = "main"
      engine                          = "aurora-postgresql"
      db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.main.name
    }

    resource "aws_elasticache_subnet_group" "main" {
      name       = "main"
      subnet_ids = ["subnet-0a1b2c3d4e5f60718"]
    }

    resource "aws_elasticache_parameter_group" "main" {
      name   = "main"
      family = "redis7"
    }

    resource "aws_elasticache_replication_group" "main" {
      replication_group_id = "main"
      description          = "sessions"
      subnet_group_name    = aws_elasticache_subnet_group.main.name
      parameter_group_name = aws_elasticache_parameter_group.main.name
    }
  }

  pass "taken_on_from_outside" {
    resource "aws_iam_role" "pipeline" {
      name               = "pipeline"
      assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" } }] })
    }

    resource "aws_iam_role" "audit" {
      name               = "audit"
      assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::210987654321:root" } }] })
    }

    resource "aws_iam_group" "staff" {
      name = "staff"
    }

    resource "aws_iam_group_membership" "staff" {
      name  = "staff"
      group = aws_iam_group.staff.name
      users = ["nobody"]
    }
  }

  pass "its_name_is_an_output" {
    resource "aws_iam_role" "shared" {
      name               = "shared"
      assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
    }

    output "role" {
      value = aws_iam_role.shared.arn
    }
  }

  fail "roles_and_templates_left_behind" {
    resource "aws_iam_role" "old" {
      name               = "old"
      assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
    }

    resource "aws_iam_role_policy" "old" {
      role   = aws_iam_role.old.name
      policy = "{}"
    }

    resource "aws_iam_group" "old" {
      name = "old"
    }

    resource "aws_iam_policy" "old" {
      name   = "old"
      policy = "{}"
    }

    resource "aws_iam_instance_profile" "old" {
      name = "old"
      role = "server"
    }

    resource "aws_key_pair" "old" {
      key_name   = "old"
      public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIexample"
    }

    resource "aws_launch_template" "old" {
      name = "old"
    }

    resource "aws_launch_configuration" "old" {
      name          = "old"
      image_id      = "ami-0a1b2c3d4e5f60718"
      instance_type = "t3.small"
    }

    resource "aws_ami" "old" {
      name = "old"
    }
  }

  fail "groups_of_databases_left_behind" {
    resource "aws_db_subnet_group" "old" {
      name       = "old"
      subnet_ids = ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"]
    }

    resource "aws_db_parameter_group" "old" {
      name   = "old"
      family = "postgres12"
    }

    resource "aws_rds_cluster_parameter_group" "old" {
      name   = "old"
      family = "aurora-postgresql12"
    }

    resource "aws_db_option_group" "old" {
      name                 = "old"
      engine_name          = "mysql"
      major_engine_version = "5.7"
    }

    resource "aws_elasticache_subnet_group" "old" {
      name       = "old"
      subnet_ids = ["subnet-0a1b2c3d4e5f60718"]
    }

    resource "aws_elasticache_parameter_group" "old" {
      name   = "old"
      family = "redis5.0"
    }
  }
}

resource_policy "aws_iam_group" "support_resource_unused" {
  enforcement_level = "advisory"

  locals {
    members = [for m in core::getresources("aws_iam_user_group_membership", null) : m if core::contains(core::coalesce(core::try(m.groups, null), []), attrs.name)]
  }

  enforce {
    condition     = core::length(core::getresources("aws_iam_group_membership", { group = attrs.name })) > 0 || local.handed_on || core::length(local.members) > 0
    error_message = "${meta.address} has no members here, so its rights reach nobody."
  }
}

resource_policy "aws_iam_policy" "support_resource_unused" {
  enforcement_level = "advisory"

  filter = !local.kept

  enforce {
    condition     = local.is_used || core::coalesce(core::try(attrs.attachment_count, null), 0) > 0
    error_message = "${meta.address} is attached to no role, group or user, so it grants nothing."
  }
}

resource_policy "aws_iam_instance_profile" "support_resource_unused" {
  enforcement_level = "advisory"

  filter = !local.kept

  enforce {
    condition     = local.is_used
    error_message = "${meta.address} is used by no instance and no launch template, so it opens nothing."
  }
}

resource_policy "aws_key_pair" "support_resource_unused" {
  enforcement_level = "advisory"

  filter = !local.kept

  enforce {
    condition     = local.is_used
    error_message = "${meta.address} is used by no instance and no launch template, so it opens nothing."
  }
}

resource_policy "aws_launch_template" "support_resource_unused" {
  enforcement_level = "advisory"

  filter = !local.kept

  enforce {
    condition     = local.is_used
    error_message = "${meta.address} starts no instance: no Auto Scaling group, instance or node group uses it."
  }
}

resource_policy "aws_launch_configuration" "support_resource_unused" {
  enforcement_level = "advisory"

  enforce {
    condition     = local.is_used
    error_message = "${meta.address} starts no instance: no Auto Scaling group uses it."
  }
}

resource_policy "aws_ami" "support_resource_unused" {
  enforcement_level = "advisory"

  filter = !local.kept

  enforce {
    condition     = local.is_used
    error_message = "${meta.address} is started by nothing here, and its snapshots are paid for."
  }
}

resource_policy "aws_db_subnet_group" "support_resource_unused" {
  enforcement_level = "advisory"

  filter = !local.kept

  enforce {
    condition     = local.is_used
    error_message = "${meta.address} is used by no database, so no database stands in its subnets."
  }
}

resource_policy "aws_db_parameter_group" "support_resource_unused" {
  enforcement_level = "advisory"

  filter = !local.kept

  enforce {
    condition     = local.is_used
    error_message = "${meta.address} is used by no database: its settings are not in force anywhere."
  }
}

resource_policy "aws_rds_cluster_parameter_group" "support_resource_unused" {
  enforcement_level = "advisory"

  filter = !local.kept

  enforce {
    condition     = local.is_used
    error_message = "${meta.address} is used by no cluster: its settings are not in force anywhere."
  }
}

resource_policy "aws_db_option_group" "support_resource_unused" {
  enforcement_level = "advisory"

  filter = !local.kept

  enforce {
    condition     = local.is_used
    error_message = "${meta.address} is used by no database: its options are not in force anywhere."
  }
}

resource_policy "aws_elasticache_subnet_group" "support_resource_unused" {
  enforcement_level = "advisory"

  filter = !local.kept

  enforce {
    condition     = local.is_used
    error_message = "${meta.address} is used by no cache, so no cache stands in its subnets."
  }
}

resource_policy "aws_elasticache_parameter_group" "support_resource_unused" {
  enforcement_level = "advisory"

  filter = !local.kept

  enforce {
    condition     = local.is_used
    error_message = "${meta.address} is used by no cache: its settings are not in force anywhere."
  }
}
