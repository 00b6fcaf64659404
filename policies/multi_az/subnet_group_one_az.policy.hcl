# A subnet group is the list of places where a database may live. If all of them are in one zone, no standby can ever be elsewhere,
# whatever is switched on in the database itself.

input "min_azs" {
  type        = number
  default     = 2
  description = "Two Availability Zones are the least that survive the loss of one."
}

resource_policy "aws_db_subnet_group" "subnet_group_one_az" {
  title             = "Subnet group of a database is in one Availability Zone"
  category          = "multi_az"
  severity          = "high"
  scope             = "production"
  aliases           = ["K:elasticache_nodes_not_created_across_multi_az"]
  references        = ["Amazon RDS User Guide: Working with a DB instance in a VPC", "Terraform AWS provider: aws_db_subnet_group"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = <<-EOT
      A standby or replica is placed into one of the subnets of the group. With one zone in it, both copies share that zone and fail
      together, or the creation of the standby stops with an error. The subnets of a running database are hard to change later.
    EOT
    fix = "Add a subnet of a second Availability Zone to `subnet_ids`."
  }

  locals {
    subnet_ids = core::distinct(core::try([for id in attrs.subnet_ids : id], []))
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

  # A subnet of another directory has an unknown zone: then only too few subnets are a proof.
  filter = core::length(local.subnet_ids) > 0 && (core::length(local.subnet_ids) < input.min_azs || local.found_all)

  enforce {
    condition     = core::length(local.subnet_ids) >= input.min_azs && core::length(local.azs) >= input.min_azs
    at            = attrs.subnet_ids
    error_message = "${meta.address} reaches ${local.reached} Availability Zone${local.reached == 1 ? "" : "s"}; at least ${input.min_azs} are asked for, or a standby has no other zone to stand in."
  }

  option "second_zone" {
    title    = "Add a subnet in a second Availability Zone"
    merits   = ["a standby can live apart from the primary", "costs nothing by itself"]
    demerits = ["one more subnet to plan"]
    downtime = "none"
    effort   = "S"
  }

  pass "two_zones" {
    resource "aws_subnet" "data" {
      for_each          = { "ap-northeast-1a" = "10.0.20.0/24", "ap-northeast-1c" = "10.0.21.0/24" }
      vpc_id            = "vpc-0a1b2c3d4e5f60718"
      cidr_block        = each.value
      availability_zone = each.key
    }

    resource "aws_db_subnet_group" "main" {
      name       = "main"
      subnet_ids = [for s in aws_subnet.data : s.id]
    }

    resource "aws_elasticache_subnet_group" "main" {
      name       = "main"
      subnet_ids = [for s in aws_subnet.data : s.id]
    }

    resource "aws_docdb_subnet_group" "main" {
      name       = "main"
      subnet_ids = [for s in aws_subnet.data : s.id]
    }

    resource "aws_neptune_subnet_group" "main" {
      name       = "main"
      subnet_ids = [for s in aws_subnet.data : s.id]
    }
  }

  pass "subnets_of_another_directory" {
    resource "aws_db_subnet_group" "main" {
      name       = "main"
      subnet_ids = ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"]
    }
  }

  fail "two_subnets_of_one_zone" {
    resource "aws_subnet" "data" {
      count             = 2
      vpc_id            = "vpc-0a1b2c3d4e5f60718"
      cidr_block        = "10.0.2${count.index}.0/24"
      availability_zone = "ap-northeast-1a"
    }

    resource "aws_db_subnet_group" "main" {
      name       = "main"
      subnet_ids = aws_subnet.data[*].id
    }

    resource "aws_elasticache_subnet_group" "main" {
      name       = "main"
      subnet_ids = aws_subnet.data[*].id
    }

    resource "aws_docdb_subnet_group" "main" {
      name       = "main"
      subnet_ids = aws_subnet.data[*].id
    }

    resource "aws_neptune_subnet_group" "main" {
      name       = "main"
      subnet_ids = aws_subnet.data[*].id
    }
  }

  fail "one_subnet_db" {
    resource "aws_db_subnet_group" "main" {
      name       = "main"
      subnet_ids = ["subnet-0a1b2c3d4e5f60718"]
    }
  }

  fail "one_subnet_elasticache" {
    resource "aws_elasticache_subnet_group" "main" {
      name       = "main"
      subnet_ids = ["subnet-0a1b2c3d4e5f60718"]
    }
  }

  fail "one_subnet_docdb" {
    resource "aws_docdb_subnet_group" "main" {
      name       = "main"
      subnet_ids = ["subnet-0a1b2c3d4e5f60718"]
    }
  }

  fail "one_subnet_neptune" {
    resource "aws_neptune_subnet_group" "main" {
      name       = "main"
      subnet_ids = ["subnet-0a1b2c3d4e5f60718"]
    }
  }
}

# Caches have subnet groups of their own.
resource_policy "aws_elasticache_subnet_group" "subnet_group_one_az" {
  enforcement_level = "mandatory_overridable"

  locals {
    subnet_ids = core::distinct(core::try([for id in attrs.subnet_ids : id], []))
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

  # A subnet of another directory has an unknown zone: then only too few subnets are a proof.
  filter = core::length(local.subnet_ids) > 0 && (core::length(local.subnet_ids) < input.min_azs || local.found_all)

  enforce {
    condition     = core::length(local.subnet_ids) >= input.min_azs && core::length(local.azs) >= input.min_azs
    at            = attrs.subnet_ids
    error_message = "${meta.address} reaches ${local.reached} Availability Zone${local.reached == 1 ? "" : "s"}; at least ${input.min_azs} are asked for, or a replica has no other zone to stand in."
  }

  option "second_zone" {
    title    = "Add a subnet in a second Availability Zone"
    merits   = ["a standby can live apart from the primary", "costs nothing by itself"]
    demerits = ["one more subnet to plan"]
    downtime = "none"
    effort   = "S"
  }
}

# DocumentDB clusters have subnet groups of their own.
resource_policy "aws_docdb_subnet_group" "subnet_group_one_az" {
  enforcement_level = "mandatory_overridable"

  locals {
    subnet_ids = core::distinct(core::try([for id in attrs.subnet_ids : id], []))
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

  # A subnet of another directory has an unknown zone: then only too few subnets are a proof.
  filter = core::length(local.subnet_ids) > 0 && (core::length(local.subnet_ids) < input.min_azs || local.found_all)

  enforce {
    condition     = core::length(local.subnet_ids) >= input.min_azs && core::length(local.azs) >= input.min_azs
    at            = attrs.subnet_ids
    error_message = "${meta.address} reaches ${local.reached} Availability Zone${local.reached == 1 ? "" : "s"}; at least ${input.min_azs} are asked for, or a reader has no other zone to stand in."
  }

  option "second_zone" {
    title    = "Add a subnet in a second Availability Zone"
    merits   = ["a standby can live apart from the primary", "costs nothing by itself"]
    demerits = ["one more subnet to plan"]
    downtime = "none"
    effort   = "S"
  }
}

# Neptune clusters have subnet groups of their own.
resource_policy "aws_neptune_subnet_group" "subnet_group_one_az" {
  enforcement_level = "mandatory_overridable"

  locals {
    subnet_ids = core::distinct(core::try([for id in attrs.subnet_ids : id], []))
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

  # A subnet of another directory has an unknown zone: then only too few subnets are a proof.
  filter = core::length(local.subnet_ids) > 0 && (core::length(local.subnet_ids) < input.min_azs || local.found_all)

  enforce {
    condition     = core::length(local.subnet_ids) >= input.min_azs && core::length(local.azs) >= input.min_azs
    at            = attrs.subnet_ids
    error_message = "${meta.address} reaches ${local.reached} Availability Zone${local.reached == 1 ? "" : "s"}; at least ${input.min_azs} are asked for, or a reader has no other zone to stand in."
  }

  option "second_zone" {
    title    = "Add a subnet in a second Availability Zone"
    merits   = ["a standby can live apart from the primary", "costs nothing by itself"]
    demerits = ["one more subnet to plan"]
    downtime = "none"
    effort   = "S"
  }
}
