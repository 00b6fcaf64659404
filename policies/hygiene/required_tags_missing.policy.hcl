# When something costs money or pages somebody at night, the first question is whose it is. Tags answer it, if everything has them.
input "required" {
  type        = list(string)
  default     = []
  description = "The tags that everything must have, such as [\"env\", \"service\", \"team\"]. Empty: the policy is off, because only the team knows its names."
}

resource_policy "*" "required_tags_missing" {
  title             = "Required tag is missing"
  category          = "hygiene"
  severity          = "low"
  aliases           = ["tfl:aws_resource_missing_tags"]
  references        = ["AWS Whitepaper: Best Practices for Tagging AWS Resources", "Terraform AWS provider: default_tags"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      Without an owner nobody dares to delete it, nobody is asked about its price, and whoever is called at night has to guess. Tags that
      are set on most things are worth as much as none: every report has a large rest.
    EOT
    fix = "Set the tags once in `default_tags` of the provider. Monitors of Datadog take them as `key:value` in `tags`."
  }

  locals {
    own     = core::try(core::keys(core::coalesce(attrs.tags, {})), [])
    all     = core::try(core::keys(core::coalesce(attrs.tags_all, {})), [])
    missing = [for key in input.required : key if !core::contains(local.own, key) && !core::contains(local.all, key)]
  }

  # Types without tags have no such attribute. Auto Scaling groups have blocks in its place.
  filter = core::length(input.required) > 0 && core::startswith(meta.type, "aws_") && core::can(attrs.tags) && meta.type != "aws_autoscaling_group"

  enforce {
    condition     = core::length(local.missing) == 0
    at            = attrs.tags
    error_message = "${meta.address} has no tag ${core::join(", ", local.missing)}: nobody can see whose it is."
  }

  option "default_tags" {
    title    = "Set them once in the provider"
    merits   = ["everything has them, also what comes later"]
    demerits = ["a plan that changes many objects once"]
    downtime = "none"
    effort   = "S"
  }
}

resource_policy "datadog_monitor" "required_tags_missing" {
  enforcement_level = "advisory"

  locals {
    tags    = core::try([for t in attrs.tags : core::split(":", t)[0]], [])
    missing = [for key in input.required : key if !core::contains(local.tags, key)]
  }

  filter = core::length(input.required) > 0

  enforce {
    condition     = core::length(local.missing) == 0
    at            = attrs.tags
    error_message = "${meta.address} has no tag ${core::join(", ", local.missing)}: nobody can see whose alert it is."
  }
}
