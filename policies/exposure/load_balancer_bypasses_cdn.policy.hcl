# CloudFront in front of a load balancer caches, filters and hides it. As long as the load balancer itself admits the whole
# internet, whoever knows its name goes around all of that.

resource_policy "aws_lb" "load_balancer_bypasses_cdn" {
  title             = "The load balancer can be reached around CloudFront"
  category          = "exposure"
  severity          = "medium"
  scope             = "production"
  pedantic          = true
  references        = ["Amazon CloudFront Developer Guide: Restrict access to Application Load Balancers", "Terraform AWS provider: aws_cloudfront_distribution"]
  enforcement_level = "advisory"

  docs {
    why = "Attackers skip the cache and the firewall of the edge and hit the tasks directly."
    fix = "Admit only the prefix list com.amazonaws.global.cloudfront.origin-facing in the group of the load balancer, or use a VPC origin."
  }

  locals {
    origins = core::getresources("aws_cloudfront_distribution", { origin = { domain_name = attrs.dns_name } })
    groups  = core::try([for g in attrs.security_groups : g], [])
    ranges = core::flatten([
      for g in local.groups : [
        [for s in core::getresources("aws_security_group", { id = g }) : core::try([for i in s.ingress : core::try([for c in i.cidr_blocks : c], [])], [])],
        [for r in core::getresources("aws_security_group_rule", { security_group_id = g, type = "ingress" }) : core::try([for c in r.cidr_blocks : c], [])],
        [for r in core::getresources("aws_vpc_security_group_ingress_rule", { security_group_id = g }) : core::coalesce(core::try(r.cidr_ipv4, null), "-")],
      ]
    ])
  }

  filter = !core::coalesce(core::try(attrs.internal, null), false) && core::length(local.origins) > 0

  enforce {
    condition     = !core::contains(local.ranges, "0.0.0.0/0")
    error_message = "${meta.address} is an origin of CloudFront and admits the whole internet itself, so cache and firewall of the edge can be passed by."
  }

  option "prefix_list" {
    title    = "Admit only the prefix list of CloudFront"
    merits   = ["one changed rule, nothing else to build"]
    demerits = ["counts as many rules towards the limit of the group"]
    downtime = "none"
    effort   = "S"
  }

  option "vpc_origin" {
    title    = "An internal load balancer as VPC origin"
    merits   = ["no public address at all"]
    demerits = ["a new load balancer"]
    downtime = "none with a switch by origin"
    effort   = "M"
  }

  pass "prefix_list" {
    resource "aws_lb" "main" {
      name            = "main"
      security_groups = [aws_security_group.lb.id]
    }

    resource "aws_security_group" "lb" {
      name   = "lb"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
      ingress {
        protocol        = "tcp"
        from_port       = 443
        to_port         = 443
        prefix_list_ids = ["pl-58a04531"]
      }
    }

    resource "aws_cloudfront_distribution" "site" {
      enabled = true
      origin {
        domain_name = aws_lb.main.dns_name
        origin_id   = "app"
      }

      default_cache_behavior {
        allowed_methods        = ["GET", "HEAD"]
        cached_methods         = ["GET", "HEAD"]
        target_origin_id       = "site"
        viewer_protocol_policy = "redirect-to-https"
      }

      restrictions {
        geo_restriction {
          restriction_type = "none"
        }
      }

      viewer_certificate {
        cloudfront_default_certificate = true
      }
    }
  }

  pass "no_cdn" {
    resource "aws_lb" "main" {
      name            = "main"
      security_groups = [aws_security_group.lb.id]
    }

    resource "aws_security_group" "lb" {
      name   = "lb"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
      ingress {
        protocol    = "tcp"
        from_port   = 443
        to_port     = 443
        cidr_blocks = ["0.0.0.0/0"]
      }
    }
  }

  pass "internal_behind_a_vpc_origin" {
    resource "aws_security_group" "lb" {
      name   = "lb"
      vpc_id = "vpc-0a1b2c3d4e5f60718"

      ingress {
        protocol    = "tcp"
        from_port   = 443
        to_port     = 443
        cidr_blocks = ["0.0.0.0/0"]
      }
    }

    resource "aws_lb" "main" {
      name            = "main"
      internal        = true
      security_groups = [aws_security_group.lb.id]
    }

    resource "aws_cloudfront_distribution" "site" {
      enabled = true

      origin {
        domain_name = aws_lb.main.dns_name
        origin_id   = "app"

        vpc_origin_config {
          vpc_origin_id = "vo-0a1b2c3d4e5f60718"
        }
      }

      default_cache_behavior {
        allowed_methods        = ["GET", "HEAD"]
        cached_methods         = ["GET", "HEAD"]
        target_origin_id       = "site"
        viewer_protocol_policy = "redirect-to-https"
      }

      restrictions {
        geo_restriction {
          restriction_type = "none"
        }
      }

      viewer_certificate {
        cloudfront_default_certificate = true
      }
    }
  }

  fail "open" {
    resource "aws_lb" "main" {
      name            = "main"
      security_groups = [aws_security_group.lb.id]
    }

    resource "aws_security_group" "lb" {
      name   = "lb"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
      ingress {
        protocol    = "tcp"
        from_port   = 443
        to_port     = 443
        cidr_blocks = ["0.0.0.0/0"]
      }
    }

    resource "aws_cloudfront_distribution" "site" {
      enabled = true
      origin {
        domain_name = aws_lb.main.dns_name
        origin_id   = "app"
      }

      default_cache_behavior {
        allowed_methods        = ["GET", "HEAD"]
        cached_methods         = ["GET", "HEAD"]
        target_origin_id       = "site"
        viewer_protocol_policy = "redirect-to-https"
      }

      restrictions {
        geo_restriction {
          restriction_type = "none"
        }
      }

      viewer_certificate {
        cloudfront_default_certificate = true
      }
    }
  }

  fail "open_by_a_rule" {
    resource "aws_lb" "main" {
      name            = "main"
      security_groups = [aws_security_group.lb.id]
    }

    resource "aws_security_group" "lb" {
      name   = "lb"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_vpc_security_group_ingress_rule" "lb" {
      security_group_id = aws_security_group.lb.id
      ip_protocol       = "tcp"
      from_port         = 443
      to_port           = 443
      cidr_ipv4         = "0.0.0.0/0"
    }

    resource "aws_cloudfront_distribution" "site" {
      enabled = true
      origin {
        domain_name = aws_lb.main.dns_name
        origin_id   = "app"
      }

      default_cache_behavior {
        allowed_methods        = ["GET", "HEAD"]
        cached_methods         = ["GET", "HEAD"]
        target_origin_id       = "site"
        viewer_protocol_policy = "redirect-to-https"
      }

      restrictions {
        geo_restriction {
          restriction_type = "none"
        }
      }

      viewer_certificate {
        cloudfront_default_certificate = true
      }
    }
  }
}
