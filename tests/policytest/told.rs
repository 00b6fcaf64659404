//! What is told of a result, and what stays out of it.

use std::sync::Arc;

use planfit::policy::library;
use planfit::policytest::Status::{Failed, Passed};
use planfit::policytest::Suite;
use planfit::source::SourceMap;

use crate::running::{Files, SIZE, told};

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

#[test]
fn a_message_of_several_lines_is_told_on_one() {
    let policy = SIZE.replace(
        "    error_message = \"${meta.address} has ${attrs.size}.\"\n",
        "    error_message = <<-EOT\n      ${meta.address} has\n      ${attrs.size}.\n    EOT\n    \
         info_message = <<-EOT\n      All is\n      well.\n    EOT\n",
    );
    let test = "resource \"t_x\" \"good\" {\n  attrs = { size = 4 }\n}\n\
                resource \"t_x\" \"bad\" {\n  attrs = { size = 2 }\n}\n";
    let told = told(&policy, test);
    assert_eq!((told[0].2[0].as_str(), told[1].2[0].as_str()), ("small: All is well.", "small: t_x.bad has 2."));
}
