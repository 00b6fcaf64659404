# A new launch template is only a plan for servers to come. The servers that run keep the old image until they die, one by one, months later,
# and the security patch that was merged is nowhere.
resource_policy "aws_autoscaling_group" "asg_change_not_rolled_out" {
  title             = "A new launch template does not reach the running servers"
  category          = "release"
  severity          = "medium"
  scope             = "production"
  references        = ["Amazon EC2 Auto Scaling User Guide: Use an instance refresh to update instances in an Auto Scaling group", "AWS provider: aws_autoscaling_group"]
  enforcement_level = "advisory"

  docs {
    why = "The apply is green and nothing has changed. When a server is replaced at night, it comes up with a template that nobody has tried under load. With an instance refresh that may stop most servers at once, the change is an outage instead."
    fix = "Add an `instance_refresh` with `min_healthy_percentage` of 90, or release with CodeDeploy."
  }

  locals {
    deployed  = core::anytrue([for d in core::getresources("aws_codedeploy_deployment_group", null) : core::contains(core::coalesce(core::try(d.autoscaling_groups, null), []), attrs.name)])
    refreshes = core::coalesce(core::try(attrs.instance_refresh, null), [])
    lows = [
      for p in core::flatten([for r in local.refreshes : core::coalesce(core::try(r.preferences, null), [])]) : p.min_healthy_percentage
      if core::coalesce(core::try(p.min_healthy_percentage, null), 90) < 50
    ]
  }

  filter = core::length(core::coalesce(core::try(attrs.launch_template, null), [])) > 0 || core::length(core::coalesce(core::try(attrs.mixed_instances_policy, null), [])) > 0

  enforce {
    condition     = core::length(local.refreshes) > 0 || local.deployed
    error_message = "${meta.address} has no instance refresh: a new launch template, with its patches, reaches only servers that start later."
  }

  enforce {
    condition     = core::length(local.lows) == 0
    at            = attrs.instance_refresh[0].preferences
    error_message = "${meta.address} may go down to ${core::join(", ", local.lows)} % of its servers while it refreshes them: the rest must carry everything."
  }

  option "instance_refresh" {
    title    = "Instance refresh at 90 percent"
    merits   = ["every change reaches every server, step by step"]
    demerits = ["an apply starts a release: servers must start without handwork"]
    downtime = "none"
    effort   = "S"
  }

  option "code_deploy" {
    title    = "Release with CodeDeploy"
    merits   = ["code and machine image are apart", "rollback on failure"]
    demerits = ["one more tool"]
    downtime = "none"
    effort   = "L"
  }

  pass "refreshed" {
    resource "aws_autoscaling_group" "web" {
      name     = "web"
      min_size = 2
      max_size = 6

      launch_template {
        id = "lt-0a1b2c3d4e5f60718"
      }

      instance_refresh {
        strategy = "Rolling"

        preferences {
          min_healthy_percentage = 90
        }
      }
    }
  }

  pass "code_deploy" {
    resource "aws_autoscaling_group" "web" {
      name     = "web"
      min_size = 2
      max_size = 6

      launch_template {
        id = "lt-0a1b2c3d4e5f60718"
      }
    }

    resource "aws_codedeploy_deployment_group" "web" {
      app_name              = "web"
      deployment_group_name = "web"
      service_role_arn      = "arn:aws:iam::123456789012:role/codedeploy"
      autoscaling_groups    = [aws_autoscaling_group.web.name]
    }
  }

  pass "launch_configuration" {
    resource "aws_autoscaling_group" "web" {
      name                 = "web"
      min_size             = 2
      max_size             = 6
      launch_configuration = "web-0001"
    }
  }

  fail "no_refresh" {
    resource "aws_autoscaling_group" "web" {
      name     = "web"
      min_size = 2
      max_size = 6

      launch_template {
        id = "lt-0a1b2c3d4e5f60718"
      }
    }
  }

  fail "no_refresh_of_mixed_instances" {
    resource "aws_autoscaling_group" "web" {
      name     = "web"
      min_size = 2
      max_size = 6

      mixed_instances_policy {
        launch_template {
          launch_template_specification {
            launch_template_id = "lt-0a1b2c3d4e5f60718"
          }
        }
      }
    }
  }

  fail "most_at_once" {
    resource "aws_autoscaling_group" "web" {
      name     = "web"
      min_size = 2
      max_size = 6

      launch_template {
        id = "lt-0a1b2c3d4e5f60718"
      }

      instance_refresh {
        strategy = "Rolling"

        preferences {
          min_healthy_percentage = 0
        }
      }
    }
  }
}
