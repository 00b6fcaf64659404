//! The policies that are to come: they stand apart from the pack until they are fast on large plans and their findings
//! are marked in the fixtures, and `--policies policies-next` runs them. Their examples and tests hold already.

use std::path::Path;

mod support;

const DIRECTORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/policies-next");

#[test]
fn every_example_and_test_holds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = support::run(&["policy", "test", "policies-next"], b"", &[], root);
    assert_eq!(output.code, 0, "{}", output.stdout);
    let last = output.stdout.lines().last().unwrap();
    assert!(last.contains(" passed, 0 failed"), "{last}");
}

#[test]
fn the_repaired_stack_is_clean_under_them_too() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let arguments = ["check", "fixtures/fitness_gym_fixed/tfplan.json", "--policies", DIRECTORY];
    let output = support::run(&arguments, b"", &[], root);
    assert_eq!(output.code, 0, "{}", output.stdout);
    assert!(output.stdout.contains("no findings"), "{}", output.stdout);
}
