# By default a group asks only whether the machine is on. A server whose application has crashed is on, so it stays, while the load
# balancer has long stopped sending requests to it. The group then counts a server that does not work.
resource_policy "aws_autoscaling_group" "autoscaling_group_ignores_health" {
  title             = "Auto Scaling group keeps servers that the load balancer calls unhealthy"
  category          = "scaling"
  severity          = "high"
  aliases           = ["CKV2_AWS_15", "S:autoscaling-group-with-load-balancer-attached-should-have-elb-healthcheck"]
  references        = ["Amazon EC2 Auto Scaling User Guide: Health checks for instances in an Auto Scaling group", "Terraform AWS provider: aws_autoscaling_group"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = "One server after the other drops out of the load balancer and none is replaced, until the last one carries everything and falls over. Nothing alarms before that, because the group looks complete."
    fix = "Set `health_check_type = \"ELB\"`, with a `health_check_grace_period` longer than the start of the application."
  }

  locals {
    check = core::coalesce(core::try(attrs.health_check_type, null), "EC2")
    attached = (
      core::length(core::concat(
        core::try([for arn in attrs.target_group_arns : arn], []),
        core::try([for name in attrs.load_balancers : name], []),
        core::try([for source in attrs.traffic_source : source.identifier], []),
      )) > 0
      || core::length(core::getresources("aws_autoscaling_attachment", { autoscaling_group_name = attrs.name })) > 0
      || core::length(core::getresources("aws_autoscaling_traffic_source_attachment", { autoscaling_group_name = attrs.name })) > 0
    )
  }

  filter = local.attached

  enforce {
    condition     = core::strcontains(local.check, "ELB") || core::strcontains(local.check, "VPC_LATTICE")
    at            = attrs.health_check_type
    error_message = "${meta.address} looks only at whether the machine is on (${local.check}): a server whose application has crashed is never replaced."
  }

  option "ask_the_load_balancer" {
    title    = "Use the health check of the load balancer"
    merits   = ["a crashed application is replaced by itself"]
    demerits = ["a health check that is too strict replaces busy servers", "needs a grace period longer than the start"]
    downtime = "none"
    effort   = "S"
    set {
      health_check_type = "ELB"
    }
  }

  pass "asks_the_load_balancer" {
    resource "aws_autoscaling_group" "web" {
      name              = "web"
      min_size          = 2
      max_size          = 6
      health_check_type = "ELB"
      target_group_arns = ["arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/0a1b2c3d4e5f6071"]
    }
  }

  pass "no_load_balancer" {
    resource "aws_autoscaling_group" "worker" {
      name     = "worker"
      min_size = 1
      max_size = 2
    }
  }

  fail "not_written" {
    resource "aws_autoscaling_group" "web" {
      name              = "web"
      min_size          = 2
      max_size          = 6
      target_group_arns = ["arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/0a1b2c3d4e5f6071"]
    }
  }

  fail "attached_elsewhere" {
    resource "aws_autoscaling_group" "web" {
      name              = "web"
      min_size          = 2
      max_size          = 6
      health_check_type = "EC2"
    }

    resource "aws_autoscaling_attachment" "web" {
      autoscaling_group_name = aws_autoscaling_group.web.name
      lb_target_group_arn    = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/0a1b2c3d4e5f6071"
    }
  }
}
