# AWS charges every public IPv4 address by the hour, whether a packet passes or not. An address that is attached to nothing is only
# a cost, or a promise to a partner's allowlist that nobody remembers.
resource_policy "aws_eip" "elastic_ip_unattached" {
  title             = "Elastic IP address is attached to nothing"
  category          = "orphan"
  severity          = "low"
  aliases           = ["CKV2_AWS_19", "CB:EC2-3"]
  references        = ["Amazon EC2 User Guide: Elastic IP addresses", "Terraform AWS provider: aws_eip"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      The address is paid for every hour and carries no traffic. It also uses up the small number of addresses an account may have.
      If a partner still has it in an allowlist, releasing it lets a stranger get it later, so ask first.
    EOT
    fix = "Attach it, or release it after a look at allowlists and DNS records. If it is reserved on purpose, tag it `planfit:keep` with the reason."
  }

  locals {
    direct = [for x in [core::try(attrs.instance, null), core::try(attrs.network_interface, null), core::try(attrs.association_id, null)] : x != null && x != ""]
    users = core::concat(
      core::getresources("aws_eip_association", { allocation_id = attrs.id }),
      core::getresources("aws_nat_gateway", { allocation_id = attrs.id }),
      [
        for a in core::getresources("aws_eip_association", null) : a
        if core::try(a.public_ip, null) != null && core::try(a.public_ip, null) != "" && core::try(a.public_ip, null) == core::try(attrs.public_ip, null)
      ]
    )
    nested = core::flatten([
      [for n in core::getresources("aws_nat_gateway", null) : core::try([for id in n.secondary_allocation_ids : id], [])],
      [for n in core::getresources("aws_nat_gateway", null) : core::try([for a in n.availability_zone_address : [for id in a.allocation_ids : id]], [])],
      [for l in core::getresources("aws_lb", null) : core::try([for m in l.subnet_mapping : core::try(m.allocation_id, null)], [])],
      [for t in core::getresources("aws_transfer_server", null) : core::try([for e in t.endpoint_details : [for id in e.address_allocation_ids : id]], [])],
    ])
  }

  filter = core::try(attrs.tags["planfit:keep"], null) == null

  enforce {
    condition     = core::anytrue(local.direct) || core::length(local.users) > 0 || core::contains(local.nested, attrs.id)
    error_message = "${meta.address} is attached to nothing; AWS charges the address by the hour."
  }

  option "release" {
    title    = "Release the address"
    merits   = ["its price ends"]
    demerits = ["the same address seldom comes back: only while AWS has given it to nobody else", "allowlists of partners and DNS records that name it break or point to a stranger"]
    downtime = "none, it carries no traffic"
    effort   = "S"
  }

  option "attach" {
    title    = "Attach it where it was meant to be"
    merits   = ["the known address works again"]
    demerits = ["the price stays"]
    downtime = "none"
    effort   = "S"
  }

  pass "nat_gateway" {
    resource "aws_eip" "nat" {
      domain = "vpc"
    }

    resource "aws_nat_gateway" "main" {
      allocation_id = aws_eip.nat.id
      subnet_id     = "subnet-0a1b2c3d4e5f60718"
    }
  }

  pass "association" {
    resource "aws_eip" "bastion" {
      domain = "vpc"
    }

    resource "aws_eip_association" "bastion" {
      allocation_id = aws_eip.bastion.allocation_id
      instance_id   = "i-0a1b2c3d4e5f60718"
    }
  }

  pass "written_on_the_address" {
    resource "aws_eip" "bastion" {
      domain   = "vpc"
      instance = "i-0a1b2c3d4e5f60718"
    }
  }

  pass "network_load_balancer" {
    resource "aws_eip" "tcp" {
      domain = "vpc"
    }

    resource "aws_lb" "tcp" {
      name               = "tcp"
      load_balancer_type = "network"

      subnet_mapping {
        subnet_id     = "subnet-0a1b2c3d4e5f60718"
        allocation_id = aws_eip.tcp.id
      }
    }
  }

  pass "reserved_with_a_reason" {
    resource "aws_eip" "partner" {
      domain = "vpc"

      tags = {
        "planfit:keep" = "in the allowlist of the payment partner"
      }
    }
  }

  fail "attached_to_nothing" {
    resource "aws_eip" "old" {
      domain = "vpc"
    }
  }

  fail "the_other_one_is_used" {
    resource "aws_eip" "nat" {
      domain = "vpc"
    }

    resource "aws_eip" "old" {
      domain = "vpc"
    }

    resource "aws_nat_gateway" "main" {
      allocation_id = aws_eip.nat.id
      subnet_id     = "subnet-0a1b2c3d4e5f60718"
    }

    expect = ["aws_eip.old"]
  }
}
