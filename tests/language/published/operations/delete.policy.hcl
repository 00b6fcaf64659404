resource_policy "aws_db_instance" "deleted_with_a_tag_only" {
  operations        = ["delete"]
  enforcement_level = "advisory"

  locals {
    tags = core::try(prior_attrs.tags, null)
    may  = local.tags != null ? core::lookup(local.tags, "may_go", "no") : "no"
  }

  enforce {
    condition     = local.may == "yes"
    error_message = "Set the tag may_go to yes first."
  }
}

resource_policy "aws_db_instance" "update_or_delete" {
  operations = ["update", "delete"]

  enforce {
    condition = core::try(prior_attrs.deletion_protection, false) == false || meta.operation == "update"
  }
}
