locals {
  approved = ["terraform-aws-modules/vpc/aws", "app.terraform.io/shop/network/aws"]
}

module_policy "*" "approved_sources" {
  filter = meta.source != null && !core::startswith(meta.source, "./")

  enforce {
    condition     = core::contains(local.approved, meta.source)
    error_message = "${meta.address} is of ${meta.source}."
  }
}

module_policy "app.terraform.io/shop/network/aws" "version" {
  enforcement_level = "mandatory_overridable"

  locals {
    version = core::try(meta.version, null)
  }

  enforce {
    condition     = local.version != null ? core::semverconstraint(local.version, ">= 2.0.0, < 3.0.0") : false
    error_message = "The network module is not pinned to version 2."
  }

  enforce {
    condition = core::length(core::try(attrs.zones, ["a", "b"])) > 1
  }
}
