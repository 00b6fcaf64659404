// Every setting that a policy block has.
policy {
  terraform_config {
    required_version = ">= 1.5.0"
  }

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
    google = {
      source = "hashicorp/google"
    }
  }

  plugins {
    naming = {
      source = "../plugins/bin/naming"
    }
    calendar = {
      source = "../plugins/bin/calendar"
    }
  }
}

resource_policy "aws_sns_topic" "settings_do_not_matter" {
  enforce {
    condition = core::try(attrs.name, "") != ""
  }
}
