# A warehouse cluster is charged by the hour, whether somebody asks it something or not. For a small team with a few reports a day it
# is soon the dearest part of the whole system.
resource_policy "aws_redshift_cluster" "analytics_base_always_on" {
  title             = "Analytics cluster is charged around the clock"
  category          = "cost"
  severity          = "medium"
  references        = ["Amazon Redshift Management Guide: Pausing and resuming a cluster", "Amazon EMR Management Guide: Using an auto-termination policy"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      Several nodes run day and night for questions that are asked in office hours. Nobody stops them, because a stop has to be ordered
      and a start takes minutes.
    EOT
    fix = "Pause it on a schedule, or keep the data in S3 and pay for each question (Athena, Redshift Serverless)."
  }

  locals {
    pauses = [
      for a in core::getresources("aws_redshift_scheduled_action", null) : a
      if core::anytrue(core::flatten(core::coalesce(core::try([for t in a.target_action : [for p in t.pause_cluster : p.cluster_identifier == attrs.cluster_identifier]], null), [])))
    ]
    nodes = core::coalesce(core::try(attrs.number_of_nodes, null), 1)
  }

  enforce {
    condition     = local.nodes <= 1 || core::length(local.pauses) > 0
    at            = attrs.number_of_nodes
    error_message = "${meta.address} runs ${local.nodes} nodes around the clock, and nothing pauses it, so nights and weekends are paid for in full."
  }

  option "athena" {
    title    = "Keep the data in S3 and ask it with Athena"
    merits   = ["paid by the question, nothing when nobody asks"]
    demerits = ["slower", "SQL over files"]
    downtime = "none"
    effort   = "M"
  }

  option "serverless" {
    title    = "Redshift Serverless with a small base"
    merits   = ["no cluster to care for", "paid while it works"]
    demerits = ["a smallest charge for each use"]
    downtime = "the reports while they move"
    effort   = "M"
  }

  option "reader" {
    title    = "A reader of the database and a nightly export"
    merits   = ["no new system"]
    demerits = ["reports load the reader"]
    downtime = "none"
    effort   = "S"
  }

  option "pause" {
    title    = "Pause it at night"
    merits   = ["a third of the day or more is not paid"]
    demerits = ["reports at night wait"]
    downtime = "the cluster, at night"
    effort   = "S"
  }

  pass "small_or_paused" {
    resource "aws_redshift_cluster" "one_node" {
      cluster_identifier = "one-node"
      node_type          = "ra3.large"
    }

    resource "aws_redshift_cluster" "paused" {
      cluster_identifier = "paused"
      node_type          = "ra3.large"
      number_of_nodes    = 4
    }

    resource "aws_redshift_scheduled_action" "night" {
      name     = "night"
      schedule = "cron(0 13 * * ? *)"
      iam_role = "arn:aws:iam::123456789012:role/pause"

      target_action {
        pause_cluster {
          cluster_identifier = "paused"
        }
      }
    }

    resource "aws_emr_cluster" "job" {
      name                              = "job"
      release_label                     = "emr-7.5.0"
      service_role                      = "emr"
      keep_job_flow_alive_when_no_steps = false
    }

    resource "aws_emr_cluster" "stops_when_idle" {
      name          = "stops-when-idle"
      release_label = "emr-7.5.0"
      service_role  = "emr"

      auto_termination_policy {
        idle_timeout = 3600
      }
    }
  }

  fail "always_on" {
    resource "aws_redshift_cluster" "main" {
      cluster_identifier = "main"
      node_type          = "ra3.large"
      number_of_nodes    = 4
    }

    resource "aws_emr_cluster" "main" {
      name                              = "main"
      release_label                     = "emr-7.5.0"
      service_role                      = "emr"
      keep_job_flow_alive_when_no_steps = true
    }
  }
}

# A cluster that ends with its last step costs only while it works.
resource_policy "aws_emr_cluster" "analytics_base_always_on" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::coalesce(core::try(attrs.keep_job_flow_alive_when_no_steps, null), true) == false || core::length(core::coalesce(core::try(attrs.auto_termination_policy, null), [])) > 0
    at            = attrs.keep_job_flow_alive_when_no_steps
    error_message = "${meta.address} stays on when its work is done, and every idle hour is paid for: nothing stops it."
  }

  option "stop_when_idle" {
    title    = "Stop it when it is idle"
    merits   = ["paid while it works"]
    demerits = ["a start of some minutes for the next job"]
    downtime = "none"
    effort   = "S"
  }
}
