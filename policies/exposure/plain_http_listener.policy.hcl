# What goes over plain HTTP can be read and changed on the way: passwords, session cookies, prices. A listener on port 80 is fine as
# long as it only sends browsers to HTTPS.

resource_policy "aws_lb_listener" "plain_http_listener" {
  title             = "Public load balancer serves plain HTTP"
  category          = "exposure"
  severity          = "medium"
  scope             = "production"
  aliases           = ["CKV_AWS_2", "CKV2_AWS_20", "AWS-0054"]
  references        = ["Terraform AWS provider: aws_lb_listener", "Elastic Load Balancing: Create an HTTPS listener for your Application Load Balancer"]
  enforcement_level = "advisory"

  docs {
    why = "Anybody on the same wireless network can read logins and take over sessions."
    fix = "Let the listener answer with a redirect to HTTPS. Change devices that cannot follow a redirect to HTTPS first."
  }

  locals {
    balancers = core::getresources("aws_lb", { arn = attrs.load_balancer_arn })
    public    = [for b in local.balancers : b if !core::coalesce(core::try(b.internal, null), false) && core::coalesce(core::try(b.load_balancer_type, null), "application") == "application"]
  }

  filter = core::coalesce(core::try(attrs.protocol, null), "-") == "HTTP" && core::length(local.public) > 0

  enforce {
    condition     = !core::anytrue([for a in attrs.default_action : a.type == "forward"])
    at            = attrs.default_action
    error_message = "${meta.address} serves plain HTTP on port ${attrs.port} to the internet, so logins and cookies can be read on the way."
  }

  option "redirect" {
    title    = "Redirect to HTTPS"
    merits   = ["nothing is sent in the clear"]
    demerits = ["clients that cannot follow a redirect must change first"]
    downtime = "none"
    effort   = "S"
  }

  option "close" {
    title    = "Close port 80"
    merits   = ["nothing to maintain"]
    demerits = ["who types the address without https sees an error"]
    downtime = "none if nobody uses it"
    effort   = "S"
  }

  pass "redirect" {
    resource "aws_lb" "main" {
      name = "main"
    }

    resource "aws_lb_listener" "http" {
      load_balancer_arn = aws_lb.main.arn
      port              = 80
      protocol          = "HTTP"
      default_action {
        type = "redirect"
        redirect {
          protocol    = "HTTPS"
          port        = "443"
          status_code = "HTTP_301"
        }
      }
    }
  }

  pass "https" {
    resource "aws_lb" "main" {
      name = "main"
    }

    resource "aws_lb_listener" "https" {
      load_balancer_arn = aws_lb.main.arn
      port              = 443
      protocol          = "HTTPS"
      default_action {
        type             = "forward"
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:targetgroup/api/0123456789abcdef"
      }
    }
  }

  pass "inside" {
    resource "aws_lb" "main" {
      name     = "main"
      internal = true
    }

    resource "aws_lb_listener" "http" {
      load_balancer_arn = aws_lb.main.arn
      port              = 80
      protocol          = "HTTP"
      default_action {
        type             = "forward"
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:targetgroup/api/0123456789abcdef"
      }
    }
  }

  fail "forwards" {
    resource "aws_lb" "main" {
      name = "main"
    }

    resource "aws_lb_listener" "http" {
      load_balancer_arn = aws_lb.main.arn
      port              = 80
      protocol          = "HTTP"
      default_action {
        type             = "forward"
        target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:targetgroup/api/0123456789abcdef"
      }
    }
  }
}
