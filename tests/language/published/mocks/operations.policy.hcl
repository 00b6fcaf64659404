resource_policy "aws_db_instance" "no_new_engine" {
  operations = ["update", "delete"]

  locals {
    is_deleted = meta.operation == "delete"
    engine     = { before = core::try(prior_attrs.engine, null), after = local.is_deleted ? null : attrs.engine }
  }

  enforce {
    condition     = local.is_deleted ? prior_attrs.skip_final_snapshot == false : local.engine.before == local.engine.after
    error_message = "${meta.operation} of ${prior_attrs.identifier}."
  }
}

resource_policy "aws_db_instance" "named_when_created" {
  operations = ["create"]

  enforce {
    condition = core::length(attrs.identifier) > 3
  }
}

resource_policy "aws_db_instance" "never_without_tags" {
  operations = []

  enforce {
    condition = core::try(attrs.tags, null) != null
  }
}

resource_policy "aws_db_instance" "nothing_changes" {
  operations = ["no-op"]

  enforce {
    condition = attrs.identifier != "broken"
  }
}
