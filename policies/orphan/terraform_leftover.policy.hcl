# Two things fall out of Terraform's sight: the old half of a replacement that stopped half-way, and an object that Terraform was told
# to forget. Both live on in the account, and both are paid for.
workspace_policy "plan" "terraform_leftover" {
  title             = "Object is left over in the account"
  category          = "orphan"
  severity          = "low"
  references        = ["Terraform: The lifecycle meta-argument, create_before_destroy", "Terraform: Remove a resource from state"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      After a failed replacement the state holds a "deposed" object: the new one serves, the old one runs beside it and costs the same.
      A forgotten object is in no state at all: no plan shows it, no clean-up finds it, and its name is taken.
    EOT
    fix = "Apply once more to delete a deposed object; look at why the last apply stopped. Import a forgotten object where it belongs now, or delete it."
  }

  enforce {
    condition     = core::length(attrs.deposed) == 0
    error_message = "The state holds ${core::length(attrs.deposed)} leftover ${core::length(attrs.deposed) == 1 ? "object" : "objects"} of a failed replacement (${core::join(", ", core::slice(attrs.deposed, 0, core::min(3, core::length(attrs.deposed))))}${core::length(attrs.deposed) > 3 ? " and more" : ""}), which may still run and be paid for beside the new one."
  }

  option "apply_again" {
    title    = "Apply once more"
    merits   = ["Terraform deletes the deposed object by itself"]
    demerits = ["it fails again if something still uses the object; look at the message of the last apply"]
    downtime = "none, the new object serves already"
    effort   = "S"
  }

  option "import_it" {
    title    = "Import the forgotten object where it belongs now"
    merits   = ["it is in plans and reviews again"]
    demerits = ["its configuration must be written first"]
    downtime = "none"
    effort   = "M"
  }
}

# What Terraform forgets stays in the account.
resource_policy "*" "terraform_leftover" {
  enforcement_level = "advisory"
  operations        = ["delete"]

  filter = meta.forget

  enforce {
    condition     = false
    error_message = "${meta.address} leaves the state and stays in the account, where no plan shows it any more; nothing in this plan imports it elsewhere."
  }
}
