# Networks are built once and then only added to. A subnet, a table or a gateway that nothing uses is one more thing that everybody
# has to understand before they may change the rest; an endpoint in it is paid by the hour.
locals {
  users = graph::referrers()

  # An id that leaves in an output, a call or a data source is somebody else's business.
  handed_on = core::anytrue([for user in plan::mentioned_in() : core::contains(["output", "locals", "module"], user) || core::startswith(user, "data.")])

  kept = core::try(attrs.tags["planfit:keep"], null) != null
}

resource_policy "aws_subnet" "network_part_unused" {
  title             = "Part of the network is used by nothing"
  category          = "orphan"
  severity          = "low"
  aliases           = ["CKV2_AWS_1", "S:ec2-network-acl-should-have-subnet-ids"]
  references        = ["Amazon VPC User Guide: Subnets for your VPC", "Amazon VPC User Guide: Configure route tables"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      Nothing runs in it and nothing is routed through it. It takes addresses that a later subnet needs, or an hourly price, and whoever
      plans a change of the network must find out first that it does not matter.
    EOT
    fix = "Delete it. If something outside of this directory uses it, put its id into an output, or tag it `planfit:keep` with the reason."
  }

  filter = !local.kept

  enforce {
    condition     = core::length(local.users) > 0 || local.handed_on
    error_message = "${meta.address} (${core::coalesce(core::try(attrs.cidr_block, null), "no IPv4 range")}) is used by nothing: no service, database, load balancer or gateway is in it."
  }

  option "delete" {
    title    = "Delete it"
    merits   = ["a network that is easier to understand", "addresses are free for something else"]
    demerits = ["something made by hand may be in it; AWS then refuses the delete"]
    downtime = "none"
    effort   = "S"
  }

  option "keep_with_reason" {
    title    = "Keep it with a reason"
    merits   = ["a range that is reserved stays reserved"]
    demerits = ["an endpoint goes on being paid for"]
    downtime = "none"
    effort   = "S"
  }

  pass "used_network" {
    resource "aws_subnet" "app" {
      vpc_id     = "vpc-0a1b2c3d4e5f60718"
      cidr_block = "10.0.1.0/24"
    }

    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api:12"

      network_configuration {
        subnets = [aws_subnet.app.id]
      }
    }

    resource "aws_route_table" "app" {
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_route_table_association" "app" {
      subnet_id      = aws_subnet.app.id
      route_table_id = aws_route_table.app.id
    }

    resource "aws_internet_gateway" "main" {
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_route" "out" {
      route_table_id         = aws_route_table.app.id
      destination_cidr_block = "0.0.0.0/0"
      gateway_id             = aws_internet_gateway.main.id
    }

    resource "aws_network_acl" "app" {
      vpc_id     = "vpc-0a1b2c3d4e5f60718"
      subnet_ids = [aws_subnet.app.id]
    }
  }

  pass "ids_are_outputs" {
    resource "aws_subnet" "shared" {
      vpc_id     = "vpc-0a1b2c3d4e5f60718"
      cidr_block = "10.0.2.0/24"
    }

    resource "aws_route_table" "shared" {
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_internet_gateway" "main" {
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }

    output "network" {
      value = [aws_subnet.shared.id, aws_route_table.shared.id, aws_internet_gateway.main.id]
    }
  }

  pass "associated_elsewhere" {
    resource "aws_network_acl" "app" {
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_network_acl_association" "app" {
      network_acl_id = aws_network_acl.app.id
      subnet_id      = "subnet-0a1b2c3d4e5f60718"
    }

    resource "aws_network_interface" "fixed_address" {
      subnet_id = "subnet-0a1b2c3d4e5f60718"
    }

    resource "aws_network_interface_attachment" "fixed_address" {
      instance_id          = "i-0a1b2c3d4e5f60718"
      network_interface_id = aws_network_interface.fixed_address.id
      device_index         = 1
    }
  }

  pass "endpoints_with_places" {
    resource "aws_vpc_endpoint" "s3" {
      vpc_id          = "vpc-0a1b2c3d4e5f60718"
      service_name    = "com.amazonaws.ap-northeast-1.s3"
      route_table_ids = ["rtb-0a1b2c3d4e5f60718"]
    }

    resource "aws_vpc_endpoint" "logs" {
      vpc_id            = "vpc-0a1b2c3d4e5f60718"
      service_name      = "com.amazonaws.ap-northeast-1.logs"
      vpc_endpoint_type = "Interface"
      subnet_ids        = ["subnet-0a1b2c3d4e5f60718"]
    }

    resource "aws_vpc_endpoint" "dynamodb" {
      vpc_id       = "vpc-0a1b2c3d4e5f60718"
      service_name = "com.amazonaws.ap-northeast-1.dynamodb"
    }

    resource "aws_vpc_endpoint_route_table_association" "dynamodb" {
      route_table_id  = "rtb-0a1b2c3d4e5f60718"
      vpc_endpoint_id = aws_vpc_endpoint.dynamodb.id
    }

    resource "aws_vpc_endpoint" "ecr" {
      vpc_id            = "vpc-0a1b2c3d4e5f60718"
      service_name      = "com.amazonaws.ap-northeast-1.ecr.api"
      vpc_endpoint_type = "Interface"
    }

    resource "aws_vpc_endpoint_subnet_association" "ecr" {
      vpc_endpoint_id = aws_vpc_endpoint.ecr.id
      subnet_id       = "subnet-0a1b2c3d4e5f60718"
    }
  }

  pass "kept_with_a_reason" {
    resource "aws_subnet" "reserved" {
      vpc_id     = "vpc-0a1b2c3d4e5f60718"
      cidr_block = "10.0.9.0/24"

      tags = {
        "planfit:keep" = "range of the second office"
      }
    }
  }

  fail "nothing_uses_them" {
    resource "aws_subnet" "old" {
      vpc_id     = "vpc-0a1b2c3d4e5f60718"
      cidr_block = "10.0.3.0/24"
    }

    resource "aws_route_table" "old" {
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_route" "old" {
      route_table_id         = aws_route_table.old.id
      destination_cidr_block = "10.1.0.0/16"
      transit_gateway_id     = "tgw-0a1b2c3d4e5f60718"
    }

    resource "aws_internet_gateway" "old" {
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_network_acl" "old" {
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_vpc_endpoint" "old" {
      vpc_id            = "vpc-0a1b2c3d4e5f60718"
      service_name      = "com.amazonaws.ap-northeast-1.logs"
      vpc_endpoint_type = "Interface"
    }

    resource "aws_network_interface" "old" {
      subnet_id = "subnet-0a1b2c3d4e5f60718"
    }
  }
}

