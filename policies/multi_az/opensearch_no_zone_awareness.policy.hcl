# One data node, or several in one zone, means that the search falls with that zone. Zone awareness places nodes and the copies
# of each index in different zones; without it AWS makes no promise where they are.
resource_policy "aws_opensearch_domain" "opensearch_no_zone_awareness" {
  title             = "Search domain is kept in one Availability Zone"
  category          = "multi_az"
  severity          = "high"
  scope             = "production"
  aliases           = ["CKV_AWS_318", "S:opensearch-data-node-fault-tolerance"]
  references        = ["Amazon OpenSearch Service Developer Guide: Configuring a multi-AZ domain", "Terraform AWS provider: aws_opensearch_domain"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      With one data node, or with all nodes in one zone, a failure takes the search down, and an index without a replica in another
      zone has to be restored from a snapshot or filled again. Log search is then missing just while the incident is being looked at.
    EOT
    fix = "Use two or more data nodes with `zone_awareness_enabled = true` and `zone_awareness_config`, and give every index at least one replica."
  }

  locals {
    nodes   = core::coalesce(core::try(attrs.cluster_config[0].instance_count, null), 1)
    standby = core::coalesce(core::try(attrs.cluster_config[0].multi_az_with_standby_enabled, null), false)
    aware   = core::coalesce(core::try(attrs.cluster_config[0].zone_awareness_enabled, null), false)
  }

  enforce {
    condition     = local.standby || local.nodes >= 2
    at            = attrs.cluster_config[0].instance_count
    error_message = "${meta.address} has one data node: when it or its zone fails, the search is down; two Availability Zones need at least 2."
  }

  enforce {
    condition     = local.standby || local.nodes < 2 || local.aware
    at            = attrs.cluster_config[0].zone_awareness_enabled
    error_message = "${meta.address} keeps its ${local.nodes} data nodes in one Availability Zone, because zone awareness is off: when that zone fails, the search is down."
  }

  option "two_zones" {
    title    = "Two data nodes in two Availability Zones"
    merits   = ["the loss of a node or a zone leaves the search running"]
    demerits = ["the node and storage price doubles if there was one node", "traffic between zones"]
    downtime = "none; the change runs on a second set of nodes and is slow for hours"
    effort   = "S"
    set {
      cluster_config = [{
        instance_type          = core::try(attrs.cluster_config[0].instance_type, null)
        instance_count         = core::max(2, local.nodes)
        zone_awareness_enabled = true
      }]
    }
  }

  option "standby" {
    title    = "Multi-AZ with Standby over three zones"
    merits   = ["one zone is kept in reserve, failover in about a minute", "AWS checks the set-up for you"]
    demerits = ["needs three data nodes and three master nodes", "only with newer engine versions and node types"]
    downtime = "none; slow for hours"
    effort   = "M"
  }

  option "rebuild_from_source" {
    title    = "Stay with one zone and rehearse filling the index again"
    merits   = ["no extra cost"]
    demerits = ["search is down until the index is filled, often hours"]
    downtime = "none"
    effort   = "M"
  }

  pass "two_zones" {
    resource "aws_opensearch_domain" "logs" {
      domain_name    = "logs"
      engine_version = "OpenSearch_2.17"

      cluster_config {
        instance_type          = "r7g.large.search"
        instance_count         = 2
        zone_awareness_enabled = true

        zone_awareness_config {
          availability_zone_count = 2
        }
      }

      ebs_options {
        ebs_enabled = true
        volume_size = 50
      }
    }
  }

  pass "with_standby" {
    resource "aws_opensearch_domain" "logs" {
      domain_name    = "logs"
      engine_version = "OpenSearch_2.17"

      cluster_config {
        instance_type                 = "r7g.large.search"
        instance_count                = 3
        dedicated_master_enabled      = true
        dedicated_master_type         = "m7g.large.search"
        dedicated_master_count        = 3
        multi_az_with_standby_enabled = true
      }

      ebs_options {
        ebs_enabled = true
        volume_size = 50
      }
    }
  }

  fail "one_node_by_default" {
    resource "aws_opensearch_domain" "logs" {
      domain_name    = "logs"
      engine_version = "OpenSearch_2.17"
    }
  }

  fail "three_nodes_in_one_zone" {
    resource "aws_opensearch_domain" "logs" {
      domain_name    = "logs"
      engine_version = "OpenSearch_2.17"

      cluster_config {
        instance_type  = "r7g.large.search"
        instance_count = 3
      }
    }
  }

  pass "elasticsearch_domain_in_two_zones" {
    resource "aws_elasticsearch_domain" "logs" {
      domain_name           = "logs"
      elasticsearch_version = "7.10"

      cluster_config {
        instance_type          = "r5.large.elasticsearch"
        instance_count         = 2
        zone_awareness_enabled = true
      }
    }
  }

  fail "elasticsearch_domain" {
    resource "aws_elasticsearch_domain" "logs" {
      domain_name           = "logs"
      elasticsearch_version = "7.10"

      cluster_config {
        instance_type  = "r5.large.elasticsearch"
        instance_count = 2
      }
    }
  }
}

# The older resource for the same service; it has no Multi-AZ with Standby.
resource_policy "aws_elasticsearch_domain" "opensearch_no_zone_awareness" {
  enforcement_level = "advisory"

  locals {
    nodes = core::coalesce(core::try(attrs.cluster_config[0].instance_count, null), 1)
    aware = core::coalesce(core::try(attrs.cluster_config[0].zone_awareness_enabled, null), false)
  }

  enforce {
    condition     = local.nodes >= 2
    at            = attrs.cluster_config[0].instance_count
    error_message = "${meta.address} has one data node: when it or its zone fails, the search is down; two Availability Zones need at least 2."
  }

  enforce {
    condition     = local.nodes < 2 || local.aware
    at            = attrs.cluster_config[0].zone_awareness_enabled
    error_message = "${meta.address} keeps its ${local.nodes} data nodes in one Availability Zone, because zone awareness is off: when that zone fails, the search is down."
  }
}
