locals {
  allowed_machine = "^(e2|n2)-(standard|highmem)-[0-9]+$"
  label_pattern   = "^[a-z]([-a-z0-9]*[a-z0-9])?$"
}
resource_policy "google_compute_instance" "machine" {
  enforce {
    condition     = core::can(core::regex(local.allowed_machine, attrs.machine_type))
    error_message = "machine type ${attrs.machine_type} does not look like ${local.allowed_machine}"
  }
  enforce {
    condition     = core::length(core::flatten(attrs.network_interface[*].access_config)) == 0
    error_message = "external address"
  }
  enforce {
    condition     = core::alltrue([for k, v in core::coalesce(attrs.labels, {}) : core::can(core::regex(local.label_pattern, v))])
    error_message = "labels ${core::jsonencode({ for k, v in core::coalesce(attrs.labels, {}) : k => v if !core::can(core::regex(local.label_pattern, v)) })}"
  }
}
resource_policy "google_storage_bucket" "uniform" {
  enforce {
    condition = attrs.uniform_bucket_level_access && core::lookup(core::try(attrs.versioning[0], {}), "enabled", false)
  }
}
resource_policy "google_project_iam_binding" "no_public" {
  enforce {
    condition     = core::length([for m in attrs.members : m if core::contains(["allUsers", "allAuthenticatedUsers"], m)]) == 0
    error_message = "public: ${attrs.role}"
  }
  enforce {
    condition     = !core::endswith(attrs.role, "/owner") || core::alltrue([for m in attrs.members : core::startswith(m, "group:")])
    error_message = "Owners are groups, and these are not:%{for m in attrs.members}%{if !core::startswith(m, "group:")} ${m}%{endif}%{endfor}"
  }
}
resource_policy "google_sql_database_instance" "hardened" {
  locals {
    settings = core::one(attrs.settings)
    flags    = { for f in core::try(local.settings.database_flags, []) : f.name => f.value }
    wanted   = { log_connections = "on", log_disconnections = "on" }
    wrong    = { for k, v in local.wanted : k => core::lookup(local.flags, k, "off") if core::lookup(local.flags, k, "off") != v }
  }
  enforce {
    condition     = local.wrong == {}
    error_message = "flags: ${core::join(", ", [for k, v in local.wrong : "${k}=${v}"])}"
  }
  enforce {
    condition = core::length([for n in local.settings.ip_configuration[0].authorized_networks : n if n.value == "0.0.0.0/0"]) == 0
  }
  enforce {
    condition = core::try(local.settings.backup_configuration[0].enabled, false) ? true : (meta.operation == "no-op")
  }
}
resource_policy "google_container_cluster" "release" {
  enforce {
    condition     = core::contains(["REGULAR", "STABLE"], core::try(attrs.release_channel[0].channel, "UNSPECIFIED"))
    error_message = "Ünïcode – «${attrs.name}» 🚀 has no channel"
  }
}
resource_policy "google_kms_crypto_key" "rotation" {
  locals {
    period = core::try(core::tonumber(core::trimsuffix(attrs.rotation_period, "s")), null)
  }
  enforce {
    condition     = local.period != null && local.period <= 90 * 24 * 60 * 60
    error_message = "rotation ${local.period == null ? "never" : "${local.period / 86400} days"}"
  }
}
