# An alarm without an action turns red on a page that nobody has open. So does one whose topic nobody has subscribed to. The outage
# is then reported by a customer. Alarms that steer something, such as a deployment, another alarm or a health check, need no action
# of their own.

locals {
  chats = core::flatten([for c in core::getresources("aws_chatbot_slack_channel_configuration", null) : core::try([for t in c.sns_topic_arns : t], [])])
  rules = [for c in core::getresources("aws_cloudwatch_composite_alarm", null) : c.alarm_rule]
  steering = core::flatten([
    [for s in core::getresources("aws_ecs_service", null) : core::try([for a in s.alarms : [for n in a.alarm_names : n]], [])],
    [for d in core::getresources("aws_codedeploy_deployment_group", null) : core::try([for a in d.alarm_configuration : [for n in a.alarms : n]], [])],
  ])
}

resource_policy "aws_cloudwatch_metric_alarm" "alarm_notifies_nobody" {
  title             = "Alarm tells nobody"
  category          = "monitoring"
  severity          = "high"
  scope             = "production"
  aliases           = ["CKV_AWS_319", "FG_R00240", "S:cloudwatch-alarm-actions-should-be-enabled", "S:cloudwatch-alarms-should-have-specified-actions-configured"]
  references        = ["Terraform AWS provider: aws_cloudwatch_metric_alarm", "Amazon CloudWatch User Guide: Alarm actions"]
  enforcement_level = "advisory"

  docs {
    why = "Everybody believes that the service is watched, and nobody is told when it fails."
    fix = "Name a topic in alarm_actions that the team or its chat has subscribed to, or delete the alarm."
  }

  locals {
    actions = core::try([for a in attrs.alarm_actions : a], [])
    enabled = core::coalesce(core::try(attrs.actions_enabled, null), true)

    # A topic of another directory counts as read by somebody.
    unread = [
      for a in local.actions : a
      if core::length(core::getresources("aws_sns_topic", { arn = a })) > 0 && core::length(core::getresources("aws_sns_topic_subscription", { topic_arn = a })) == 0 && !core::contains(local.chats, a)
    ]
    steers = (
      core::contains(local.steering, attrs.alarm_name)
      || core::anytrue([for rule in local.rules : core::strcontains(rule, attrs.alarm_name)])
      || core::length(core::getresources("aws_route53_health_check", { cloudwatch_alarm_name = attrs.alarm_name })) > 0
    )
  }

  enforce {
    condition     = core::length(local.actions) > 0 && local.enabled || local.steers
    at            = attrs.alarm_actions
    error_message = "${meta.address} ${core::length(local.actions) == 0 ? "has no action" : "has its actions turned off"}, so nobody is told when it fires."
  }

  enforce {
    condition     = core::length(local.actions) == 0 || core::length(local.unread) < core::length(local.actions) || local.steers
    at            = attrs.alarm_actions
    error_message = "${meta.address} sends to a topic that nobody has subscribed to, so nobody is told when it fires."
  }

  option "channel" {
    title    = "A topic that the channel of the team has subscribed to"
    merits   = ["somebody acts"]
    demerits = ["one more alert to look at"]
    downtime = "none"
    effort   = "S"
  }

  option "delete" {
    title    = "Delete the alarm"
    merits   = ["less to maintain, and nobody missed it"]
    demerits = ["make sure that the graph exists on a dashboard"]
    downtime = "none"
    effort   = "S"
  }

  option "dashboard" {
    title    = "A dashboard for the weekly review instead"
    merits   = ["seen without waking anybody"]
    demerits = ["seen days later"]
    downtime = "none"
    effort   = "S"
  }

  pass "subscribed" {
    resource "aws_sns_topic" "team" {
      name = "team"
    }

    resource "aws_sns_topic_subscription" "team" {
      topic_arn = aws_sns_topic.team.arn
      protocol  = "https"
      endpoint  = "https://alerts.example.com/hook"
    }

    resource "aws_cloudwatch_metric_alarm" "cpu" {
      alarm_name          = "cpu"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      statistic           = "Average"
      namespace           = "AWS/RDS"
      metric_name         = "CPUUtilization"
      evaluation_periods  = 5
      period              = 60
      alarm_actions       = [aws_sns_topic.team.arn]
    }
  }

  pass "topic_of_another_directory" {
    resource "aws_cloudwatch_metric_alarm" "cpu" {
      alarm_name          = "cpu"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      statistic           = "Average"
      namespace           = "AWS/RDS"
      metric_name         = "CPUUtilization"
      evaluation_periods  = 5
      period              = 60
      alarm_actions       = ["arn:aws:sns:ap-northeast-1:111122223333:team"]
    }
  }

  pass "chat" {
    resource "aws_sns_topic" "team" {
      name = "team"
    }

    resource "aws_cloudwatch_metric_alarm" "cpu" {
      alarm_name          = "cpu"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      statistic           = "Average"
      namespace           = "AWS/RDS"
      metric_name         = "CPUUtilization"
      evaluation_periods  = 5
      period              = 60
      alarm_actions       = [aws_sns_topic.team.arn]
    }

    resource "aws_chatbot_slack_channel_configuration" "team" {
      iam_role_arn       = "arn:aws:iam::111122223333:role/main"
      slack_channel_id   = "C0123456789"
      slack_team_id      = "T0123456789"
      configuration_name = "team"
      sns_topic_arns     = [aws_sns_topic.team.arn]
    }
  }

  pass "stops_a_deployment" {
    resource "aws_cloudwatch_metric_alarm" "cpu" {
      alarm_name          = "cpu"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      statistic           = "Average"
      namespace           = "AWS/RDS"
      metric_name         = "CPUUtilization"
      evaluation_periods  = 5
      period              = 60
    }

    resource "aws_ecs_service" "api" {
      name = "api"
      alarms {
        enable      = true
        rollback    = true
        alarm_names = [aws_cloudwatch_metric_alarm.cpu.alarm_name]
      }
    }
  }

  pass "part_of_another_alarm" {
    resource "aws_cloudwatch_metric_alarm" "cpu" {
      alarm_name          = "cpu"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      statistic           = "Average"
      namespace           = "AWS/RDS"
      metric_name         = "CPUUtilization"
      evaluation_periods  = 5
      period              = 60
    }

    resource "aws_sns_topic" "team" {
      name = "team"
    }

    resource "aws_sns_topic_subscription" "team" {
      topic_arn = aws_sns_topic.team.arn
      protocol  = "https"
      endpoint  = "https://alerts.example.com/hook"
    }

    resource "aws_cloudwatch_composite_alarm" "both" {
      alarm_name    = "both"
      alarm_rule    = "ALARM(cpu) AND ALARM(errors)"
      alarm_actions = [aws_sns_topic.team.arn]
    }
  }

  pass "health_check" {
    resource "aws_cloudwatch_metric_alarm" "cpu" {
      alarm_name          = "cpu"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      statistic           = "Average"
      namespace           = "AWS/RDS"
      metric_name         = "CPUUtilization"
      evaluation_periods  = 5
      period              = 60
    }

    resource "aws_route53_health_check" "cpu" {
      type                    = "CLOUDWATCH_METRIC"
      cloudwatch_alarm_name   = aws_cloudwatch_metric_alarm.cpu.alarm_name
      cloudwatch_alarm_region = "ap-northeast-1"
    }
  }

  pass "composite_of_a_composite" {
    resource "aws_cloudwatch_composite_alarm" "inner" {
      alarm_name = "inner"
      alarm_rule = "ALARM(cpu) OR ALARM(errors)"
    }

    resource "aws_cloudwatch_composite_alarm" "outer" {
      alarm_name    = "outer"
      alarm_rule    = "ALARM(inner) AND ALARM(traffic)"
      alarm_actions = ["arn:aws:sns:ap-northeast-1:111122223333:team"]
    }
  }

  fail "composite_turned_off" {
    resource "aws_cloudwatch_composite_alarm" "both" {
      alarm_name      = "both"
      alarm_rule      = "ALARM(cpu) AND ALARM(errors)"
      alarm_actions   = ["arn:aws:sns:ap-northeast-1:111122223333:team"]
      actions_enabled = false
    }
  }

  fail "no_action" {
    resource "aws_cloudwatch_metric_alarm" "cpu" {
      alarm_name          = "cpu"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      statistic           = "Average"
      namespace           = "AWS/RDS"
      metric_name         = "CPUUtilization"
      evaluation_periods  = 5
      period              = 60
    }
  }

  fail "turned_off" {
    resource "aws_sns_topic" "team" {
      name = "team"
    }

    resource "aws_sns_topic_subscription" "team" {
      topic_arn = aws_sns_topic.team.arn
      protocol  = "https"
      endpoint  = "https://alerts.example.com/hook"
    }

    resource "aws_cloudwatch_metric_alarm" "cpu" {
      alarm_name          = "cpu"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      statistic           = "Average"
      namespace           = "AWS/RDS"
      metric_name         = "CPUUtilization"
      evaluation_periods  = 5
      period              = 60
      alarm_actions       = [aws_sns_topic.team.arn]
      actions_enabled     = false
    }
  }

  fail "nobody_subscribed" {
    resource "aws_sns_topic" "team" {
      name = "team"
    }

    resource "aws_cloudwatch_metric_alarm" "cpu" {
      alarm_name          = "cpu"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      statistic           = "Average"
      namespace           = "AWS/RDS"
      metric_name         = "CPUUtilization"
      evaluation_periods  = 5
      period              = 60
      alarm_actions       = [aws_sns_topic.team.arn]
    }
  }

  fail "composite" {
    resource "aws_cloudwatch_composite_alarm" "both" {
      alarm_name = "both"
      alarm_rule = "ALARM(cpu) AND ALARM(errors)"
    }
  }
}

resource_policy "aws_cloudwatch_composite_alarm" "alarm_notifies_nobody" {
  enforcement_level = "advisory"

  locals {
    actions = core::try([for a in attrs.alarm_actions : a], [])
    steers  = core::contains(local.steering, attrs.alarm_name) || core::anytrue([for rule in local.rules : core::strcontains(rule, attrs.alarm_name)])
  }

  enforce {
    condition     = core::length(local.actions) > 0 && core::coalesce(core::try(attrs.actions_enabled, null), true) || local.steers
    at            = attrs.alarm_actions
    error_message = "${meta.address} ${core::length(local.actions) == 0 ? "has no action" : "has its actions turned off"}, so nobody is told when it fires."
  }
}
