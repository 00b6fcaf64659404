//! The form of files that are published for Terraform Policy: they load as they are.

use planfit::finding::Verdict;

use crate::support::{create, judge};

// Line breaks inside of brackets, input names with dashes, an enforcement level from an input, four blanks of indent,
// one-line comments of both kinds: what public files have. The text is ours.
const FILE: &str = r#"// A policy set begins so.
policy {
  required_providers {
    x = {
      source  = "hashicorp/x"
      version = ">= 4.0.0, < 7.0.0"
    }
  }
  terraform_config {
    required_version = ">= 1.5.0"
  }
  plugins {
    source = "./plugins/tools"
  }
}

input "used-by-somebody-level" {
    type    = string
    default = "advisory"
}

locals {
  wanted = ["a", "b"]

  others = core::getresources("t_y", {})

  by_name = {
    for other in local.others :
    core::try(other.name, "") => core::try(other.events, [])
    if core::try(other.name, "") != ""
  }

  complete = [
    for other in local.others : other
    if core::length([
      for event in local.wanted : event
      if core::try(core::contains(other.events, event), false)
    ]) == core::length(local.wanted) &&
    core::try(other.kind, "none") ==
      "log"
  ]
}

resource_policy "t_x" "used_by_somebody" {
    enforcement_level = input.used-by-somebody-level
    filter            = meta.tfe_stack.deployment_name == "" && core::length(meta.tfe_workspace.tags) == 0

    locals {
        # The wanted name.
        name = core::try(attrs.name, "")
        is_used = (
          local.name != ""
          ? core::length(local.complete) > 0
          : false
        )
    }

    enforce {
        condition     = local.is_used
        info_message  = "${local.name} is used."
        error_message = "${local.name} is used by nobody of ${core::join(", ", core::keys(local.by_name))}."
    }
}

provider_policy "x" "approved" {
  enforce {
    condition     = core::try(core::startswith(meta.version, "4."), false)
    error_message = "Version '${meta.version}' is not approved."
  }
}

module_policy "*" "approved" {
  filter = meta.source != null
  enforce {
    condition = core::contains(["./modules/a"], meta.source)
  }
}
"#;

#[test]
fn a_file_in_the_published_form_loads_and_runs() {
    let verdicts = judge(FILE, &create(r#"{"name":"n"}"#, "{}"));
    assert_eq!(verdicts, [("t_x.a".to_owned(), Verdict::Fail, "n is used by nobody of .".to_owned())]);
}

#[test]
fn line_breaks_may_be_those_of_windows() {
    let verdicts = judge(&FILE.replace('\n', "\r\n"), &create(r#"{"name":"n"}"#, "{}"));
    assert_eq!(verdicts.len(), 1);
}

#[test]
fn of_two_equal_keys_of_an_object_the_last_one_counts() {
    // Terraform 1.11: `{ a = 1, b = 2, a = 3 }` in its console is { a = 3, b = 2 }.
    let condition = "{ a = 1, b = 2, a = 3 } == { a = 3, b = 2 }";
    assert_eq!(judge(&crate::support::policy(condition), &create("{}", "{}")), []);
}

#[test]
fn functions_of_plugins_are_not_run_and_the_verdict_is_unknown() {
    let policy =
        "resource_policy \"t_x\" \"p\" {\n enforce {\n  condition = plugin::tools::check(attrs.name, 1)\n }\n}\n";
    let verdicts = judge(policy, &create(r#"{"name":"n"}"#, "{}"));
    assert_eq!(
        verdicts,
        [(
            "t_x.a".to_owned(),
            Verdict::Unknown,
            "plugin::tools::check(attrs.name, 1) is not known: plugin functions are not run".to_owned()
        )]
    );
}
