//! What mocks refer to, and what they say of themselves.

use planfit::policytest::Status::{Failed, Passed};

use crate::running::{SIZE, statuses, told};

#[test]
fn mocks_refer_to_each_other_to_data_sources_and_to_locals() {
    let test = r#"
locals {
  twice = local.once * 2
  once  = data.t_d.d.size
}
data "t_d" "d" {
  attrs = { size = 2 }
}
resource "t_x" "a" {
  attrs = { size = t_x.b.size }
}
resource "t_x" "b" {
  attrs = { size = local.twice, list = [{ n = core::max(1, 2) }] }
}
resource "t_x" "c" {
  attrs = { size = t_x.b.list[0].n }
}
"#;
    // 2 × 2 = 4 is enough, the larger of 1 and 2 is not.
    assert_eq!(statuses(SIZE, test), [Passed, Passed, Failed]);
}

#[test]
fn the_mocks_inputs_count_before_the_files_and_the_files_before_the_defaults() {
    let mock = "resource \"t_x\" \"a\" {\n  attrs = { size = 2 }\n}\n";
    assert_eq!(statuses(SIZE, mock), [Failed], "default 3");
    let file = "inputs {\n  min = 2\n}\n";
    assert_eq!(statuses(SIZE, &format!("{file}{mock}")), [Passed], "file 2");
    let own = "resource \"t_x\" \"b\" {\n  attrs = { size = 2 }\n  inputs {\n    min = local.much\n  }\n}\n";
    let locals = "locals {\n  much = 9\n}\n";
    assert_eq!(statuses(SIZE, &format!("{locals}{file}{mock}{own}")), [Passed, Failed], "mock 9, only there");
}

#[test]
fn a_test_reads_the_inputs_that_it_gives() {
    let mock = |label: &str, more: &str| {
        format!("resource \"t_x\" \"{label}\" {{\n  attrs = {{ size = input.min + local.more }}\n{more}}}\n")
    };
    let locals = |more: &str| format!("locals {{\n  more = {more}\n}}\n");
    let default = format!("{}{}", locals("0"), mock("a", ""));
    assert_eq!(statuses(SIZE, &default), [Passed], "3 of the policy's default");
    let less = format!("{}{}", locals("input.min == 5 ? -1 : 0"), mock("a", ""));
    assert_eq!(statuses(SIZE, &less), [Passed], "the default, in a local");
    let file = format!("inputs {{\n  min = 5\n}}\n{less}");
    let own = mock("b", "  inputs {\n    min = 6\n  }\n");
    assert_eq!(statuses(SIZE, &format!("{file}{own}")), [Failed, Passed], "5 of the file, 6 of the mock alone");
}

#[test]
fn a_mock_without_values_is_about_to_be_created_with_nothing_set() {
    let policy = r#"
resource_policy "t_x" "without_a_name" {
  enforce {
    condition = core::try(attrs.name, null) == null && meta.operation == "create"
  }
}
"#;
    let test = r#"
resource "t_x" "nothing" {}
resource "t_x" "empty" {
  attrs = {}
}
resource "t_x" "unset" {
  attrs = null
}
"#;
    assert_eq!(statuses(policy, test), [Passed, Passed, Passed]);
    assert_eq!(statuses(SIZE, "resource \"t_x\" \"nothing\" {\n  expect_failure = true\n}\n"), [Passed]);
}

#[test]
fn a_data_source_that_no_test_makes_up_is_an_error() {
    let policy = |condition: &str| {
        format!(
            "locals {{\n  key = core::getdatasource(\"t_key\", {{ name = \"a\" }})\n}}\nresource_policy \"t_x\" \"p\" {{\n  enforce {{\n    condition = {condition}\n  }}\n}}\n"
        )
    };
    let mock = "resource \"t_x\" \"a\" {\n  attrs = { key = 1 }\n}\n";
    let key = |name: &str| format!("{mock}data \"t_key\" \"k\" {{\n  attrs = {{ name = \"{name}\", id = 1 }}\n}}\n");
    assert_eq!(statuses(&policy("local.key.id == attrs.key"), &key("a")), [Passed]);
    let told = told(&policy("local.key.id == attrs.key"), &key("b"));
    let [(_, Failed, notes)] = told.as_slice() else { panic!("{told:?}") };
    assert!(notes[0].contains("the test has no data source \"t_key\" with these attributes"), "{notes:?}");
    assert_eq!(statuses(&policy("core::try(local.key, null) == null"), mock), [Passed]);
}

