policytest {
  targets = ["refactoring_block_applied.policy.hcl"]
}

workspace "declaration" "moved_in_every_state" {
  attrs = {
    kind    = "moved"
    from    = "aws_sqs_queue.jobs"
    name    = "aws_sqs_queue.orders"
    applied = true
  }
  expect_failure = true
}

workspace "declaration" "waits_for_the_next_apply" {
  attrs = {
    kind    = "moved"
    from    = "aws_sqs_queue.jobs"
    name    = "aws_sqs_queue.orders"
    applied = false
  }
}

workspace "declaration" "imported" {
  attrs = {
    kind    = "import"
    name    = "aws_sqs_queue.orders"
    applied = true
  }
  expect_failure = true
}

workspace "declaration" "removed" {
  attrs = {
    kind    = "removed"
    name    = "aws_sqs_queue.jobs"
    applied = true
  }
  expect_failure = true
}

# No refactoring block: it is applied again and again.
workspace "declaration" "variable" {
  attrs = {
    kind       = "variable"
    name       = "region"
    references = 1
  }
}
