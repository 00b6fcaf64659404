resource_policy "aws_elasticache_cluster" "engine_is_new_enough" {
  filter = core::try(attrs.engine_version, null) != null && core::try(attrs.engine_version, "") != ""

  locals {
    is_semver = core::try(core::semverconstraint(attrs.engine_version, ">= 6.0.0"), false)
    is_short  = core::try(core::regex("^([6-9]|[1-9][0-9])\\.", attrs.engine_version), null) != null
  }

  enforce {
    condition     = local.is_semver || local.is_short
    error_message = "Engine ${attrs.engine_version} is too old."
  }

  enforce {
    condition = core::semvercmp("1.10.0", "1.9.0") == 1 && core::semverconstraint("4.67.2", "~> 4.67.0")
  }
}