#[test]
fn what_a_mock_says_of_itself_is_what_policies_read() {
    let policy = r#"
resource_policy "t_x" "elsewhere" {
  enforce {
    condition = (
      meta.module_path == "module.net" && meta.tfe_workspace.tags["env"] == "prod" && meta.key == "k"
      && meta.environment == "dev" && meta.lifecycle.prevent_destroy && meta.operation == "create"
    )
  }
}
"#;
    let test = r#"
resource "t_x" "a" {
  attrs = { a = 1 }
  meta = {
    module_path   = "module.net"
    key           = "k"
    environment   = "dev"
    tfe_workspace = { tags = { env = "prod" } }
    lifecycle     = { prevent_destroy = true }
  }
}
"#;
    assert_eq!(statuses(policy, test), [Passed]);
}

#[test]
fn policies_of_one_environment_follow_the_mocks_environment() {
    let policy = SIZE.replace("  enforce {", "  scope = \"production\"\n  enforce {");
    let test = "resource \"t_x\" \"a\" {\n  attrs = { size = 1 }\n}\nresource \"t_x\" \"b\" {\n  attrs = { size = 1 }\n  meta  = { environment = \"dev\" }\n}\n";
    assert_eq!(statuses(&policy, test), [Failed, Passed]);
}

#[test]
fn modules_and_providers_are_judged_under_the_policies_for_them() {
    let policy = r#"
module_policy "app.terraform.io/org/vpc/aws" "current" {
  enforce {
    condition     = core::semverconstraint(meta.version, ">= 2.0.0") && attrs.cidr != "0.0.0.0/0"
    error_message = "${meta.address} is ${meta.version}"
  }
}
provider_policy "aws" "home" {
  enforce {
    condition = attrs.region == "eu-west-1" && meta.type == "aws" && meta.alias == "x"
  }
}
"#;
    let test = r#"
module "app.terraform.io/org/vpc/aws" "old" {
  meta           = { version = "1.5.0", address = "module.vpc" }
  attrs          = { cidr = "10.0.0.0/16" }
  expect_failure = true
}
module "app.terraform.io/org/vpc/aws" "unpinned" {
  meta  = { version = "2.1.0" }
  attrs = {}
}
module "./elsewhere" "other" {
  attrs = {}
}
provider "aws" "default" {
  meta  = { alias = "x" }
  attrs = { region = "eu-west-1" }
}
provider "aws" "far" {
  meta  = { alias = "x" }
  attrs = { region = "us-east-1" }
}
"#;
    let told = told(policy, test);
    let statuses: Vec<_> = told.iter().map(|(name, status, _)| (name.as_str(), *status)).collect();
    let expected = [
        ("module.old", Passed),
        ("module.unpinned", Failed),
        ("module.other", Passed),
        ("provider.aws.default", Passed),
        ("provider.aws.far", Failed),
    ];
    assert_eq!(statuses, expected, "{told:?}");
    assert!(told[1].2[0].contains("there is no attribute \"cidr\""), "{told:?}");
    assert!(told[2].2[0].contains("no policy of this test is about ./elsewhere"), "{told:?}");
}

#[test]
fn what_a_module_says_of_itself_is_what_policies_read() {
    let policy = "module_policy \"*\" \"m\" {\n  enforce {\n    condition = meta.tfe_workspace.tags[\"env\"] == \"prod\" && meta.address == \"module.x\"\n  }\n}\n";
    let test = "module \"./x\" \"a\" {\n  meta = { tfe_workspace = { tags = { env = \"prod\" } }, address = \"module.x\" }\n}\n";
    assert_eq!(statuses(policy, test), [Passed]);
}

