# A subnet whose route table leads to an internet gateway is a public one. A database in there is hidden by two settings only, its
# public address and its security group, and both are one line.

resource_policy "aws_db_subnet_group" "database_in_public_subnet" {
  title             = "Databases stand in a public subnet"
  category          = "exposure"
  severity          = "high"
  aliases           = ["K:rds_associated_with_public_subnet"]
  references        = ["Amazon VPC User Guide: Subnet types", "Amazon RDS User Guide: Working with a DB instance in a VPC"]
  enforcement_level = "advisory"

  docs {
    why = "One line by mistake and the database is on the internet; in a private subnet there is no way even then."
    fix = "Use private subnets: those whose default route leads to a NAT gateway or nowhere."
  }

  locals {
    tables = core::distinct(core::flatten([
      for s in attrs.subnet_ids : [for a in core::getresources("aws_route_table_association", { subnet_id = s }) : a.route_table_id]
    ]))
    ways = core::flatten([
      for t in local.tables : [
        [for r in core::getresources("aws_route", { route_table_id = t }) : core::try(r.gateway_id, null) if core::contains(["0.0.0.0/0", "::/0"], core::coalesce(core::try(r.destination_cidr_block, null), core::try(r.destination_ipv6_cidr_block, null), "-"))],
        [
          for table in core::getresources("aws_route_table", { id = t }) : [
            for r in core::try([for x in table.route : x], []) : core::try(r.gateway_id, null)
            if core::contains(["0.0.0.0/0", "::/0"], core::coalesce(core::try(r.cidr_block, null), core::try(r.ipv6_cidr_block, null), "-"))
          ]
        ],
      ]
    ])
    public = core::anytrue([for g in local.ways : core::length(core::getresources("aws_internet_gateway", { id = g })) > 0 if g != null])
  }

  enforce {
    condition     = !local.public
    at            = attrs.subnet_ids
    error_message = "${meta.address} has a subnet with a route from and to the internet, so one setting puts a database on the internet."
  }

  option "new_group" {
    title    = "A new group of private subnets, database moved by a snapshot or a replica"
    merits   = ["no way in from the internet"]
    demerits = ["a database cannot change its group freely: restore, or switch to a replica"]
    downtime = "minutes at the switch"
    effort   = "M"
  }

  option "route" {
    title    = "Take the route to the internet gateway out of these subnets"
    merits   = ["nothing to move"]
    demerits = ["whatever else needs the route stops"]
    downtime = "seconds for what uses the route"
    effort   = "S"
  }

  pass "private" {
    resource "aws_subnet" "main" {
      vpc_id     = "vpc-1"
      cidr_block = "10.0.1.0/24"
    }

    resource "aws_internet_gateway" "main" {
      vpc_id = "vpc-1"
    }

    resource "aws_route_table" "main" {
      vpc_id = "vpc-1"
    }

    resource "aws_route_table_association" "main" {
      subnet_id      = aws_subnet.main.id
      route_table_id = aws_route_table.main.id
    }

    resource "aws_route" "main" {
      route_table_id         = aws_route_table.main.id
      destination_cidr_block = "0.0.0.0/0"
      nat_gateway_id         = "nat-0a1b2c3d4e5f60718"
    }

    resource "aws_db_subnet_group" "main" {
      subnet_ids = [aws_subnet.main.id]
    }

    resource "aws_elasticache_subnet_group" "main" {
      name       = "main"
      subnet_ids = [aws_subnet.main.id]
    }
  }

  pass "nothing_is_known" {
    resource "aws_db_subnet_group" "main" {
      subnet_ids = ["subnet-0a1b2c3d4e5f60718"]
    }

    resource "aws_elasticache_subnet_group" "main" {
      name       = "main"
      subnet_ids = ["subnet-0a1b2c3d4e5f60718"]
    }
  }

  fail "route" {
    resource "aws_subnet" "main" {
      vpc_id     = "vpc-1"
      cidr_block = "10.0.1.0/24"
    }

    resource "aws_internet_gateway" "main" {
      vpc_id = "vpc-1"
    }

    resource "aws_route_table" "main" {
      vpc_id = "vpc-1"
    }

    resource "aws_route_table_association" "main" {
      subnet_id      = aws_subnet.main.id
      route_table_id = aws_route_table.main.id
    }

    resource "aws_route" "main" {
      route_table_id         = aws_route_table.main.id
      destination_cidr_block = "0.0.0.0/0"
      gateway_id             = aws_internet_gateway.main.id
    }

    resource "aws_db_subnet_group" "main" {
      subnet_ids = [aws_subnet.main.id]
    }

    resource "aws_elasticache_subnet_group" "main" {
      name       = "main"
      subnet_ids = [aws_subnet.main.id]
    }
  }

  fail "inline_route" {
    resource "aws_subnet" "main" {
      vpc_id     = "vpc-1"
      cidr_block = "10.0.1.0/24"
    }

    resource "aws_internet_gateway" "main" {
      vpc_id = "vpc-1"
    }

    resource "aws_route_table" "main" {
      vpc_id = "vpc-1"
      route {
        cidr_block = "0.0.0.0/0"
        gateway_id = aws_internet_gateway.main.id
      }
    }

    resource "aws_route_table_association" "main" {
      subnet_id      = aws_subnet.main.id
      route_table_id = aws_route_table.main.id
    }

    resource "aws_db_subnet_group" "main" {
      subnet_ids = [aws_subnet.main.id]
    }

    resource "aws_elasticache_subnet_group" "main" {
      name       = "main"
      subnet_ids = [aws_subnet.main.id]
    }
  }
}

resource_policy "aws_elasticache_subnet_group" "database_in_public_subnet" {
  enforcement_level = "advisory"

  locals {
    tables = core::distinct(core::flatten([
      for s in attrs.subnet_ids : [for a in core::getresources("aws_route_table_association", { subnet_id = s }) : a.route_table_id]
    ]))
    ways = core::flatten([
      for t in local.tables : [
        [for r in core::getresources("aws_route", { route_table_id = t }) : core::try(r.gateway_id, null) if core::contains(["0.0.0.0/0", "::/0"], core::coalesce(core::try(r.destination_cidr_block, null), core::try(r.destination_ipv6_cidr_block, null), "-"))],
        [
          for table in core::getresources("aws_route_table", { id = t }) : [
            for r in core::try([for x in table.route : x], []) : core::try(r.gateway_id, null)
            if core::contains(["0.0.0.0/0", "::/0"], core::coalesce(core::try(r.cidr_block, null), core::try(r.ipv6_cidr_block, null), "-"))
          ]
        ],
      ]
    ])
    public = core::anytrue([for g in local.ways : core::length(core::getresources("aws_internet_gateway", { id = g })) > 0 if g != null])
  }

  enforce {
    condition     = !local.public
    at            = attrs.subnet_ids
    error_message = "${meta.address} has a subnet with a route from and to the internet, so one setting puts a cache on the internet."
  }
}
