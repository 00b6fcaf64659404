# Some objects cannot be changed, only replaced, and cannot be deleted while others use them. Without create_before_destroy, the first change that
# needs a replacement stops half-way or opens a gap, and it always comes when something urgent is in the same pull request.
resource_policy "aws_lb_target_group" "replacement_without_create_first" {
  title             = "The next replacement stops half-way"
  category          = "release"
  severity          = "medium"
  aliases           = ["CKV_AWS_217", "CKV_AWS_233", "CKV_AWS_237", "tfl:aws_acm_certificate_lifecycle"]
  references        = ["Terraform: The lifecycle meta-argument, create_before_destroy", "AWS provider: aws_lb_target_group", "AWS provider: aws_acm_certificate"]
  enforcement_level = "advisory"

  docs {
    why = "Terraform deletes the old object first. AWS answers that it is in use, Terraform tries for some minutes and gives up, and everything behind it in the plan is not done. Where the delete works, traffic is lost until the new object is there."
    fix = "Add `lifecycle { create_before_destroy = true }`, and `name_prefix` (or no name) where two objects cannot share a name."
  }

  # One that no listener uses is deleted without harm.
  filter = core::length(graph::referrers("aws_lb_listener", "aws_lb_listener_rule")) > 0

  enforce {
    condition     = core::coalesce(core::try(meta.lifecycle.create_before_destroy, null), false)
    error_message = "${meta.address} has no create_before_destroy, so a change that needs a new one deletes the old one first: a listener uses it, so AWS refuses to delete it."
  }

  option "create_first" {
    title    = "create_before_destroy with a generated name"
    merits   = ["the next replacement goes through", "no gap"]
    demerits = ["the name changes with each replacement"]
    downtime = "none"
    effort   = "S"
  }

  pass "new_one_first" {
    resource "aws_lb_target_group" "api" {
      name_prefix = "api"
      port        = 8080
      protocol    = "HTTP"
      vpc_id      = "vpc-0a1b2c3d4e5f60718"

      lifecycle {
        create_before_destroy = true
      }
    }

    resource "aws_lb_listener" "main" {
      load_balancer_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/main/0a1b2c3d4e5f6071"
      port              = 80
      protocol          = "HTTP"

      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.api.arn
      }
    }

    resource "aws_acm_certificate" "main" {
      domain_name       = "www.example.com"
      validation_method = "DNS"

      lifecycle {
        create_before_destroy = true
      }
    }

    resource "aws_api_gateway_deployment" "main" {
      rest_api_id = "a1b2c3d4e5"

      lifecycle {
        create_before_destroy = true
      }
    }

    resource "aws_api_gateway_rest_api" "main" {
      name = "main"

      lifecycle {
        create_before_destroy = true
      }
    }

    resource "aws_launch_configuration" "web" {
      name_prefix   = "web-"
      image_id      = "ami-0a1b2c3d4e5f60718"
      instance_type = "t3.small"

      lifecycle {
        create_before_destroy = true
      }
    }
  }

  pass "not_used" {
    resource "aws_lb_target_group" "spare" {
      name     = "spare"
      port     = 8080
      protocol = "HTTP"
      vpc_id   = "vpc-0a1b2c3d4e5f60718"
    }
  }

  fail "old_one_first" {
    resource "aws_lb_target_group" "api" {
      name     = "api"
      port     = 8080
      protocol = "HTTP"
      vpc_id   = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb_listener_rule" "api" {
      listener_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/main/0a1b2c3d4e5f6071/0a1b2c3d4e5f6071"

      action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.api.arn
      }

      condition {
        path_pattern {
          values = ["/api/*"]
        }
      }
    }

    resource "aws_acm_certificate" "main" {
      domain_name       = "www.example.com"
      validation_method = "DNS"
    }

    resource "aws_api_gateway_deployment" "main" {
      rest_api_id = "a1b2c3d4e5"
    }

    resource "aws_api_gateway_rest_api" "main" {
      name = "main"

      lifecycle {
        create_before_destroy = false
      }
    }

    resource "aws_launch_configuration" "web" {
      name          = "web"
      image_id      = "ami-0a1b2c3d4e5f60718"
      instance_type = "t3.small"
    }
  }
}

# A certificate is replaced when a name is added to it.
resource_policy "aws_acm_certificate" "replacement_without_create_first" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(core::try(meta.lifecycle.create_before_destroy, null), false)
    error_message = "${meta.address} has no create_before_destroy, so a change that needs a new one deletes the old one first: a certificate in use cannot be deleted, so the apply stops half-way."
  }
}

# Every change of the API is a new deployment.
resource_policy "aws_api_gateway_deployment" "replacement_without_create_first" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(core::try(meta.lifecycle.create_before_destroy, null), false)
    error_message = "${meta.address} has no create_before_destroy, so a change that needs a new one deletes the old one first: a deployment that a stage uses cannot be deleted, so the apply stops half-way."
  }
}

# A new API has a new address; with the new one first, stages and domain names can move over.
resource_policy "aws_api_gateway_rest_api" "replacement_without_create_first" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(core::try(meta.lifecycle.create_before_destroy, null), false)
    error_message = "${meta.address} has no create_before_destroy, so a change that needs a new one deletes the old one first: every caller gets an error between the delete and the create."
  }
}

# A launch configuration can never be changed, only replaced.
resource_policy "aws_launch_configuration" "replacement_without_create_first" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(core::try(meta.lifecycle.create_before_destroy, null), false)
    error_message = "${meta.address} has no create_before_destroy, so a change that needs a new one deletes the old one first: a launch configuration that a group uses cannot be deleted, so the apply stops half-way."
  }
}
