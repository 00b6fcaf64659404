# A security group that nothing uses protects nothing, but its rules are read in every review, and one day somebody attaches it
# because its name fits.
resource_policy "aws_security_group" "security_group_unused" {
  title             = "Security group is used by nothing"
  category          = "orphan"
  severity          = "low"
  aliases           = ["CKV2_AWS_5", "K:security_groups_not_used"]
  references        = ["Amazon VPC User Guide: Security groups for your VPC", "Terraform AWS provider: aws_security_group"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      It costs nothing, but its open ports show up in every scan, and rules of other groups that name it stay as well. Groups pile up
      until the limit of the account is reached.
    EOT
    fix = "Delete it. If something outside of this directory uses it, put its id into an output, or tag it `planfit:keep` with the reason."
  }

  locals {
    users = [for r in graph::referrers() : r if r._address != meta.address]

    # An id that leaves in an output, a call or a data source is somebody else's business.
    handed_on = core::anytrue([for user in plan::mentioned_in() : core::contains(["output", "locals", "module"], user) || core::startswith(user, "data.")])
  }

  filter = (!plan::configured("name") || attrs.name != "default") && core::try(attrs.tags["planfit:keep"], null) == null

  enforce {
    condition     = core::length(local.users) > 0 || local.handed_on
    error_message = "${meta.address} is attached to nothing, and no rule of another group names it, so it protects nothing."
  }

  option "delete" {
    title    = "Delete the group with its rules"
    merits   = ["fewer rules to review", "nobody can attach it by mistake"]
    demerits = ["something made by hand may use it; AWS then refuses the delete"]
    downtime = "none"
    effort   = "S"
  }

  option "attach" {
    title    = "Attach it where it was meant to be"
    merits   = ["the rules do what their author wanted"]
    demerits = ["traffic may be cut that flows today"]
    downtime = "none"
    effort   = "S"
  }

  pass "load_balancer" {
    resource "aws_security_group" "lb" {
      name   = "lb"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb" "main" {
      name            = "main"
      security_groups = [aws_security_group.lb.id]
    }
  }

  pass "named_by_the_rule_of_another_group" {
    resource "aws_security_group" "clients" {
      name   = "clients"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_vpc_security_group_ingress_rule" "db" {
      security_group_id            = "sg-0a1b2c3d4e5f60718"
      referenced_security_group_id = aws_security_group.clients.id
      ip_protocol                  = "tcp"
      from_port                    = 5432
      to_port                      = 5432
    }
  }

  pass "its_id_is_an_output" {
    resource "aws_security_group" "shared" {
      name   = "shared"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }

    output "shared_group" {
      value = aws_security_group.shared.id
    }
  }

  pass "kept_with_a_reason" {
    resource "aws_security_group" "emergency" {
      name   = "emergency"
      vpc_id = "vpc-0a1b2c3d4e5f60718"

      tags = {
        "planfit:keep" = "attached by hand when a server must be cut off"
      }
    }
  }

  fail "nothing_uses_it" {
    resource "aws_security_group" "old" {
      name   = "old"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }
  }

  fail "only_its_own_rules" {
    resource "aws_security_group" "old" {
      name   = "old"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_vpc_security_group_ingress_rule" "old" {
      security_group_id = aws_security_group.old.id
      cidr_ipv4         = "10.0.0.0/8"
      ip_protocol       = "tcp"
      from_port         = 22
      to_port           = 22
    }
  }
}
