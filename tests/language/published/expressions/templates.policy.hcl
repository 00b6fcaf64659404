locals {
  names   = ["a", "b"]
  list    = "%{for name in local.names}${name};%{endfor}"
  choice  = "%{if core::length(local.names) > 1}many%{else}few%{endif}"
  escaped = "$${not} %%{either} \"quoted\" \u00e9 \t"
  only    = "${local.names}"
  heredoc = <<EOT
${local.list}
  kept
EOT
}

resource_policy "aws_sns_topic" "templates" {
  enforce {
    condition = core::alltrue([
      local.list == "a;b;",
      local.choice == "many",
      core::startswith(local.escaped, "$${not} %%{either} \"quoted\" é"),
      local.only == ["a", "b"],
      local.heredoc == "a;b;\n  kept\n",
    ])
    error_message = "Templates: ${local.list} ${local.choice} ${local.escaped}"
  }
}
