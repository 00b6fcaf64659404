# Redundant tasks, servers and functions help against the loss of a machine. If all of them are in one zone, the loss of the zone still
# takes all of them.
#
# The catalogue also asks for availability_zone_rebalancing. A new service has it unless it says otherwise, so only a written DISABLED is
# reported, and only when a team asks for it.

input "min_azs" {
  type        = number
  default     = 2
  description = "Two Availability Zones are the least that survive the loss of one."
}

input "report_rebalancing" {
  type        = bool
  default     = false
  description = "Whether a service that has availability_zone_rebalancing switched off is reported. After the loss of a zone ECS then leaves the tasks where they are."
}

resource_policy "aws_ecs_service" "workload_one_az" {
  title             = "Workload runs in one Availability Zone"
  category          = "multi_az"
  severity          = "high"
  scope             = "production"
  aliases           = ["FG_R00014", "S:autoscaling-group-should-cover-multiple-azs", "S:lambda-vpc-multi-az-check", "S:network-firewall-should-be-deployed-across-multiple-azs"]
  references        = ["Amazon ECS Developer Guide: How Amazon ECS places tasks on container instances", "Terraform AWS provider: aws_ecs_service"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = <<-EOT
      When the zone fails, every task or server stops at once and nothing can be started elsewhere, because no subnet elsewhere was given.
      Adding one in the middle of the failure is a change that nobody has tried.
    EOT
    fix = "Give subnets of two or more Availability Zones to the service, the Auto Scaling group, the function or the firewall."
  }

  locals {
    subnet_ids = core::distinct(core::try([for id in attrs.network_configuration[0].subnets : id], []))
    places = [
      for id in local.subnet_ids : core::flatten([
        for s in core::concat(core::getresources("aws_subnet", { id = id }), core::getresources("aws_default_subnet", { id = id })) :
        core::try([core::coalesce(core::try(s.availability_zone, null), core::try(s.availability_zone_id, null))], [])
      ])
    ]
    found_all = core::alltrue([for p in local.places : core::length(p) > 0])
    azs       = core::distinct(core::flatten(local.places))
    reached   = core::length(local.subnet_ids) < input.min_azs ? core::length(local.subnet_ids) : core::length(local.azs)

    traffic = core::anytrue([
      core::try(core::length(attrs.load_balancer) > 0, false),
      core::try(core::length(attrs.service_registries) > 0, false),
      core::try(core::length(attrs.vpc_lattice_configurations) > 0, false),
      core::try(core::length(core::flatten([for c in attrs.service_connect_configuration : c.service])) > 0, false),
    ])
  }

  # One worker is in one zone whatever its subnets are. A subnet of another directory has an unknown zone: then only too few are a proof.
  filter = (
    core::length(local.subnet_ids) > 0
    && (local.traffic || core::coalesce(core::try(attrs.desired_count, null), 0) >= 2)
  )

  enforce {
    condition     = core::length(local.subnet_ids) >= input.min_azs && (!local.found_all || core::length(local.azs) >= input.min_azs)
    at            = attrs.network_configuration[0].subnets
    error_message = "${meta.address} may run in ${local.reached} Availability Zone${local.reached == 1 ? "" : "s"} only: when it fails, all its tasks stop and none can start; at least ${input.min_azs} are asked for."
  }

  enforce {
    condition     = !input.report_rebalancing || core::coalesce(core::try(attrs.availability_zone_rebalancing, null), "ENABLED") != "DISABLED"
    severity      = "low"
    at            = attrs.availability_zone_rebalancing
    error_message = "${meta.address} has zone rebalancing switched off: after a zone was away, its tasks stay crowded in the others."
  }

  option "second_zone" {
    title    = "Add subnets of a second Availability Zone"
    merits   = ["the loss of a zone takes only a part"]
    demerits = ["a little traffic between zones is charged"]
    downtime = "none, rolling"
    effort   = "S"
  }

  option "rebuild_plan" {
    title    = "Stay in one zone and rehearse a move"
    merits   = ["no traffic between zones"]
    demerits = ["an outage of the length of the move"]
    downtime = "none"
    effort   = "M"
  }

  pass "two_zones" {
    resource "aws_subnet" "app" {
      for_each          = { "ap-northeast-1a" = "10.0.10.0/24", "ap-northeast-1c" = "10.0.11.0/24" }
      vpc_id            = "vpc-0a1b2c3d4e5f60718"
      cidr_block        = each.value
      availability_zone = each.key
    }

    resource "aws_ecs_service" "api" {
      name                          = "api"
      cluster                       = "main"
      task_definition               = "api:12"
      desired_count                 = 2
      availability_zone_rebalancing = "DISABLED"

      network_configuration {
        subnets = [for s in aws_subnet.app : s.id]
      }
    }

    resource "aws_autoscaling_group" "web" {
      name                = "web"
      min_size            = 2
      max_size            = 4
      vpc_zone_identifier = [for s in aws_subnet.app : s.id]
    }

    resource "aws_lambda_function" "hook" {
      function_name = "hook"
      role          = "arn:aws:iam::123456789012:role/hook"

      vpc_config {
        subnet_ids         = [for s in aws_subnet.app : s.id]
        security_group_ids = ["sg-0a1b2c3d4e5f60718"]
      }
    }

    resource "aws_networkfirewall_firewall" "edge" {
      name                = "edge"
      firewall_policy_arn = "arn:aws:network-firewall:ap-northeast-1:123456789012:firewall-policy/edge"
      vpc_id              = "vpc-0a1b2c3d4e5f60718"

      dynamic "subnet_mapping" {
        for_each = aws_subnet.app
        content {
          subnet_id = subnet_mapping.value.id
        }
      }
    }
  }

  pass "subnets_of_another_directory" {
    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api:12"
      desired_count   = 2

      network_configuration {
        subnets = ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"]
      }
    }
  }

  pass "one_worker" {
    resource "aws_ecs_service" "worker" {
      name            = "worker"
      cluster         = "main"
      task_definition = "worker:3"
      desired_count   = 1

      network_configuration {
        subnets = ["subnet-0a1b2c3d4e5f60718"]
      }
    }
  }

  pass "function_without_network" {
    resource "aws_lambda_function" "hook" {
      function_name = "hook"
      role          = "arn:aws:iam::123456789012:role/hook"
    }
  }

  pass "group_by_zones" {
    resource "aws_autoscaling_group" "web" {
      name               = "web"
      min_size           = 2
      max_size           = 4
      availability_zones = ["ap-northeast-1a", "ap-northeast-1c"]
    }
  }

  fail "service_in_two_subnets_of_one_zone" {
    resource "aws_subnet" "app" {
      count             = 2
      vpc_id            = "vpc-0a1b2c3d4e5f60718"
      cidr_block        = "10.0.1${count.index}.0/24"
      availability_zone = "ap-northeast-1a"
    }

    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api:12"
      desired_count   = 2

      network_configuration {
        subnets = aws_subnet.app[*].id
      }
    }
  }

  fail "others_in_two_subnets_of_one_zone" {
    resource "aws_subnet" "app" {
      count             = 2
      vpc_id            = "vpc-0a1b2c3d4e5f60718"
      cidr_block        = "10.0.1${count.index}.0/24"
      availability_zone = "ap-northeast-1a"
    }

    resource "aws_autoscaling_group" "web" {
      name                = "web"
      min_size            = 2
      max_size            = 4
      vpc_zone_identifier = aws_subnet.app[*].id
    }

    resource "aws_lambda_function" "hook" {
      function_name = "hook"
      role          = "arn:aws:iam::123456789012:role/hook"

      vpc_config {
        subnet_ids         = aws_subnet.app[*].id
        security_group_ids = ["sg-0a1b2c3d4e5f60718"]
      }
    }

    resource "aws_networkfirewall_firewall" "edge" {
      name                = "edge"
      firewall_policy_arn = "arn:aws:network-firewall:ap-northeast-1:123456789012:firewall-policy/edge"
      vpc_id              = "vpc-0a1b2c3d4e5f60718"

      subnet_mapping {
        subnet_id = aws_subnet.app[0].id
      }

      subnet_mapping {
        subnet_id = aws_subnet.app[1].id
      }
    }
  }

  fail "one_task_with_traffic_in_one_subnet" {
    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api:12"
      desired_count   = 1

      load_balancer {
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/api/0a1b2c3d4e5f6071"
        container_name   = "api"
        container_port   = 8080
      }

      network_configuration {
        subnets = ["subnet-0a1b2c3d4e5f60718"]
      }
    }
  }

  fail "group_in_one_subnet" {
    resource "aws_autoscaling_group" "web" {
      name                = "web"
      min_size            = 2
      max_size            = 4
      vpc_zone_identifier = ["subnet-0a1b2c3d4e5f60718"]
    }
  }

  fail "group_in_one_zone" {
    resource "aws_autoscaling_group" "web" {
      name               = "web"
      min_size           = 2
      max_size           = 4
      availability_zones = ["ap-northeast-1a"]
    }
  }

  fail "function_in_one_subnet" {
    resource "aws_lambda_function" "hook" {
      function_name = "hook"
      role          = "arn:aws:iam::123456789012:role/hook"

      vpc_config {
        subnet_ids         = ["subnet-0a1b2c3d4e5f60718"]
        security_group_ids = ["sg-0a1b2c3d4e5f60718"]
      }
    }
  }

  fail "firewall_in_one_subnet" {
    resource "aws_networkfirewall_firewall" "edge" {
      name                = "edge"
      firewall_policy_arn = "arn:aws:network-firewall:ap-northeast-1:123456789012:firewall-policy/edge"
      vpc_id              = "vpc-0a1b2c3d4e5f60718"

      subnet_mapping {
        subnet_id = "subnet-0a1b2c3d4e5f60718"
      }
    }
  }
}

