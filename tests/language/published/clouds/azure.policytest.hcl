policytest { targets = ["azure.policy.hcl"] }
resource "azurerm_resource_group" "ok" { attrs = { location = "West Europe" } }
resource "azurerm_resource_group" "us" {
  attrs          = { location = "eastus" }
  expect_failure = true
}
resource "azurerm_resource_group" "us_ok" {
  attrs = { location = "eastus" }
  inputs {
    allowed_locations = ["eastus", "eastus"]
    level             = "advisory"
  }
}
resource "azurerm_role_assignment" "nowhere" { attrs = { scope = "/" } }
resource "azurerm_storage_account" "ok" {
  attrs = { https_traffic_only_enabled = true, min_tls_version = "TLS1_2", network_rules = [{ default_action = "Deny" }] }
}
resource "azurerm_storage_account" "no_rules" {
  attrs          = { https_traffic_only_enabled = true, min_tls_version = "TLS1_2", network_rules = [] }
  expect_failure = true
}
resource "azurerm_storage_account" "tls13" {
  attrs          = { https_traffic_only_enabled = true, min_tls_version = "TLS1_3", network_rules = [{ default_action = "Deny" }] }
  expect_failure = true
}
resource "azurerm_network_security_rule" "range" {
  attrs          = { direction = "Inbound", access = "Allow", destination_port_range = "3000-4000", source_address_prefix = "*" }
  expect_failure = true
}
resource "azurerm_network_security_rule" "list" {
  attrs          = { direction = "Inbound", access = "Allow", destination_port_range = null, destination_port_ranges = ["22", "3389"], source_address_prefix = "Internet" }
  expect_failure = true
}
resource "azurerm_network_security_rule" "ok" {
  attrs = { direction = "Inbound", access = "Allow", destination_port_range = "443", source_address_prefix = "*" }
}
resource "azurerm_network_security_rule" "out" {
  attrs = { direction = "Outbound", access = "Allow" }
}
resource "azurerm_key_vault" "off" {
  attrs          = { purge_protection_enabled = null }
  expect_failure = true
}
resource "azurerm_key_vault" "on" { attrs = { purge_protection_enabled = true, soft_delete_retention_days = 7 } }
resource "azurerm_key_vault_key" "unasked" { attrs = { name = "k" } }
resource "azurerm_key_vault_key" "young" {
  attrs = { not_before_date = "2026-01-01T00:00:00Z", expiration_date = "2026-01-20T00:00:00Z" }
  inputs { max_key_age = 30 }
}
resource "azurerm_key_vault_key" "old" {
  attrs = { not_before_date = "2026-01-01T00:00:00Z", expiration_date = "2027-01-20T00:00:00Z" }
  inputs { max_key_age = 30 }
  expect_failure = true
}
resource "azurerm_kubernetes_cluster" "ok" {
  attrs = { private_cluster_enabled = true, default_node_pool = [{ vm_size = "Standard_D4s_v5" }], kubernetes_version = "1.29.4" }
}
resource "azurerm_kubernetes_cluster" "old" {
  attrs          = { private_cluster_enabled = true, default_node_pool = [{ vm_size = "Standard_D4s_v5" }], kubernetes_version = "1.27" }
  expect_failure = true
}
resource "azurerm_linux_virtual_machine" "ok" { attrs = { admin_ssh_key = [{ public_key = "ssh-rsa A" }] } }
resource "azurerm_linux_virtual_machine" "single" { attrs = { admin_ssh_key = { public_key = "ssh-rsa A" } } }
resource "azurerm_linux_virtual_machine" "none" {
  attrs          = { admin_ssh_key = null }
  expect_failure = true
}
