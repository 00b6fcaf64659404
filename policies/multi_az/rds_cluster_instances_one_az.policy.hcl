# AWS spreads the members of a cluster over zones, unless somebody has written a zone into each of them. Then writer and readers can
# share one zone, and the readers that were bought for a failure go down with the writer.
resource_policy "aws_rds_cluster_instance" "rds_cluster_instances_one_az" {
  title             = "All instances of a database cluster are in one Availability Zone"
  category          = "multi_az"
  severity          = "high"
  scope             = "production"
  references        = ["Amazon Aurora User Guide: High availability for Amazon Aurora", "Terraform AWS provider: aws_rds_cluster_instance"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      The data is kept in three zones, but with all instances in one, a failure of that zone leaves nobody to answer queries. AWS then
      builds a new instance elsewhere, which takes about ten minutes or, in a large failure, longer.
    EOT
    fix = "Leave `availability_zone` out, or write another zone into one of the readers. The zone of an instance cannot be changed: add a new reader first, then remove the old one."
  }

  locals {
    zone    = core::coalesce(core::try(attrs.availability_zone, null), "none")
    members = core::getresources("aws_rds_cluster_instance", { cluster_identifier = attrs.cluster_identifier })
    zones   = core::distinct([for m in local.members : core::coalesce(core::try(m.availability_zone, null), "none")])
  }

  filter = local.zone != "none" && core::length(local.members) >= 2

  enforce {
    condition     = core::length(local.zones) >= 2
    at            = attrs.availability_zone
    error_message = "${meta.address} and the other members of its cluster are all in ${local.zone}: when that zone fails, none of the ${core::length(local.members)} instances is left to take over."
  }

  option "reader_elsewhere" {
    title    = "Add a reader in another zone, then remove one here"
    merits   = ["the failover works when a zone fails"]
    demerits = ["one more instance is paid for while both exist", "a little traffic between zones"]
    downtime = "none when a reader is exchanged; a failover of seconds for the writer"
    effort   = "S"
  }

  pass "two_zones" {
    resource "aws_rds_cluster_instance" "writer" {
      identifier         = "main-0"
      cluster_identifier = "main"
      engine             = "aurora-postgresql"
      instance_class     = "db.r7g.large"
      availability_zone  = "ap-northeast-1a"
    }

    resource "aws_rds_cluster_instance" "reader" {
      identifier         = "main-1"
      cluster_identifier = "main"
      engine             = "aurora-postgresql"
      instance_class     = "db.r7g.large"
      availability_zone  = "ap-northeast-1c"
    }
  }

  pass "aws_chooses_for_the_reader" {
    resource "aws_rds_cluster_instance" "writer" {
      identifier         = "main-0"
      cluster_identifier = "main"
      engine             = "aurora-postgresql"
      instance_class     = "db.r7g.large"
      availability_zone  = "ap-northeast-1a"
    }

    resource "aws_rds_cluster_instance" "reader" {
      identifier         = "main-1"
      cluster_identifier = "main"
      engine             = "aurora-postgresql"
      instance_class     = "db.r7g.large"
    }
  }

  pass "one_instance" {
    resource "aws_rds_cluster_instance" "writer" {
      identifier         = "main-0"
      cluster_identifier = "main"
      engine             = "aurora-postgresql"
      instance_class     = "db.r7g.large"
      availability_zone  = "ap-northeast-1a"
    }
  }

  fail "same_zone" {
    resource "aws_rds_cluster" "main" {
      cluster_identifier          = "main"
      engine                      = "aurora-postgresql"
      master_username             = "app"
      manage_master_user_password = true
    }

    resource "aws_rds_cluster_instance" "main" {
      count              = 2
      identifier         = "main-${count.index}"
      cluster_identifier = aws_rds_cluster.main.id
      engine             = "aurora-postgresql"
      instance_class     = "db.r7g.large"
      availability_zone  = "ap-northeast-1a"
    }
  }
}
