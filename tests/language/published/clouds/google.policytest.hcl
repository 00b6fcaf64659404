policytest { targets = ["google.policy.hcl"] }
resource "google_compute_instance" "ok" {
  attrs = { machine_type = "e2-standard-4", network_interface = [{ access_config = [] }], labels = null }
}
resource "google_compute_instance" "odd" {
  attrs          = { machine_type = "f1-micro", network_interface = [{ access_config = [] }], labels = {} }
  expect_failure = true
}
resource "google_compute_instance" "ext" {
  attrs          = { machine_type = "e2-standard-4", network_interface = [{ access_config = [] }, { access_config = [{ nat_ip = "1.2.3.4" }] }], labels = {} }
  expect_failure = true
}
resource "google_compute_instance" "label" {
  attrs          = { machine_type = "e2-standard-4", network_interface = [], labels = { a = "ok", b = "Not OK" } }
  expect_failure = true
}
resource "google_storage_bucket" "ok" { attrs = { uniform_bucket_level_access = true, versioning = [{ enabled = true }] } }
resource "google_storage_bucket" "no" {
  attrs          = { uniform_bucket_level_access = true }
  expect_failure = true
}
resource "google_project_iam_binding" "pub" {
  attrs          = { role = "roles/viewer", members = ["allUsers"] }
  expect_failure = true
}
resource "google_project_iam_binding" "owner" {
  attrs          = { role = "roles/owner", members = ["user:a@b.c", "group:x@y.z"] }
  expect_failure = true
}
resource "google_project_iam_binding" "groups" { attrs = { role = "roles/owner", members = ["group:x@y.z"] } }
resource "google_sql_database_instance" "ok" {
  attrs = { settings = [{ database_flags = [{ name = "log_connections", value = "on" }, { name = "log_disconnections", value = "on" }], ip_configuration = [{ authorized_networks = [] }], backup_configuration = [{ enabled = true }] }] }
}
resource "google_sql_database_instance" "flags" {
  attrs          = { settings = [{ database_flags = [{ name = "log_connections", value = "on" }], ip_configuration = [{ authorized_networks = [] }], backup_configuration = [{ enabled = true }] }] }
  expect_failure = true
}
resource "google_sql_database_instance" "old" {
  meta  = { operation = "no-op" }
  attrs = { settings = [{ database_flags = [{ name = "log_connections", value = "on" }, { name = "log_disconnections", value = "on" }], ip_configuration = [{ authorized_networks = [] }] }] }
}
resource "google_container_cluster" "bad" {
  attrs          = { name = "größe" }
  expect_failure = true
}
resource "google_kms_crypto_key" "ok" { attrs = { rotation_period = "7776000s" } }
resource "google_kms_crypto_key" "never" {
  attrs          = { rotation_period = null }
  expect_failure = true
}
resource "google_kms_crypto_key" "long" {
  attrs          = { rotation_period = "31536000s" }
  expect_failure = true
}
