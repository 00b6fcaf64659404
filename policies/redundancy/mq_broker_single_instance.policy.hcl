# A broker of one instance is one machine in one Availability Zone. Every failure, patch and change of its size stops all messages
# between the services, and the deployment mode cannot be changed later without building a new broker.
resource_policy "aws_mq_broker" "mq_broker_single_instance" {
  title             = "Message broker is a single instance"
  category          = "redundancy"
  severity          = "high"
  scope             = "production"
  aliases           = ["S:activemq-brokers-should-use-active-standby-deployment-mode"]
  references        = ["Amazon MQ Developer Guide: Deployment options for Amazon MQ for ActiveMQ brokers", "Terraform AWS provider: aws_mq_broker"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      When the machine or its zone fails, nothing is sent and nothing is received until AWS has brought it back. AWS also restarts
      the broker in its weekly maintenance window, so a short outage is certain, not only possible.
    EOT
    fix = "Use `deployment_mode = \"ACTIVE_STANDBY_MULTI_AZ\"` for ActiveMQ or `\"CLUSTER_MULTI_AZ\"` for RabbitMQ. It takes a new broker: make it beside the old one, move producers and consumers, delete the old one when it is empty."
  }

  locals {
    mode      = core::coalesce(core::try(attrs.deployment_mode, null), "SINGLE_INSTANCE")
    redundant = core::lower(core::coalesce(core::try(attrs.engine_type, null), "ActiveMQ")) == "rabbitmq" ? "CLUSTER_MULTI_AZ" : "ACTIVE_STANDBY_MULTI_AZ"
  }

  enforce {
    condition     = local.mode != "SINGLE_INSTANCE"
    at            = attrs.deployment_mode
    error_message = "${meta.address} is one ${core::coalesce(core::try(attrs.engine_type, null), "broker")} instance: its weekly maintenance and any failure stop all messages."
  }

  option "standby" {
    title    = "A broker with standby or a cluster in several zones"
    merits   = ["maintenance and the loss of a zone cost a reconnect instead of an outage"]
    demerits = ["about twice the price (three times for a RabbitMQ cluster)", "a new broker: clients must move"]
    downtime = "none when clients move one by one"
    effort   = "M"
    set {
      deployment_mode = local.redundant
    }
  }

  option "managed_queue" {
    title    = "Move to SQS and SNS"
    merits   = ["no broker to care for", "paid by the message"]
    demerits = ["the application speaks another protocol"]
    downtime = "none when both run side by side"
    effort   = "L"
  }

  pass "active_and_standby" {
    resource "aws_mq_broker" "orders" {
      broker_name        = "orders"
      engine_type        = "ActiveMQ"
      engine_version     = "5.18"
      host_instance_type = "mq.m5.large"
      deployment_mode    = "ACTIVE_STANDBY_MULTI_AZ"

      user {
        username = "app"
        password = "not-a-real-password"
      }
    }
  }

  pass "rabbitmq_cluster" {
    resource "aws_mq_broker" "orders" {
      broker_name        = "orders"
      engine_type        = "RabbitMQ"
      engine_version     = "3.13"
      host_instance_type = "mq.m5.large"
      deployment_mode    = "CLUSTER_MULTI_AZ"

      user {
        username = "app"
        password = "not-a-real-password"
      }
    }
  }

  fail "not_written" {
    resource "aws_mq_broker" "orders" {
      broker_name        = "orders"
      engine_type        = "ActiveMQ"
      engine_version     = "5.18"
      host_instance_type = "mq.t3.micro"

      user {
        username = "app"
        password = "not-a-real-password"
      }
    }
  }

  fail "single_rabbitmq" {
    resource "aws_mq_broker" "orders" {
      broker_name        = "orders"
      engine_type        = "RabbitMQ"
      engine_version     = "3.13"
      host_instance_type = "mq.t3.micro"
      deployment_mode    = "SINGLE_INSTANCE"

      user {
        username = "app"
        password = "not-a-real-password"
      }
    }
  }
}
