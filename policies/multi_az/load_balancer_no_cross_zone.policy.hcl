# A network load balancer sends what arrives in a zone only to targets of that zone. If a zone has few targets or none, these get
# all of it, and clients that were given the address of that zone see errors. For others it saves the charge between zones, so this
# is off unless asked for. Application load balancers always spread over zones.
resource_policy "aws_lb" "load_balancer_no_cross_zone" {
  title             = "Load balancer does not spread over zones"
  category          = "multi_az"
  severity          = "low"
  scope             = "production"
  pedantic          = true
  aliases           = ["CKV_AWS_138", "CKV_AWS_152", "FG_R00043", "S:elb-cross-zone-load-balancing-enabled"]
  references        = ["Elastic Load Balancing User Guide: Cross-zone load balancing", "Terraform AWS provider: aws_lb"]
  enforcement_level = "advisory"

  docs {
    why = "When the targets of one zone are few or fail, the share of the requests that enters through this zone has nowhere else to go."
    fix = "Set `enable_cross_zone_load_balancing = true`, or `load_balancing_cross_zone_enabled = \"true\"` in the target groups that need it. Have targets in every zone in any case."
  }

  locals {
    listeners = core::getresources("aws_lb_listener", { load_balancer_arn = attrs.arn })
    group_arns = core::flatten([
      for l in local.listeners : [
        for action in core::try(l.default_action, []) : core::concat(
          core::try(action.target_group_arn, null) == null ? [] : [action.target_group_arn],
          core::try(core::flatten([for f in action.forward : [for g in f.target_group : g.arn]]), []),
        )
      ]
    ])
    groups = core::flatten([for arn in local.group_arns : core::getresources("aws_lb_target_group", { arn = arn })])
    spread = core::anytrue([for g in local.groups : core::coalesce(core::try(g.load_balancing_cross_zone_enabled, null), "none") == "true"])
  }

  filter = core::contains(["network", "gateway"], core::coalesce(core::try(attrs.load_balancer_type, null), "application"))

  enforce {
    condition     = core::coalesce(core::try(attrs.enable_cross_zone_load_balancing, null), false) || local.spread
    at            = attrs.enable_cross_zone_load_balancing
    error_message = "${meta.address} keeps requests in the zone they enter: when the targets of one zone fail, its share of the requests fails."
  }

  option "cross_zone" {
    title    = "Turn on cross-zone load balancing"
    merits   = ["every healthy target takes part"]
    demerits = ["traffic between zones is charged by the gigabyte"]
    downtime = "none"
    effort   = "S"
    set {
      enable_cross_zone_load_balancing = true
    }
  }

  pass "switched_on" {
    resource "aws_lb" "tcp" {
      name                             = "tcp"
      load_balancer_type               = "network"
      enable_cross_zone_load_balancing = true
    }
  }

  pass "target_group_spreads" {
    resource "aws_lb" "tcp" {
      name               = "tcp"
      load_balancer_type = "network"
    }

    resource "aws_lb_target_group" "tcp" {
      name                              = "tcp"
      port                              = 5000
      protocol                          = "TCP"
      vpc_id                            = "vpc-0a1b2c3d4e5f60718"
      load_balancing_cross_zone_enabled = "true"
    }

    resource "aws_lb_listener" "tcp" {
      load_balancer_arn = aws_lb.tcp.arn
      port              = 5000
      protocol          = "TCP"

      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.tcp.arn
      }
    }
  }

  pass "application_load_balancer" {
    resource "aws_lb" "web" {
      name = "web"
    }
  }

  pass "classic_by_default" {
    resource "aws_elb" "old" {
      name = "old"

      listener {
        instance_port     = 8080
        instance_protocol = "http"
        lb_port           = 80
        lb_protocol       = "http"
      }
    }
  }

  fail "network_load_balancer" {
    resource "aws_lb" "tcp" {
      name               = "tcp"
      load_balancer_type = "network"
    }
  }

  fail "classic_switched_off" {
    resource "aws_elb" "old" {
      name                      = "old"
      cross_zone_load_balancing = false

      listener {
        instance_port     = 8080
        instance_protocol = "http"
        lb_port           = 80
        lb_protocol       = "http"
      }
    }
  }
}

# The classic load balancer spreads unless it is told not to.
resource_policy "aws_elb" "load_balancer_no_cross_zone" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(core::try(attrs.cross_zone_load_balancing, null), true)
    at            = attrs.cross_zone_load_balancing
    error_message = "${meta.address} keeps requests in the zone they enter: when the servers of one zone fail, its share of the requests fails."
  }

  option "cross_zone" {
    title    = "Turn on cross-zone load balancing"
    merits   = ["every healthy server takes part", "free on classic load balancers"]
    demerits = ["none that is known"]
    downtime = "none"
    effort   = "S"
    set {
      cross_zone_load_balancing = true
    }
  }
}
