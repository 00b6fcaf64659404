locals {
  kinds = ["io1", "io2"]
}

resource_policy "aws_ebs_volume" "of_one_attribute" {
  filter = attrs.encrypted

  enforce {
    condition = attrs.kms_key_id != null
  }
}

resource_policy "aws_ebs_volume" "of_locals_and_meta" {
  filter = local.is_fast && meta.operation == "create" && meta.module_path == "." && meta.type == "aws_ebs_volume"

  locals {
    is_fast = core::contains(local.kinds, core::try(attrs.type, "gp3"))
  }

  enforce {
    condition = attrs.iops > 0
  }
}

resource_policy "aws_ebs_volume" "of_nobody" {
  filter = false

  enforce {
    condition = false
  }
}

resource_policy "aws_ebs_volume" "of_another_resource" {
  filter = core::length(core::getresources("aws_kms_key", { is_enabled = true })) > 0

  enforce {
    condition     = attrs.encrypted == true
    error_message = "There is a key, and ${attrs.availability_zone} does not use it."
  }
}
