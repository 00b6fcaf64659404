resource_policy "aws_sns_topic" "outside_of_stacks" {
  filter = meta.tfe_stack.deployment_name == "" && meta.tfe_stack.stack_name == "" && meta.tfe_stack.deployment_group == ""

  enforce {
    condition = core::length(meta.tfe_workspace.tags) == 0
  }
}
