policytest {
  targets = ["stale_suppression.policy.hcl"]
}

# planfit:ignore log_group_never_expires reason="audit asks for ten years" until="2027-06-30"
workspace "suppression" "needed_and_explained" {
  attrs = {
    policies = ["log_group_never_expires"]
    reason   = "audit asks for ten years"
    until    = "2027-06-30"
  }
}

# planfit:ignore log_group_never_expires reason="audit asks for ten years" until="soon"
workspace "suppression" "date_that_is_none" {
  attrs = {
    policies = ["log_group_never_expires"]
    reason   = "audit asks for ten years"
    fault    = "until is \"soon\", and a day looks like \"2027-03-31\""
  }
  expect_failure = true
}

# planfit:ignore log_group_never_ends reason="audit asks for ten years"
workspace "suppression" "policy_that_is_none" {
  attrs = {
    policies = ["log_group_never_ends"]
    unknown  = ["log_group_never_ends (did you mean log_group_never_expires?)"]
    reason   = "audit asks for ten years"
  }
  expect_failure = true
}

# planfit:ignore log_group_never_expires
workspace "suppression" "without_a_reason" {
  attrs = {
    policies     = ["log_group_never_expires"]
    lacks_reason = true
  }
  expect_failure = true
}

# planfit:ignore log_group_never_expires reason="audit asks for ten years" until="2025-06-30"
workspace "suppression" "past_its_day" {
  attrs = {
    policies = ["log_group_never_expires"]
    reason   = "audit asks for ten years"
    until    = "2025-06-30"
    ended    = true
  }
  expect_failure = true
}

# planfit:ignore log_group_never_expires reason="audit asks for ten years"
workspace "suppression" "of_a_finding_that_is_gone" {
  attrs = {
    policies = ["log_group_never_expires"]
    unused   = ["log_group_never_expires"]
    reason   = "audit asks for ten years"
  }
  expect_failure = true
}
