resource_policy "aws_sns_topic" "no_settings" {
  enforce {
    condition     = core::try(core::length(attrs.name), 0) <= 40
    error_message = "Topic names have at most 40 characters."
  }
}
