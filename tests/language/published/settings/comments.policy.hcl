# A comment of the shell's kind.
// One of C's,
/* and one that
   goes over lines. */
resource_policy "aws_sns_topic" "comments" { # behind a block
  /* in front of */ filter = true // behind an attribute
  enforce {
    condition = true # the rest is fine
  }
}
