input "min_azs" {
  type        = number
  default     = 2
  description = "Two Availability Zones are the least that survive the loss of one."
}

# Every request passes the load balancer, so its zones are the upper bound for everything behind it. Targets in a second zone do
# not help when the balancer itself lives in one.
resource_policy "aws_lb" "load_balancer_one_az" {
  title             = "Load balancer is in one Availability Zone"
  category          = "multi_az"
  severity          = "high"
  scope             = "production"
  aliases           = ["S:elb-multiple-az", "S:elb-ensure-multi-az-configuration-classic-load-balancer"]
  references        = ["Elastic Load Balancing User Guide: How Elastic Load Balancing works", "Terraform AWS provider: aws_lb"]
  covered_by        = ["redundancy_lowered_by_change"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = <<-EOT
      When the one zone of the load balancer fails, the whole service is unreachable, however many tasks run elsewhere. Nobody in
      the team can do more than wait, because a zone cannot be added while AWS is in trouble.
    EOT
    fix = "Give the load balancer subnets in two or more Availability Zones, with `subnets` or one `subnet_mapping` for each."
  }

  # A subnet of another directory has an unknown zone: then only a single subnet is a proof.
  locals {
    subnet_ids = core::distinct(core::flatten([
      core::try([for id in attrs.subnets : id], []),
      core::try([for m in attrs.subnet_mapping : m.subnet_id], []),
    ]))
    places = [
      for id in local.subnet_ids : core::flatten([
        for s in core::concat(core::getresources("aws_subnet", { id = id }), core::getresources("aws_default_subnet", { id = id })) :
        core::try([core::coalesce(core::try(s.availability_zone, null), core::try(s.availability_zone_id, null))], [])
      ])
    ]
    found_all = core::alltrue([for p in local.places : core::length(p) > 0])
    azs       = core::distinct(core::flatten(local.places))
    reached   = core::length(local.subnet_ids) < input.min_azs ? core::length(local.subnet_ids) : core::length(local.azs)

    # Nobody misses a load balancer without a listener and without a word of it elsewhere; load_balancer_without_service says it.
    used = core::length(core::getresources("aws_lb_listener", { load_balancer_arn = attrs.arn })) > 0 || core::length(plan::mentioned_in()) > 0
  }

  filter = core::length(local.subnet_ids) > 0 && (core::length(local.subnet_ids) < input.min_azs || local.found_all) && local.used

  enforce {
    condition     = core::length(local.subnet_ids) >= input.min_azs && core::length(local.azs) >= input.min_azs
    at            = attrs.subnets
    error_message = "${meta.address} stands in ${local.reached} Availability Zone${local.reached == 1 ? "" : "s"} only: when ${local.reached == 1 ? "it fails, nobody reaches the service" : "one fails, the rest carry all requests"}; at least ${input.min_azs} are asked for."
  }

  option "second_zone" {
    title    = "Add a subnet in a second Availability Zone"
    merits   = ["the loss of a zone leaves the entrance open"]
    demerits = ["one more public address is charged for an internet-facing balancer", "traffic between zones"]
    downtime = "none for an application load balancer; a network load balancer may be replaced by old provider versions, read the plan"
    effort   = "S"
  }

  option "second_load_balancer" {
    title    = "Build a second load balancer in more zones and move the DNS record"
    merits   = ["a way back at every step"]
    demerits = ["two balancers are paid for a while", "a change of DNS"]
    downtime = "none when the record is moved by weight"
    effort   = "M"
  }

  pass "two_zones" {
    resource "aws_subnet" "a" {
      vpc_id            = "vpc-0a1b2c3d4e5f60718"
      cidr_block        = "10.0.0.0/24"
      availability_zone = "ap-northeast-1a"
    }

    resource "aws_subnet" "c" {
      vpc_id            = "vpc-0a1b2c3d4e5f60718"
      cidr_block        = "10.0.1.0/24"
      availability_zone = "ap-northeast-1c"
    }

    resource "aws_lb" "main" {
      name    = "main"
      subnets = [aws_subnet.a.id, aws_subnet.c.id]
    }
  }

  pass "subnets_of_another_directory" {
    resource "aws_lb" "main" {
      name    = "main"
      subnets = ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"]
    }
  }

  pass "classic_over_two_zones" {
    resource "aws_elb" "main" {
      name               = "main"
      availability_zones = ["ap-northeast-1a", "ap-northeast-1c"]

      listener {
        instance_port     = 8080
        instance_protocol = "http"
        lb_port           = 80
        lb_protocol       = "http"
      }
    }
  }

  pass "used_by_nothing" {
    resource "aws_lb" "tcp" {
      name               = "tcp"
      load_balancer_type = "network"
      subnets            = ["subnet-0a1b2c3d4e5f60718"]
    }
  }

  fail "one_subnet" {
    resource "aws_lb" "tcp" {
      name               = "tcp"
      load_balancer_type = "network"
      subnets            = ["subnet-0a1b2c3d4e5f60718"]
    }

    resource "aws_lb_listener" "tcp" {
      load_balancer_arn = aws_lb.tcp.arn
      port              = 443
      protocol          = "TCP"

      default_action {
        type             = "forward"
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:targetgroup/tcp/0123456789abcdef"
      }
    }
  }

  fail "listeners_stand_in_another_directory" {
    resource "aws_lb" "tcp" {
      name               = "tcp"
      load_balancer_type = "network"
      subnets            = ["subnet-0a1b2c3d4e5f60718"]
    }

    output "load_balancer_arn" {
      value = aws_lb.tcp.arn
    }
  }

  fail "one_subnet_mapping" {
    resource "aws_lb" "tcp" {
      name               = "tcp"
      load_balancer_type = "network"

      subnet_mapping {
        subnet_id     = "subnet-0a1b2c3d4e5f60718"
        allocation_id = "eipalloc-0a1b2c3d4e5f60718"
      }
    }

    resource "aws_lb_listener" "tcp" {
      load_balancer_arn = aws_lb.tcp.arn
      port              = 443
      protocol          = "TCP"

      default_action {
        type             = "forward"
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:targetgroup/tcp/0123456789abcdef"
      }
    }
  }

  fail "two_subnets_of_one_zone" {
    resource "aws_subnet" "a" {
      vpc_id            = "vpc-0a1b2c3d4e5f60718"
      cidr_block        = "10.0.0.0/24"
      availability_zone = "ap-northeast-1a"
    }

    resource "aws_subnet" "b" {
      vpc_id            = "vpc-0a1b2c3d4e5f60718"
      cidr_block        = "10.0.1.0/24"
      availability_zone = "ap-northeast-1a"
    }

    resource "aws_lb" "tcp" {
      name               = "tcp"
      load_balancer_type = "network"
      subnets            = [aws_subnet.a.id, aws_subnet.b.id]
    }

    resource "aws_lb_listener" "tcp" {
      load_balancer_arn = aws_lb.tcp.arn
      port              = 443
      protocol          = "TCP"

      default_action {
        type             = "forward"
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:targetgroup/tcp/0123456789abcdef"
      }
    }
  }

  fail "classic_in_one_zone" {
    resource "aws_elb" "main" {
      name               = "main"
      availability_zones = ["ap-northeast-1a"]

      listener {
        instance_port     = 8080
        instance_protocol = "http"
        lb_port           = 80
        lb_protocol       = "http"
      }
    }
  }
}