resource_policy "aws_route_table" "network_part_unused" {
  enforcement_level = "advisory"

  filter = !local.kept

  enforce {
    condition     = core::length(local.users) > 0 || local.handed_on
    error_message = "${meta.address} is associated with no subnet and no endpoint: its routes are never used."
  }
}

resource_policy "aws_network_acl" "network_part_unused" {
  enforcement_level = "advisory"

  filter = !local.kept

  enforce {
    condition = (
      core::length(core::coalesce(core::try(attrs.subnet_ids, null), [])) > 0
      || core::length(core::getresources("aws_network_acl_association", { network_acl_id = attrs.id })) > 0
      || local.handed_on
    )
    error_message = "${meta.address} belongs to no subnet: its rules filter nothing."
  }
}

resource_policy "aws_internet_gateway" "network_part_unused" {
  enforcement_level = "advisory"

  filter = !local.kept

  enforce {
    condition     = core::length(local.users) > 0 || local.handed_on
    error_message = "${meta.address} is in no route: nothing reaches the internet through it."
  }
}

# An endpoint without a place carries nothing; one with an interface is paid by the hour.
resource_policy "aws_vpc_endpoint" "network_part_unused" {
  enforcement_level = "advisory"

  filter = !local.kept

  enforce {
    condition = (
      core::length(core::coalesce(core::try(attrs.subnet_ids, null), [])) > 0
      || core::length(core::coalesce(core::try(attrs.route_table_ids, null), [])) > 0
      || core::length(core::coalesce(core::try(attrs.subnet_configuration, null), [])) > 0
      || core::length(core::getresources("aws_vpc_endpoint_route_table_association", { vpc_endpoint_id = attrs.id })) > 0
      || core::length(core::getresources("aws_vpc_endpoint_subnet_association", { vpc_endpoint_id = attrs.id })) > 0
      || local.handed_on
    )
    error_message = "${meta.address} (${core::coalesce(core::try(attrs.service_name, null), "service not known")}) is in no subnet and no route table: nothing goes through it."
  }
}

resource_policy "aws_network_interface" "network_part_unused" {
  enforcement_level = "advisory"

  filter = !local.kept

  enforce {
    condition     = core::length(core::coalesce(core::try(attrs.attachment, null), [])) > 0 || core::length(local.users) > 0 || local.handed_on
    error_message = "${meta.address} is attached to no instance: its address is taken, and nothing answers there."
  }
}
