# Rules that are written inside of a security group are the whole truth for Terraform: at each apply it removes all others of that direction.
# Rules in resources of their own come back at the next apply, and so on. In between, ports are closed.
#
# The catalogue counts any mixture. Ingress that is written inside does not touch egress rules of their own (a direction that is not written is
# left alone), so the two directions are judged apart.
resource_policy "aws_security_group" "security_group_rules_mixed" {
  title             = "Two kinds of security group rules overwrite each other"
  category          = "release"
  severity          = "high"
  references        = ["AWS provider: aws_security_group", "AWS provider: aws_vpc_security_group_ingress_rule"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = "An apply that has nothing to do with the network closes the port of the database, and the next one opens it again. Nobody finds the pattern, because each plan looks harmless."
    fix = "Keep one kind. Best are `aws_vpc_security_group_ingress_rule` and `_egress_rule`, one resource for each rule: move the inline blocks there and import them."
  }

  locals {
    ingress = core::concat(
      core::getresources("aws_vpc_security_group_ingress_rule", { security_group_id = attrs.id }),
      core::getresources("aws_security_group_rule", { security_group_id = attrs.id, type = "ingress" }),
    )
    egress = core::concat(
      core::getresources("aws_vpc_security_group_egress_rule", { security_group_id = attrs.id }),
      core::getresources("aws_security_group_rule", { security_group_id = attrs.id, type = "egress" }),
    )
  }

  filter = core::length(local.ingress) > 0 || core::length(local.egress) > 0

  enforce {
    condition     = core::length(local.ingress) == 0 || !plan::configured("ingress")
    at            = attrs.ingress
    error_message = "${meta.address} has ingress blocks and ${core::length(local.ingress)} ingress rule${core::length(local.ingress) == 1 ? "" : "s"} as resources: each apply removes what the other one has made, and ports close."
  }

  enforce {
    condition     = core::length(local.egress) == 0 || !plan::configured("egress")
    at            = attrs.egress
    error_message = "${meta.address} has egress blocks and ${core::length(local.egress)} egress rule${core::length(local.egress) == 1 ? "" : "s"} as resources: each apply removes what the other one has made, and connections break."
  }

  option "separate_rules" {
    title    = "One resource for each rule"
    merits   = ["a plan shows what opens and closes", "modules can add rules"]
    demerits = ["the inline rules must be imported, or they are made twice"]
    downtime = "none with import; seconds for each rule without"
    effort   = "M"
  }

  option "inline_rules" {
    title    = "All rules inside of the group"
    merits   = ["what is added by hand disappears again"]
    demerits = ["other modules cannot add rules"]
    downtime = "none"
    effort   = "S"
  }

  pass "separate_rules" {
    resource "aws_security_group" "db" {
      name   = "db"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_vpc_security_group_ingress_rule" "app" {
      security_group_id = aws_security_group.db.id
      ip_protocol       = "tcp"
      from_port         = 5432
      to_port           = 5432
      cidr_ipv4         = "10.0.0.0/16"
    }
  }

  pass "each_direction_of_one_kind" {
    resource "aws_security_group" "db" {
      name   = "db"
      vpc_id = "vpc-0a1b2c3d4e5f60718"

      egress {
        protocol    = "-1"
        from_port   = 0
        to_port     = 0
        cidr_blocks = ["0.0.0.0/0"]
      }
    }

    resource "aws_security_group_rule" "app" {
      type              = "ingress"
      security_group_id = aws_security_group.db.id
      protocol          = "tcp"
      from_port         = 5432
      to_port           = 5432
      cidr_blocks       = ["10.0.0.0/16"]
    }
  }

  pass "inline_rules" {
    resource "aws_security_group" "db" {
      name   = "db"
      vpc_id = "vpc-0a1b2c3d4e5f60718"

      ingress {
        protocol    = "tcp"
        from_port   = 5432
        to_port     = 5432
        cidr_blocks = ["10.0.0.0/16"]
      }
    }
  }

  fail "ingress_both_ways" {
    resource "aws_security_group" "db" {
      name   = "db"
      vpc_id = "vpc-0a1b2c3d4e5f60718"

      ingress {
        protocol    = "tcp"
        from_port   = 5432
        to_port     = 5432
        cidr_blocks = ["10.0.0.0/16"]
      }
    }

    resource "aws_vpc_security_group_ingress_rule" "office" {
      security_group_id = aws_security_group.db.id
      ip_protocol       = "tcp"
      from_port         = 5432
      to_port           = 5432
      cidr_ipv4         = "198.51.100.7/32"
    }
  }

  fail "ingress_with_the_older_rule" {
    resource "aws_security_group" "db" {
      name   = "db"
      vpc_id = "vpc-0a1b2c3d4e5f60718"

      ingress {
        protocol    = "tcp"
        from_port   = 5432
        to_port     = 5432
        cidr_blocks = ["10.0.0.0/16"]
      }
    }

    resource "aws_security_group_rule" "office" {
      type              = "ingress"
      security_group_id = aws_security_group.db.id
      protocol          = "tcp"
      from_port         = 5432
      to_port           = 5432
      cidr_blocks       = ["198.51.100.7/32"]
    }
  }

  fail "egress_both_ways" {
    resource "aws_security_group" "app" {
      name   = "app"
      vpc_id = "vpc-0a1b2c3d4e5f60718"

      egress {
        protocol    = "tcp"
        from_port   = 443
        to_port     = 443
        cidr_blocks = ["0.0.0.0/0"]
      }
    }

    resource "aws_vpc_security_group_egress_rule" "db" {
      security_group_id = aws_security_group.app.id
      ip_protocol       = "tcp"
      from_port         = 5432
      to_port           = 5432
      cidr_ipv4         = "10.0.0.0/16"
    }
  }
}