#[test]
fn the_run_declarations_and_suppressions_are_judged_by_their_facts() {
    let policy = r#"
workspace_policy "plan" "whole" {
  enforce {
    condition     = attrs.input == "plan" && !attrs.errored && attrs.complete && core::length(attrs.drift) == 0
    error_message = "stopped: ${attrs.errored}"
  }
}
workspace_policy "declaration" "read" {
  filter = attrs.kind == "output"
  enforce {
    condition = attrs.references > 0
  }
}
workspace_policy "suppression" "holds" {
  enforce {
    condition = !attrs.ended && attrs.fault == null
  }
}
"#;
    let test = r#"
workspace "plan" "usual" {}
workspace "plan" "stopped" {
  attrs = { errored = true }
}
workspace "declaration" "variable" {
  attrs = { kind = "variable", references = 0 }
}
workspace "declaration" "output" {
  attrs          = { kind = "output", references = 0 }
  expect_failure = true
}
workspace "declaration" "output_of_the_root" {
  attrs          = { kind = "output" }
  expect_failure = true
}
workspace "suppression" "usual" {}
workspace "suppression" "ended" {
  attrs = { ended = true }
}
"#;
    let told = told(policy, test);
    let statuses: Vec<_> = told.iter().map(|(name, status, _)| (name.as_str(), *status)).collect();
    let expected = [
        ("workspace.plan.usual", Passed),
        ("workspace.plan.stopped", Failed),
        ("workspace.declaration.variable", Passed),
        ("workspace.declaration.output", Passed),
        ("workspace.declaration.output_of_the_root", Passed),
        ("workspace.suppression.usual", Passed),
        ("workspace.suppression.ended", Failed),
    ];
    assert_eq!(statuses, expected, "{told:?}");
    assert!(told[1].2[0].contains("stopped: true"), "{told:?}");
}

#[test]
fn an_example_holds_the_modules_that_it_calls() {
    let policy = r#"
workspace_policy "declaration" "unread" {
  filter = attrs.kind == "output" && attrs.module != "."
  enforce {
    condition     = attrs.references > 0
    error_message = "${attrs.name} of ${attrs.module}"
  }

  fail "inner_is_unread" {
    module "outer" {
      source = "./outer"
    }

    output "all" {
      value = module.outer.read
    }

    directory "outer" {
      module "inner" {
        source = "./inner"
      }

      output "read" {
        value = 1
      }
    }

    directory "outer/inner" {
      output "unread" {
        value = 2
      }
    }

    expect = ["module.outer.module.inner.output.unread"]
  }

  pass "a_directory_that_calls_itself" {
    module "again" {
      source = "./again"
    }

    output "all" {
      value = module.again.read
    }

    directory "again" {
      module "one" {
        source = "../again"
      }

      module "two" {
        source = "../again"
      }

      output "read" {
        value = "${module.one.read} ${module.two.read}"
      }
    }
  }
}
"#;
    let test = "workspace \"declaration\" \"other\" {\n  attrs = { kind = \"variable\" }\n}\n";
    let told = told(policy, test);
    let statuses: Vec<_> = told.iter().map(|(_, status, _)| *status).collect();
    assert_eq!(statuses, [Passed, Passed, Passed], "{told:?}");
}

#[test]
fn modules_of_two_sources_may_have_one_label() {
    let policy = "module_policy \"*\" \"own\" {\n  enforce {\n    condition = core::startswith(meta.source, \"./\") && attrs.n > 1\n  }\n}\n";
    let test = "module \"./net\" \"valid\" {\n  attrs = { n = 2 }\n}\n\
                module \"acme/net/aws\" \"valid\" {\n  attrs = { n = 2 }\n}\n\
                module \"./db\" \"valid\" {\n  attrs = { n = 1 }\n  expect_failure = true\n}\n";
    let told = told(policy, test);
    let outcomes: Vec<_> = told.iter().map(|(name, status, _)| (name.as_str(), *status)).collect();
    assert_eq!(
        outcomes,
        [("module.valid", Passed), ("module.valid (acme/net/aws)", Failed), ("module.valid (./db)", Passed)]
    );
}

#[test]
fn what_a_plugin_would_give_is_not_known_in_a_mock_either() {
    let test = "policytest {\n  plugins {\n    names = { source = \"./names\" }\n  }\n}\n\
                resource \"t_x\" \"a\" {\n  attrs = { size = plugin::names::size(\"x\") }\n}\n\
                resource \"t_x\" \"b\" {\n  attrs = { size = 3, name = plugin::names::make() }\n}\n";
    let told = told(SIZE, test);
    assert_eq!(told.iter().map(|(_, status, _)| *status).collect::<Vec<_>>(), [Failed, Passed]);
    assert!(told[0].2[0].contains("not decided: t_x.a.size is not known"), "{told:?}");
}
