# What every team on Azure keeps to.
policy {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.0"
    }
  }
}
input "allowed_locations" {
  type        = set(string)
  default     = ["westeurope", "northeurope"]
  description = "where"
  sensitive   = false
}
input "level" {
  type    = string
  default = "mandatory_overridable"
}
input "max_key_age" {
  type     = number
  nullable = true
  default  = null
}
resource_policy "azurerm_*" "allowed_location" {
  enforcement_level = input.level
  filter            = core::can(attrs.location) && attrs.location != null
  enforce {
    condition     = core::contains(input.allowed_locations, core::lower(core::replace(attrs.location, " ", "")))
    error_message = "${meta.type}: ${attrs.location} is not one of ${core::join(", ", input.allowed_locations)}"
  }
}
resource_policy "azurerm_storage_account" "secure" {
  locals {
    rules    = core::try(attrs.network_rules[0], null)
    tls      = core::try(attrs.min_tls_version, "TLS1_2")
    versions = { TLS1_0 = 0, TLS1_1 = 1, TLS1_2 = 2 }
  }
  enforce {
    condition     = attrs.https_traffic_only_enabled
    error_message = "https only"
  }
  enforce {
    condition     = local.versions[local.tls] >= 2
    error_message = "TLS ${local.tls}"
  }
  enforce {
    condition     = local.rules != null ? local.rules.default_action == "Deny" : false
    error_message = "default action"
  }
}
resource_policy "azurerm_network_security_rule" "no_rdp" {
  locals {
    ports = core::compact(core::concat([core::try(attrs.destination_port_range, "")], core::coalescelist(core::try(attrs.destination_port_ranges, []), [""])))
    hits = [
      for p in local.ports : p
      if p == "*" || p == "3389" || core::try(
        core::length(core::regexall("^\\d+-\\d+$", p)) > 0
        && core::tonumber(core::split("-", p)[0]) <= 3389
      && core::tonumber(core::split("-", p)[1]) >= 3389, false)
    ]
  }
  filter = attrs.direction == "Inbound" && attrs.access == "Allow"
  enforce {
    condition     = core::length(local.hits) == 0 || !core::contains(["*", "Internet", "0.0.0.0/0"], attrs.source_address_prefix)
    error_message = "RDP via ${core::jsonencode(local.hits)}"
  }
}
resource_policy "azurerm_key_vault" "purge" {
  enforce {
    condition     = attrs.purge_protection_enabled == true && core::try(attrs.soft_delete_retention_days, 90) >= 7
    error_message = "purge protection ${attrs.purge_protection_enabled == null ? "not set" : "off"}"
  }
}
resource_policy "azurerm_key_vault_key" "age" {
  filter = input.max_key_age != null
  enforce {
    condition     = core::timecmp(core::timeadd(attrs.not_before_date, "${input.max_key_age * 24}h"), attrs.expiration_date) >= 0
    error_message = "older than ${input.max_key_age == null ? 0 : input.max_key_age} days"
  }
}
resource_policy "azurerm_kubernetes_cluster" "private" {
  enforce {
    condition     = attrs.private_cluster_enabled && attrs.default_node_pool[0].vm_size != "Standard_B2s"
    error_message = "cluster"
  }
  enforce {
    condition     = core::length(core::try(attrs.api_server_access_profile[0].authorized_ip_ranges, [])) > 0 || attrs.private_cluster_enabled
    error_message = "ranges"
  }
  enforce {
    condition     = core::semverconstraint(attrs.kubernetes_version, ">= 1.28, < 2.0")
    error_message = "old ${attrs.kubernetes_version}"
  }
}
resource_policy "azurerm_linux_virtual_machine" "ssh_only" {
  enforce {
    condition     = core::try(attrs.disable_password_authentication, true) && core::length(attrs.admin_ssh_key[*].public_key) >= 1
    error_message = "keys: ${core::length(core::try(attrs.admin_ssh_key, []))}"
  }
}
