locals {
  key = "computed"

  forms = {
    name                                 = "a name"
    "quoted"                             = "a text",
    "with-dash" : "a colon", (local.key) = "in parentheses",
    "${local.key}-too"                   = "a template"
    nested                               = { inner = { deep = [{ x = 1 }, { x = 2 }] } }
    list = [
      1,
      2,
      3,
    ]
    empty = {}
    null  = "a word"
    true  = "another"
  }
  one_line = { a = 1, b = { c = [2] }, "d" = 3 }
}

resource_policy "aws_sqs_queue" "object_literals" {
  enforce {
    condition = local.forms.name == "a name" && local.forms.quoted == "a text" && local.forms["with-dash"] == "a colon"
  }

  enforce {
    condition = local.forms.computed == "in parentheses" && local.forms["computed-too"] == "a template"
  }

  enforce {
    condition = local.forms.nested.inner.deep[1].x == 2 && local.forms.nested["inner"]["deep"][*].x == [1, 2]
  }

  enforce {
    condition = local.forms.empty == {} && local.forms["null"] == "a word" && local.forms["true"] == "another" && local.one_line == { d = 3, b = { c = [2] }, a = 1 }
  }

  enforce {
    condition     = core::lookup({ standard = 345600, "fifo" = 1209600 }, attrs.fifo_queue ? "fifo" : "standard") <= attrs.message_retention_seconds
    error_message = "The queue forgets after ${attrs.message_retention_seconds} s."
  }
}
