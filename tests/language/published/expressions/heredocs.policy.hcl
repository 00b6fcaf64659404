locals {
  plain = <<EOT
first
  second
EOT

  indented = <<-EOT
    first
      second
    third
  EOT

  escaped = <<-EOT
    $${not_a_template} %%{ nor a directive }
  EOT

  list = <<-EOT
    %{for name in ["a", "b"]~}
    - ${name}
    %{endfor~}
  EOT

  choice = <<-EOT
    %{if core::length("abc") == 3}three%{else}other%{endif}
  EOT

  document = core::jsondecode(<<-EOT
    { "Statement": [{ "Effect": "Deny", "Action": ["s3:*"] }] }
  EOT
  )
}

resource_policy "aws_sns_topic" "heredocs" {
  enforce {
    condition     = local.plain == "first\n  second\n" && local.indented == "first\n  second\nthird\n"
    error_message = <<-EOT
      ${local.plain}
      ${local.indented}
    EOT
  }

  enforce {
    condition = local.escaped == "$${not_a_template} %%{ nor a directive }\n" && local.list == "    - a\n    - b\n"
  }

  enforce {
    condition = local.choice == "three\n" && local.document.Statement[0].Effect == "Deny"
  }

  enforce {
    condition = core::trimspace(<<EOT
    ${attrs.name}
EOT
    ) == attrs.name
  }
}
