resource_policy "aws_elasticache_replication_group" "error_handling" {
  locals {
    nodes    = core::try(attrs.num_cache_clusters, attrs.cluster_mode[0].replicas_per_node_group + 1, 1)
    failover = core::try(attrs.automatic_failover_enabled, "unset") == "unset" ? "left out" : "written"
    level    = core::coalesce(core::try(attrs.tags.level, null), core::try(attrs.tags["tier"], ""), "none")
    engine   = core::lookup({ redis = "open", valkey = "free" }, core::try(attrs.engine, "redis"), "other")
    deep     = core::can(attrs.log_delivery_configuration[0].destination)
    number   = core::can(core::tonumber(core::try(attrs.engine_version, "x")))
    one      = core::one(core::try(attrs.subnet_group_names, []))
    given    = { for name in ["engine", "engine_version"] : name => core::can(attrs[name]) }
  }

  enforce {
    condition     = local.nodes >= 2 || local.level == "none"
    error_message = "${core::try(attrs.replication_group_id, "?")} has ${local.nodes} node, level ${local.level}."
  }

  enforce {
    condition = local.failover == "left out" || core::tobool(attrs.automatic_failover_enabled)
  }

  enforce {
    condition = local.engine != "other" && !local.deep
  }

  enforce {
    condition = local.number == core::can(core::regex("^[0-9.]+$", attrs.engine_version)) || local.given["engine_version"]
  }

  enforce {
    condition = local.one == null || local.one == "main"
  }
}
