policy {
  plugins {
    naming = {
      source = "../plugins/bin/naming"
    }
  }
}

resource_policy "aws_sns_topic" "named_by_a_plugin" {
  enforce {
    condition     = plugin::naming::is_good(attrs.name)
    error_message = "The plugin does not like ${attrs.name}."
  }
}
