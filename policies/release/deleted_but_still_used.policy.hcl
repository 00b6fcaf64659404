# Terraform knows only what is written as a reference. An id that is copied into a variable, or an object of another plan, still uses what is
# deleted here: AWS refuses the delete half-way, or the user breaks.
resource_policy "*" "deleted_but_still_used" {
  title             = "Something that stays still uses what is deleted"
  category          = "release"
  severity          = "critical"
  references        = ["Terraform: Resource lifecycle", "Terraform: References to resource attributes"]
  enforcement_level = "mandatory_overridable"
  operations        = ["delete"]

  docs {
    why = "Either AWS says that the object is in use and the apply stops half-way, or it is deleted and what used it fails at its next start: a task that finds no target group, a rule without its security group."
    fix = "Change the users first, in the same pull request or in an earlier one, then delete. `terraform state show` of a user shows where the id comes from."
  }

  locals {
    users = graph::referrers()
  }

  filter = !meta.forget && !core::contains(meta.actions, "create")

  enforce {
    condition     = core::length(local.users) == 0
    error_message = "${meta.address} is deleted, but ${core::join(", ", core::slice(core::distinct([for u in local.users : u._address]), 0, core::min(5, core::length(core::distinct([for u in local.users : u._address])))))} still ${core::length(local.users) == 1 ? "uses" : "use"} it: the apply stops half-way, or its users break."
  }

  option "users_first" {
    title    = "Change the users first"
    merits   = ["nothing breaks", "each step can be taken back"]
    demerits = ["one more pull request"]
    downtime = "none"
    effort   = "S"
  }

  option "keep" {
    title    = "Keep it"
    merits   = ["no user loses what it needs"]
    demerits = ["it is paid for"]
    downtime = "none"
    effort   = "S"
  }
}
