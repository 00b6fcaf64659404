resource_policy "aws_s3_bucket" "named_when_created" {
  operations = ["create", "no-op"]

  enforce {
    condition     = core::can(core::regex("^[a-z][a-z0-9-]{2,62}$", attrs.bucket))
    error_message = "\"${attrs.bucket}\" is no good name of a bucket."
  }
}

resource_policy "aws_s3_bucket" "every_operation" {
  operations = []

  enforce {
    condition = core::contains(["create", "update", "no-op"], meta.operation)
  }
}
