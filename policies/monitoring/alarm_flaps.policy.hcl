# An alarm that decides on one minute fires at every short peak and is green again before somebody has looked. A count has no data
# while nothing happens; if missing data is not said to be good, the alarm hangs between its states. Alarms that only scale
# something may be quick and are left out.

resource_policy "aws_cloudwatch_metric_alarm" "alarm_flaps" {
  title             = "Alarm changes back and forth"
  category          = "monitoring"
  severity          = "low"
  references        = ["Terraform AWS provider: aws_cloudwatch_metric_alarm", "Amazon CloudWatch User Guide: Configuring how CloudWatch alarms treat missing data"]
  enforcement_level = "advisory"

  docs {
    why = "Alerts that solve themselves teach the team to ignore alerts."
    fix = "Ask for 3 of 5 minutes (evaluation_periods = 5, datapoints_to_alarm = 3). For counts of errors or requests set treat_missing_data = \"notBreaching\"."
  }

  locals {
    period  = core::try(attrs.period, null)
    quick   = local.period != null && core::try(local.period <= 60, false) && attrs.evaluation_periods == 1
    count   = core::regex_match("^(RequestCount|HTTPCode_|Errors$|NumberOfMessages)", core::coalesce(core::try(attrs.metric_name, null), "-"))
    missing = core::coalesce(core::try(attrs.treat_missing_data, null), "missing")

    actions = core::try([for x in attrs.alarm_actions : x], [])
    scaling = core::anytrue([
      for a in local.actions : core::length(core::getresources("aws_appautoscaling_policy", { arn = a })) > 0 || core::length(core::getresources("aws_autoscaling_policy", { arn = a })) > 0
      || (core::length(core::getresources("aws_sns_topic", { arn = a })) == 0 && core::regex_match(":(scalingPolicy|autoscaling):", a))
    ])
  }

  filter = (local.quick || local.count) && !local.scaling

  enforce {
    condition     = !local.quick
    at            = attrs.evaluation_periods
    error_message = "${meta.address} decides on one period of ${local.period} s, so every short peak is an alert."
  }

  enforce {
    condition     = !local.count || local.missing != "missing"
    at            = attrs.treat_missing_data
    error_message = "${meta.address} counts ${attrs.metric_name}, which has no data while nothing happens, and does not say what missing data means, so it comes and goes without a cause."
  }

  option "three_of_five" {
    title    = "3 of 5 minutes, missing data is good"
    merits   = ["a peak does not fire"]
    demerits = ["a real outage is told two minutes later"]
    downtime = "none"
    effort   = "S"

    set {
      evaluation_periods  = 5
      datapoints_to_alarm = 3
      treat_missing_data  = "notBreaching"
    }
  }

  option "slo" {
    title    = "An objective with a burn-rate alert instead"
    merits   = ["few alerts, and each one means that users suffer"]
    demerits = ["somebody must agree on the objective first"]
    downtime = "none"
    effort   = "M"
  }

  pass "five_minutes" {
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

  pass "five_minutes_in_one_period" {
    resource "aws_cloudwatch_metric_alarm" "cpu" {
      alarm_name          = "cpu"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      statistic           = "Average"
      metric_name         = "CPUUtilization"
      evaluation_periods  = 1
      period              = 300
    }
  }

  pass "count" {
    resource "aws_cloudwatch_metric_alarm" "errors" {
      alarm_name          = "errors"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      statistic           = "Average"
      metric_name         = "Errors"
      evaluation_periods  = 5
      period              = 60
      treat_missing_data  = "notBreaching"
    }
  }

  pass "scales" {
    resource "aws_cloudwatch_metric_alarm" "cpu" {
      alarm_name          = "cpu"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      statistic           = "Average"
      metric_name         = "CPUUtilization"
      evaluation_periods  = 1
      period              = 60
      alarm_actions       = ["arn:aws:autoscaling:ap-northeast-1:111122223333:scalingPolicy:0:resource/ecs/service/main/api:policyName/out"]
    }
  }

  pass "scales_by_reference" {
    resource "aws_cloudwatch_metric_alarm" "cpu" {
      alarm_name          = "cpu"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      statistic           = "Average"
      metric_name         = "CPUUtilization"
      evaluation_periods  = 1
      period              = 60
      alarm_actions       = [aws_appautoscaling_policy.out.arn]
    }

    resource "aws_appautoscaling_policy" "out" {
      name               = "out"
      service_namespace  = "ecs"
      resource_id        = "service/main/api"
      scalable_dimension = "ecs:service:DesiredCount"
    }
  }

  fail "one_minute" {
    resource "aws_cloudwatch_metric_alarm" "cpu" {
      alarm_name          = "cpu"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      statistic           = "Average"
      metric_name         = "CPUUtilization"
      evaluation_periods  = 1
      period              = 60
    }
  }

  fail "to_a_topic" {
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
      evaluation_periods  = 1
      period              = 60
      alarm_actions       = [aws_sns_topic.team.arn]
    }
  }

  fail "count" {
    resource "aws_cloudwatch_metric_alarm" "errors" {
      alarm_name          = "errors"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      statistic           = "Average"
      metric_name         = "HTTPCode_Target_5XX_Count"
      evaluation_periods  = 5
      period              = 60
    }
  }
}
