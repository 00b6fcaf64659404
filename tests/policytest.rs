//! Tests of policies: what a `*.policytest.hcl` means, mock by mock, and what is said of a wrong one.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use std::collections::BTreeMap;
use std::sync::Arc;

use planfit::finding::Level;
use planfit::policy::library;
use planfit::policytest::suite::Unreadable;
use planfit::policytest::{Case, Status, Suite, Tree};
use planfit::source::SourceMap;
use proptest::prelude::*;

/// Files by path.
struct Files(BTreeMap<&'static str, String>);

impl Tree for Files {
    fn find(&self, path: &str, ending: &str, _closed: &mut Unreadable) -> Vec<String> {
        let below = |file: &str| path == "." || file == path || file.starts_with(&format!("{path}/"));
        self.0.keys().filter(|file| below(file) && file.ends_with(ending)).map(|file| (*file).to_owned()).collect()
    }

    fn read(&self, path: &str) -> Result<String, String> {
        self.0.get(path).cloned().ok_or_else(|| "no such file".to_owned())
    }

    fn is_directory(&self, path: &str) -> bool {
        self.0.keys().any(|file| file.starts_with(&format!("{path}/")))
    }

    fn shown(&self, path: &str) -> String {
        path.to_owned()
    }

    fn category(&self, _path: &str) -> String {
        "custom".to_owned()
    }
}

const SIZE: &str = r#"
input "min" {
  type    = number
  default = 3
}

resource_policy "t_x" "small" {
  enforce {
    condition     = attrs.size >= input.min
    error_message = "${meta.address} has ${attrs.size}."
  }
}
"#;

const PIECES: [&str; 12] = [
    "policytest {\n  targets = [\"x.policy.hcl\", \"y/\"]\n}\n",
    "inputs {\n  min = 2\n}\n",
    "locals {\n  a = local.b\n  b = t_x.a.size\n}\n",
    "locals {\n  a = core::max(1, local.b...)\n}\n",
    "resource \"t_x\" \"a\" {\n  attrs = { size = 3, list = [{ a = local.a }] }\n}\n",
    "resource \"t_x\" \"b\" {\n  attrs = t_x.a\n  prior_attrs = { size = data.t_d.d.size }\n  skip = false\n}\n",
    "resource \"t_x\" \"c[0]\" {\n  prior_attrs = { id = null }\n  meta = { operation = \"delete\" }\n}\n",
    "resource \"t_x\" \"d\" {\n  attrs = null\n  meta = { actions = [\"create\", \"delete\"], replace_paths = [[\"a\", 0]] }\n}\n",
    "data \"t_d\" \"d\" {\n  attrs = { size = 1 }\n}\n",
    "module \"./x\" \"m\" {\n  meta = { version = null }\n  expect_failure = true\n}\n",
    "provider \"p\" \"m\" {\n  inputs {\n    min = [1]\n  }\n}\n",
    "resource \"t_x\" \"e\" {\n  attrs = {}\n  expect_failure = core::can(1)\n  inputs {\n    min = \"x\"\n  }\n}\n",
];

struct Run {
    cases: Vec<Case>,
    /// `path:line: message`
    faults: Vec<String>,
    unreadable: Vec<(String, String)>,
}

fn run_files(paths: &[&str], files: &[(&'static str, &str)]) -> Run {
    let tree = Files(files.iter().map(|(path, text)| (*path, (*text).to_owned())).collect());
    let mut sources = SourceMap::default();
    let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
    let suite = Suite::load(&paths, &tree, &mut sources);
    let cases = suite.run(&Arc::new(library::facts().unwrap()), &sources);
    let told = |span| format!("{}:{}", sources.path(span), sources.start(span).line);
    let faults =
        suite.faults(&sources).iter().map(|fault| format!("{}: {}", told(fault.span), fault.message)).collect();
    Run { cases, faults, unreadable: suite.unreadable.clone() }
}

/// The mocks of one test file under one policy file.
fn run(policy: &str, test: &str) -> Run {
    run_files(&["."], &[("x.policy.hcl", policy), ("x.policytest.hcl", test)])
}

/// Name, status, and every note.
#[track_caller]
fn told(policy: &str, test: &str) -> Vec<(String, Status, Vec<String>)> {
    let run = run(policy, test);
    assert_eq!(run.faults, [""; 0], "the files do not load");
    let notes = |case: &Case| case.notes.iter().map(|note| note.message.clone()).collect();
    run.cases.iter().map(|case| (case.name.clone(), case.status, notes(case))).collect()
}

#[track_caller]
fn statuses(policy: &str, test: &str) -> Vec<Status> {
    told(policy, test).into_iter().map(|(_, status, _)| status).collect()
}

use Status::{Failed, Passed, Skipped};

#[test]
fn a_mock_passes_if_all_policies_pass_and_is_expected_to_fail_if_one_must() {
    let test = r#"
resource "t_x" "large" {
  attrs = { size = 3 }
}
resource "t_x" "small" {
  attrs = { size = 2 }
}
resource "t_x" "small_expected" {
  attrs          = { size = 2 }
  expect_failure = true
}
resource "t_x" "large_expected" {
  attrs          = { size = 3 }
  expect_failure = true
}
"#;
    let told = told(SIZE, test);
    let statuses: Vec<Status> = told.iter().map(|(_, status, _)| *status).collect();
    assert_eq!(statuses, [Passed, Failed, Passed, Failed]);
    assert_eq!(told[1].2, ["small: t_x.small has 2."]);
    assert_eq!(told[3].2, ["a failure is expected, and no policy fails"]);
}

#[test]
fn an_attribute_that_a_mock_lacks_is_an_error_unless_the_policy_tries() {
    let lacking = "resource \"t_x\" \"a\" {\n  attrs = {}\n}\n";
    let told = told(SIZE, lacking);
    assert_eq!(told[0].1, Failed);
    assert!(told[0].2[0].contains("cannot be evaluated") && told[0].2[0].contains("\"size\""), "{told:?}");
    let tries = SIZE.replace("attrs.size >= input.min", "core::try(attrs.size, 9) >= input.min");
    assert_eq!(statuses(&tries, lacking), [Passed]);
}

#[test]
fn an_error_counts_as_the_failure_that_is_expected_and_is_told() {
    let run = run(SIZE, "resource \"t_x\" \"a\" {\n  attrs = {}\n  expect_failure = true\n}\n");
    let case = &run.cases[0];
    assert_eq!(case.status, Passed);
    assert_eq!(case.notes.iter().map(|note| note.level).collect::<Vec<_>>(), [Level::Warning]);
    assert!(case.notes[0].message.starts_with("small: the policy cannot be evaluated"), "{case:?}");
}

#[test]
fn what_is_not_decided_is_neither_a_pass_nor_the_failure_that_is_expected() {
    let policy = SIZE.replace("attrs.size >= input.min", "core::gethttprequest(\"https://example.com\") == attrs.size");
    let test = "resource \"t_x\" \"a\" {\n  attrs = { size = 1 }\n}\nresource \"t_x\" \"b\" {\n  attrs = { size = 1 }\n  expect_failure = true\n}\n";
    let told = told(&policy, test);
    assert_eq!(told.iter().map(|(_, status, _)| *status).collect::<Vec<_>>(), [Failed, Failed]);
    assert!(told.iter().all(|(_, _, notes)| notes.iter().any(|note| note.contains("not decided"))), "{told:?}");
}

#[test]
fn one_policy_that_fails_is_enough_where_a_failure_is_expected() {
    let second = SIZE.replace("\"small\" {", "\"other\" {").replace(">= input.min", "!= 0");
    let second = second.split_once("resource_policy").map(|(_, rest)| format!("resource_policy{rest}")).unwrap();
    let test = "resource \"t_x\" \"a\" {\n  attrs = { size = 1 }\n  expect_failure = true\n}\n";
    assert_eq!(statuses(&format!("{SIZE}{second}"), test), [Passed]);
}

/// A policy for each operation; each fails on what it judges, so the message says which one ran.
fn operations() -> String {
    let policy = |name: &str, operation: &str| {
        format!(
            "resource_policy \"t_x\" \"on_{name}\" {{\n  operations = [\"{operation}\"]\n  enforce {{\n    condition = false\n  }}\n}}\n"
        )
    };
    [("create", "create"), ("update", "update"), ("delete", "delete"), ("no_op", "no-op")]
        .map(|(name, operation)| policy(name, operation))
        .concat()
}

#[test]
fn the_operation_follows_from_the_sides_and_no_op_must_be_said() {
    let table = [
        ("attrs = { a = 1 }", vec!["on_create"]),
        ("attrs = { a = 1 }\n  prior_attrs = { a = 2 }", vec!["on_update"]),
        ("prior_attrs = { a = 1 }", vec!["on_delete"]),
        ("attrs = { a = 1 }\n  meta = { operation = \"no-op\" }", vec!["on_no_op"]),
        ("attrs = { a = 1 }\n  meta = { operation = \"update\" }", vec!["on_update"]),
        ("prior_attrs = { id = null }\n  meta = { operation = \"delete\" }", vec!["on_delete"]),
        ("prior_attrs = { a = 1 }\n  meta = { actions = [\"delete\", \"create\"] }", vec!["on_create", "on_delete"]),
        (
            "prior_attrs = { a = 1 }\n  meta = { operation = \"delete\", actions = [\"delete\", \"create\"] }",
            vec!["on_delete"],
        ),
        ("prior_attrs = { a = 1 }\n  meta = { forget = true }", vec!["on_delete"]),
    ];
    for (sides, expected) in table {
        let run = run(&operations(), &format!("resource \"t_x\" \"a\" {{\n  {sides}\n}}\n"));
        assert_eq!(run.faults, [""; 0], "{sides}");
        let mut ran: Vec<&str> =
            run.cases[0].notes.iter().map(|note| note.message.split(':').next().unwrap()).collect();
        ran.sort_unstable();
        assert_eq!(ran, expected, "{sides}");
    }
}

#[test]
fn a_mock_that_no_policy_judges_passes_and_says_so() {
    let policy = SIZE.replace("  enforce {", "  operations = [\"create\"]\n  enforce {");
    let told = told(
        &policy,
        "resource \"t_x\" \"gone\" {\n  prior_attrs = { size = 1 }\n}\nresource \"t_y\" \"a\" {\n  attrs = {}\n}\n",
    );
    assert_eq!(told[0].2, ["no policy of this test judges its delete"]);
    assert_eq!(told[1].2, ["no policy of this test is about t_y"]);
    assert!(told.iter().all(|(_, status, _)| *status == Passed));
}

#[test]
fn what_is_skipped_is_not_judged_and_is_seen_by_others() {
    let policy = r#"
resource_policy "t_bucket" "unversioned" {
  enforce {
    condition = core::length(core::getresources("t_versioning", { bucket = attrs.id })) > 0
  }
}
resource_policy "t_versioning" "never" {
  enforce {
    condition = false
  }
}
"#;
    let test = r#"
resource "t_bucket" "a" {
  attrs = { id = "a" }
}
resource "t_bucket" "b" {
  attrs = { id = "b" }
}
resource "t_versioning" "a" {
  skip  = true
  attrs = { bucket = t_bucket.a.id }
}
"#;
    assert_eq!(statuses(policy, test), [Passed, Failed, Skipped]);
}

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
fn a_value_that_is_not_of_the_inputs_type_is_a_fault() {
    let mock = "resource \"t_x\" \"a\" {\n  attrs = { size = 2 }\n  inputs {\n    min = \"2\"\n  }\n}\n";
    assert_eq!(statuses(SIZE, mock), [Passed], "a text that is a number is one");
    let run = run(SIZE, &mock.replace("\"2\"", "[2]"));
    assert!(run.faults.len() == 1 && run.faults[0].starts_with("x.policytest.hcl:4: "), "{:?}", run.faults);
    assert_eq!(run.cases[0].status, Failed);
}

#[test]
fn every_fault_of_a_test_file_has_its_place_and_the_other_mocks_run() {
    let test = r#"targets = []
policytest {
  target = ["x.policy.hcl"]
}
resource "t_x" {
  attrs = {}
}
resource "t_x" "typo" {
  attrs         = { size = 9 }
  expct_failure = true
}
resource "t_x" "typo" {
  attrs = { size = t_x.fin.size }
}
resource "t_x" "fine" {
  attrs = { size = 9 }
}
data "t_d" "d" {
  attrs          = {}
  expect_failure = true
}
resource "t_x" "nothing" {
  skip = "yes"
}
resource "t_x" "meta" {
  attrs = 7
  meta  = { operation = "destroy", modul_path = "." }
}
resource "t_x" "loop" {
  attrs = { size = t_x.pool.size }
}
resource "t_x" "pool" {
  attrs = { size = local.loop }
}
locals {
  loop = t_x.loop.size
}
inputs {
  mini = 2
}
resources "t_x" "a" {}
resource "t_x" "call" {
  attrs = { size = core::lenght([]), b = plan::before("x") }
}
"#;
    let run = run(SIZE, test);
    let has = |line: usize, part: &str| {
        let start = format!("x.policytest.hcl:{line}: ");
        assert!(
            run.faults.iter().any(|fault| fault.starts_with(&start) && fault.contains(part)),
            "line {line}, {part}: {:#?}",
            run.faults
        );
    };
    has(1, "\"targets\" stands outside of any block");
    has(3, "the block policytest has no \"target\"; did you mean targets?");
    has(5, "a mock of a resource has two labels: a type and a name");
    has(10, "no \"expct_failure\"; did you mean expect_failure?");
    has(12, "t_x.typo is declared twice; first in line 8");
    has(13, "there is no t_x.fin in this test file; did you mean t_x.fine?");
    has(20, "a mock of a data source has no \"expect_failure\"");
    has(22, "needs attrs, prior_attrs or both");
    has(23, "skip is true or false, not a string");
    has(26, "attrs is an object, not a number");
    has(27, "meta of a resource has no \"modul_path\"; did you mean module_path?");
    has(27, "meta.operation is \"create\", \"update\", \"delete\" or \"no-op\"");
    has(33, "these refer to each other");
    has(39, "no policy of this test has an input \"mini\"; did you mean input.min?".split("; did").next().unwrap());
    has(41, "there is no block \"resources\" in a test file; did you mean resource?");
    has(43, "there is no function core::lenght in a test file; did you mean length?");
    has(43, "there is no function plan::before in a test file");
    let ran: Vec<(&str, Status)> = run.cases.iter().map(|case| (case.name.as_str(), case.status)).collect();
    assert_eq!(ran, [("t_x.fine", Passed)]);
}

#[test]
fn what_a_mock_says_of_its_change_must_fit_together() {
    let table = [
        ("actions = [\"destroy\"]", "meta.actions is a list as in a plan"),
        ("actions = []", "meta.actions is a list as in a plan"),
        ("actions = [\"update\"], operation = \"create\"", "meta.actions is no create: it is judged as update"),
    ];
    for (meta, part) in table {
        let run =
            run(SIZE, &format!("resource \"t_x\" \"a\" {{\n  attrs = {{ size = 1 }}\n  meta = {{ {meta} }}\n}}\n"));
        assert!(run.faults.len() == 1 && run.faults[0].contains(part), "{meta}: {:?}", run.faults);
    }
}

#[test]
fn a_text_that_is_no_hcl_is_a_fault_with_a_place() {
    let run = run(SIZE, "resource \"t_x\" \"a\" {\n  attrs = {\n");
    assert_eq!(run.faults.len(), 1);
    assert!(run.faults[0].starts_with("x.policytest.hcl:"), "{:?}", run.faults);
    assert!(run.cases.is_empty());
}

#[test]
fn a_target_is_relative_to_the_test_file_and_must_match() {
    let mock = "resource \"t_x\" \"a\" {\n  attrs = { size = 1 }\n}\n";
    let with = |targets: &str| format!("policytest {{\n  targets = {targets}\n}}\n{mock}");
    let table = [
        ("[\"../a/x.policy.hcl\"]", 0, Failed),
        ("[\"../a\"]", 0, Failed),
        ("[\"../a/\"]", 0, Failed),
        ("[\"./other.policy.hcl\"]", 0, Passed),
        ("[\"nothing.policy.hcl\", \"other.policy.hcl\"]", 1, Passed),
    ];
    for (targets, faults, status) in table {
        let test = with(targets);
        let other = SIZE.replace("t_x", "t_other");
        let files = [("a/x.policy.hcl", SIZE), ("tests/other.policy.hcl", &*other), ("tests/x.policytest.hcl", &*test)];
        let run = run_files(&["tests/x.policytest.hcl"], &files);
        assert_eq!((run.faults.len(), run.cases[0].status), (faults, status), "{targets}: {:?}", run.faults);
    }
    let missing = run_files(&["t.policytest.hcl"], &[("t.policytest.hcl", &with("[\"gone/\"]"))]);
    assert_eq!(missing.faults, ["t.policytest.hcl:2: the target \"gone/\" matches no policy file (*.policy.hcl)"]);
}

#[test]
fn without_targets_the_policies_of_the_same_directory_are_tested() {
    let mock = "resource \"t_x\" \"a\" {\n  attrs = { size = 1 }\n}\n";
    let files = [("a/deep/x.policy.hcl", SIZE), ("a/x.policytest.hcl", mock)];
    let run = run_files(&["a/x.policytest.hcl"], &files);
    assert!(run.faults[0].contains("no policy to test"), "{:?}", run.faults);
    let files = [("a/y.policy.hcl", SIZE), ("a/x.policytest.hcl", mock)];
    assert_eq!(run_files(&["a/x.policytest.hcl"], &files).cases[0].status, Failed);
}

#[test]
fn a_policy_that_does_not_load_makes_no_mock_pass() {
    let broken = SIZE.replace("attrs.size", "atrs.size");
    let run = run(&broken, "resource \"t_x\" \"a\" {\n  attrs = { size = 1 }\n}\n");
    assert!(!run.faults.is_empty());
    assert_eq!(run.cases.iter().map(|case| case.status).collect::<Vec<_>>(), [Skipped]);
}

#[test]
fn with_a_policy_file_comes_the_test_file_of_its_name() {
    let mock = "resource \"t_x\" \"a\" {\n  attrs = { size = 3 }\n}\n";
    let files = [("x.policy.hcl", SIZE), ("x.policytest.hcl", mock), ("y.policytest.hcl", mock)];
    let run = run_files(&["./x.policy.hcl"], &files);
    assert_eq!(run.cases.iter().map(|case| &*case.path).collect::<Vec<_>>(), ["x.policytest.hcl"]);
    let none = run_files(&["gone", "README.md"], &[("README.md", "")]);
    assert_eq!(none.unreadable[1], ("gone".to_owned(), "no such file".to_owned()));
    assert!(none.unreadable[0].1.contains("neither a policy"), "{:?}", none.unreadable);
}

#[test]
fn a_failure_has_both_places() {
    let test = "\nresource \"t_x\" \"a\" {\n  attrs = { size = 1 }\n}\n";
    let tree = Files([("x.policy.hcl", SIZE.to_owned()), ("x.policytest.hcl", test.to_owned())].into());
    let mut sources = SourceMap::default();
    let suite = Suite::load(&[".".to_owned()], &tree, &mut sources);
    let cases = suite.run(&Arc::new(library::facts().unwrap()), &sources);
    let place = |span| (sources.path(span), sources.start(span).line, sources.start(span).column);
    assert_eq!(place(cases[0].span), ("x.policytest.hcl", 2, 1));
    // `condition` stands in the ninth line of the policy, its value behind 20 characters.
    assert_eq!(place(cases[0].notes[0].condition.unwrap()), ("x.policy.hcl", 9, 21));
}

#[test]
fn sensitive_values_stay_out_of_what_is_told() {
    let policy =
        SIZE.replace("attrs.size >= input.min", "attrs.secret == \"x\"").replace("${attrs.size}", "${attrs.secret}");
    let test = "resource \"t_x\" \"a\" {\n  attrs = { secret = core::sensitive(\"hunter2\") }\n}\n";
    let told = told(&policy, test);
    assert_eq!(told[0].1, Failed);
    assert!(!told[0].2[0].contains("hunter2"), "{told:?}");
}

#[test]
fn chains_of_locals_take_no_exponential_time() {
    let links = (1..60).map(|number| {
        let before = number - 1;
        format!("  l{number} = local.l{before} + local.l{before} - local.l{before}\n")
    });
    let links: String = links.collect();
    let mock = "resource \"t_x\" \"a\" {\n  attrs = { size = local.l59 }\n  expect_failure = true\n}\n";
    // 1 + 1 - 1 is 1, sixty times.
    assert_eq!(statuses(SIZE, &format!("locals {{\n  l0 = 1\n{links}}}\n{mock}")), [Passed]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Pieces of a test file in any order, cut anywhere: faults perhaps, never a panic, and no mock that is lost unseen.
    #[test]
    fn no_text_makes_the_runner_panic(
        pieces in prop::collection::vec(prop::sample::select(PIECES.as_slice()), 1..12),
        cut in any::<prop::sample::Index>(),
        strange in prop::sample::select(["", "{", "}", "\"", "=", "[", "${", "local.", "\u{feff}", "é", "\0"].as_slice()),
    ) {
        let whole = pieces.concat();
        let places: Vec<usize> = whole.char_indices().map(|(at, _)| at).collect();
        let (before, after) = whole.split_at(places[cut.index(places.len())]);
        let run = run(SIZE, &format!("{before}{strange}{after}"));
        prop_assert!(run.unreadable.is_empty());
        prop_assert!(run.cases.iter().all(|case| case.status != Failed || !case.notes.is_empty()));
    }
}

#[test]
fn a_value_that_holds_itself_over_and_over_is_a_fault() {
    let links = (1..60).map(|number| {
        let before = number - 1;
        format!("  l{number} = [local.l{before}, local.l{before}]\n")
    });
    let links: String = links.collect();
    let test = format!(
        "locals {{\n  l0 = 1\n{links}}}\nresource \"t_x\" \"a\" {{\n  attrs = {{ size = local.l59 }}\n}}\n{}",
        "resource \"t_x\" \"b\" {\n  attrs = { size = 3 }\n}\n"
    );
    let run = run(SIZE, &test);
    assert!(run.faults.iter().all(|fault| fault.contains("more than 100000 parts")), "{:?}", run.faults);
    assert_eq!(run.cases.iter().map(|case| (&*case.name, case.status)).collect::<Vec<_>>(), [("t_x.b", Passed)]);
}

#[test]
fn what_a_policy_says_of_a_good_object_stands_beside_the_result() {
    let policy = r#"
resource_policy "t_x" "small" {
  enforce {
    condition    = attrs.size >= 3
    info_message = "${meta.address} has ${attrs.size}."
  }

  pass "three" {
    resource "t_x" "main" {
      size = 3
    }
  }
}
"#;
    let test = "resource \"t_x\" \"good\" {\n  attrs = { size = 4 }\n}\n\
                resource \"t_x\" \"bad\" {\n  attrs = { size = 2 }\n  expect_failure = true\n}\n";
    let note = |text: &str| vec![text.to_owned()];
    assert_eq!(
        told(policy, test),
        [
            ("small: pass \"three\"".to_owned(), Passed, note("small: t_x.main has 3.")),
            ("t_x.good".to_owned(), Passed, note("small: t_x.good has 4.")),
            ("t_x.bad".to_owned(), Passed, Vec::new()),
        ]
    );
}

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
