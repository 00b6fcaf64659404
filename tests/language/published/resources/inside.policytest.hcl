policytest {
  targets = ["inside.policy.hcl"]
}

resource "google_compute_instance" "labelled" {
  attrs = {
    name   = "web"
    labels = { team = "orders" }
  }
}

resource "google_filestore_instance" "not_labelled" {
  expect_failure = true
  attrs = {
    name = "files"
  }
}

resource "google_compute_instance_group" "only_the_second" {
  attrs = {
    name = "web"
  }
}

resource "google_compute_disk" "neither" {
  attrs = {}
}

resource "google_redis_instance" "nothing_set" {
  expect_failure = true
}
