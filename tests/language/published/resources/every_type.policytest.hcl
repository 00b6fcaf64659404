resource "aws_instance" "owned" {
  attrs = { tags = { owner = "shop" } }
}

resource "aws_instance" "nobodys" {
  expect_failure = true
  attrs          = { tags = null }
}

resource "aws_instance" "without_tags" {
  attrs = { ami = "ami-1" }
}

resource "google_pubsub_topic" "of_another_provider" {
  attrs = { tags = {} }
  meta = {
    provider_type = "google"
  }
}
