provider_policy "aws" "region_and_tags" {
  filter = meta.alias == null

  locals {
    tags = core::try(attrs.default_tags[0].tags, {})
  }

  enforce {
    condition     = core::contains(["eu-west-1", "eu-central-1"], attrs.region)
    error_message = "${attrs.region} is no region of ours."
  }

  enforce {
    condition     = core::length(local.tags) > 0
    error_message = "The provider sets no default tags."
  }
}

provider_policy "*" "official" {
  enforce {
    condition     = meta.source == null ? true : core::startswith(meta.source, "registry.terraform.io/hashicorp/")
    error_message = "${meta.name} comes from ${meta.source}."
  }

  enforce {
    condition = core::try(core::semverconstraint(meta.version, ">= 5.0.0"), true)
  }
}
