# The master nodes keep the list of indexes and decide who holds which shard. Without nodes of their own for this, a heavy query
# also takes away the heads of the cluster, and the whole domain stops answering. Fewer than three cannot outvote a lost one.
resource_policy "aws_opensearch_domain" "opensearch_no_dedicated_master" {
  title             = "Search domain has too few dedicated master nodes"
  category          = "redundancy"
  severity          = "medium"
  scope             = "production"
  aliases           = ["CKV2_AWS_59", "CKV_AWS_318", "S:opensearch-primary-node-count-should-be-atleast-3"]
  references        = ["Amazon OpenSearch Service Developer Guide: Dedicated master nodes", "Terraform AWS provider: aws_opensearch_domain"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      From three data nodes on, the data nodes also have to manage the cluster. Under a heavy query or a full heap they lose contact
      with each other, and searches and writes fail until they agree again. With one or two masters the loss of one has the same end.
    EOT
    fix = "Set `dedicated_master_enabled = true` and `dedicated_master_count = 3` in `cluster_config`. The masters may be small."
  }

  locals {
    nodes   = core::coalesce(core::try(attrs.cluster_config[0].instance_count, null), 1)
    masters = core::coalesce(core::try(attrs.cluster_config[0].dedicated_master_enabled, null), false)
    standby = core::coalesce(core::try(attrs.cluster_config[0].multi_az_with_standby_enabled, null), false)
  }

  filter = !local.standby

  enforce {
    condition     = local.nodes < 3 || local.masters
    at            = attrs.cluster_config[0].dedicated_master_enabled
    error_message = "${meta.address} has ${local.nodes} data nodes and no dedicated master: a heavy query can stop the whole domain."
  }

  enforce {
    condition     = !local.masters || core::coalesce(core::try(attrs.cluster_config[0].dedicated_master_count, null), 3) >= 3
    at            = attrs.cluster_config[0].dedicated_master_count
    error_message = "${meta.address} has ${attrs.cluster_config[0].dedicated_master_count} dedicated master nodes; with fewer than 3 the loss of one stops the domain."
  }

  option "three_masters" {
    title    = "Three dedicated master nodes"
    merits   = ["a heavy query no longer takes the cluster down", "one master may be lost"]
    demerits = ["the price of three small nodes"]
    downtime = "none; the change runs on a second set of nodes and is slow for hours"
    effort   = "S"
    set {
      cluster_config = [core::merge(core::try(attrs.cluster_config[0], {}), {
        dedicated_master_enabled = true
        dedicated_master_count   = 3
        dedicated_master_type    = core::coalesce(core::try(attrs.cluster_config[0].dedicated_master_type, null), "m7g.medium.search")
      })]
    }
  }

  option "fewer_data_nodes" {
    title    = "Two larger data nodes instead of three small ones"
    merits   = ["no masters to pay for"]
    demerits = ["two nodes cannot outvote each other: writes stop when one is lost"]
    downtime = "none; slow for hours"
    effort   = "M"
  }

  pass "three_masters" {
    resource "aws_opensearch_domain" "search" {
      domain_name = "search"

      cluster_config {
        instance_type            = "r7g.large.search"
        instance_count           = 3
        dedicated_master_enabled = true
        dedicated_master_type    = "m7g.medium.search"
        dedicated_master_count   = 3
      }
    }
  }

  pass "two_data_nodes" {
    resource "aws_opensearch_domain" "search" {
      domain_name = "search"

      cluster_config {
        instance_type  = "t3.small.search"
        instance_count = 2
      }
    }
  }

  pass "multi_az_with_standby" {
    resource "aws_opensearch_domain" "search" {
      domain_name = "search"

      cluster_config {
        instance_type                 = "r7g.large.search"
        instance_count                = 3
        multi_az_with_standby_enabled = true
      }
    }
  }

  fail "three_data_nodes_manage_themselves" {
    resource "aws_opensearch_domain" "search" {
      domain_name = "search"

      cluster_config {
        instance_type  = "r7g.large.search"
        instance_count = 3
      }
    }
  }

  fail "one_master" {
    resource "aws_opensearch_domain" "search" {
      domain_name = "search"

      cluster_config {
        instance_type            = "r7g.large.search"
        instance_count           = 2
        dedicated_master_enabled = true
        dedicated_master_type    = "m7g.medium.search"
        dedicated_master_count   = 1
      }
    }
  }

  fail "elasticsearch_domain" {
    resource "aws_elasticsearch_domain" "logs" {
      domain_name           = "logs"
      elasticsearch_version = "7.10"

      cluster_config {
        instance_type  = "r5.large.elasticsearch"
        instance_count = 5
      }
    }

    resource "aws_elasticsearch_domain" "audit" {
      domain_name           = "audit"
      elasticsearch_version = "7.10"

      cluster_config {
        instance_type            = "r5.large.elasticsearch"
        instance_count           = 2
        dedicated_master_enabled = true
        dedicated_master_type    = "m5.large.elasticsearch"
        dedicated_master_count   = 2
      }
    }
  }
}

# The older resource for the same service; it has no Multi-AZ with Standby.
resource_policy "aws_elasticsearch_domain" "opensearch_no_dedicated_master" {
  enforcement_level = "advisory"

  locals {
    nodes   = core::coalesce(core::try(attrs.cluster_config[0].instance_count, null), 1)
    masters = core::coalesce(core::try(attrs.cluster_config[0].dedicated_master_enabled, null), false)
  }

  enforce {
    condition     = local.nodes < 3 || local.masters
    at            = attrs.cluster_config[0].dedicated_master_enabled
    error_message = "${meta.address} has ${local.nodes} data nodes and no dedicated master: a heavy query can stop the whole domain."
  }

  enforce {
    condition     = !local.masters || core::coalesce(core::try(attrs.cluster_config[0].dedicated_master_count, null), 3) >= 3
    at            = attrs.cluster_config[0].dedicated_master_count
    error_message = "${meta.address} has ${attrs.cluster_config[0].dedicated_master_count} dedicated master nodes; with fewer than 3 the loss of one stops the domain."
  }
}
