# A table with fixed capacity answers so many requests in a second and refuses the rest. The refused ones are retried, which makes the rush
# longer. On demand or with autoscaling, the table follows.
resource_policy "aws_dynamodb_table" "dynamodb_fixed_capacity" {
  title             = "Table has a fixed capacity"
  category          = "scaling"
  severity          = "medium"
  scope             = "production"
  aliases           = ["CKV2_AWS_16", "S:dynamo-db-tables-scales-capacity-with-demand", "CB:DYNAMODB-2"]
  references        = ["Amazon DynamoDB Developer Guide: Managing throughput capacity automatically with DynamoDB auto scaling", "Terraform AWS provider: aws_dynamodb_table"]
  enforcement_level = "advisory"

  docs {
    why = "Above the fixed number DynamoDB answers with throttling errors, and what users see depends on how well the application retries. Below it, the capacity is paid for and not used."
    fix = "Set `billing_mode = \"PAY_PER_REQUEST\"`, or add an `aws_appautoscaling_target` with a policy for reads and one for writes."
  }

  locals {
    targets = plan::matching("aws_appautoscaling_target", "resource_id", "table/${attrs.name}")
    moved   = [for t in local.targets : t.scalable_dimension]
    fixed = core::concat(
      core::contains(local.moved, "dynamodb:table:ReadCapacityUnits") ? [] : ["reads (${core::coalesce(core::try(attrs.read_capacity, null), 1)})"],
      core::contains(local.moved, "dynamodb:table:WriteCapacityUnits") ? [] : ["writes (${core::coalesce(core::try(attrs.write_capacity, null), 1)})"],
    )
  }

  filter = core::coalesce(core::try(attrs.billing_mode, null), "PROVISIONED") == "PROVISIONED"

  enforce {
    condition     = core::length(local.fixed) == 0
    at            = attrs.billing_mode
    error_message = "${meta.address} has a fixed number of ${core::join(" and ", local.fixed)} in a second: in a rush, everything above it is refused."
  }

  option "on_demand" {
    title    = "Pay by the request"
    merits   = ["follows every load at once", "costs nothing in quiet hours"]
    demerits = ["dearer than a well-used fixed capacity", "can be switched to at most four times in 24 hours"]
    downtime = "none"
    effort   = "S"
    set {
      billing_mode = "PAY_PER_REQUEST"
    }
  }

  option "autoscaling" {
    title    = "Autoscaling for reads and writes"
    merits   = ["cheaper for steady load"]
    demerits = ["reacts after minutes", "indexes need their own"]
    downtime = "none"
    effort   = "S"
  }

  pass "on_demand" {
    resource "aws_dynamodb_table" "orders" {
      name         = "orders"
      billing_mode = "PAY_PER_REQUEST"
      hash_key     = "id"

      attribute {
        name = "id"
        type = "S"
      }
    }
  }

  pass "autoscaling" {
    resource "aws_dynamodb_table" "orders" {
      name           = "orders"
      hash_key       = "id"
      read_capacity  = 5
      write_capacity = 5

      attribute {
        name = "id"
        type = "S"
      }
    }

    resource "aws_appautoscaling_target" "orders" {
      for_each           = toset(["Read", "Write"])
      service_namespace  = "dynamodb"
      scalable_dimension = "dynamodb:table:${each.key}CapacityUnits"
      resource_id        = "table/${aws_dynamodb_table.orders.name}"
      min_capacity       = 5
      max_capacity       = 100
    }
  }

  fail "fixed" {
    resource "aws_dynamodb_table" "orders" {
      name           = "orders"
      billing_mode   = "PROVISIONED"
      hash_key       = "id"
      read_capacity  = 20
      write_capacity = 10

      attribute {
        name = "id"
        type = "S"
      }
    }
  }

  fail "only_reads_scale" {
    resource "aws_dynamodb_table" "orders" {
      name           = "orders"
      hash_key       = "id"
      read_capacity  = 5
      write_capacity = 5

      attribute {
        name = "id"
        type = "S"
      }
    }

    resource "aws_appautoscaling_target" "reads" {
      service_namespace  = "dynamodb"
      scalable_dimension = "dynamodb:table:ReadCapacityUnits"
      resource_id        = "table/orders"
      min_capacity       = 5
      max_capacity       = 100
    }
  }

  fail "only_writes_scale" {
    resource "aws_dynamodb_table" "orders" {
      name           = "orders"
      hash_key       = "id"
      read_capacity  = 5
      write_capacity = 5

      attribute {
        name = "id"
        type = "S"
      }
    }

    resource "aws_appautoscaling_target" "writes" {
      service_namespace  = "dynamodb"
      scalable_dimension = "dynamodb:table:WriteCapacityUnits"
      resource_id        = "table/orders"
      min_capacity       = 5
      max_capacity       = 100
    }
  }
}
