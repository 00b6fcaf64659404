# One server carries everything: a crash, a reboot for a kernel update or a release stops the whole service. Lightsail has a load
# balancer for two servers and more; it is the smallest step away from that.

resource_policy "aws_lightsail_instance" "lightsail_single_server" {
  title             = "One Lightsail server carries the service alone"
  category          = "lightsail"
  severity          = "high"
  scope             = "production"
  references        = ["Terraform AWS provider: aws_lightsail_lb_attachment", "Amazon Lightsail User Guide: Load balancers"]
  enforcement_level = "advisory"

  docs {
    why = "Any stop of this server is an outage for everybody, and each release is one, too. There is no second server that could answer meanwhile."
    fix = "Put two servers in two zones behind an aws_lightsail_lb, or move to ECS. A server that serves nobody (a build machine) gets a suppression with the reason."
  }

  locals {
    attachments = core::concat(
      core::getresources("aws_lightsail_lb_attachment", { instance_name = attrs.id }),
      core::getresources("aws_lightsail_lb_attachment", { instance_name = attrs.name })
    )
  }

  enforce {
    condition     = core::length(local.attachments) > 0
    error_message = "${meta.address} is behind no load balancer, so any stop of it and each release is an outage."
  }

  option "ecs_window" {
    title    = "ECS Fargate with a load balancer, cut over in a window"
    merits   = ["about a month sooner than without an outage"]
    demerits = ["an announced outage at the switch", "a migration project"]
    downtime = "1 to 2 hours"
    effort   = "L"
  }

  option "ecs_parallel" {
    title    = "ECS Fargate, parallel run with a replica and weighted DNS"
    merits   = ["no outage, a way back at each step"]
    demerits = ["about a month longer", "both run and are paid for meanwhile"]
    downtime = "none"
    effort   = "L"
  }

  option "lightsail_pair" {
    title    = "Two servers behind a Lightsail load balancer"
    merits   = ["done in days"]
    demerits = ["still no autoscaling", "sessions and uploads must leave the server"]
    downtime = "minutes when the DNS record moves"
    effort   = "M"
  }

  pass "two_behind_a_balancer" {
    resource "aws_lightsail_instance" "web" {
      count             = 2
      name              = "web-${count.index}"
      availability_zone = "ap-northeast-1a"
      blueprint_id      = "amazon_linux_2023"
      bundle_id         = "small_3_0"
    }

    resource "aws_lightsail_lb" "web" {
      name          = "web"
      instance_port = 80
    }

    resource "aws_lightsail_lb_attachment" "web" {
      count         = 2
      lb_name       = aws_lightsail_lb.web.name
      instance_name = aws_lightsail_instance.web[count.index].name
    }
  }

  pass "balancer_without_servers_is_another_matter" {
    resource "aws_lightsail_lb" "old" {
      name          = "old"
      instance_port = 80
    }
  }

  fail "alone" {
    resource "aws_lightsail_instance" "web" {
      name              = "web"
      availability_zone = "ap-northeast-1a"
      blueprint_id      = "amazon_linux_2023"
      bundle_id         = "small_3_0"
    }
  }

  fail "one_behind_a_balancer" {
    resource "aws_lightsail_lb" "web" {
      name          = "web"
      instance_port = 80
    }

    resource "aws_lightsail_lb_attachment" "web" {
      lb_name       = aws_lightsail_lb.web.name
      instance_name = "web"
    }
  }
}

# A balancer with no server at all is a leftover: lightsail_part_unused.
resource_policy "aws_lightsail_lb" "lightsail_single_server" {
  enforcement_level = "advisory"

  locals {
    attachments = core::distinct([for a in core::concat(
      core::getresources("aws_lightsail_lb_attachment", { lb_name = attrs.id }),
      core::getresources("aws_lightsail_lb_attachment", { lb_name = attrs.name })
    ) : a.instance_name])
  }

  filter = core::length(local.attachments) > 0

  enforce {
    condition     = core::length(local.attachments) >= 2
    error_message = "${meta.address} has one server behind it, so a stop of that server is an outage."
  }
}
