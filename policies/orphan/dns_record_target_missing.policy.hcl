# A record that points to something that is gone is an outage for those who still use the name. If the name behind it can be taken by
# anybody, as that of a bucket or an address, it is an invitation as well.
resource_policy "aws_route53_record" "dns_record_target_missing" {
  title             = "DNS record points to something that is not there"
  category          = "orphan"
  severity          = "low"
  aliases           = ["CKV2_AWS_23", "K:route53_record_undefined", "S:cloudfront-s3-origin-non-existent-bucket"]
  references        = ["Amazon Route 53 Developer Guide: Choosing between alias and non-alias records", "Amazon Route 53 Developer Guide: Protection from dangling delegation records"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      The record names a load balancer, a distribution or a bucket that none of the known ones is. Users of the name get an error. A
      bucket name or a public address that was given up can be taken by a stranger, who then answers under your domain.
    EOT
    fix = "Delete the record, or let it refer to the resource (`aws_lb.main.dns_name`) in place of a written name. If the target is in another directory, tag nothing: suppress the finding with the reason."
  }

  locals {
    targets = [
      for t in core::concat(core::coalesce(core::try([for r in attrs.records : r], null), []), core::try([for a in attrs.alias : a.name], [])) : t
    ]

    balancers     = core::concat([for l in core::getresources("aws_lb", null) : l.dns_name], [for l in core::getresources("aws_elb", null) : l.dns_name])
    distributions = [for d in core::getresources("aws_cloudfront_distribution", null) : d.domain_name]
    apis = core::concat(
      core::flatten([for d in core::getresources("aws_api_gateway_domain_name", null) : [core::try(d.regional_domain_name, ""), core::try(d.cloudfront_domain_name, "")]]),
      core::flatten([for d in core::getresources("aws_apigatewayv2_domain_name", null) : core::try([for c in d.domain_name_configuration : c.target_domain_name], [])])
    )
    buckets = [for b in core::getresources("aws_s3_bucket", null) : b.bucket]

    # Written names only: what refers to a resource is right by itself.
    written = [for t in local.targets : core::trimprefix(core::lower(core::trimsuffix(t, ".")), "dualstack.")]
    missing_balancers = core::length(local.balancers) == 0 ? [] : [
      for t in local.written : t
      if core::can(core::regex("[.]elb([.][a-z0-9-]+)?[.]amazonaws[.]com$", t)) && !core::contains([for name in local.balancers : core::lower(name)], t)
    ]
    missing_distributions = core::length(local.distributions) == 0 ? [] : [
      for t in local.written : t
      if core::endswith(t, ".cloudfront.net") && !core::contains(local.distributions, t) && !core::contains(local.apis, t)
    ]
    missing_apis = core::length(local.apis) == 0 ? [] : [
      for t in local.written : t
      if core::can(core::regex("^d-[a-z0-9]+[.]execute-api[.][a-z0-9-]+[.]amazonaws[.]com$", t)) && !core::contains(local.apis, t)
    ]

    # An S3 website has the name of its bucket: BUCKET.s3-website-REGION.amazonaws.com, or the record's own name.
    websites     = [for t in local.written : core::try(core::regex("^(?:(.+)[.])?s3-website[.-][a-z0-9-]+[.]amazonaws[.]com$", t)[0], null) if core::can(core::regex("(^|[.])s3-website[.-][a-z0-9-]+[.]amazonaws[.]com$", t))]
    lost_buckets = core::length(local.buckets) == 0 ? [] : [for b in local.websites : core::coalesce(b, core::trimsuffix(core::lower(attrs.name), ".")) if !core::contains(local.buckets, core::coalesce(b, core::trimsuffix(core::lower(attrs.name), ".")))]

    # Addresses that this plan gives up.
    released  = [for e in plan::resources("aws_eip") : e.public_ip if e._operation == "delete"]
    abandoned = core::length(local.released) == 0 ? [] : [for t in local.targets : t if core::contains(local.released, t)]

    refers  = core::alltrue([for t in local.targets : core::contains(local.balancers, t) || core::contains(local.distributions, t) || core::contains(local.apis, t)])
    missing = core::concat(local.missing_balancers, local.missing_distributions, local.missing_apis)
  }

  # Cheap: most records hold texts, mails and names of others. Where even the type is not known yet, a certificate or a mail service
  # says what the record is: it proves a domain and leads nowhere.
  filter = plan::known(core::try(attrs.type, "")) && core::contains(["A", "AAAA", "CNAME"], core::try(attrs.type, ""))

  enforce {
    condition     = core::length(local.targets) == 0 || local.refers || core::length(local.missing) == 0
    error_message = "${meta.address} points to ${core::join(", ", local.missing)}, which is none of the load balancers, distributions and APIs here: whoever uses the name may get an error."
  }

  enforce {
    condition     = local.refers || core::length(local.lost_buckets) == 0
    severity      = "medium"
    error_message = "${meta.address} points to the website of a bucket ${core::join(", ", local.lost_buckets)} that is not managed here: if it is gone, a stranger can make it and answer under this name."
  }

  enforce {
    condition     = local.refers || core::length(local.abandoned) == 0
    severity      = "medium"
    error_message = "${meta.address} still points to ${core::join(", ", local.abandoned)}, an address that this plan gives up: a stranger may get it and answer under this name."
  }

  option "delete" {
    title    = "Delete the record"
    merits   = ["nobody can answer in your name", "users see at once that the name is gone"]
    demerits = ["the name stops for those who still use it"]
    downtime = "none, it leads nowhere already"
    effort   = "S"
  }

  option "refer" {
    title    = "Refer to the resource in place of a written name"
    merits   = ["it follows when the target is replaced"]
    demerits = ["a change of DNS that takes as long as the old TTL"]
    downtime = "none"
    effort   = "S"
  }

  pass "refers_to_what_is_there" {
    resource "aws_lb" "main" {
      name = "main"
    }

    resource "aws_route53_record" "www" {
      zone_id = "Z0123456789ABCDEFGHIJ"
      name    = "www.example.com"
      type    = "A"

      alias {
        name                   = aws_lb.main.dns_name
        zone_id                = aws_lb.main.zone_id
        evaluate_target_health = true
      }
    }
  }

  pass "names_of_others" {
    resource "aws_s3_bucket" "www" {
      bucket = "www.example.com"
    }

    resource "aws_route53_record" "mail" {
      zone_id = "Z0123456789ABCDEFGHIJ"
      name    = "mail.example.com"
      type    = "CNAME"
      ttl     = 300
      records = ["ghs.googlehosted.com"]
    }

    resource "aws_route53_record" "site" {
      zone_id = "Z0123456789ABCDEFGHIJ"
      name    = "www.example.com"
      type    = "CNAME"
      ttl     = 300
      records = ["www.example.com.s3-website-ap-northeast-1.amazonaws.com"]
    }

    resource "aws_route53_record" "site_alias" {
      zone_id = "Z0123456789ABCDEFGHIJ"
      name    = "www.example.com"
      type    = "A"

      alias {
        name                   = "s3-website-ap-northeast-1.amazonaws.com"
        zone_id                = "Z2M4EHUR26P7ZW"
        evaluate_target_health = false
      }
    }
  }

  pass "no_load_balancer_is_managed_here" {
    resource "aws_route53_record" "www" {
      zone_id = "Z0123456789ABCDEFGHIJ"
      name    = "www.example.com"
      type    = "CNAME"
      ttl     = 300
      records = ["main-1234567890.ap-northeast-1.elb.amazonaws.com"]
    }
  }

  fail "website_of_a_lost_bucket" {
    resource "aws_s3_bucket" "other" {
      bucket = "other.example.com"
    }

    resource "aws_route53_record" "old" {
      zone_id = "Z0123456789ABCDEFGHIJ"
      name    = "old.example.com"
      type    = "CNAME"
      ttl     = 300
      records = ["old.example.com.s3-website-ap-northeast-1.amazonaws.com"]
    }

    resource "aws_route53_record" "old_alias" {
      zone_id = "Z0123456789ABCDEFGHIJ"
      name    = "old.example.com"
      type    = "A"

      alias {
        name                   = "s3-website-ap-northeast-1.amazonaws.com"
        zone_id                = "Z2M4EHUR26P7ZW"
        evaluate_target_health = false
      }
    }
  }
}
