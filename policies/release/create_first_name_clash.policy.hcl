# create_before_destroy makes the new object while the old one is there. If both must have the same name, AWS refuses the new one, and the apply
# stops. The plan shows it already: the name is the same before and after. A name that was generated from a prefix is generated anew, so an object
# that has a prefix is left out.
resource_policy "aws_lb_target_group" "create_first_name_clash" {
  title             = "The new object needs a name that the old one still has"
  category          = "release"
  severity          = "high"
  references        = ["Terraform: The lifecycle meta-argument, create_before_destroy", "AWS provider: aws_lb_target_group"]
  enforcement_level = "mandatory"
  operations        = ["create"]

  docs {
    why = "The apply stops at this object with an error that the name exists. What was before it in the plan is done, what is behind it is not, and the way out is a change by hand in a hurry."
    fix = "Use `name_prefix`, or put what forces the replacement (the port, a short hash) into the name. For a single time, rename the new one in the same pull request."
  }

  filter = (
    core::contains(meta.actions, "delete") && core::try(meta.actions[0], "delete") == "create"
    && core::coalesce(plan::before("name_prefix"), "none") == "none"
  )

  enforce {
    condition     = plan::before("name") == null || plan::before("name") != plan::after("name")
    at            = attrs.name
    error_message = "${meta.address} is made before the old one is deleted and has the same name ${plan::before("name")}: the apply stops, because a target group of that name exists."
  }

  option "prefix" {
    title    = "A generated name"
    merits   = ["every later replacement goes through, too"]
    demerits = ["the name is less readable", "alarms and dashboards must follow by reference"]
    downtime = "none"
    effort   = "S"
  }

  option "rename" {
    title    = "Another name in the same pull request"
    merits   = ["the name says what it is, in the console as well"]
    demerits = ["the next replacement has the same problem"]
    downtime = "none"
    effort   = "S"
  }

  pass "created_for_the_first_time" {
    resource "aws_lb_target_group" "api" {
      name     = "api"
      port     = 8080
      protocol = "HTTP"
      vpc_id   = "vpc-0a1b2c3d4e5f60718"
    }
  }
}

resource_policy "aws_lb" "create_first_name_clash" {
  enforcement_level = "mandatory"
  operations        = ["create"]

  filter = (
    core::contains(meta.actions, "delete") && core::try(meta.actions[0], "delete") == "create"
    && core::coalesce(plan::before("name_prefix"), "none") == "none"
  )

  enforce {
    condition     = plan::before("name") == null || plan::before("name") != plan::after("name")
    at            = attrs.name
    error_message = "${meta.address} is made before the old one is deleted and has the same name ${plan::before("name")}: the apply stops, because a load balancer of that name exists."
  }
}

resource_policy "aws_security_group" "create_first_name_clash" {
  enforcement_level = "mandatory"
  operations        = ["create"]

  filter = (
    core::contains(meta.actions, "delete") && core::try(meta.actions[0], "delete") == "create"
    && core::coalesce(plan::before("name_prefix"), "none") == "none"
  )

  enforce {
    condition     = plan::before("name") == null || plan::before("name") != plan::after("name") || plan::changed("vpc_id")
    at            = attrs.name
    error_message = "${meta.address} is made before the old one is deleted and has the same name ${plan::before("name")}: the apply stops, because a group of that name exists in the VPC."
  }
}

resource_policy "aws_iam_role" "create_first_name_clash" {
  enforcement_level = "mandatory"
  operations        = ["create"]

  filter = (
    core::contains(meta.actions, "delete") && core::try(meta.actions[0], "delete") == "create"
    && core::coalesce(plan::before("name_prefix"), "none") == "none"
  )

  enforce {
    condition     = plan::before("name") == null || plan::before("name") != plan::after("name")
    at            = attrs.name
    error_message = "${meta.address} is made before the old one is deleted and has the same name ${plan::before("name")}: the apply stops, because a role of that name exists."
  }
}

resource_policy "aws_launch_configuration" "create_first_name_clash" {
  enforcement_level = "mandatory"
  operations        = ["create"]

  filter = (
    core::contains(meta.actions, "delete") && core::try(meta.actions[0], "delete") == "create"
    && core::coalesce(plan::before("name_prefix"), "none") == "none"
  )

  enforce {
    condition     = plan::before("name") == null || plan::before("name") != plan::after("name")
    at            = attrs.name
    error_message = "${meta.address} is made before the old one is deleted and has the same name ${plan::before("name")}: the apply stops, because a launch configuration of that name exists."
  }
}

resource_policy "aws_ecs_service" "create_first_name_clash" {
  enforcement_level = "mandatory"
  operations        = ["create"]

  filter = core::contains(meta.actions, "delete") && core::try(meta.actions[0], "delete") == "create"

  enforce {
    condition     = plan::before("name") == null || plan::before("name") != plan::after("name") || plan::changed("cluster")
    at            = attrs.name
    error_message = "${meta.address} is made before the old one is deleted and has the same name ${plan::before("name")}: the apply stops, because a service of that name exists in the cluster."
  }
}

resource_policy "aws_db_instance" "create_first_name_clash" {
  enforcement_level = "mandatory"
  operations        = ["create"]

  filter = (
    core::contains(meta.actions, "delete") && core::try(meta.actions[0], "delete") == "create"
    && core::coalesce(plan::before("identifier_prefix"), "none") == "none"
  )

  enforce {
    condition     = plan::before("identifier") == null || plan::before("identifier") != plan::after("identifier")
    at            = attrs.identifier
    error_message = "${meta.address} is made before the old one is deleted and has the same identifier ${plan::before("identifier")}: the apply stops, because an instance of that identifier exists."
  }
}
