# Some changes are made in place and still stop what they change: a new machine class, a new engine version, another port. The plan shows them with
# the same sign as a new tag. Sources: the Modify calls of the AWS API, the provider's documentation.
#
# Against the catalogue: a parameter group of RDS does not restart anything when it is exchanged (not even in the window); its static parameters
# wait for the next reboot. It is reported as low, because people believe that the change is in force.

input "allow_failover" {
  type        = bool
  default     = true
  description = "Whether a failover of up to two minutes is accepted where a standby exists. Set it to false for systems that must not drop connections."
}

# A standby counts only if it is there before and after the change.
resource_policy "aws_db_instance" "restart_change" {
  title             = "This change restarts something that is in use"
  category          = "release"
  severity          = "high"
  scope             = "production"
  references        = ["Amazon RDS User Guide: Settings for DB instances, downtime notes", "Amazon RDS User Guide: Using Amazon RDS Blue/Green Deployments for database updates", "AWS provider: aws_db_instance"]
  enforcement_level = "mandatory_overridable"
  operations        = ["update"]

  docs {
    why = "For minutes, nobody can reach the database or the cache. With `apply_immediately` it happens when the pull request is merged; without, it happens in the next maintenance window, with nobody looking, and the plan keeps showing the change until then."
    fix = <<-EOT
      For MySQL, MariaDB and PostgreSQL set blue_green_update { enabled = true }: the switch takes less than a minute.
      Else add a standby or replica first, in an earlier change: then it is a failover.
      Else announce a window and choose it with care.
    EOT
  }

  locals {
    always = core::compact([
      plan::changed("engine_version") ? "engine_version" : "",
      plan::changed("db_subnet_group_name") ? "db_subnet_group_name" : "",
      plan::changed("identifier") ? "identifier (the endpoint changes too)" : "",
      plan::changed("port") ? "port" : "",
    ])
    moved = core::compact([
      plan::changed("instance_class") ? "instance_class" : "",
      plan::changed("ca_cert_identifier") ? "ca_cert_identifier" : "",
    ])
    standby = core::coalesce(core::try(prior_attrs.multi_az, null), false) && core::coalesce(core::try(attrs.multi_az, null), false)
    now     = core::coalesce(core::try(attrs.apply_immediately, null), false)
    window  = core::coalesce(core::try(attrs.maintenance_window, null), core::try(prior_attrs.maintenance_window, null), "AWS picked")
    at_once = local.now ? "as soon as this is applied" : "in the window ${local.window} UTC, with nobody looking"
  }

  filter = !core::anytrue([for b in core::coalesce(core::try(attrs.blue_green_update, null), []) : core::coalesce(core::try(b.enabled, null), false)])

  enforce {
    condition     = core::length(local.always) == 0
    error_message = "${meta.address} changes ${core::join(", ", local.always)}: the database is down for minutes, standby or not, ${local.at_once}."
  }

  enforce {
    condition     = core::length(local.always) > 0 || core::length(local.moved) == 0 || local.standby
    error_message = "${meta.address} changes ${core::join(", ", local.moved)} and has no standby: the database is down for minutes, ${local.at_once}."
  }

  enforce {
    condition     = core::length(local.always) > 0 || core::length(local.moved) == 0 || !local.standby || input.allow_failover
    severity      = "medium"
    error_message = "${meta.address} changes ${core::join(", ", local.moved)}: connections drop for one to two minutes in a failover, ${local.at_once}."
  }

  enforce {
    condition     = !plan::changed("parameter_group_name")
    severity      = "low"
    error_message = "${meta.address} gets another parameter group: static parameters count only after a reboot, which this change does not do."
  }

  option "blue_green" {
    title    = "RDS blue/green deployment"
    merits   = ["a switch of less than a minute", "can be rehearsed on the green side"]
    demerits = ["double price for hours", "not for replicas and not for every engine"]
    downtime = "less than a minute"
    effort   = "M"
    set {
      blue_green_update = [{ enabled = true }]
    }
  }

  option "standby_first" {
    title    = "Add a standby first, then change"
    merits   = ["a failover instead of an outage"]
    demerits = ["the price of the standby", "does not help for engine versions"]
    downtime = "one to two minutes"
    effort   = "S"
    set {
      multi_az = true
    }
  }

  option "window" {
    title    = "In the maintenance window, announced"
    merits   = ["nothing to prepare: the change is applied as it stands"]
    demerits = ["minutes of outage at night, with nobody looking"]
    downtime = "5 to 30 minutes"
    effort   = "S"
  }

  option "now" {
    title    = "Now, announced"
    merits   = ["done at once, somebody watches"]
    demerits = ["an outage in business hours"]
    downtime = "5 to 30 minutes"
    effort   = "S"
    set {
      apply_immediately = true
    }
  }
}

