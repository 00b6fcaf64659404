resource_policy "*" "has_an_owner" {
  filter = core::can(attrs.tags) && meta.provider_type == "aws"

  locals {
    tags = core::try(attrs.tags, null) != null ? attrs.tags : {}
  }

  enforce {
    condition     = core::contains(core::keys(local.tags), "owner")
    error_message = "${meta.type} in ${meta.module_path} has no tag owner."
  }
}
