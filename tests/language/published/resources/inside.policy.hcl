policy {
  required_providers {
    google = {
      source = "hashicorp/google"
    }
  }
}

resource_policy "google_*_instance" "instance_is_labelled" {
  enforce {
    condition     = core::contains(core::keys(core::try(attrs.labels, {})), "team")
    error_message = "An instance says whose it is."
  }
}

resource_policy "google_*_instance*" "instance_has_a_name" {
  enforce {
    condition     = core::try(attrs.name, "") != ""
    error_message = "An instance has a name."
  }
}
