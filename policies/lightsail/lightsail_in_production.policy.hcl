# Lightsail is a good beginning and a bad middle: no autoscaling, short logs, one machine, releases with a gap. Each of the four can be
# lived with while a team is small. This says which of them a growing team will meet. One finding for each object, because a plan has
# no object for the directory as a whole that could be pointed at.

resource_policy "aws_lightsail_instance" "lightsail_in_production" {
  title             = "Production still runs on Lightsail"
  category          = "lightsail"
  severity          = "low"
  scope             = "production"
  pedantic          = true
  references        = ["Amazon Lightsail User Guide: What is Amazon Lightsail?", "Amazon ECS Developer Guide: AWS Fargate"]
  enforcement_level = "advisory"
  operations        = ["no-op"]

  docs {
    why = "Lightsail does not scale by itself, keeps few logs and metrics, has no standby for a server, and a release stops what it replaces. As users grow, each of these turns into an outage."
    fix = "Choose a way from the options and a date. Until then, suppress the finding until that date."
  }

  enforce {
    condition     = false
    error_message = "${meta.address} is a Lightsail server: no autoscaling, no log retention, no standby, and a gap at each release."
  }

  option "ecs_window" {
    title    = "ECS Fargate with a load balancer, cut over in a window"
    merits   = ["about a month sooner than without an outage"]
    demerits = ["an announced outage at the switch"]
    downtime = "1 to 2 hours"
    effort   = "L"
  }

  option "ecs_parallel" {
    title    = "ECS Fargate, parallel run with a replica and weighted DNS"
    merits   = ["no outage, a way back at each step"]
    demerits = ["about a month longer", "both run and are paid for meanwhile"]
    downtime = "none"
    effort   = "L"
  }

  option "lightsail_pair" {
    title    = "Load balancer with two servers, database bundle with standby"
    merits   = ["done in days"]
    demerits = ["still no autoscaling", "the database is replaced by another bundle"]
    downtime = "minutes"
    effort   = "M"
  }
}

resource_policy "aws_lightsail_database" "lightsail_in_production" {
  enforcement_level = "advisory"
  operations        = ["no-op"]

  enforce {
    condition     = false
    error_message = "${meta.address} is a Lightsail database: no readers, no storage that grows, and a bigger bundle is a replacement."
  }
}

resource_policy "aws_lightsail_container_service" "lightsail_in_production" {
  enforcement_level = "advisory"
  operations        = ["no-op"]

  enforce {
    condition     = false
    error_message = "${meta.address} is a Lightsail container service: no autoscaling, and logs that are gone after some days."
  }
}
