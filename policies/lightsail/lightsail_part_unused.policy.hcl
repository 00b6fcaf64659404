# Lightsail parts outlive the servers they were made for. They are small, but they are charged or they reserve an address, and each
# of them must be explained again in the next clean-up.
resource_policy "aws_lightsail_static_ip" "lightsail_part_unused" {
  title             = "Lightsail part is used by nothing"
  category          = "lightsail"
  severity          = "low"
  references        = ["Amazon Lightsail User Guide: Static IP addresses", "Terraform AWS provider: aws_lightsail_static_ip_attachment"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      After a move away from Lightsail, addresses, disks, load balancers and certificates stay behind. Disks and load balancers are
      charged by the month; a static address is free only while it is attached. Nobody looks at the Lightsail console any more, so
      nobody notices.
    EOT
    fix = "Take a snapshot of a disk first, then delete the part. If it is kept on purpose, tag it `planfit:keep` with the reason, or suppress the finding where the type has no tags."
  }

  locals {
    users = core::concat(
      core::getresources("aws_lightsail_static_ip_attachment", { static_ip_name = attrs.id }),
      core::getresources("aws_lightsail_static_ip_attachment", { static_ip_name = attrs.name })
    )
  }

  filter = core::try(attrs.tags["planfit:keep"], null) == null

  enforce {
    condition     = core::length(local.users) > 0
    error_message = "${meta.address} is attached to no instance; AWS charges an unattached address by the hour."
  }

  option "snapshot_and_delete" {
    title    = "Take a snapshot where there is data, then delete"
    merits   = ["the monthly price ends", "the data of a disk can be brought back"]
    demerits = ["a static address never comes back"]
    downtime = "none, nothing uses it"
    effort   = "S"
  }

  option "attach" {
    title    = "Attach it where it was meant to be"
    merits   = ["what was planned works"]
    demerits = ["the price stays, and one more thing hangs on Lightsail"]
    downtime = "none"
    effort   = "S"
  }

  pass "attached_address" {
    resource "aws_lightsail_static_ip" "web" {
      name = "web"
    }

    resource "aws_lightsail_static_ip_attachment" "web" {
      static_ip_name = aws_lightsail_static_ip.web.id
      instance_name  = "web"
    }
  }

  pass "attached_disk" {
    resource "aws_lightsail_disk" "data" {
      name              = "data"
      availability_zone = "ap-northeast-1a"
      size_in_gb        = 64
    }

    resource "aws_lightsail_disk_attachment" "data" {
      disk_name     = aws_lightsail_disk.data.name
      instance_name = "web"
      disk_path     = "/dev/xvdf"
    }
  }

  pass "load_balancer_with_certificate" {
    resource "aws_lightsail_lb" "web" {
      name              = "web"
      health_check_path = "/"
      instance_port     = 80
    }

    resource "aws_lightsail_lb_attachment" "web" {
      lb_name       = aws_lightsail_lb.web.name
      instance_name = "web"
    }

    resource "aws_lightsail_lb_certificate" "web" {
      name        = "web"
      lb_name     = aws_lightsail_lb.web.id
      domain_name = "www.example.com"
    }

    resource "aws_lightsail_lb_certificate_attachment" "web" {
      lb_name          = aws_lightsail_lb.web.name
      certificate_name = aws_lightsail_lb_certificate.web.name
    }
  }

  pass "certificate_of_a_container_service" {
    resource "aws_lightsail_certificate" "app" {
      name        = "app"
      domain_name = "app.example.com"
    }

    resource "aws_lightsail_container_service" "app" {
      name  = "app"
      power = "small"
      scale = 2

      public_domain_names {
        certificate {
          certificate_name = aws_lightsail_certificate.app.name
          domain_names     = ["app.example.com"]
        }
      }
    }
  }

  fail "address_left_behind" {
    resource "aws_lightsail_static_ip" "web" {
      name = "web"
    }
  }

  fail "disk_left_behind" {
    resource "aws_lightsail_disk" "data" {
      name              = "data"
      availability_zone = "ap-northeast-1a"
      size_in_gb        = 64
    }
  }

  fail "load_balancer_and_certificate_left_behind" {
    resource "aws_lightsail_lb" "web" {
      name              = "web"
      health_check_path = "/"
      instance_port     = 80
    }

    resource "aws_lightsail_lb_certificate" "web" {
      name        = "web"
      lb_name     = aws_lightsail_lb.web.id
      domain_name = "www.example.com"
    }
  }

  fail "certificate_left_behind" {
    resource "aws_lightsail_certificate" "app" {
      name        = "app"
      domain_name = "app.example.com"
    }
  }
}

# An extra disk is charged by the gigabyte, attached or not.
resource_policy "aws_lightsail_disk" "lightsail_part_unused" {
  enforcement_level = "advisory"

  locals {
    users = core::concat(
      core::getresources("aws_lightsail_disk_attachment", { disk_name = attrs.id }),
      core::getresources("aws_lightsail_disk_attachment", { disk_name = attrs.name })
    )
  }

  filter = core::try(attrs.tags["planfit:keep"], null) == null

  enforce {
    condition     = core::length(local.users) > 0
    error_message = "${meta.address} (${core::coalesce(core::try(attrs.size_in_gb, null), "?")} GB) is attached to no instance and is paid for every month."
  }
}

# A load balancer is charged by the month, with or without servers.
resource_policy "aws_lightsail_lb" "lightsail_part_unused" {
  enforcement_level = "advisory"

  locals {
    users = core::concat(
      core::getresources("aws_lightsail_lb_attachment", { lb_name = attrs.id }),
      core::getresources("aws_lightsail_lb_attachment", { lb_name = attrs.name })
    )
  }

  filter = core::try(attrs.tags["planfit:keep"], null) == null

  enforce {
    condition     = core::length(local.users) > 0
    error_message = "${meta.address} has no instance behind it; it is paid for by the month."
  }
}

# A certificate of a load balancer is free, but its renewal mails and validation records are not read by anyone.
resource_policy "aws_lightsail_lb_certificate" "lightsail_part_unused" {
  enforcement_level = "advisory"

  locals {
    users = core::concat(
      core::getresources("aws_lightsail_lb_certificate_attachment", { certificate_name = attrs.id }),
      core::getresources("aws_lightsail_lb_certificate_attachment", { certificate_name = attrs.name })
    )
  }

  filter = core::try(attrs.tags["planfit:keep"], null) == null

  enforce {
    condition     = core::length(local.users) > 0
    error_message = "${meta.address} is attached to no load balancer, so nobody is served under its name."
  }
}

# A certificate of a distribution or of a container service.
resource_policy "aws_lightsail_certificate" "lightsail_part_unused" {
  enforcement_level = "advisory"

  locals {
    users = core::concat(
      core::getresources("aws_lightsail_distribution", { certificate_name = attrs.id }),
      core::getresources("aws_lightsail_distribution", { certificate_name = attrs.name }),
      [
        for s in core::getresources("aws_lightsail_container_service", null) : s
        if core::anytrue(core::flatten(core::try([
          for d in s.public_domain_names : [for c in d.certificate : c.certificate_name == attrs.name || c.certificate_name == attrs.id]
        ], [])))
      ]
    )
  }

  filter = core::try(attrs.tags["planfit:keep"], null) == null

  enforce {
    condition     = core::length(local.users) > 0
    error_message = "${meta.address} is used by no distribution and no container service, so nobody is served under its name."
  }
}
