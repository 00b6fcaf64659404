# A standby is easy to take away, in the same line of code that once added it, and nothing looks worse the next day. It is missed in
# the next failure only. So a plan that takes one away must say so aloud.
#
# The catalogue names num_cache_clusters, replicas_per_node_group and min_capacity "below 2". One replica for each shard is two nodes, so
# for replicas the bound is 0; and min_capacity is about redundancy only for tasks of ECS, not for throughput of a table.

locals {
  lost = "${meta.address} loses"
}

resource_policy "aws_db_instance" "redundancy_lowered_by_change" {
  title             = "This change takes redundancy away"
  category          = "redundancy"
  severity          = "critical"
  scope             = "production"
  references        = ["Amazon RDS User Guide: Configuring and managing a Multi-AZ deployment", "Amazon ElastiCache User Guide: Minimizing downtime by using Multi-AZ"]
  enforcement_level = "mandatory_overridable"
  operations        = ["update"]

  docs {
    why = <<-EOT
      Before this change, the loss of a machine or of a zone costs a minute or two. After it, the same event is an outage until somebody has
      repaired it, and no graph shows the difference until then. Such a change is often a side effect: a size that was lowered to save
      money, or a copied block.
    EOT
    fix = "Keep the standby and make the rest of the change without it. If money must be saved, save it in staging first. If it must be, write down until when."
  }

  filter = core::coalesce(core::try(prior_attrs.multi_az, null), false)

  enforce {
    condition     = core::coalesce(core::try(attrs.multi_az, null), false)
    at            = attrs.multi_az
    error_message = "${local.lost} its standby: after this change a failure of the machine or its zone is an outage until AWS has restored it."
  }

  option "keep" {
    title    = "Keep the standby and split the pull request"
    merits   = ["the rest of the change goes out today", "nothing gets worse"]
    demerits = ["the standby is paid for"]
    downtime = "none"
    effort   = "S"
  }

  option "until" {
    title    = "Go without it until a date"
    merits   = ["saves money for a known time"]
    demerits = ["no failover meanwhile", "somebody must remember the date"]
    downtime = "none"
    effort   = "S"
  }

  option "staging" {
    title    = "Save the money in staging instead"
    merits   = ["users are not touched"]
    demerits = ["staging differs from production"]
    downtime = "none"
    effort   = "S"
  }
}

resource_policy "aws_elasticache_replication_group" "redundancy_lowered_by_change" {
  enforcement_level = "mandatory_overridable"
  operations        = ["update"]

  locals {
    nodes_before    = core::max(core::coalesce(core::try(prior_attrs.num_cache_clusters, null), 1), core::coalesce(core::try(prior_attrs.number_cache_clusters, null), 1))
    nodes_after     = core::max(core::coalesce(core::try(attrs.num_cache_clusters, null), 1), core::coalesce(core::try(attrs.number_cache_clusters, null), 1))
    replicas_before = core::max(core::coalesce(core::try(prior_attrs.replicas_per_node_group, null), 0), core::coalesce(core::try(prior_attrs.cluster_mode[0].replicas_per_node_group, null), 0))
    replicas_after  = core::max(core::coalesce(core::try(attrs.replicas_per_node_group, null), 0), core::coalesce(core::try(attrs.cluster_mode[0].replicas_per_node_group, null), 0))
    shards_after    = core::max(core::coalesce(core::try(attrs.num_node_groups, null), 1), core::coalesce(core::try(attrs.cluster_mode[0].num_node_groups, null), 1))

    failover_before = core::coalesce(core::try(prior_attrs.automatic_failover_enabled, null), false)
    failover_after  = core::coalesce(core::try(attrs.automatic_failover_enabled, null), false)
    zones_before    = core::coalesce(core::try(prior_attrs.multi_az_enabled, null), false)
    zones_after     = core::coalesce(core::try(attrs.multi_az_enabled, null), false)

    # The last replica goes: failover and zones go with it, so this is said first.
    last_replica = (
      (local.nodes_before >= 2 && local.nodes_after < 2 && local.shards_after < 2)
      || (local.replicas_before >= 1 && local.replicas_after < 1 && local.nodes_after <= local.shards_after)
    )
  }

  enforce {
    condition     = !local.last_replica
    at            = attrs.num_cache_clusters
    error_message = "${local.lost} its last replica: after this change the loss of a node empties the cache, and the database gets the full load."
  }

  enforce {
    condition     = local.last_replica || !local.failover_before || local.failover_after
    at            = attrs.automatic_failover_enabled
    error_message = "${local.lost} automatic failover: after this change somebody must promote a replica by hand when the primary fails."
  }

  enforce {
    condition     = local.last_replica || (local.failover_before && !local.failover_after) || !local.zones_before || local.zones_after
    at            = attrs.multi_az_enabled
    error_message = "${local.lost} Multi-AZ: after this change all nodes may end up in one Availability Zone."
  }

  option "keep" {
    title    = "Keep the replica and split the pull request"
    merits   = ["the rest of the change goes out today", "nothing gets worse"]
    demerits = ["the replica is paid for"]
    downtime = "none"
    effort   = "S"
  }
}

