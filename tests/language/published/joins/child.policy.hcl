policy {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0.0, < 7.0.0"
    }
  }
}


resource_policy "aws_s3_bucket" "versioned" {
  locals {
    versioning = core::getresources("aws_s3_bucket_versioning", { bucket = attrs.id })
    status = core::try(local.versioning[0].versioning_configuration[0].status, "none")
  }

  enforce {
    condition     = local.status == "Enabled"
    error_message = "Bucket ${attrs.bucket} has no versions: ${local.status}."
  }
}
