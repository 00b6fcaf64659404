input "report_eks_endpoint" {
  type        = bool
  default     = false
  description = "Whether a cluster of EKS whose API answers the whole internet is reported. Its login keeps strangers out, and many teams have no other way in."
}

# A principal of "*" means every account of AWS, not every part of yours. For snapshots, images and functions this is seldom meant,
# and a public snapshot of a database is a public database. Public endpoints of Kubernetes clusters are left to a policy of their
# own, because it is a matter of taste.

resource_policy "aws_lambda_permission" "shared_with_everyone" {
  title             = "Shared with every AWS account"
  category          = "exposure"
  severity          = "high"
  aliases           = ["CKV_AWS_258", "CKV_AWS_301", "CKV_AWS_302", "CKV_AWS_32", "CKV_AWS_137", "CKV_AWS_39", "AWS-0032", "AWS-0040", "AWS-0041", "S:lambda-function-public-access-prohibited"]
  references        = ["Terraform AWS provider: aws_lambda_permission", "Terraform AWS provider: aws_ecr_repository_policy", "Amazon RDS User Guide: Sharing a DB snapshot"]
  enforcement_level = "mandatory_overridable"

  docs {
    why = "Strangers call the function at your cost, pull the image, or restore the snapshot and read all of it."
    fix = "Name the account, the organisation (principal_org_id) or the source (source_arn) that may use it."
  }

  filter = attrs.principal == "*"

  enforce {
    condition     = core::anytrue([for x in [core::try(attrs.source_arn, null), core::try(attrs.source_account, null), core::try(attrs.principal_org_id, null), core::try(attrs.function_url_auth_type, null)] : x != null && x != ""])
    at            = attrs.principal
    error_message = "${meta.address} lets every AWS account call the function, at your cost."
  }

  option "name" {
    title    = "Name the account or the organisation"
    merits   = ["only who is meant"]
    demerits = ["a new partner needs a change"]
    downtime = "none"
    effort   = "S"
  }

  option "front" {
    title    = "API Gateway or a load balancer with a login in front"
    merits   = ["limits, logs and logins"]
    demerits = ["one more part to run"]
    downtime = "none"
    effort   = "M"
  }

  pass "restricted" {
    resource "aws_lambda_permission" "source" {
      action        = "lambda:InvokeFunction"
      function_name = "hook"
      principal     = "*"
      source_arn    = "arn:aws:s3:::example"
    }

    resource "aws_lambda_permission" "organisation" {
      action           = "lambda:InvokeFunction"
      function_name    = "hook"
      principal        = "*"
      principal_org_id = "o-a1b2c3d4e5"
    }

    resource "aws_lambda_permission" "service" {
      action        = "lambda:InvokeFunction"
      function_name = "hook"
      principal     = "events.amazonaws.com"
    }

    resource "aws_lambda_permission" "account" {
      action         = "lambda:InvokeFunction"
      function_name  = "hook"
      principal      = "*"
      source_account = "111122223333"
    }

    resource "aws_lambda_permission" "url" {
      action                 = "lambda:InvokeFunction"
      function_name          = "hook"
      principal              = "*"
      function_url_auth_type = "AWS_IAM"
    }
  }

  pass "others" {
    resource "aws_lambda_function_url" "hook" {
      function_name      = "hook"
      authorization_type = "AWS_IAM"
    }

    resource "aws_ecr_repository_policy" "api" {
      repository = "api"
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Principal = { AWS = "arn:aws:iam::111122223333:root" }
          Action    = "ecr:BatchGetImage"
          Resource  = "*"
        }]
      })
    }

    resource "aws_db_snapshot" "main" {
      db_snapshot_identifier = "main-2026-11-01"
      db_instance_identifier = "main"
      shared_accounts        = ["111122223333"]
    }

    resource "aws_db_cluster_snapshot" "main" {
      db_cluster_snapshot_identifier = "main-2026-11-01"
      db_cluster_identifier          = "main"
    }

    resource "aws_opensearch_domain" "main" {
      domain_name = "main"
      vpc_options {
        subnet_ids = ["subnet-0a1b2c3d4e5f60718"]
      }
    }
  }

  fail "everybody" {
    resource "aws_lambda_permission" "all" {
      action        = "lambda:InvokeFunction"
      function_name = "hook"
      principal     = "*"
    }
  }

  fail "others" {
    resource "aws_lambda_function_url" "hook" {
      function_name      = "hook"
      authorization_type = "NONE"
    }

    resource "aws_ecr_repository_policy" "api" {
      repository = "api"
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Principal = "*"
          Action    = "ecr:BatchGetImage"
          Resource  = "*"
        }]
      })
    }

    resource "aws_db_snapshot" "main" {
      db_snapshot_identifier = "main-2026-11-01"
      db_instance_identifier = "main"
      shared_accounts        = ["all"]
    }

    resource "aws_db_cluster_snapshot" "main" {
      db_cluster_snapshot_identifier = "main-2026-11-01"
      db_cluster_identifier          = "main"
      shared_accounts                = ["all"]
    }

    resource "aws_opensearch_domain" "main" {
      domain_name = "main"
    }
  }
}

