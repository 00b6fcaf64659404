resource_policy "aws_instance" "volumes_are_encrypted" {
  filter = core::try(attrs.ebs_block_device, null) != null && core::try(core::length(attrs.ebs_block_device), 0) > 0

  locals {
    devices     = [for device in attrs.ebs_block_device : device]
    unencrypted = [for device in local.devices : device if !core::try(device.encrypted, false)]
    root        = core::try(attrs.root_block_device[0], null)
    root_size   = local.root != null ? core::try(local.root.volume_size, 0) : 0
    kind        = local.root == null ? "none" : local.root_size > 100 ? "large" : "small"
  }

  enforce {
    condition     = core::length(local.unencrypted) == 0
    error_message = "${core::length(local.unencrypted)} of ${core::length(local.devices)} volumes are not encrypted."
  }

  enforce {
    condition     = local.kind != "large"
    error_message = "The root volume is ${local.kind}."
  }

  enforce {
    condition = attrs.ebs_block_device[*].device_name != [] && core::try(attrs.ebs_block_device.0.device_name, "") != ""
  }
}