# A group names subnets or, in a default VPC, zones.
resource_policy "aws_autoscaling_group" "workload_one_az" {
  enforcement_level = "mandatory_overridable"

  locals {
    subnet_ids = core::distinct(core::try([for id in attrs.vpc_zone_identifier : id], []))
    places = [
      for id in local.subnet_ids : core::flatten([
        for s in core::concat(core::getresources("aws_subnet", { id = id }), core::getresources("aws_default_subnet", { id = id })) :
        core::try([core::coalesce(core::try(s.availability_zone, null), core::try(s.availability_zone_id, null))], [])
      ])
    ]
    found_all = core::alltrue([for p in local.places : core::length(p) > 0])
    azs       = core::distinct(core::flatten(local.places))
    reached   = core::length(local.subnet_ids) < input.min_azs ? core::length(local.subnet_ids) : core::length(local.azs)
  }

  filter = core::length(local.subnet_ids) > 0 || core::length(core::coalesce(core::try(attrs.availability_zones, null), [])) > 0

  enforce {
    condition     = core::length(local.subnet_ids) == 0 || core::length(local.subnet_ids) >= input.min_azs && (!local.found_all || core::length(local.azs) >= input.min_azs)
    at            = attrs.vpc_zone_identifier
    error_message = "${meta.address} starts servers in ${local.reached} Availability Zone${local.reached == 1 ? "" : "s"} only: when it fails, all stop and none can start; at least ${input.min_azs} are asked for."
  }

  enforce {
    condition     = core::length(local.subnet_ids) > 0 || core::length(core::distinct([for zone in attrs.availability_zones : zone])) >= input.min_azs
    at            = attrs.availability_zones
    error_message = "${meta.address} starts servers in ${core::join(", ", attrs.availability_zones)} only: when it fails, all stop and none can start; at least ${input.min_azs} zones are asked for."
  }
}

