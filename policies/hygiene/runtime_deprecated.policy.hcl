# AWS stops to patch a runtime on a known day, and some months later refuses to update functions that use it. A fix that has to go out
# then waits for a port of the whole function.
locals {
  # The day from which a runtime is deprecated, as AWS had published it in October 2026:
  # https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
  # AWS has put off days before they came, so only what ends within about a year is here: a day too early is a false alarm.
  ends = {
    "nodejs"         = "2016-10-31"
    "nodejs4.3"      = "2020-03-05"
    "nodejs4.3-edge" = "2019-04-30"
    "nodejs6.10"     = "2019-08-12"
    "nodejs8.10"     = "2020-03-06"
    "nodejs10.x"     = "2021-07-30"
    "nodejs12.x"     = "2023-03-31"
    "nodejs14.x"     = "2023-12-04"
    "nodejs16.x"     = "2024-06-12"
    "nodejs18.x"     = "2025-09-01"
    "nodejs20.x"     = "2026-04-30"
    "nodejs22.x"     = "2027-04-30"
    "python2.7"      = "2021-07-15"
    "python3.6"      = "2022-07-18"
    "python3.7"      = "2023-12-04"
    "python3.8"      = "2024-10-14"
    "python3.9"      = "2025-12-15"
    "python3.10"     = "2026-10-31"
    "python3.11"     = "2027-06-30"
    "ruby2.5"        = "2021-07-30"
    "ruby2.7"        = "2023-12-07"
    "ruby3.2"        = "2026-03-31"
    "ruby3.3"        = "2027-03-31"
    "java8"          = "2024-01-08"
    "java8.al2"      = "2027-06-30"
    "java11"         = "2027-06-30"
    "java17"         = "2027-06-30"
    "go1.x"          = "2024-01-08"
    "provided"       = "2024-01-08"
    "provided.al2"   = "2026-07-31"
    "dotnetcore1.0"  = "2019-06-27"
    "dotnetcore2.0"  = "2019-05-30"
    "dotnetcore2.1"  = "2022-01-05"
    "dotnetcore3.1"  = "2023-04-03"
    "dotnet5.0"      = "2022-05-10"
    "dotnet6"        = "2024-12-20"
    "dotnet7"        = "2024-05-14"
    "dotnet8"        = "2026-11-10"
    "dotnet9"        = "2026-11-10"
  }
}

resource_policy "aws_lambda_function" "runtime_deprecated" {
  title             = "Function runs on a runtime without support"
  category          = "hygiene"
  severity          = "medium"
  aliases           = ["CKV_AWS_363", "tfl:aws_lambda_function_deprecated_runtime"]
  references        = ["AWS Lambda Developer Guide: Lambda runtimes, Runtime deprecation policy"]
  enforcement_level = "advisory"

  docs {
    why = <<-EOT
      The language gets no security patches any more. Later AWS refuses first to create and then to update functions with this runtime:
      from that day a bug in the function cannot be fixed without moving it.
    EOT
    fix = "Move the function to a supported runtime while it can still be updated. Most functions need only another number; run their tests first."
  }

  locals {
    end = core::try(local.ends[attrs.runtime], null)
  }

  filter = core::try(attrs.runtime, null) != null

  enforce {
    condition     = local.end == null ? true : core::timecmp("${local.end}T00:00:00Z", core::plantimestamp()) > 0
    at            = attrs.runtime
    error_message = "${meta.address} runs on ${attrs.runtime}, which has had no security patches since ${local.end}; once AWS blocks updates to it, no bug in the function can be fixed any more."
  }

  option "next_version" {
    title    = "Move to the next supported version"
    merits   = ["patches, and updates that go through"]
    demerits = ["libraries may need an update, too; run the tests"]
    downtime = "none"
    effort   = "M"
  }

  option "container_image" {
    title    = "Pack the function as a container image"
    merits   = ["the version is your own choice and your own care"]
    demerits = ["patches are your own care, too", "a slower first start"]
    downtime = "none"
    effort   = "M"
  }

  pass "supported_or_own" {
    resource "aws_lambda_function" "supported" {
      function_name = "supported"
      role          = "arn:aws:iam::123456789012:role/hook"
      runtime       = "python3.13"
    }

    resource "aws_lambda_function" "image" {
      function_name = "image"
      role          = "arn:aws:iam::123456789012:role/hook"
      package_type  = "Image"
      image_uri     = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/hook:1"
    }
  }

  fail "out_of_support" {
    resource "aws_lambda_function" "old" {
      function_name = "old"
      role          = "arn:aws:iam::123456789012:role/hook"
      runtime       = "nodejs12.x"
    }
  }
}
