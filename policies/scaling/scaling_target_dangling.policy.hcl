# A scaling target finds its service by a name in a string. After a rename, or with a typing error, it points to nothing: AWS refuses it, or
# it scales a service that nobody looks at any more.
resource_policy "aws_appautoscaling_target" "scaling_target_dangling" {
  title             = "Autoscaling points to something that is not there"
  category          = "scaling"
  severity          = "medium"
  references        = ["Application Auto Scaling API Reference: RegisterScalableTarget", "Terraform AWS provider: aws_appautoscaling_target"]
  enforcement_level = "advisory"

  docs {
    why = "The service that was meant has no autoscaling, although the code shows one. Nobody looks twice, because the block is there."
    fix = "Build `resource_id` from the names of the resources, as in `\"service/$${aws_ecs_cluster.main.name}/$${aws_ecs_service.api.name}\"`, or delete the left-over target with its policies."
  }

  # Only names that are written out; the name is behind the last slash, or behind the colon of a database cluster.
  locals {
    path = core::split("/", attrs.resource_id)
    kind = local.path[0]
    name = core::element(core::reverse(local.path), 0)

    named = (
      local.kind == "service" ? core::getresources("aws_ecs_service", { name = local.name }) :
      local.kind == "table" ? core::getresources("aws_dynamodb_table", { name = core::try(local.path[1], "") }) :
      core::getresources("aws_rds_cluster", { cluster_identifier = core::trimprefix(attrs.resource_id, "cluster:") })
    )
    others = (
      local.kind == "service" ? core::getresources("aws_ecs_service", null) :
      local.kind == "table" ? core::getresources("aws_dynamodb_table", null) :
      core::getresources("aws_rds_cluster", null)
    )
  }

  filter = local.kind == "service" || local.kind == "table" || core::startswith(attrs.resource_id, "cluster:")

  # With none of the kind here, they are all somewhere else.
  enforce {
    condition     = core::length(local.named) > 0 || core::length(local.others) == 0
    at            = attrs.resource_id
    error_message = "${meta.address} scales ${attrs.resource_id}, which is not among the ${core::length(local.others)} that are managed here: a typing error or a leftover, and it scales nothing."
  }

  option "refer" {
    title    = "Build the id from references"
    merits   = ["a rename can no longer break it"]
    demerits = ["the target is replaced: some seconds without scaling"]
    downtime = "none"
    effort   = "S"
  }

  option "delete" {
    title    = "Delete the left-over"
    merits   = ["the code shows what there is"]
    demerits = ["what scales a service of another directory must be moved there first"]
    downtime = "none"
    effort   = "S"
  }

  pass "refers_to_the_service" {
    resource "aws_ecs_service" "api" {
      name            = "api"
      cluster         = "main"
      task_definition = "api:12"
    }

    resource "aws_appautoscaling_target" "api" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/${aws_ecs_service.api.name}"
      min_capacity       = 2
      max_capacity       = 6
    }
  }

  pass "index_of_a_table" {
    resource "aws_dynamodb_table" "orders" {
      name         = "orders"
      billing_mode = "PROVISIONED"
      hash_key     = "id"
    }

    resource "aws_appautoscaling_target" "by_shop" {
      service_namespace  = "dynamodb"
      scalable_dimension = "dynamodb:index:ReadCapacityUnits"
      resource_id        = "table/orders/index/by_shop"
      min_capacity       = 5
      max_capacity       = 100
    }
  }

  pass "all_services_are_elsewhere" {
    resource "aws_appautoscaling_target" "api" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/api"
      min_capacity       = 2
      max_capacity       = 6
    }
  }

  pass "other_kind" {
    resource "aws_appautoscaling_target" "function" {
      service_namespace  = "lambda"
      scalable_dimension = "lambda:function:ProvisionedConcurrency"
      resource_id        = "function:hook:live"
      min_capacity       = 1
      max_capacity       = 10
    }
  }

  fail "renamed_service" {
    resource "aws_ecs_service" "api" {
      name            = "public-api"
      cluster         = "main"
      task_definition = "api:12"
    }

    resource "aws_appautoscaling_target" "api" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/api"
      min_capacity       = 2
      max_capacity       = 6
    }
  }

  fail "no_such_table" {
    resource "aws_dynamodb_table" "orders" {
      name         = "orders"
      billing_mode = "PROVISIONED"
      hash_key     = "id"
    }

    resource "aws_appautoscaling_target" "reads" {
      service_namespace  = "dynamodb"
      scalable_dimension = "dynamodb:table:ReadCapacityUnits"
      resource_id        = "table/order"
      min_capacity       = 5
      max_capacity       = 100
    }
  }

  fail "no_such_cluster" {
    resource "aws_rds_cluster" "main" {
      cluster_identifier          = "main"
      engine                      = "aurora-mysql"
      master_username             = "app"
      manage_master_user_password = true
    }

    resource "aws_appautoscaling_target" "readers" {
      service_namespace  = "rds"
      scalable_dimension = "rds:cluster:ReadReplicaCount"
      resource_id        = "cluster:mian"
      min_capacity       = 1
      max_capacity       = 4
    }
  }

  fail "policy_of_no_target" {
    resource "aws_appautoscaling_target" "api" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/api"
      min_capacity       = 2
      max_capacity       = 6
    }

    resource "aws_appautoscaling_policy" "api" {
      name               = "cpu"
      policy_type        = "TargetTrackingScaling"
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/apl"
    }

    expect = ["aws_appautoscaling_policy.api"]
  }

  pass "policy_of_its_target" {
    resource "aws_appautoscaling_target" "api" {
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/api"
      min_capacity       = 2
      max_capacity       = 6
    }

    resource "aws_appautoscaling_policy" "api" {
      name               = "cpu"
      policy_type        = "TargetTrackingScaling"
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = aws_appautoscaling_target.api.resource_id
    }
  }

  pass "policy_whose_targets_are_elsewhere" {
    resource "aws_appautoscaling_policy" "api" {
      name               = "cpu"
      policy_type        = "TargetTrackingScaling"
      service_namespace  = "ecs"
      scalable_dimension = "ecs:service:DesiredCount"
      resource_id        = "service/main/api"
    }
  }
}

# A policy hangs on a target of the same name.
resource_policy "aws_appautoscaling_policy" "scaling_target_dangling" {
  enforcement_level = "advisory"

  locals {
    targets = core::getresources("aws_appautoscaling_target", { resource_id = attrs.resource_id })
    others  = core::getresources("aws_appautoscaling_target", { service_namespace = attrs.service_namespace })
  }

  enforce {
    condition     = core::length(local.targets) > 0 || core::length(local.others) == 0
    at            = attrs.resource_id
    error_message = "${meta.address} belongs to ${attrs.resource_id}, for which there is no scaling target here: it moves nothing."
  }
}
