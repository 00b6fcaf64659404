locals {
  regions = { eu = ["eu-west-1", "eu-central-1"], us = ["us-east-1"] }
  pairs   = core::setproduct(core::keys(local.regions), ["a", "b"])
  merged  = core::merge({ a = 1 }, { b = 2 }, { "a" : 3 })
  first   = core::element(core::sort(core::concat(core::values(local.regions)...)), 0)
}

resource_policy "aws_s3_bucket" "collections" {
  enforce {
    condition = core::alltrue([
      core::length(local.pairs) == 4,
      local.merged == { a = 3, b = 2 },
      local.first == "eu-central-1",
      core::one(local.regions.us) == "us-east-1",
      core::distinct(["a", "b", "a"]) == core::tolist(["a", "b"]),
      core::index(["a", "b"], "b") == 1,
      core::contains(core::setunion(["a"], ["b"]), "b"),
      core::zipmap(["a"], [1]).a == 1,
      core::coalesce(null, "", "x") == "x",
      core::compact(["", "a", null]) == core::tolist(["a"]),
      core::slice([1, 2, 3], 1, 2) == [2],
      core::reverse([1, 2])[0] == 2,
      core::anytrue([for region in local.regions.eu : core::startswith(region, "eu")]),
      { for name, list in local.regions : name => core::length(list) }.eu == 2,
      { for region in core::flatten(core::values(local.regions)) : core::substr(region, 0, 2) => region... }["eu"] == ["eu-west-1", "eu-central-1"],
      [for name, list in local.regions : "${name}${core::length(list)}"] == ["eu2", "us1"],
      local.regions.eu[*] == local.regions["eu"],
      [{ a = { b = 1 } }, { a = { b = 2 } }][*].a.b == [1, 2],
      core::tostring(1) == "1" && core::tobool("true") && core::tolist(["a"])[0] == "a",
    ])
  }
}
