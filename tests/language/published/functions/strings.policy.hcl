resource_policy "aws_iam_role" "strings" {
  locals {
    name  = core::try(attrs.name, "")
    parts = core::split("-", local.name)
  }

  enforce {
    condition = core::alltrue([
      core::startswith(local.name, "shop-"),
      core::endswith(local.name, "-role"),
      core::contains_substring(local.name, "api"),
      core::strcontains(local.name, "api"),
      core::regex_match("^shop-[a-z]+-role$", local.name),
      core::try(core::regex("^shop", local.name), null) != null,
      core::length(core::regexall("-", local.name)) == 2,
      core::upper(local.parts[0]) == "SHOP" && core::title(local.parts[1]) == "Api",
      core::join("/", local.parts) == core::replace(local.name, "-", "/"),
      core::format("%s-%03d", local.parts[0], 7) == "shop-007",
      core::trimprefix(core::trimsuffix(local.name, "-role"), "shop-") == "api",
      core::substr(local.name, 0, 4) == "shop",
      core::valuetostring(core::length(local.name)) == "13",
    ])
    error_message = "\"${local.name}\" is not as it must be."
  }
}
