# A NAT gateway lives in one Availability Zone. If the private subnets of other zones leave through it, its zone takes their
# internet access with it, and tasks that cannot reach ECR, APIs or payment providers are as good as stopped.
resource_policy "aws_nat_gateway" "nat_gateway_single_az" {
  title             = "Several Availability Zones share the NAT gateway of fewer"
  category          = "multi_az"
  severity          = "medium"
  scope             = "production"
  references        = ["Amazon VPC User Guide: NAT gateway basics", "Terraform AWS provider: aws_nat_gateway"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      The services run in several zones, but their way out runs through one. When that zone fails, all of them lose the internet at
      the same time: images cannot be pulled, webhooks are not sent, log shipping stops. In normal times, each gigabyte that crosses
      zones on its way out is charged twice.
    EOT
    fix = "Create one NAT gateway in each zone that has private subnets, and one route table for each zone that points to its own gateway."
  }

  # From the gateway's VPC: its public gateways, the tables that route to them, the subnets of those tables.
  locals {
    homes = core::getresources("aws_subnet", { id = core::try(attrs.subnet_id, null) })
    gateways = core::flatten([
      for home in local.homes : [
        for s in core::getresources("aws_subnet", { vpc_id = home.vpc_id }) : [
          for n in core::getresources("aws_nat_gateway", { subnet_id = s.id }) : {
            id  = n.id
            vpc = home.vpc_id
            az  = core::coalesce(core::try(s.availability_zone, null), core::try(s.availability_zone_id, null), n.id)
          }
          if core::coalesce(core::try(n.connectivity_type, null), "public") != "private"
        ]
      ]
    ])
    tables = core::flatten([
      for g in local.gateways : core::concat(
        [for r in core::getresources("aws_route", { nat_gateway_id = g.id }) : { id = r.route_table_id, exit = g.az }],
        [for t in core::getresources("aws_route_table", { vpc_id = g.vpc, route = { nat_gateway_id = g.id } }) : { id = t.id, exit = g.az }]
      )
    ])
    served = core::flatten([
      for t in local.tables : [
        for a in core::getresources("aws_route_table_association", { route_table_id = t.id }) : [
          for s in core::getresources("aws_subnet", { id = core::try(a.subnet_id, null) }) : {
            az   = core::coalesce(core::try(s.availability_zone, null), core::try(s.availability_zone_id, null))
            exit = t.exit
          }
          if core::try(s.availability_zone, null) != null || core::try(s.availability_zone_id, null) != null
        ]
      ]
    ])
    azs   = core::distinct([for s in local.served : s.az])
    exits = core::distinct([for s in local.served : s.exit])

    # Each zone has its gateway, and only the routes lead elsewhere: nat_route_crosses_az says which.
    only_routes = core::alltrue([for az in local.azs : core::contains([for g in local.gateways : g.az], az)])
  }

  # A regional NAT gateway spreads itself over the zones; a private one is no way to the internet. If it is not known yet
  # in which subnet the gateway will be, nothing behind that is known either.
  filter = (
    core::coalesce(core::try(attrs.connectivity_type, null), "public") != "private"
    && core::coalesce(core::try(attrs.availability_mode, null), "zonal") != "regional"
    && core::length(local.homes) == 1
  )

  enforce {
    condition     = core::length(local.azs) < 2 || core::length(local.exits) >= core::length(local.azs) || local.only_routes
    at            = attrs.subnet_id
    error_message = "${meta.address} serves private subnets of ${core::length(local.azs)} Availability Zones with NAT gateways in only ${core::length(local.exits)} of them: when a zone with a gateway fails, others lose the internet with it."
  }

  option "one_per_zone" {
    title    = "One NAT gateway in each Availability Zone"
    merits   = ["the loss of a zone stays in that zone", "no charge between zones on the way out"]
    demerits = ["the hourly price of one more gateway for each zone"]
    downtime = "seconds for open connections when a route moves"
    effort   = "S"
    add "aws_nat_gateway" {
      connectivity_type = "public"
    }
  }

  option "regional" {
    title    = "Use one regional NAT gateway"
    merits   = ["AWS adds zones by itself", "one gateway and one route table to care for"]
    demerits = ["charged by the hour for each zone it serves", "new addresses unless they are given by hand", "needs a recent provider"]
    downtime = "seconds for open connections when the routes move"
    effort   = "M"
  }

  option "endpoints" {
    title    = "Keep one gateway and add VPC endpoints for AWS services"
    merits   = ["traffic to ECR, S3 and logs survives", "cheaper by the gigabyte"]
    demerits = ["the rest of the internet still hangs on one zone"]
    downtime = "none"
    effort   = "S"
  }

  pass "one_gateway_for_each_zone" {
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_subnet" "public" {
      for_each          = { "ap-northeast-1a" = "10.0.0.0/24", "ap-northeast-1c" = "10.0.1.0/24" }
      vpc_id            = aws_vpc.main.id
      cidr_block        = each.value
      availability_zone = each.key
    }

    resource "aws_subnet" "private" {
      for_each          = { "ap-northeast-1a" = "10.0.10.0/24", "ap-northeast-1c" = "10.0.11.0/24" }
      vpc_id            = aws_vpc.main.id
      cidr_block        = each.value
      availability_zone = each.key
    }

    resource "aws_nat_gateway" "main" {
      for_each      = aws_subnet.public
      subnet_id     = each.value.id
      allocation_id = "eipalloc-0a1b2c3d4e5f60718"
    }

    resource "aws_route_table" "private" {
      for_each = aws_subnet.private
      vpc_id   = aws_vpc.main.id
    }

    resource "aws_route" "internet" {
      for_each               = aws_route_table.private
      route_table_id         = each.value.id
      destination_cidr_block = "0.0.0.0/0"
      nat_gateway_id         = aws_nat_gateway.main[each.key].id
    }

    resource "aws_route_table_association" "private" {
      for_each       = aws_subnet.private
      subnet_id      = each.value.id
      route_table_id = aws_route_table.private[each.key].id
    }
  }

  pass "only_the_routes_are_wrong" {
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_subnet" "public" {
      for_each          = { "ap-northeast-1a" = "10.0.0.0/24", "ap-northeast-1c" = "10.0.1.0/24" }
      vpc_id            = aws_vpc.main.id
      cidr_block        = each.value
      availability_zone = each.key
    }

    resource "aws_subnet" "private" {
      for_each          = { "ap-northeast-1a" = "10.0.10.0/24", "ap-northeast-1c" = "10.0.11.0/24" }
      vpc_id            = aws_vpc.main.id
      cidr_block        = each.value
      availability_zone = each.key
    }

    resource "aws_nat_gateway" "main" {
      for_each      = aws_subnet.public
      subnet_id     = each.value.id
      allocation_id = "eipalloc-0a1b2c3d4e5f60718"
    }

    resource "aws_route_table" "private" {
      vpc_id = aws_vpc.main.id

      route {
        cidr_block     = "0.0.0.0/0"
        nat_gateway_id = aws_nat_gateway.main["ap-northeast-1a"].id
      }
    }

    resource "aws_route_table_association" "private" {
      for_each       = aws_subnet.private
      subnet_id      = each.value.id
      route_table_id = aws_route_table.private.id
    }
  }

  pass "everything_in_one_zone" {
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_subnet" "public" {
      vpc_id            = aws_vpc.main.id
      cidr_block        = "10.0.0.0/24"
      availability_zone = "ap-northeast-1a"
    }

    resource "aws_subnet" "private" {
      vpc_id            = aws_vpc.main.id
      cidr_block        = "10.0.10.0/24"
      availability_zone = "ap-northeast-1a"
    }

    resource "aws_nat_gateway" "main" {
      subnet_id     = aws_subnet.public.id
      allocation_id = "eipalloc-0a1b2c3d4e5f60718"
    }

    resource "aws_route_table" "private" {
      vpc_id = aws_vpc.main.id

      route {
        cidr_block     = "0.0.0.0/0"
        nat_gateway_id = aws_nat_gateway.main.id
      }
    }

    resource "aws_route_table_association" "private" {
      subnet_id      = aws_subnet.private.id
      route_table_id = aws_route_table.private.id
    }
  }

  pass "private_gateway" {
    resource "aws_nat_gateway" "peering" {
      subnet_id         = "subnet-0a1b2c3d4e5f60718"
      connectivity_type = "private"
    }
  }

  fail "two_zones_through_one_gateway" {
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_subnet" "public" {
      vpc_id            = aws_vpc.main.id
      cidr_block        = "10.0.0.0/24"
      availability_zone = "ap-northeast-1a"
    }

    resource "aws_subnet" "private" {
      for_each          = { "ap-northeast-1a" = "10.0.10.0/24", "ap-northeast-1c" = "10.0.11.0/24" }
      vpc_id            = aws_vpc.main.id
      cidr_block        = each.value
      availability_zone = each.key
    }

    resource "aws_nat_gateway" "main" {
      subnet_id     = aws_subnet.public.id
      allocation_id = "eipalloc-0a1b2c3d4e5f60718"
    }

    resource "aws_route_table" "private" {
      vpc_id = aws_vpc.main.id
    }

    resource "aws_route" "internet" {
      route_table_id         = aws_route_table.private.id
      destination_cidr_block = "0.0.0.0/0"
      nat_gateway_id         = aws_nat_gateway.main.id
    }

    resource "aws_route_table_association" "private" {
      for_each       = aws_subnet.private
      subnet_id      = each.value.id
      route_table_id = aws_route_table.private.id
    }
  }

  fail "inline_route" {
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_subnet" "public" {
      vpc_id            = aws_vpc.main.id
      cidr_block        = "10.0.0.0/24"
      availability_zone = "ap-northeast-1a"
    }

    resource "aws_subnet" "private_a" {
      vpc_id            = aws_vpc.main.id
      cidr_block        = "10.0.10.0/24"
      availability_zone = "ap-northeast-1a"
    }

    resource "aws_subnet" "private_c" {
      vpc_id            = aws_vpc.main.id
      cidr_block        = "10.0.11.0/24"
      availability_zone = "ap-northeast-1c"
    }

    resource "aws_nat_gateway" "main" {
      subnet_id     = aws_subnet.public.id
      allocation_id = "eipalloc-0a1b2c3d4e5f60718"
    }

    resource "aws_route_table" "private" {
      vpc_id = aws_vpc.main.id

      route {
        cidr_block     = "0.0.0.0/0"
        nat_gateway_id = aws_nat_gateway.main.id
      }
    }

    resource "aws_route_table_association" "a" {
      subnet_id      = aws_subnet.private_a.id
      route_table_id = aws_route_table.private.id
    }

    resource "aws_route_table_association" "c" {
      subnet_id      = aws_subnet.private_c.id
      route_table_id = aws_route_table.private.id
    }
  }
}
