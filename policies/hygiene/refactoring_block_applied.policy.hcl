# moved, import and removed blocks are for one apply. After it they do nothing but get in the way of those who look for what is there.
workspace_policy "declaration" "refactoring_block_applied" {
  title             = "Refactoring block has done its work"
  category          = "hygiene"
  severity          = "low"
  references        = ["Terraform: Refactor modules, moved blocks", "Terraform: Import existing resources", "Terraform: Remove a resource from state"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      The move, import or removal is in the state. The block stays and names addresses that do not exist any more; the next refactoring
      has to find out whether it still matters.
    EOT
    fix = "Delete the block once every workspace of this directory has been applied."
  }

  locals {
    done = {
      moved   = "${core::coalesce(attrs.from, "?")} has moved to ${attrs.name} in this state"
      import  = "${attrs.name} is in this state"
      removed = "${attrs.name} is no longer in this state"
    }
  }

  filter = core::contains(["moved", "import", "removed"], attrs.kind)

  enforce {
    condition     = !attrs.applied
    error_message = "The ${attrs.kind} block has done its work, because ${local.done[attrs.kind]}; it can go once every workspace is applied."
  }

  option "delete" {
    title    = "Delete the block"
    merits   = ["the configuration shows what is there"]
    demerits = ["a workspace that has not been applied yet would lose the move: apply it first"]
    downtime = "none"
    effort   = "S"
  }

  option "keep" {
    title    = "Keep it until all workspaces are applied"
    merits   = ["no workspace is forgotten"]
    demerits = ["one more block to read"]
    downtime = "none"
    effort   = "S"
  }
}
