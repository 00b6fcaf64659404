# A NAT gateway is one of the dearest idle things in a VPC: it is charged by the hour even when no route leads to it.
resource_policy "aws_nat_gateway" "nat_gateway_without_route" {
  title             = "NAT gateway is in no route that a subnet uses"
  category          = "orphan"
  severity          = "low"
  references        = ["Amazon VPC User Guide: NAT gateways", "Terraform AWS provider: aws_nat_gateway"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      No packet can reach it, because no route table of any subnet points to it. The hourly price and its public address are paid for
      nothing, month after month.
    EOT
    fix = "Delete the gateway and release its address, or add the route that is missing. If it is kept on purpose, tag it `planfit:keep` with the reason."
  }

  # A table that is not an aws_route_table here (the main table of a VPC, a table of another directory) counts as used.
  # Tables with inline routes are looked for in the network of the gateway's subnet; it is the only one they can be in.
  locals {
    homes = core::getresources("aws_subnet", { id = core::try(attrs.subnet_id, null) })
    inline = core::can(local.homes[0]) ? core::flatten([
      for vpc in core::distinct([for s in local.homes : s.vpc_id]) : core::getresources("aws_route_table", { vpc_id = vpc, route = { nat_gateway_id = attrs.id } })
    ]) : core::getresources("aws_route_table", { route = { nat_gateway_id = attrs.id } })
    table_ids = core::concat(
      [for r in core::getresources("aws_route", { nat_gateway_id = attrs.id }) : r.route_table_id],
      [for t in local.inline : t.id],
      [for t in core::getresources("aws_default_route_table", { route = { nat_gateway_id = attrs.id } }) : t.id]
    )
    used = core::anytrue([
      for id in local.table_ids : core::length(core::getresources("aws_route_table_association", { route_table_id = id })) > 0
      || core::length(core::getresources("aws_main_route_table_association", { route_table_id = id })) > 0
      || core::length(core::getresources("aws_route_table", { id = id })) == 0
    ])

    # Subnets of its zone leave through the gateway of another zone: then the route is the slip, and nat_route_crosses_az says so.
    tables_of_zone = core::distinct(core::flatten([
      for home in local.homes : [
        for s in core::getresources("aws_subnet", { vpc_id = home.vpc_id, availability_zone = core::try(home.availability_zone, "none") }) :
        [for a in core::getresources("aws_route_table_association", { subnet_id = s.id }) : a.route_table_id]
      ]
    ]))
    exits_of_zone = core::flatten([
      for id in local.tables_of_zone : core::concat(
        [for r in core::getresources("aws_route", { route_table_id = id }) : core::coalesce(core::try(r.nat_gateway_id, null), "none")],
        [for t in core::getresources("aws_route_table", { id = id }) : [for r in core::coalesce(core::try(t.route, null), []) : core::coalesce(core::try(r.nat_gateway_id, null), "none")]]
      )
    ])
    passed_by = core::anytrue(core::flatten([
      for id in core::flatten(local.exits_of_zone) : [
        for n in core::getresources("aws_nat_gateway", { id = id }) : [
          for s in core::getresources("aws_subnet", { id = core::try(n.subnet_id, null) }) : s.availability_zone != local.homes[0].availability_zone
        ]
      ]
    ]))
  }

  filter = core::try(attrs.tags["planfit:keep"], null) == null

  enforce {
    condition     = core::length(local.table_ids) > 0 || local.passed_by
    error_message = "${meta.address} is the target of no route; it is paid for by the hour."
  }

  enforce {
    condition     = core::length(local.table_ids) == 0 || local.used || local.passed_by
    error_message = "${meta.address} is only in route tables that no subnet uses; it is paid for by the hour."
  }

  option "delete" {
    title    = "Delete the gateway and release its address"
    merits   = ["its hourly price ends"]
    demerits = ["the address is gone for good; partners may have it in an allowlist"]
    downtime = "none, nothing passes it"
    effort   = "S"
  }

  option "add_the_route" {
    title    = "Add the route or the association that is missing"
    merits   = ["the subnets reach the internet through it"]
    demerits = ["the price stays, and traffic is charged by the gigabyte"]
    downtime = "seconds for open connections when a route moves"
    effort   = "S"
  }

  pass "route_of_a_used_table" {
    resource "aws_nat_gateway" "main" {
      allocation_id = "eipalloc-0a1b2c3d4e5f60718"
      subnet_id     = "subnet-0a1b2c3d4e5f60718"
    }

    resource "aws_route_table" "private" {
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_route" "internet" {
      route_table_id         = aws_route_table.private.id
      destination_cidr_block = "0.0.0.0/0"
      nat_gateway_id         = aws_nat_gateway.main.id
    }

    resource "aws_route_table_association" "private" {
      subnet_id      = "subnet-1a1b2c3d4e5f60718"
      route_table_id = aws_route_table.private.id
    }
  }

  pass "inline_route" {
    resource "aws_nat_gateway" "main" {
      allocation_id = "eipalloc-0a1b2c3d4e5f60718"
      subnet_id     = "subnet-0a1b2c3d4e5f60718"
    }

    resource "aws_route_table" "private" {
      vpc_id = "vpc-0a1b2c3d4e5f60718"

      route {
        cidr_block     = "0.0.0.0/0"
        nat_gateway_id = aws_nat_gateway.main.id
      }
    }

    resource "aws_route_table_association" "private" {
      subnet_id      = "subnet-1a1b2c3d4e5f60718"
      route_table_id = aws_route_table.private.id
    }
  }

  pass "route_of_its_zone_leads_to_another_zone" {
    resource "aws_subnet" "public" {
      for_each          = { "ap-northeast-1a" = "10.0.0.0/24", "ap-northeast-1c" = "10.0.1.0/24" }
      vpc_id            = "vpc-0a1b2c3d4e5f60718"
      cidr_block        = each.value
      availability_zone = each.key
    }

    resource "aws_subnet" "private" {
      for_each          = { "ap-northeast-1a" = "10.0.10.0/24", "ap-northeast-1c" = "10.0.11.0/24" }
      vpc_id            = "vpc-0a1b2c3d4e5f60718"
      cidr_block        = each.value
      availability_zone = each.key
    }

    resource "aws_nat_gateway" "main" {
      for_each      = aws_subnet.public
      subnet_id     = each.value.id
      allocation_id = "eipalloc-0a1b2c3d4e5f60718"
    }

    resource "aws_route_table" "private" {
      vpc_id = "vpc-0a1b2c3d4e5f60718"
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
  }

  pass "table_of_another_directory" {
    resource "aws_nat_gateway" "main" {
      allocation_id = "eipalloc-0a1b2c3d4e5f60718"
      subnet_id     = "subnet-0a1b2c3d4e5f60718"
    }

    resource "aws_route" "internet" {
      route_table_id         = "rtb-0a1b2c3d4e5f60718"
      destination_cidr_block = "0.0.0.0/0"
      nat_gateway_id         = aws_nat_gateway.main.id
    }
  }

  fail "no_route" {
    resource "aws_nat_gateway" "old" {
      allocation_id = "eipalloc-0a1b2c3d4e5f60718"
      subnet_id     = "subnet-0a1b2c3d4e5f60718"
    }
  }

  fail "table_without_subnets" {
    resource "aws_nat_gateway" "old" {
      allocation_id = "eipalloc-0a1b2c3d4e5f60718"
      subnet_id     = "subnet-0a1b2c3d4e5f60718"
    }

    resource "aws_route_table" "old" {
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_route" "internet" {
      route_table_id         = aws_route_table.old.id
      destination_cidr_block = "0.0.0.0/0"
      nat_gateway_id         = aws_nat_gateway.old.id
    }
  }

  fail "another_gateway_of_its_zone_is_used" {
    resource "aws_subnet" "public" {
      vpc_id            = "vpc-0a1b2c3d4e5f60718"
      cidr_block        = "10.0.0.0/24"
      availability_zone = "ap-northeast-1a"
    }

    resource "aws_subnet" "private" {
      vpc_id            = "vpc-0a1b2c3d4e5f60718"
      cidr_block        = "10.0.10.0/24"
      availability_zone = "ap-northeast-1a"
    }

    resource "aws_nat_gateway" "used" {
      allocation_id = "eipalloc-0a1b2c3d4e5f60718"
      subnet_id     = aws_subnet.public.id
    }

    resource "aws_nat_gateway" "idle" {
      allocation_id = "eipalloc-1a1b2c3d4e5f60718"
      subnet_id     = aws_subnet.public.id
    }

    resource "aws_route_table" "private" {
      vpc_id = "vpc-0a1b2c3d4e5f60718"

      route {
        cidr_block     = "0.0.0.0/0"
        nat_gateway_id = aws_nat_gateway.used.id
      }
    }

    resource "aws_route_table_association" "private" {
      subnet_id      = aws_subnet.private.id
      route_table_id = aws_route_table.private.id
    }

    expect = ["aws_nat_gateway.idle"]
  }
}
