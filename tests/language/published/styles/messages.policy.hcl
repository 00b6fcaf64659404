resource_policy "aws_cloudwatch_log_group" "messages" {
  locals {
    days = core::try(attrs.retention_in_days, null)
    text = local.days == null ? "for ever" : "${local.days} days"
  }

  enforce {
    condition     = local.days != null && local.days > 0
    info_message  = "${attrs.name} keeps logs ${local.text}."
    error_message = "${attrs.name} keeps logs ${local.text}."
  }

  enforce {
    condition     = core::startswith(attrs.name, "/aws/") || core::startswith(attrs.name, "/app/")
    error_message = "A name begins with \"/aws/\" or \"/app/\", not with \"${core::substr(attrs.name, 0, 5)}\".\n\tTake one of them: $${prefix}."
  }

  enforce {
    condition    = core::length(attrs.name) <= 512
    info_message = <<-EOT
      Name:      ${attrs.name}
      Retention: %{if local.days == null}none%{else}${local.days}%{endif}
    EOT
  }
}
