locals {
  numbers = [3, 1, 2]
  lists   = [["a"], ["b", "c"]]

  # Over several lines, a comma behind the last argument, calls in calls.
  joined = core::join(
    "-",
    core::sort(
      core::concat(local.lists...),
    ),
  )

  largest = core::max(local.numbers...)
  merged  = core::merge([{ a = 1 }, { b = 2 }, { a = 3 }]...)
  text    = core::format("%s has %d of %.1f%%", "it", 3, 99.5)
  rows    = core::formatlist("%s=%s", ["a", "b"], ["1", "2"])
  index   = core::index(core::sort(["b", "a"]), "b")
  picked  = core::element(core::reverse(core::range(5)), 7)
  found   = core::regexall("[a-z]+", "ab 12 cd")
  groups  = core::regex("(?P<name>[a-z]+)-(?P<number>\\d+)", "api-12")
  padded  = core::substr(core::format("%05d", 42), 0, 3)
}

resource_policy "aws_ecs_service" "calls" {
  enforce {
    condition = local.joined == "a-b-c" && local.largest == 3 && local.merged == { a = 3, b = 2 }
  }

  enforce {
    condition = local.text == "it has 3 of 99.5%" && local.rows == core::tolist(["a=1", "b=2"]) && local.padded == "000"
  }

  enforce {
    condition = local.index == 1 && local.picked == 2 && local.found == core::tolist(["ab", "cd"])
  }

  enforce {
    condition     = core::regex_match("^[a-z]+-[0-9]+$", attrs.name) && core::contains_substring(attrs.name, "-")
    error_message = "${attrs.name} does not look like ${local.groups.name}-${local.groups["number"]}."
  }
}