resource_policy "aws_appautoscaling_target" "redundancy_lowered_by_change" {
  enforcement_level = "mandatory_overridable"
  operations        = ["update"]

  # Services of one name in several clusters are not told apart here.
  locals {
    services = core::getresources("aws_ecs_service", { name = core::try(core::split("/", attrs.resource_id)[2], null) })
  }

  filter = core::coalesce(core::try(attrs.scalable_dimension, null), "none") == "ecs:service:DesiredCount" && core::coalesce(core::try(prior_attrs.min_capacity, null), 0) >= 2

  enforce {
    condition     = attrs.min_capacity >= 2
    at            = attrs.min_capacity
    covers        = [for service in local.services : service if core::length(local.services) == 1]
    error_message = "${meta.address} lowers the minimum number of tasks from ${prior_attrs.min_capacity} to ${attrs.min_capacity}: in quiet hours nobody is there when a task stops."
  }

  option "keep" {
    title    = "Keep two tasks and make them smaller"
    merits   = ["about the same price", "one task may stop"]
    demerits = ["less room for a single heavy request"]
    downtime = "none, rolling release"
    effort   = "S"
    set {
      min_capacity = 2
    }
  }
}

# A member of a cluster goes while the cluster stays. Two before, fewer after: the failover is gone.
resource_policy "aws_rds_cluster_instance" "redundancy_lowered_by_change" {
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  locals {
    cluster   = core::try(prior_attrs.cluster_identifier, null)
    remaining = core::getresources("aws_rds_cluster_instance", { cluster_identifier = local.cluster })
    leaving   = [for r in plan::resources("aws_rds_cluster_instance") : r if r._operation == "delete" && core::try(r.cluster_identifier, null) == local.cluster]
    ending    = [for r in plan::resources("aws_rds_cluster") : r if r._operation == "delete" && core::try(r.cluster_identifier, null) == local.cluster]
  }

  filter = !meta.forget && local.cluster != null && !core::contains(meta.actions, "create") && core::length(local.ending) == 0

  enforce {
    condition     = core::length(local.remaining) >= 2 || core::length(local.remaining) + core::length(local.leaving) < 2
    covers        = core::getresources("aws_rds_cluster", { cluster_identifier = local.cluster })
    error_message = "${meta.address} goes and leaves cluster ${local.cluster} with ${core::length(local.remaining)} ${core::length(local.remaining) == 1 ? "instance" : "instances"}: after this change nothing takes over when the writer fails."
  }

  option "keep" {
    title    = "Keep the reader in a smaller class"
    merits   = ["failover stays"]
    demerits = ["a small reader is a slow writer after a failover"]
    downtime = "none"
    effort   = "S"
  }
}

resource_policy "aws_lb" "redundancy_lowered_by_change" {
  enforcement_level = "mandatory_overridable"
  operations        = ["update"]

  locals {
    subnets_before = core::coalesce(core::try(prior_attrs.subnets, null), [])
    subnets_after  = core::coalesce(core::try(attrs.subnets, null), [])
    azs            = core::distinct(core::flatten([for id in local.subnets_after : [for s in core::getresources("aws_subnet", { id = id }) : s.availability_zone]]))
    found_all      = core::alltrue([for id in local.subnets_after : core::length(core::getresources("aws_subnet", { id = id })) > 0])
  }

  # Two subnets before are two zones, except for what is in local zones and outposts.
  filter = core::length(local.subnets_before) >= 2 && core::length(local.subnets_after) < core::length(local.subnets_before)

  enforce {
    condition     = core::length(local.subnets_after) >= 2 && (!local.found_all || core::length(local.azs) >= 2)
    at            = attrs.subnets
    error_message = "${meta.address} shrinks from ${core::length(local.subnets_before)} subnets to ${core::length(local.subnets_after)} in one Availability Zone: when that zone fails, nobody can reach the service."
  }

  option "keep" {
    title    = "Keep a subnet in a second zone"
    merits   = ["the entrance stays open when a zone fails"]
    demerits = ["one more public address is charged"]
    downtime = "none"
    effort   = "S"
  }
}
