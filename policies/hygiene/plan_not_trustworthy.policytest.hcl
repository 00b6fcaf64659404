policytest {
  targets = ["plan_not_trustworthy.policy.hcl"]
}

workspace "plan" "whole" {
}

workspace "plan" "stopped_on_an_error" {
  attrs = {
    errored  = true
    complete = false
  }
  expect_failure = true
}

workspace "plan" "of_a_part" {
  attrs = {
    complete = false
    targeted = true
  }
  expect_failure = true
}

workspace "plan" "with_changes_put_off" {
  attrs = {
    complete = false
  }
  expect_failure = true
}

workspace "plan" "database_deleted_by_hand" {
  attrs = {
    drift = [
      { address = "aws_db_instance.main", type = "aws_db_instance", actions = ["delete"] },
    ]
  }
  expect_failure = true
}

workspace "plan" "database_changed_by_hand" {
  attrs = {
    drift = [
      { address = "aws_db_instance.main", type = "aws_db_instance", actions = ["update"] },
    ]
  }
  expect_failure = true
}

# Nobody is hurt when a policy document is written anew.
workspace "plan" "policy_document_changed_by_hand" {
  attrs = {
    drift = [
      { address = "aws_iam_policy.read", type = "aws_iam_policy", actions = ["update"] },
    ]
  }
}

# A state is what it is; that the last plan was a part says nothing of it.
workspace "plan" "state" {
  attrs = {
    input    = "state"
    complete = false
    targeted = true
  }
}