resource_policy "aws_rds_cluster" "restart_change" {
  enforcement_level = "mandatory_overridable"
  operations        = ["update"]

  locals {
    always = core::compact([
      plan::changed("engine_version") ? "engine_version" : "",
      plan::changed("port") ? "port" : "",
    ])
    now     = core::coalesce(core::try(attrs.apply_immediately, null), false)
    window  = core::coalesce(core::try(attrs.preferred_maintenance_window, null), core::try(prior_attrs.preferred_maintenance_window, null), "AWS picked")
    at_once = local.now ? "as soon as this is applied" : "in the window ${local.window} UTC, with nobody looking"
  }

  enforce {
    condition     = core::length(local.always) == 0
    error_message = "${meta.address} changes ${core::join(", ", local.always)}: all instances of the cluster restart and are down for minutes, ${local.at_once}."
  }

  enforce {
    condition     = !plan::changed("db_cluster_instance_class") || input.allow_failover
    severity      = "medium"
    error_message = "${meta.address} changes db_cluster_instance_class: connections drop in a failover, ${local.at_once}."
  }

  enforce {
    condition     = !plan::changed("db_cluster_parameter_group_name")
    severity      = "low"
    error_message = "${meta.address} gets another parameter group: static parameters count only after a reboot, which this change does not do."
  }

  option "blue_green" {
    title    = "Aurora blue/green deployment outside of Terraform"
    merits   = ["a switch of less than a minute", "can be rehearsed on the green side"]
    demerits = ["double price for hours", "the state must be brought in line afterwards"]
    downtime = "less than a minute"
    effort   = "M"
  }

  option "clone" {
    title    = "Rehearse on a clone, then in an announced window"
    merits   = ["the length of the outage is known"]
    demerits = ["an outage of minutes"]
    downtime = "5 to 30 minutes"
    effort   = "M"
  }
}

# A member that others can stand in for fails over; the only one is an outage.
resource_policy "aws_rds_cluster_instance" "restart_change" {
  enforcement_level = "mandatory_overridable"
  operations        = ["update"]

  locals {
    moved = core::compact([
      plan::changed("instance_class") ? "instance_class" : "",
      plan::changed("ca_cert_identifier") ? "ca_cert_identifier" : "",
    ])
    members = core::getresources("aws_rds_cluster_instance", { cluster_identifier = attrs.cluster_identifier })
    now     = core::coalesce(core::try(attrs.apply_immediately, null), false)
    window  = core::coalesce(core::try(attrs.preferred_maintenance_window, null), core::try(prior_attrs.preferred_maintenance_window, null), "AWS picked")
    at_once = local.now ? "as soon as this is applied" : "in the window ${local.window} UTC, with nobody looking"
  }

  enforce {
    condition     = core::length(local.moved) == 0 || core::length(local.members) >= 2
    error_message = "${meta.address} changes ${core::join(", ", local.moved)} and is the only instance of its cluster: the database is down for minutes, ${local.at_once}."
  }

  enforce {
    condition     = core::length(local.moved) == 0 || core::length(local.members) < 2 || input.allow_failover
    severity      = "medium"
    error_message = "${meta.address} changes ${core::join(", ", local.moved)}: connections to it drop, and a writer fails over, ${local.at_once}."
  }

  enforce {
    condition     = !plan::changed("db_parameter_group_name")
    severity      = "low"
    error_message = "${meta.address} gets another parameter group: static parameters count only after a reboot, which this change does not do."
  }

  option "reader_first" {
    title    = "Add a reader of the new class, fail over, remove the old one"
    merits   = ["a failover instead of an outage", "can be taken back until the end"]
    demerits = ["one more instance for a while", "three steps"]
    downtime = "less than a minute"
    effort   = "M"
  }
}

