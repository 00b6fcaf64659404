input "quiet_days" {
  type    = list(string)
  default = []
}

resource_policy "aws_db_instance" "no_change_on_quiet_days" {
  operations = ["create", "update"]

  locals {
    now     = core::timestamp()
    day     = core::formatdate("EEEE", local.now)
    hour    = core::parseint(core::formatdate("HH", local.now), 10)
    is_late = core::timecmp(core::timeadd(local.now, "1h"), local.now) < 0
  }

  enforce {
    condition     = !core::contains(input.quiet_days, local.day) && local.hour >= 0 && local.hour < 24 && !local.is_late
    error_message = "Nothing changes on a ${local.day}."
  }
}
