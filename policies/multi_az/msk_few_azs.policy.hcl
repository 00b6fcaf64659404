# Kafka keeps each message on several brokers. With brokers in one zone the copies fail together; with two brokers, the loss of one
# leaves a single copy, and topics that ask for two in-sync copies stop taking messages.

input "min_azs" {
  type        = number
  default     = 2
  description = "Two Availability Zones are the least that survive the loss of one; three are what AWS recommends for Kafka."
}

resource_policy "aws_msk_cluster" "msk_few_azs" {
  title             = "Kafka cluster has too few zones or brokers"
  category          = "multi_az"
  severity          = "medium"
  scope             = "production"
  references        = ["Amazon MSK Developer Guide: Best practices for Standard brokers", "Terraform AWS provider: aws_msk_cluster"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      AWS patches brokers one after the other. With three brokers and a replication factor of three this goes unnoticed. With fewer,
      producers get errors at each patch, and the loss of a zone can take messages with it.
    EOT
    fix = "Use three `client_subnets` in three zones and a multiple of three for `number_of_broker_nodes`. The zones cannot be changed later, so this takes a new cluster."
  }

  locals {
    subnet_ids = core::distinct(core::try([for id in attrs.broker_node_group_info[0].client_subnets : id], []))
    places = [
      for id in local.subnet_ids : core::flatten([
        for s in core::concat(core::getresources("aws_subnet", { id = id }), core::getresources("aws_default_subnet", { id = id })) :
        core::try([core::coalesce(core::try(s.availability_zone, null), core::try(s.availability_zone_id, null))], [])
      ])
    ]
    found_all = core::alltrue([for p in local.places : core::length(p) > 0])
    azs       = core::distinct(core::flatten(local.places))
    reached   = core::length(local.subnet_ids) < input.min_azs ? core::length(local.subnet_ids) : core::length(local.azs)
    brokers   = core::coalesce(core::try(attrs.number_of_broker_nodes, null), 3)
  }

  # A subnet of another directory has an unknown zone: then only too few subnets are a proof.
  enforce {
    condition = (
      core::length(local.subnet_ids) == 0
      || core::length(local.subnet_ids) >= input.min_azs && (!local.found_all || core::length(local.azs) >= input.min_azs)
    )
    at            = attrs.broker_node_group_info[0].client_subnets
    error_message = "${meta.address} has its brokers in ${local.reached} Availability Zone${local.reached == 1 ? "" : "s"}; at least ${input.min_azs} are asked for, so that the loss of one keeps the messages."
  }

  enforce {
    condition     = local.brokers >= 3
    at            = attrs.number_of_broker_nodes
    error_message = "${meta.address} has ${local.brokers} brokers: while one is patched, a single copy of each message is left; three are the least."
  }

  option "three_zones" {
    title    = "Three brokers in three Availability Zones"
    merits   = ["patches and the loss of a zone go unnoticed"]
    demerits = ["the price of one more broker", "other subnets take a new cluster and a move of the topics"]
    downtime = "none when topics are mirrored first"
    effort   = "M"
  }

  option "serverless" {
    title    = "Move to MSK Serverless"
    merits   = ["spread over zones by AWS", "no broker size to choose"]
    demerits = ["a minimum price", "IAM authentication only"]
    downtime = "none when topics are mirrored first"
    effort   = "L"
  }

  pass "three_zones" {
    resource "aws_subnet" "kafka" {
      for_each          = { "ap-northeast-1a" = "10.0.30.0/24", "ap-northeast-1c" = "10.0.31.0/24", "ap-northeast-1d" = "10.0.32.0/24" }
      vpc_id            = "vpc-0a1b2c3d4e5f60718"
      cidr_block        = each.value
      availability_zone = each.key
    }

    resource "aws_msk_cluster" "events" {
      cluster_name           = "events"
      kafka_version          = "3.6.0"
      number_of_broker_nodes = 3

      broker_node_group_info {
        instance_type   = "kafka.m7g.large"
        client_subnets  = [for s in aws_subnet.kafka : s.id]
        security_groups = ["sg-0a1b2c3d4e5f60718"]
      }
    }
  }

  pass "subnets_of_another_directory" {
    resource "aws_msk_cluster" "events" {
      cluster_name           = "events"
      kafka_version          = "3.6.0"
      number_of_broker_nodes = 4

      broker_node_group_info {
        instance_type   = "kafka.m7g.large"
        client_subnets  = ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"]
        security_groups = ["sg-0a1b2c3d4e5f60718"]
      }
    }
  }

  fail "two_brokers" {
    resource "aws_msk_cluster" "events" {
      cluster_name           = "events"
      kafka_version          = "3.6.0"
      number_of_broker_nodes = 2

      broker_node_group_info {
        instance_type   = "kafka.t3.small"
        client_subnets  = ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"]
        security_groups = ["sg-0a1b2c3d4e5f60718"]
      }
    }
  }

  fail "one_zone" {
    resource "aws_subnet" "kafka" {
      count             = 2
      vpc_id            = "vpc-0a1b2c3d4e5f60718"
      cidr_block        = "10.0.3${count.index}.0/24"
      availability_zone = "ap-northeast-1a"
    }

    resource "aws_msk_cluster" "events" {
      cluster_name           = "events"
      kafka_version          = "3.6.0"
      number_of_broker_nodes = 4

      broker_node_group_info {
        instance_type   = "kafka.m7g.large"
        client_subnets  = aws_subnet.kafka[*].id
        security_groups = ["sg-0a1b2c3d4e5f60718"]
      }
    }
  }

  fail "one_subnet" {
    resource "aws_msk_cluster" "events" {
      cluster_name           = "events"
      kafka_version          = "3.6.0"
      number_of_broker_nodes = 3

      broker_node_group_info {
        instance_type   = "kafka.m7g.large"
        client_subnets  = ["subnet-0a1b2c3d4e5f60718"]
        security_groups = ["sg-0a1b2c3d4e5f60718"]
      }
    }
  }
}
