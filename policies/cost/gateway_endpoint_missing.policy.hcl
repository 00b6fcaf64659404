# Layers of images, backups and logs go to S3 through the NAT gateway, and each gigabyte is charged. A gateway endpoint for S3 and
# DynamoDB costs nothing and takes that traffic off it.
resource_policy "aws_nat_gateway" "gateway_endpoint_missing" {
  title             = "Traffic to S3 or DynamoDB is paid for at the NAT gateway"
  category          = "cost"
  severity          = "medium"
  aliases           = ["CB:EC2-2"]
  references        = ["Amazon VPC User Guide: Gateway endpoints", "Amazon VPC User Guide: Pricing for NAT gateways"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      A NAT gateway charges for every gigabyte on top of its hours. Image layers come from S3, so every start of a container goes through
      it, and so do backups and log files. With an endpoint the same traffic stays inside of AWS, free of charge, and goes on when the
      gateway's zone fails.
    EOT
    fix = "Add `aws_vpc_endpoint` for `com.amazonaws.REGION.s3` (and `.dynamodb` where tables are used) of type Gateway, and name the private route tables in it."
  }

  locals {
    subnets   = core::getresources("aws_subnet", { id = attrs.subnet_id })
    vpc       = core::try(local.subnets[0].vpc_id, null)
    endpoints = local.vpc == null ? [] : core::getresources("aws_vpc_endpoint", { vpc_id = local.vpc })
    services  = [for e in local.endpoints : core::coalesce(core::try(e.service_name, null), "-") if core::coalesce(core::try(e.vpc_endpoint_type, null), "Gateway") == "Gateway"]

    has_s3       = core::anytrue([for s in local.services : core::endswith(s, ".s3")])
    has_dynamodb = core::anytrue([for s in local.services : core::endswith(s, ".dynamodb")])
    tables       = core::length(core::getresources("aws_dynamodb_table", null))
  }

  # A gateway in a network of another directory may have its endpoints there.
  filter = core::coalesce(core::try(attrs.connectivity_type, null), "public") == "public" && core::length(local.subnets) > 0

  enforce {
    condition     = local.has_s3
    error_message = "${meta.address} carries the traffic to S3, image layers among it, and charges each gigabyte: its network has no gateway endpoint for S3, which is free."
  }

  enforce {
    condition     = local.tables == 0 || local.has_dynamodb
    error_message = "${meta.address} carries the traffic to DynamoDB and charges each gigabyte: its network has no gateway endpoint for DynamoDB, which is free."
  }

  option "gateway_endpoint" {
    title    = "Add a gateway endpoint"
    merits   = ["free", "image layers and backups leave the bill of the gateway", "goes on when the gateway's zone fails"]
    demerits = ["open connections to S3 break once when the route changes", "policies of buckets that name the gateway's address must name the endpoint"]
    downtime = "seconds for open connections"
    effort   = "S"
  }

  pass "both_endpoints" {
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_subnet" "public" {
      vpc_id     = aws_vpc.main.id
      cidr_block = "10.0.0.0/24"
    }

    resource "aws_nat_gateway" "main" {
      allocation_id = "eipalloc-0a1b2c3d4e5f60718"
      subnet_id     = aws_subnet.public.id
    }

    resource "aws_vpc_endpoint" "s3" {
      vpc_id       = aws_vpc.main.id
      service_name = "com.amazonaws.ap-northeast-1.s3"
    }

    resource "aws_vpc_endpoint" "dynamodb" {
      vpc_id            = aws_vpc.main.id
      service_name      = "com.amazonaws.ap-northeast-1.dynamodb"
      vpc_endpoint_type = "Gateway"
    }

    resource "aws_dynamodb_table" "sessions" {
      name = "sessions"
    }
  }

  pass "network_is_managed_elsewhere" {
    resource "aws_nat_gateway" "main" {
      allocation_id = "eipalloc-0a1b2c3d4e5f60718"
      subnet_id     = "subnet-0a1b2c3d4e5f60718"
    }
  }

  pass "between_networks_only" {
    resource "aws_subnet" "transit" {
      vpc_id     = "vpc-0a1b2c3d4e5f60718"
      cidr_block = "10.0.0.0/24"
    }

    resource "aws_nat_gateway" "transit" {
      connectivity_type = "private"
      subnet_id         = aws_subnet.transit.id
    }
  }

  fail "no_endpoint" {
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_subnet" "public" {
      vpc_id     = aws_vpc.main.id
      cidr_block = "10.0.0.0/24"
    }

    resource "aws_nat_gateway" "main" {
      allocation_id = "eipalloc-0a1b2c3d4e5f60718"
      subnet_id     = aws_subnet.public.id
    }
  }

  fail "only_an_interface" {
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_subnet" "public" {
      vpc_id     = aws_vpc.main.id
      cidr_block = "10.0.0.0/24"
    }

    resource "aws_nat_gateway" "main" {
      allocation_id = "eipalloc-0a1b2c3d4e5f60718"
      subnet_id     = aws_subnet.public.id
    }

    resource "aws_vpc_endpoint" "s3" {
      vpc_id            = aws_vpc.main.id
      service_name      = "com.amazonaws.ap-northeast-1.s3"
      vpc_endpoint_type = "Interface"
      subnet_ids        = ["subnet-0a1b2c3d4e5f60718"]
    }
  }

  fail "tables_without_an_endpoint" {
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_subnet" "public" {
      vpc_id     = aws_vpc.main.id
      cidr_block = "10.0.0.0/24"
    }

    resource "aws_nat_gateway" "main" {
      allocation_id = "eipalloc-0a1b2c3d4e5f60718"
      subnet_id     = aws_subnet.public.id
    }

    resource "aws_vpc_endpoint" "s3" {
      vpc_id       = aws_vpc.main.id
      service_name = "com.amazonaws.ap-northeast-1.s3"
    }

    resource "aws_dynamodb_table" "sessions" {
      name = "sessions"
    }
  }
}
