# Where each zone has its own NAT gateway, a subnet that leaves through the gateway of another zone is almost always a slip in a list.
# It ties two zones together, so the loss of either hurts, and each gigabyte is charged for crossing zones.


resource_policy "aws_route" "nat_route_crosses_az" {
  title             = "Subnet leaves through the NAT gateway of another zone"
  category          = "multi_az"
  severity          = "low"
  references        = ["Amazon VPC User Guide: NAT gateway basics", "Terraform AWS provider: aws_route"]
  enforcement_level = "advisory"

  docs {
    why = "The subnet's own zone has a gateway, but its way out runs through another zone. When that zone fails, this subnet loses the internet too, and until then the traffic between the zones is on the bill."
    fix = "Point the subnet to the route table of its own zone, or the route to the NAT gateway of the zone of its subnets."
  }

  # From the route to the zone of its gateway, and to the zones of the subnets that use the table.
  locals {
    gateways = core::getresources("aws_nat_gateway", { id = attrs.nat_gateway_id })
    exits = core::flatten([
      for n in local.gateways : [
        for s in core::getresources("aws_subnet", { id = core::try(n.subnet_id, null) }) : s
        if core::coalesce(core::try(n.connectivity_type, null), "public") == "public"
      ]
    ])
    served = core::flatten([
      for a in core::getresources("aws_route_table_association", { route_table_id = attrs.route_table_id }) : core::getresources("aws_subnet", { id = core::try(a.subnet_id, null) })
    ])
    crossing = core::distinct(core::flatten([
      for e in local.exits : [
        for s in local.served : s.availability_zone
        if s.availability_zone != e.availability_zone && core::anytrue([
          for near in core::getresources("aws_subnet", { vpc_id = s.vpc_id, availability_zone = s.availability_zone }) :
          core::length([for n in core::getresources("aws_nat_gateway", { subnet_id = near.id }) : n if core::coalesce(core::try(n.connectivity_type, null), "public") == "public"]) > 0
        ])
      ]
    ]))
  }

  filter = core::try(attrs.nat_gateway_id, null) != null && core::try(attrs.nat_gateway_id, null) != "" && core::length(local.exits) == 1

  enforce {
    condition     = core::length(local.crossing) == 0
    at            = attrs.nat_gateway_id
    error_message = "${meta.address} sends subnets of ${core::join(", ", local.crossing)} through the NAT gateway in ${local.exits[0].availability_zone}, although their own zone has one: they lose the internet when either zone fails, and the traffic between the zones is charged."
  }

  option "own_zone" {
    title    = "Use the NAT gateway of the subnet's own zone"
    merits   = ["a zone fails alone", "no charge between zones"]
    demerits = ["one route table for each zone"]
    downtime = "seconds for open connections when the route moves"
    effort   = "S"
  }

  pass "own_zone" {
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

  pass "the_other_zone_has_none" {
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

    resource "aws_route_table_association" "private" {
      subnet_id      = aws_subnet.private.id
      route_table_id = aws_route_table.private.id
    }
  }

  pass "no_nat_gateway" {
    resource "aws_route" "internet" {
      route_table_id         = "rtb-0a1b2c3d4e5f60718"
      destination_cidr_block = "0.0.0.0/0"
      gateway_id             = "igw-0a1b2c3d4e5f60718"
    }
  }

  fail "shared_table" {
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
    }

    resource "aws_route" "internet" {
      route_table_id         = aws_route_table.private.id
      destination_cidr_block = "0.0.0.0/0"
      nat_gateway_id         = aws_nat_gateway.main["ap-northeast-1a"].id
    }

    resource "aws_route_table_association" "private" {
      for_each       = aws_subnet.private
      subnet_id      = each.value.id
      route_table_id = aws_route_table.private.id
    }

    expect = ["aws_route.internet"]
  }

  fail "inline_route" {
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_subnet" "public_a" {
      vpc_id            = aws_vpc.main.id
      cidr_block        = "10.0.0.0/24"
      availability_zone = "ap-northeast-1a"
    }

    resource "aws_subnet" "public_c" {
      vpc_id            = aws_vpc.main.id
      cidr_block        = "10.0.1.0/24"
      availability_zone = "ap-northeast-1c"
    }

    resource "aws_subnet" "private_c" {
      vpc_id            = aws_vpc.main.id
      cidr_block        = "10.0.11.0/24"
      availability_zone = "ap-northeast-1c"
    }

    resource "aws_nat_gateway" "a" {
      subnet_id     = aws_subnet.public_a.id
      allocation_id = "eipalloc-0a1b2c3d4e5f60718"
    }

    resource "aws_nat_gateway" "c" {
      subnet_id     = aws_subnet.public_c.id
      allocation_id = "eipalloc-1a1b2c3d4e5f60718"
    }

    resource "aws_route_table" "private" {
      vpc_id = aws_vpc.main.id

      route {
        cidr_block     = "0.0.0.0/0"
        nat_gateway_id = aws_nat_gateway.a.id
      }
    }

    resource "aws_route_table_association" "c" {
      subnet_id      = aws_subnet.private_c.id
      route_table_id = aws_route_table.private.id
    }
  }
}

# The same with the route written inside of the table.
resource_policy "aws_route_table" "nat_route_crosses_az" {
  enforcement_level = "advisory"

  locals {
    nat_ids = core::flatten([for r in core::coalesce(core::try(attrs.route, null), []) : core::try(r.nat_gateway_id, null) == null || core::try(r.nat_gateway_id, null) == "" ? [] : [r.nat_gateway_id]])
    exits = core::flatten([
      for id in local.nat_ids : [
        for n in core::getresources("aws_nat_gateway", { id = id }) : core::getresources("aws_subnet", { id = core::try(n.subnet_id, null) })
        if core::coalesce(core::try(n.connectivity_type, null), "public") == "public"
      ]
    ])
    served = core::flatten([
      for a in core::getresources("aws_route_table_association", { route_table_id = attrs.id }) : core::getresources("aws_subnet", { id = core::try(a.subnet_id, null) })
    ])
    crossing = core::distinct(core::flatten([
      for e in local.exits : [
        for s in local.served : s.availability_zone
        if s.availability_zone != e.availability_zone && core::anytrue([
          for near in core::getresources("aws_subnet", { vpc_id = s.vpc_id, availability_zone = s.availability_zone }) :
          core::length([for n in core::getresources("aws_nat_gateway", { subnet_id = near.id }) : n if core::coalesce(core::try(n.connectivity_type, null), "public") == "public"]) > 0
        ])
      ]
    ]))
  }

  filter = core::length(local.nat_ids) > 0 && core::length(local.exits) == 1

  enforce {
    condition     = core::length(local.crossing) == 0
    at            = attrs.route
    error_message = "${meta.address} sends subnets of ${core::join(", ", local.crossing)} through the NAT gateway in ${local.exits[0].availability_zone}, although their own zone has one: they lose the internet when either zone fails, and the traffic between the zones is charged."
  }
}