resource_policy "aws_elasticache_replication_group" "restart_change" {
  enforcement_level = "mandatory_overridable"
  operations        = ["update"]

  locals {
    changes = core::compact([
      plan::changed("node_type") ? "node_type" : "",
      plan::changed("engine_version") ? "engine_version" : "",
      plan::changed("parameter_group_name") ? "parameter_group_name" : "",
    ])
    replicas = core::max(
      core::coalesce(core::try(prior_attrs.num_cache_clusters, null), 1) - core::coalesce(core::try(prior_attrs.num_node_groups, null), 1),
      core::coalesce(core::try(prior_attrs.replicas_per_node_group, null), 0),
      core::coalesce(core::try(prior_attrs.number_cache_clusters, null), 1) - 1,
    )
    standby = local.replicas >= 1 && core::coalesce(core::try(prior_attrs.automatic_failover_enabled, null), false) && core::coalesce(core::try(attrs.automatic_failover_enabled, null), false)
    now     = core::coalesce(core::try(attrs.apply_immediately, null), false)
    window  = core::coalesce(core::try(attrs.maintenance_window, null), core::try(prior_attrs.maintenance_window, null), "AWS picked")
    at_once = local.now ? "as soon as this is applied" : "in the window ${local.window} UTC, with nobody looking"
  }

  enforce {
    condition     = core::length(local.changes) == 0 || local.standby
    error_message = "${meta.address} changes ${core::join(", ", local.changes)} and no replica takes over: the cache is away for minutes and may come back empty, ${local.at_once}."
  }

  enforce {
    condition     = core::length(local.changes) == 0 || !local.standby || input.allow_failover
    severity      = "medium"
    error_message = "${meta.address} changes ${core::join(", ", local.changes)}: connections drop in a failover, ${local.at_once}."
  }

  enforce {
    condition     = !plan::changed("transit_encryption_enabled") || core::try(attrs.transit_encryption_mode, null) == "preferred"
    error_message = "${meta.address} switches encryption in transit without the step over transit_encryption_mode preferred: clients that do not speak TLS yet, or still do, lose the cache."
  }

  option "replica_first" {
    title    = "Add a replica with failover first, then change"
    merits   = ["a failover of seconds instead of an empty cache"]
    demerits = ["the price of one more node"]
    downtime = "seconds"
    effort   = "S"
    set {
      num_cache_clusters         = 2
      automatic_failover_enabled = true
    }
  }

  option "serverless" {
    title    = "Move to a serverless cache"
    merits   = ["no node type and no window any more"]
    demerits = ["a new endpoint", "a minimum price"]
    downtime = "cut-over of the application"
    effort   = "M"
  }
}

resource_policy "aws_elasticache_cluster" "restart_change" {
  enforcement_level = "mandatory_overridable"
  operations        = ["update"]

  locals {
    changes = core::compact([
      plan::changed("node_type") ? "node_type" : "",
      plan::changed("engine_version") ? "engine_version" : "",
    ])
    fewer   = core::coalesce(core::try(attrs.num_cache_nodes, null), 1) < core::coalesce(core::try(prior_attrs.num_cache_nodes, null), 1)
    now     = core::coalesce(core::try(attrs.apply_immediately, null), false)
    window  = core::coalesce(core::try(attrs.maintenance_window, null), core::try(prior_attrs.maintenance_window, null), "AWS picked")
    at_once = local.now ? "as soon as this is applied" : "in the window ${local.window} UTC, with nobody looking"
  }

  enforce {
    condition     = core::length(local.changes) == 0
    error_message = "${meta.address} changes ${core::join(", ", local.changes)}: the cache is away for minutes and comes back empty, ${local.at_once}."
  }

  enforce {
    condition     = !local.fewer
    severity      = "medium"
    error_message = "${meta.address} goes from ${prior_attrs.num_cache_nodes} nodes to ${attrs.num_cache_nodes}: the keys of the nodes that go are lost, and the database gets their load, ${local.at_once}."
  }

  option "replication_group" {
    title    = "Redis: move to a replication group with a replica and failover, then change"
    merits   = ["a failover of seconds instead of an empty cache, from then on"]
    demerits = ["a new endpoint", "the price of one more node", "not for memcached"]
    downtime = "cut-over of the application"
    effort   = "M"
  }

  option "side_by_side" {
    title    = "Make a second cache, let it fill, move the application, remove the first"
    merits   = ["the database never gets the full load", "can be rolled back"]
    demerits = ["a new endpoint", "both are paid for while they run"]
    downtime = "none when the application moves in a release"
    effort   = "M"
  }

  option "window" {
    title    = "In a quiet hour, announced"
    merits   = ["nothing to prepare: the change is applied as it stands"]
    demerits = ["an empty cache, and the full load on the database until it is filled again"]
    downtime = "minutes"
    effort   = "S"
  }
}

