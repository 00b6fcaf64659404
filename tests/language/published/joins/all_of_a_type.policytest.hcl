policytest {
  targets = ["all_of_a_type.policy.hcl"]
}

resource "aws_s3_account_public_access_block" "main" {
  skip  = true
  attrs = { block_public_acls = true }
}

resource "aws_sns_topic" "alarms" {
  skip  = true
  attrs = { arn = "arn:aws:sns:eu-west-1:111122223333:alarms" }
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  skip = true
  attrs = {
    alarm_name    = "errors"
    metric_name   = "Errors"
    alarm_actions = [aws_sns_topic.alarms.attrs.arn]
  }
}

resource "aws_s3_bucket" "any" {
  attrs = { bucket = "any" }
}
