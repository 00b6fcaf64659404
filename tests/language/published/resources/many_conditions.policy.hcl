resource_policy "aws_security_group" "ingress" {
  filter = core::try(attrs.ingress, null) != null && core::try(core::length(attrs.ingress), 0) > 0

  locals {
    ssh = [
      for rule in attrs.ingress :
      rule if rule.from_port <= 22 && rule.to_port >= 22
    ]
    open_ssh = [for rule in local.ssh : rule if core::contains(core::try(rule.cidr_blocks, []), "0.0.0.0/0")]
    enriched = [
      for rule in attrs.ingress : {
        rule    = rule
        is_wide = (rule.to_port - rule.from_port) > 1000
      }
    ]
    wide = [for item in local.enriched : item.rule if item.is_wide]
  }

  enforce {
    condition     = core::length(local.open_ssh) == 0
    error_message = "SSH is open to everybody."
  }

  enforce {
    condition = core::length(local.wide) == 0
    error_message = <<-EOT
      A rule opens more than 1000 ports:
      %{for rule in local.wide~}
      - ${rule.from_port} to ${rule.to_port}
      %{endfor~}
    EOT
  }
}
