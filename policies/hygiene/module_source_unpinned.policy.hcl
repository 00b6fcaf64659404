# A module without a version is another module tomorrow. The same commit then makes another plan, and a release that changes one line
# changes twenty objects.
module_policy "*" "module_source_unpinned" {
  title             = "Module has no fixed version"
  category          = "hygiene"
  severity          = "low"
  aliases           = ["tfl:terraform_module_pinned_source", "CKV_TF_1"]
  references        = ["Terraform: Module sources, selecting a revision", "Terraform: Version constraints"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      Terraform takes whatever the branch or the registry holds at the next init. A change that somebody else makes there reaches
      production with the next unrelated release, and nobody has reviewed it.
    EOT
    fix = "Add `?ref=` with a tag or a commit to a git source, and `version` to a module of a registry."
  }

  locals {
    source      = meta.source
    is_local    = core::startswith(local.source, "./") || core::startswith(local.source, "../")
    is_git      = !local.is_local && (core::startswith(local.source, "git::") || core::startswith(local.source, "git@") || core::startswith(local.source, "github.com/") || core::startswith(local.source, "bitbucket.org/") || core::can(core::regex("[.]git($|//|[?])", local.source)))
    is_registry = !local.is_local && !local.is_git && core::can(core::regex("^([a-z0-9.-]+[.][a-z]+(:[0-9]+)?/)?[A-Za-z0-9_-]+/[A-Za-z0-9_-]+/[a-z0-9]+(//.*)?$", local.source))
    ref         = core::try(core::regex("[?&]ref=([^&]+)", local.source)[0], null)
  }

  filter = local.is_git || local.is_registry

  enforce {
    condition     = local.is_registry || (local.ref != null && !core::contains(["main", "master", "develop", "HEAD"], core::coalesce(local.ref, "-")))
    error_message = "${meta.address} takes ${core::coalesce(local.ref, "the newest commit")} of its git source: the next init may bring another module."
  }

  enforce {
    condition     = local.is_git || meta.version != null
    error_message = "${meta.address} takes the newest version of ${local.source} from the registry: the next init may bring another module."
  }

  option "pin" {
    title    = "Fix the version"
    merits   = ["the same commit makes the same plan", "updates are pull requests that somebody reads"]
    demerits = ["updates must be made; a bot can open them"]
    downtime = "none"
    effort   = "S"
  }

  pass "fixed_versions" {
    module "local" {
      source = "./modules/service"
    }

    module "git" {
      source = "git::https://git.example.com/modules/network.git?ref=v1.4.0"
    }

    module "short" {
      source = "github.com/example/network?ref=3f2c1d0"
    }

    module "registry" {
      source  = "example/network/aws"
      version = "1.4.0"
    }

    module "archive" {
      source = "https://example.com/network-1.4.0.zip"
    }
  }

  fail "git_without_a_tag" {
    module "newest" {
      source = "git::https://git.example.com/modules/network.git"
    }

    module "branch" {
      source = "git::https://git.example.com/modules/network.git?ref=main"
    }

    module "short" {
      source = "github.com/example/network"
    }
  }

  fail "registry_without_a_version" {
    module "newest" {
      source = "example/network/aws"
    }

    module "private" {
      source = "registry.example.com/example/network/aws"
    }
  }
}
