# A web application firewall stops known attacks and floods before they reach the service. It costs money each month and blocks a
# customer now and then, so it is a choice and not a duty.

resource_policy "aws_lb" "public_load_balancer_without_waf" {
  title             = "Public load balancer has no web application firewall"
  category          = "exposure"
  severity          = "low"
  scope             = "production"
  pedantic          = true
  aliases           = ["CKV2_AWS_28"]
  references        = ["Terraform AWS provider: aws_wafv2_web_acl_association"]
  enforcement_level = "advisory"

  docs {
    why = "Floods and known attacks reach the tasks, and only more tasks help."
    fix = "Add an aws_wafv2_web_acl_association with the managed rule groups in count mode first, then block."
  }

  filter = !core::coalesce(core::try(attrs.internal, null), false) && core::coalesce(core::try(attrs.load_balancer_type, null), "application") == "application"

  enforce {
    condition     = core::length(core::getresources("aws_wafv2_web_acl_association", { resource_arn = attrs.arn })) > 0
    error_message = "${meta.address} takes requests from the internet without a web application firewall, so floods and known attacks reach the tasks."
  }

  option "managed" {
    title    = "Managed rule groups, first in count mode"
    merits   = ["known attacks stop at the edge"]
    demerits = ["paid by the rule and the request"]
    downtime = "none"
    effort   = "M"
  }

  option "rate" {
    title    = "Only a rate limit per address"
    merits   = ["cheap, stops the simplest floods"]
    demerits = ["known attacks pass"]
    downtime = "none"
    effort   = "S"
  }

  pass "associated" {
    resource "aws_lb" "main" {
      name = "main"
    }

    resource "aws_wafv2_web_acl_association" "main" {
      resource_arn = aws_lb.main.arn
      web_acl_arn  = "arn:aws:wafv2:ap-northeast-1:111122223333:regional/webacl/main/0"
    }
  }

  pass "inside_or_network" {
    resource "aws_lb" "main" {
      name     = "main"
      internal = true
    }

    resource "aws_lb" "tcp" {
      name               = "tcp"
      load_balancer_type = "network"
    }
  }

  fail "none" {
    resource "aws_lb" "main" {
      name = "main"
    }
  }
}