# Outside of a VPC, AWS spreads a function by itself.
resource_policy "aws_lambda_function" "workload_one_az" {
  enforcement_level = "mandatory_overridable"

  locals {
    subnet_ids = core::distinct(core::try([for id in attrs.vpc_config[0].subnet_ids : id], []))
    places = [
      for id in local.subnet_ids : core::flatten([
        for s in core::concat(core::getresources("aws_subnet", { id = id }), core::getresources("aws_default_subnet", { id = id })) :
        core::try([core::coalesce(core::try(s.availability_zone, null), core::try(s.availability_zone_id, null))], [])
      ])
    ]
    found_all = core::alltrue([for p in local.places : core::length(p) > 0])
    azs       = core::distinct(core::flatten(local.places))
    reached   = core::length(local.subnet_ids) < input.min_azs ? core::length(local.subnet_ids) : core::length(local.azs)
  }

  filter = core::length(local.subnet_ids) > 0

  enforce {
    condition     = core::length(local.subnet_ids) >= input.min_azs && (!local.found_all || core::length(local.azs) >= input.min_azs)
    at            = attrs.vpc_config[0].subnet_ids
    error_message = "${meta.address} may run in ${local.reached} Availability Zone${local.reached == 1 ? "" : "s"} only: when it fails, every call fails; at least ${input.min_azs} are asked for."
  }
}

# A firewall filters only where it has an endpoint.
resource_policy "aws_networkfirewall_firewall" "workload_one_az" {
  enforcement_level = "mandatory_overridable"

  locals {
    subnet_ids = core::distinct(core::try([for m in attrs.subnet_mapping : m.subnet_id], []))
    places = [
      for id in local.subnet_ids : core::flatten([
        for s in core::concat(core::getresources("aws_subnet", { id = id }), core::getresources("aws_default_subnet", { id = id })) :
        core::try([core::coalesce(core::try(s.availability_zone, null), core::try(s.availability_zone_id, null))], [])
      ])
    ]
    found_all = core::alltrue([for p in local.places : core::length(p) > 0])
    azs       = core::distinct(core::flatten(local.places))
    reached   = core::length(local.subnet_ids) < input.min_azs ? core::length(local.subnet_ids) : core::length(local.azs)
  }

  filter = core::length(local.subnet_ids) > 0

  enforce {
    condition     = core::length(local.subnet_ids) >= input.min_azs && (!local.found_all || core::length(local.azs) >= input.min_azs)
    at            = attrs.subnet_mapping
    error_message = "${meta.address} has an endpoint in ${local.reached} Availability Zone${local.reached == 1 ? "" : "s"} only: when it fails, all traffic that must pass it stops; at least ${input.min_azs} are asked for."
  }
}
