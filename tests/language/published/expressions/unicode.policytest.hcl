policytest {
  targets = ["unicode.policy.hcl"]
}

resource "aws_sns_topic" "richtig" {
  attrs = { display_name = "Äpfel Und Birnen" }
}

resource "aws_sns_topic" "falsch" {
  expect_failure = true
  attrs          = { display_name = "Äpfel" }
}
