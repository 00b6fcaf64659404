locals {
  registries = ["terraform-aws-modules", "acme"]
}

module_policy "*" "of_a_known_owner" {
  filter = !core::startswith(meta.source, "./")

  locals {
    parts = core::split("/", meta.source)
    owner = core::length(local.parts) >= 3 ? local.parts[core::length(local.parts) - 3] : ""
  }

  enforce {
    condition     = core::startswith(meta.source, "git::") ? core::strcontains(meta.source, "?ref=v") : core::contains(local.registries, local.owner)
    error_message = "${meta.address} is from ${meta.source}."
  }
}

module_policy "terraform-aws-modules/vpc/aws" "recent" {
  enforcement_level = "mandatory_overridable"

  enforce {
    condition     = core::semverconstraint(core::coalesce(meta.version, "0.0.0"), "~> 5.1") && attrs.enable_dns_hostnames
    info_message  = "${meta.address} is of version ${core::coalesce(meta.version, "unknown")}."
    error_message = "${meta.address} is too old."
  }
}