# A classic load balancer names zones or subnets; AWS fills in the zones of the subnets afterwards.
resource_policy "aws_elb" "load_balancer_one_az" {
  enforcement_level = "mandatory_overridable"

  locals {
    named      = core::try([for z in attrs.availability_zones : z], [])
    subnet_ids = core::try([for id in attrs.subnets : id], [])
    places = [
      for id in local.subnet_ids : core::flatten([
        for s in core::concat(core::getresources("aws_subnet", { id = id }), core::getresources("aws_default_subnet", { id = id })) :
        core::try([core::coalesce(core::try(s.availability_zone, null), core::try(s.availability_zone_id, null))], [])
      ])
    ]
    found_all = core::alltrue([for p in local.places : core::length(p) > 0])
    azs       = core::distinct(core::length(local.named) > 0 ? local.named : core::flatten(local.places))
    single    = core::length(local.named) == 0 && core::length(local.subnet_ids) < input.min_azs
    reached   = local.single ? core::length(local.subnet_ids) : core::length(local.azs)
  }

  filter = core::length(local.named) > 0 || (core::length(local.subnet_ids) > 0 && (local.single || local.found_all))

  enforce {
    condition     = !local.single && core::length(local.azs) >= input.min_azs
    at            = attrs.subnets
    error_message = "${meta.address} stands in ${local.reached} Availability Zone${local.reached == 1 ? "" : "s"} only: when ${local.reached == 1 ? "it fails, nobody reaches the service" : "one fails, the rest carry all requests"}; at least ${input.min_azs} are asked for."
  }
}
