locals {
  # Names may have letters of any language, and dashes.
  größe     = 3
  with-dash = "ja"
  名前        = "\u540d\u524d"
  escapes   = "tab\tquote\" backslash\\ \u00e9 \U0001F600"
}

resource_policy "aws_sns_topic" "unicode" {
  enforce {
    condition = local.größe == core::length("äöü") && local.with-dash == "ja" && local.名前 == "名前"
  }

  enforce {
    condition     = local.escapes == "tab\tquote\" backslash\\ é 😀" && core::upper("straße") == "STRAßE"
    error_message = local.escapes
  }

  enforce {
    condition     = core::try(attrs.display_name, "") == core::title("äpfel und birnen")
    error_message = "„${attrs.display_name}“ ist falsch."
  }
}
