//! Tests that never end or hold themselves are faults; no text makes the runner panic.

use planfit::policytest::Status::{Failed, Passed};
use proptest::prelude::*;

use crate::running::{SIZE, run, statuses};

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
