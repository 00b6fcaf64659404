# A suppression is a decision that somebody answers for. When its date is past, its finding is gone or nobody knows why it was made,
# it hides the next problem at the same place.
workspace_policy "suppression" "stale_suppression" {
  title             = "Suppression is out of date or silences nothing"
  category          = "hygiene"
  severity          = "medium"
  references        = ["planfit: docs/suppressions.md"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = <<-EOT
      A suppression silences a policy at one place, today and after every later change. One that nobody needs any more waits for the
      next real problem at that place and hides it. One without a reason cannot be judged by whoever finds it in a year.
    EOT
    fix = "Decide again: take the comment or the `ignore` block out, put its id right, give it a reason, or set a new date."
  }

  enforce {
    condition     = attrs.fault == null
    error_message = "The suppression silences nothing: ${attrs.fault == null ? "" : attrs.fault}."
  }

  enforce {
    condition     = core::length(attrs.unknown) == 0
    error_message = "The suppression names ${core::join(", ", attrs.unknown)}, which is no policy and no alias, so nothing is silenced by that name."
  }

  enforce {
    condition     = !attrs.lacks_reason
    error_message = "The suppression silences nothing, because it does not say why; write reason=\"…\" behind the id."
  }

  enforce {
    condition     = !attrs.ended
    error_message = "The suppression held until ${attrs.until == null ? "" : attrs.until} and has ended, so what it silenced counts again."
  }

  enforce {
    condition     = core::length(attrs.unused) == 0
    error_message = "Nothing is found here of ${core::join(", ", attrs.unused)}, so the suppression would only hide the next problem."
  }

  option "remove" {
    title    = "Take it out"
    merits   = ["the policy watches the place again"]
    demerits = ["a finding that is still there comes back"]
    downtime = "none"
    effort   = "S"
  }

  option "renew" {
    title    = "Decide anew: right id, reason, later date"
    merits   = ["the decision stays, and everybody can read why"]
    demerits = ["somebody must look at it again on that day"]
    downtime = "none"
    effort   = "S"
  }
}
