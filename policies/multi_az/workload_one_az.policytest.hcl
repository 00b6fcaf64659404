policytest {
  targets = ["workload_one_az.policy.hcl"]
}

inputs {
  report_rebalancing = true
}

resource "aws_ecs_service" "rebalancing_off" {
  attrs = {
    desired_count                 = 2
    availability_zone_rebalancing = "DISABLED"
    network_configuration         = [{ subnets = ["subnet-x", "subnet-y"] }]
  }
  expect_failure = true
}

resource "aws_ecs_service" "rebalancing_not_written" {
  attrs = {
    desired_count         = 2
    network_configuration = [{ subnets = ["subnet-x", "subnet-y"] }]
  }
}
