input "position" {
  type    = number
  default = 0
}

resource_policy "aws_cloudfront_distribution" "deep_paths" {
  locals {
    origin  = attrs.origin[input.position]
    ports   = [local.origin.custom_origin_config[0].http_port, attrs.origin.0.custom_origin_config.0.https_port]
    header  = local.origin.custom_header[core::length(local.origin.custom_header) - 1]
    viewer  = attrs.viewer_certificate[0]["minimum_protocol_version"]
    labels  = attrs.tags["example.com/cost-center"]
    path    = attrs.ordered_cache_behavior[*].path_pattern
    methods = core::try(attrs.ordered_cache_behavior[0].allowed_methods, [])
  }

  enforce {
    condition     = local.ports == [80, 443] && local.header.name == "x-origin" && local.header["value"] == "cdn"
    error_message = "Ports ${core::join(", ", local.ports)}."
  }

  enforce {
    condition = local.viewer == "TLSv1.2_2021" && local.labels == "42"
  }

  enforce {
    condition     = !core::contains(local.methods, "DELETE") && core::alltrue([for path in local.path : core::startswith(path, "/")])
    error_message = "${core::length(local.path)} behaviors, methods ${core::join(", ", local.methods)}."
  }
}
