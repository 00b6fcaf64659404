resource_policy "aws_s3_bucket" "reads_what_is_absent" {
  enforce {
    condition     = attrs.versioning[0].enabled == true
    error_message = "The bucket has no versions."
  }
}
