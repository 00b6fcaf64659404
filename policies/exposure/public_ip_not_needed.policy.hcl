# Behind a load balancer a task needs no public address to be reached, and with a NAT gateway none to reach others. Each public IPv4
# address is paid for by the hour, and each is one more thing on the internet.

resource_policy "aws_ecs_service" "public_ip_not_needed" {
  title             = "Tasks or servers have public addresses that nobody needs"
  category          = "exposure"
  severity          = "medium"
  scope             = "production"
  aliases           = ["CKV_AWS_333", "CKV_AWS_130", "CKV_AWS_88", "AWS-0164", "FG_R00271", "S:ecs-service-no-public-ip-assignment"]
  references        = ["Amazon ECS Developer Guide: Fargate task networking", "Amazon VPC: Pricing of public IPv4 addresses", "Terraform AWS provider: aws_subnet"]
  enforcement_level = "advisory"

  docs {
    why = "Every task is on the internet with one security group in between, and every address is paid for."
    fix = "Set assign_public_ip = false and run the tasks in private subnets, with a NAT gateway or VPC endpoints as the way out."
  }

  locals {
    public = core::anytrue(core::try([for n in attrs.network_configuration : core::coalesce(core::try(n.assign_public_ip, null), false)], []))
    exits  = core::length(core::getresources("aws_nat_gateway", null)) + core::length(core::getresources("aws_vpc_endpoint", { vpc_endpoint_type = "Interface" }))
  }

  # Without another way out the address is the way out.
  filter = core::try(core::length(attrs.load_balancer), 0) > 0 && local.exits > 0

  enforce {
    condition     = !local.public
    at            = attrs.network_configuration[0].assign_public_ip
    error_message = "${meta.address} gives each task a public address although a load balancer is in front of it and another way out exists; each address is paid for by the hour."
  }

  option "private" {
    title    = "Private subnets with NAT gateway or endpoints"
    merits   = ["nothing but the load balancer is on the internet"]
    demerits = ["for few tasks the NAT gateway costs more than the addresses"]
    downtime = "rolling release"
    effort   = "M"
  }

  option "stay" {
    title    = "Stay public, close the group to all but the load balancer"
    merits   = ["no NAT gateway to pay"]
    demerits = ["one wrong rule opens the tasks"]
    downtime = "none"
    effort   = "S"
  }

  pass "private" {
    resource "aws_security_group" "app" {
      name   = "app"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb_target_group" "app" {
      name        = "app"
      port        = 8080
      protocol    = "HTTP"
      target_type = "ip"
      vpc_id      = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "main"
      task_definition = "app:1"
      desired_count   = 2
      network_configuration {
        subnets          = ["subnet-0a1b2c3d4e5f60718"]
        security_groups  = [aws_security_group.app.id]
        assign_public_ip = false
      }
      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = 8080
      }
    }

    resource "aws_nat_gateway" "main" {
      subnet_id = "subnet-1"
    }
  }

  pass "the_only_way_out" {
    resource "aws_security_group" "app" {
      name   = "app"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb_target_group" "app" {
      name        = "app"
      port        = 8080
      protocol    = "HTTP"
      target_type = "ip"
      vpc_id      = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "main"
      task_definition = "app:1"
      desired_count   = 2
      network_configuration {
        subnets          = ["subnet-0a1b2c3d4e5f60718"]
        security_groups  = [aws_security_group.app.id]
        assign_public_ip = true
      }
      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = 8080
      }
    }
  }

  pass "no_load_balancer" {
    resource "aws_security_group" "app" {
      name   = "app"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "main"
      task_definition = "app:1"
      desired_count   = 2
      network_configuration {
        subnets          = ["subnet-0a1b2c3d4e5f60718"]
        security_groups  = [aws_security_group.app.id]
        assign_public_ip = true
      }
    }

    resource "aws_nat_gateway" "main" {
      subnet_id = "subnet-1"
    }
  }

  pass "public_subnet_of_a_balancer" {
    resource "aws_subnet" "public" {
      vpc_id                  = "vpc-1"
      cidr_block              = "10.0.0.0/24"
      map_public_ip_on_launch = true
    }

    resource "aws_lb" "main" {
      name    = "main"
      subnets = [aws_subnet.public.id]
    }
  }

  pass "servers_in_a_private_subnet" {
    resource "aws_subnet" "private" {
      vpc_id     = "vpc-1"
      cidr_block = "10.0.0.0/24"
    }

    resource "aws_autoscaling_group" "web" {
      min_size            = 2
      max_size            = 4
      vpc_zone_identifier = [aws_subnet.private.id]
      target_group_arns   = ["arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:targetgroup/web/0123456789abcdef"]
    }
  }

  fail "public_task" {
    resource "aws_security_group" "app" {
      name   = "app"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb_target_group" "app" {
      name        = "app"
      port        = 8080
      protocol    = "HTTP"
      target_type = "ip"
      vpc_id      = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "main"
      task_definition = "app:1"
      desired_count   = 2
      network_configuration {
        subnets          = ["subnet-0a1b2c3d4e5f60718"]
        security_groups  = [aws_security_group.app.id]
        assign_public_ip = true
      }
      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = 8080
      }
    }

    resource "aws_nat_gateway" "main" {
      subnet_id = "subnet-1"
    }
  }

  fail "public_task_with_endpoints" {
    resource "aws_security_group" "app" {
      name   = "app"
      vpc_id = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_lb_target_group" "app" {
      name        = "app"
      port        = 8080
      protocol    = "HTTP"
      target_type = "ip"
      vpc_id      = "vpc-0a1b2c3d4e5f60718"
    }

    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = "main"
      task_definition = "app:1"
      desired_count   = 2
      network_configuration {
        subnets          = ["subnet-0a1b2c3d4e5f60718"]
        security_groups  = [aws_security_group.app.id]
        assign_public_ip = true
      }
      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = 8080
      }
    }

    resource "aws_vpc_endpoint" "ecr" {
      vpc_id            = "vpc-1"
      service_name      = "com.amazonaws.ap-northeast-1.ecr.dkr"
      vpc_endpoint_type = "Interface"
    }
  }

  fail "servers_behind_a_balancer" {
    resource "aws_subnet" "public" {
      vpc_id                  = "vpc-1"
      cidr_block              = "10.0.0.0/24"
      map_public_ip_on_launch = true
    }

    resource "aws_autoscaling_group" "web" {
      min_size            = 2
      max_size            = 4
      vpc_zone_identifier = [aws_subnet.public.id]
      target_group_arns   = ["arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:targetgroup/web/0123456789abcdef"]
    }
  }
}

# Fargate tasks do not take the setting of the subnet; servers do.
resource_policy "aws_subnet" "public_ip_not_needed" {
  enforcement_level = "advisory"

  locals {
    fleets = [for g in graph::referrers("aws_autoscaling_group") : g if core::try(core::length(g.target_group_arns), 0) > 0]
  }

  filter = core::coalesce(core::try(attrs.map_public_ip_on_launch, null), false)

  enforce {
    condition     = core::length(local.fleets) == 0
    at            = attrs.map_public_ip_on_launch
    error_message = "${meta.address} gives each server a public address although a load balancer is in front of them; each address is paid for by the hour."
  }
}