# Brokers are exchanged one by one; with three and a replication factor of three, topics stay.
resource_policy "aws_msk_cluster" "restart_change" {
  enforcement_level = "mandatory_overridable"
  operations        = ["update"]

  locals {
    changes = core::compact([
      plan::changed("kafka_version") ? "kafka_version" : "",
      plan::changed("broker_node_group_info[0].instance_type") ? "instance_type" : "",
      plan::changed("configuration_info") ? "configuration_info" : "",
    ])
    brokers = core::coalesce(core::try(prior_attrs.number_of_broker_nodes, null), 1)
  }

  enforce {
    condition     = core::length(local.changes) == 0 || (local.brokers >= 3 && input.allow_failover)
    severity      = "medium"
    error_message = "${meta.address} changes ${core::join(", ", local.changes)}: its ${local.brokers} brokers restart one by one, and topics without three copies stop meanwhile."
  }

  option "three_copies" {
    title    = "First three brokers, and topics with three copies of which two must answer"
    merits   = ["a broker may restart at any time without a gap"]
    demerits = ["the price of the brokers", "existing topics must be spread anew"]
    downtime = "none"
    effort   = "M"
  }

  option "window" {
    title    = "In a quiet hour, announced, with clients that try again"
    merits   = ["nothing to prepare: the change is applied as it stands"]
    demerits = ["topics with one copy stop while their broker restarts"]
    downtime = "minutes for each broker"
    effort   = "S"
  }
}

resource_policy "aws_instance" "restart_change" {
  enforcement_level = "mandatory_overridable"
  operations        = ["update"]

  locals {
    changes = core::compact([
      plan::changed("instance_type") ? "instance_type" : "",
      plan::changed("user_data") ? "user_data" : "",
      plan::changed("user_data_base64") ? "user_data_base64" : "",
    ])
  }

  enforce {
    condition     = core::length(local.changes) == 0
    error_message = "${meta.address} changes ${core::join(", ", local.changes)}: the server is stopped and started again, for minutes, as soon as this is applied."
  }

  option "one_by_one" {
    title    = "Behind a load balancer, one server at a time"
    merits   = ["users do not notice"]
    demerits = ["several applies"]
    downtime = "none"
    effort   = "M"
  }
}

resource_policy "aws_mq_broker" "restart_change" {
  enforcement_level = "mandatory_overridable"
  operations        = ["update"]

  locals {
    changes = core::compact([
      plan::changed("host_instance_type") ? "host_instance_type" : "",
      plan::changed("engine_version") ? "engine_version" : "",
      plan::changed("configuration") ? "configuration" : "",
    ])
    standby = core::coalesce(core::try(prior_attrs.deployment_mode, null), "SINGLE_INSTANCE") != "SINGLE_INSTANCE"
    at_once = core::coalesce(core::try(attrs.apply_immediately, null), false) ? "as soon as this is applied" : "at its next maintenance, with nobody looking"
  }

  enforce {
    condition     = core::length(local.changes) == 0 || local.standby
    error_message = "${meta.address} changes ${core::join(", ", local.changes)} and is a single instance: all messages stop for minutes, ${local.at_once}."
  }

  enforce {
    condition     = core::length(local.changes) == 0 || !local.standby || input.allow_failover
    severity      = "medium"
    error_message = "${meta.address} changes ${core::join(", ", local.changes)}: connections drop in a failover, ${local.at_once}."
  }

  option "standby_first" {
    title    = "First a broker with a standby or a cluster, then change"
    merits   = ["a reconnect instead of an outage, at this change and at each maintenance"]
    demerits = ["about twice the price", "a new broker: producers and consumers must move"]
    downtime = "none when clients move one by one"
    effort   = "M"
  }

  option "window" {
    title    = "In the maintenance window, announced"
    merits   = ["nothing to prepare: the change is applied as it stands"]
    demerits = ["no message is sent or received for minutes"]
    downtime = "minutes"
    effort   = "S"
  }
}

# No restart, but clients of the old port or protocol get an error from one second to the next.
resource_policy "aws_lb_listener" "restart_change" {
  enforcement_level = "mandatory_overridable"
  operations        = ["update"]

  locals {
    changes = core::compact([
      plan::changed("port") ? "port" : "",
      plan::changed("protocol") ? "protocol" : "",
    ])
  }

  enforce {
    condition     = core::length(local.changes) == 0
    severity      = "medium"
    error_message = "${meta.address} changes ${core::join(" and ", local.changes)} (${prior_attrs.protocol} ${prior_attrs.port} to ${attrs.protocol} ${attrs.port}): clients of the old one get errors at once."
  }

  option "second_listener" {
    title    = "Add a second listener, move the clients, remove the first"
    merits   = ["nobody gets an error"]
    demerits = ["two pull requests"]
    downtime = "none"
    effort   = "S"
  }
}
