provider_policy "*" "of_a_known_namespace" {
  enforce {
    condition     = core::contains(["hashicorp", "datadog"], core::lower(meta.namespace))
    error_message = "${meta.name} is of ${meta.namespace}: ${meta.source}."
  }
}

provider_policy "aws" "where_and_how" {
  filter = meta.alias == null || meta.alias != "legacy"

  locals {
    tags = core::try(attrs.default_tags[0].tags, {})
  }

  enforce {
    condition     = attrs.region == "ap-northeast-1" && core::lookup(local.tags, "managed_by", "") == "terraform"
    error_message = "${meta.type} ${core::coalesce(meta.alias, "by default")} works in ${attrs.region}."
  }

  enforce {
    condition = meta.version == null || core::semvercmp(meta.version, "6.0.0") >= 0
  }

  enforce {
    condition = !core::can(attrs.access_key) && !core::can(attrs.secret_key)
  }
}