resource_policy "aws_lambda_function_url" "shared_with_everyone" {
  enforcement_level = "advisory"

  enforce {
    condition     = attrs.authorization_type != "NONE"
    at            = attrs.authorization_type
    error_message = "${meta.address} can be called by everybody without a login: whoever finds the address starts the function at your cost."
  }
}

resource_policy "aws_ecr_repository_policy" "shared_with_everyone" {
  enforcement_level = "mandatory_overridable"

  locals {
    everyone = [
      for s in core::try([for x in core::jsondecode(attrs.policy).Statement : x], [core::jsondecode(attrs.policy).Statement], []) : s
      if core::try(s.Effect, null) == "Allow" && core::try(core::length(s.Condition), 0) == 0
      && (core::try(s.Principal == "*", false) || core::try(s.Principal.AWS == "*", false) || core::try(core::contains(s.Principal.AWS, "*"), false))
    ]
  }

  enforce {
    condition     = core::length(local.everyone) == 0
    at            = attrs.policy
    error_message = "${meta.address} lets every AWS account pull the images of the repository and read the code in them."
  }
}

resource_policy "aws_db_snapshot" "shared_with_everyone" {
  enforcement_level = "mandatory_overridable"

  enforce {
    condition     = !core::contains(core::try([for a in attrs.shared_accounts : a], []), "all")
    at            = attrs.shared_accounts
    error_message = "${meta.address} is public: everybody can restore it and read the whole database."
  }
}

resource_policy "aws_db_cluster_snapshot" "shared_with_everyone" {
  enforcement_level = "mandatory_overridable"

  enforce {
    condition     = !core::contains(core::try([for a in attrs.shared_accounts : a], []), "all")
    at            = attrs.shared_accounts
    error_message = "${meta.address} is public: everybody can restore it and read the whole database."
  }
}

resource_policy "aws_opensearch_domain" "shared_with_everyone" {
  enforcement_level = "advisory"

  enforce {
    condition     = core::try(core::length(attrs.vpc_options), 0) > 0
    at            = attrs.vpc_options
    error_message = "${meta.address} stands on the internet and not in a VPC, so only its access policy keeps strangers out."
  }
}

resource_policy "aws_eks_cluster" "shared_with_everyone" {
  enforcement_level = "advisory"

  # Nothing written means the whole internet.
  locals {
    networks = core::coalesce(core::try([for n in attrs.vpc_config[0].public_access_cidrs : n], null), ["0.0.0.0/0"])
    is_open  = core::coalesce(core::try(attrs.vpc_config[0].endpoint_public_access, null), true) && (core::length(local.networks) == 0 || core::contains(local.networks, "0.0.0.0/0") || core::contains(local.networks, "::/0"))
  }

  filter = input.report_eks_endpoint

  enforce {
    condition     = !local.is_open
    at            = attrs.vpc_config
    error_message = "${meta.address} answers the whole internet on its API, so only the login keeps strangers out."
  }
}
