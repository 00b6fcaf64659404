# Resolvers keep an answer as long as its TTL says. When a name moves to another target, clients go on using the old one for that time, and the
# TTL of the new record does not help: the old one counts.
#
# Judged are names that users go to. Records for validation begin with an underscore and have no clients; TXT and SRV are left out likewise.


input "max_ttl" {
  type        = number
  default     = 300
  description = "Seconds that old answers may live when a name moves. Five minutes of two running systems are easy to bear."
}

resource_policy "aws_route53_record" "dns_cutover_with_long_ttl" {
  title             = "A name moves while its old answer is kept for long"
  category          = "release"
  severity          = "medium"
  scope             = "production"
  references        = ["Amazon Route 53 Developer Guide: Values common for simple records, TTL", "AWS provider: aws_route53_record"]
  enforcement_level = "advisory"
  operations        = ["update", "delete"]

  docs {
    why = "For the length of the old TTL a part of the users is still sent to the old target. If that is switched off in the same change, they get errors, and nothing on our side can shorten it. A rollback has the same delay."
    fix = "Lower `ttl` to 60 in a change of its own, wait as long as the old TTL was, then move the name. Raise it again later."
  }

  locals {
    ttl     = core::coalesce(core::try(prior_attrs.ttl, null), 0)
    records = plan::changed("records")
    alias   = plan::changed("alias[0].name")
    weight  = plan::changed("weighted_routing_policy[0].weight")
  }

  # Of a replacement only the half with the values before is judged, and a record that goes for good moves nowhere.
  filter = (
    local.ttl > input.max_ttl
    && core::contains(["A", "AAAA", "CNAME", "MX", "NS"], core::try(prior_attrs.type, "?"))
    && !core::startswith(core::coalesce(core::try(prior_attrs.name, null), "?"), "_")
    && !meta.forget
    && (core::contains(meta.actions, "update") || core::contains(meta.actions, "create"))
  )

  enforce {
    condition     = !(local.records || local.alias || local.weight)
    at            = attrs.records
    error_message = "${meta.address} moves to another target while its old answer is kept for ${local.ttl} s: users are sent to the old target for that time; at most ${input.max_ttl} s are asked for."
  }

  option "lower_first" {
    title    = "Lower the TTL to 60 a day before, move, raise it later"
    merits   = ["the move takes a minute, a rollback too"]
    demerits = ["three pull requests", "some more DNS queries are paid for"]
    downtime = "none"
    effort   = "S"
    set {
      ttl = 60
    }
  }

  option "by_weight" {
    title    = "Shift by weight: 10, 50, 100 percent"
    merits   = ["a bad target is seen by few"]
    demerits = ["both targets are paid for", "both must be able to work at once"]
    downtime = "none"
    effort   = "M"
  }
}
