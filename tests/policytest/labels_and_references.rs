//! Labels of any text, and mocks that read each other attribute by attribute.

use planfit::policytest::Status::{self, Failed, Passed, Skipped};

use crate::running::{SIZE, run, statuses, told};

/// Attributes of `t_x.a` as the policy reads them, and those of the file's other mocks.
const SAME: &str =
    "resource_policy \"t_x\" \"same\" {\n  enforce {\n    condition = attrs.size == attrs.wanted\n  }\n}\n";

#[test]
fn mocks_may_read_different_attributes_of_each_other_and_of_themselves() {
    let test = r#"
resource "t_x" "a" {
  attrs = { id = "a", size = t_y.b.size, wanted = 3 }
}

resource "t_y" "b" {
  attrs = { size = 3, owner = t_x.a.id, own = "of ${t_y.b.size}" }
}

resource "t_x" "c" {
  attrs = { size = "a of 3", wanted = "${t_y.b.owner} ${t_y.b.own}" }
}
"#;
    assert_eq!(statuses(SAME, test), [Passed, Passed, Passed]);
}

#[test]
fn a_circle_of_attributes_names_its_members() {
    let test = r#"
resource "t_x" "a" {
  attrs = { size = t_y.b.size, wanted = 3 }
}

resource "t_y" "b" {
  attrs = { size = t_x.a.size }
}
"#;
    let faults = run(SAME, test).faults;
    assert!(
        faults.iter().any(|fault| fault.ends_with("these refer to each other: t_x.a.size → t_y.b.size → t_x.a.size")),
        "{faults:?}"
    );
}

#[test]
fn an_attribute_that_a_mock_has_not_names_a_near_one() {
    let test = "resource \"t_x\" \"a\" {\n  attrs = { size = t_x.b.sise, wanted = 3 }\n}\n\
                resource \"t_x\" \"b\" {\n  attrs = { size = 3, wanted = 3 }\n}\n";
    let faults = run(SAME, test).faults;
    assert_eq!(faults, ["x.policytest.hcl:2: t_x.b has no attribute \"sise\"; did you mean size?"]);
}

#[test]
fn a_label_of_a_mock_is_any_text() {
    let policy = "resource_policy \"t_x\" \"p\" {\n  enforce {\n    condition = meta.name != \"no good\" && attrs.size == 3\n  }\n}\n";
    let mocks: Vec<String> = ["plain", "with.dot", "with blank", "with \\\"quotes\\\"", "ünï[0].x", "no good"]
        .iter()
        .map(|label| format!("resource \"t_x\" \"{label}\" {{\n  attrs = {{ size = t_d[\"a d\"].size }}\n}}\n"))
        .collect();
    let test = format!("{}resource \"t_d\" \"a d\" {{\n  skip = true\n  attrs = {{ size = 3 }}\n}}\n", mocks.concat());
    let run = told(policy, &test);
    let names: Vec<&str> = run.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "t_x.plain",
            "t_x.with.dot",
            "t_x.with blank",
            "t_x.with \"quotes\"",
            "t_x.ünï[0].x",
            "t_x.no good",
            "t_d.a d"
        ]
    );
    let statuses: Vec<Status> = run.iter().map(|(_, status, _)| *status).collect();
    assert_eq!(statuses, [Passed, Passed, Passed, Passed, Passed, Failed, Skipped]);
}

#[test]
fn a_label_that_says_nothing_is_a_fault_with_its_place() {
    let faults = run(
        SIZE,
        "resource \"t_x\" \"\" {\n  attrs = { size = 3 }\n}\nresource \"t x\" \"a\" {\n  attrs = { size = 3 }\n}\n",
    )
    .faults;
    assert_eq!(
        faults,
        [
            "x.policytest.hcl:1: a mock needs a name: its second label is empty",
            "x.policytest.hcl:4: \"t x\" is no type of a resource: a type has letters, digits, _ and -",
        ]
    );
}

#[test]
fn a_mock_says_what_it_likes_of_its_stack_and_workspace() {
    let policy = r#"
resource_policy "t_x" "p" {
  enforce {
    condition = meta.tfe_stack.deployment_name == "global" && meta.tfe_stack.stack_name == "" && meta.tfe_workspace.tags["env"] == "dev"
  }
}
"#;
    let test = r#"
resource "t_x" "a" {
  attrs = { size = 1 }
  meta = {
    tfe_stack     = { deployment_name = "global" }
    tfe_workspace = { tags = { env = "dev" } }
  }
}
"#;
    assert_eq!(statuses(policy, test), [Passed]);
}

#[test]
fn whole_mocks_that_refer_to_each_other_are_a_circle() {
    let test = r#"
resource "t_x" "a" {
  attrs = { size = 1, wanted = 1, other = t_y.b }
}

resource "t_y" "b" {
  attrs = { other = t_x.a }
}

resource "t_y" "c" {
  attrs = { own = t_y.c.attrs }
}
"#;
    let faults = run(SAME, test).faults;
    assert_eq!(
        faults,
        [
            "x.policytest.hcl:3: these refer to each other: t_x.a.other → t_y.b.other → t_x.a.other",
            "x.policytest.hcl:11: these refer to each other: t_y.c.own → t_y.c.own",
        ]
    );
}

#[test]
fn attributes_may_stand_behind_attrs_as_in_published_tests() {
    let test = r#"
policytest {
  targets = ["x.policy.hcl"]
  terraform_config {
    required_version = ">= 1.16.0"
  }
  plugins {
    tools = { source = "../plugins/tools" }
  }
}

resource "t_x" "a" {
  attrs = { id = "a", size = t_y.b.attrs.size, wanted = t_x.c.attrs.attrs.deep }
}

resource "t_y" "b" {
  attrs = { size = 3, owner = t_x.a.attrs.id, all = t_x.c.attrs }
}

resource "t_x" "c" {
  attrs = { size = 3, wanted = t_x.c.attrs.deep, attrs = { deep = 3 } }
}

data "t_d" "d" {
  attrs = {}
  inputs {}
}
"#;
    // Where a mock has an attribute of that name, it is that one.
    let test = test.replace("t_x.c.attrs.attrs.deep", "t_x.c.attrs.deep");
    assert_eq!(statuses(SAME, &test), [Passed, Passed, Passed]);
    let wrong = "policytest {\n  terraform_config {\n    required_version = \"newest\"\n  }\n  plugins {\n    tools {}\n  }\n}\n";
    assert_eq!(
        run(SAME, wrong).faults,
        [
            "x.policytest.hcl:3: this is no version constraint; one is written \">= 1.5, < 2.0\"",
            "x.policytest.hcl:6: a plugin is written NAME = { source = \"…\" }, not as a block",
        ]
    );
}
