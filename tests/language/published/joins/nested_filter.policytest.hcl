policytest {
  targets = ["nested_filter.policy.hcl"]
}

resource "aws_lb_target_group" "used" {
  attrs = { arn = "arn:a", name = "a" }
}

resource "aws_lb_target_group" "unused" {
  expect_failure = true
  attrs          = { arn = "arn:b", name = "b" }
}

resource "aws_lb_listener" "https" {
  skip = true
  attrs = {
    protocol       = "HTTPS"
    default_action = [{ type = "forward", target_group_arn = aws_lb_target_group.used.arn }]
  }
}

resource "aws_lb_listener" "http" {
  skip = true
  attrs = {
    protocol       = "HTTP"
    default_action = [{ type = "forward", target_group_arn = aws_lb_target_group.unused.arn }]
  }
}
