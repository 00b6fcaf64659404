//! The action with the real planfit.

use std::fs;
use std::os::unix::fs::symlink;

use crate::runner::Step;

fn real() -> Step {
    let step = Step::new();
    symlink(env!("CARGO_BIN_EXE_planfit"), step.path("bin/planfit")).unwrap();
    step
}

#[test]
fn targets_become_an_output() {
    let step = real().input("command", "targets");
    step.world.write("workspace/tfaction-root.yaml", "target_groups: [{working_directory: 'aws/*'}]\n");
    step.world.write("workspace/aws/a b/tfaction.yaml", "");
    let done = step.run();
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.outputs["targets"].starts_with(r#"[{"target":"aws/a b","working_directory":"aws/a b","#), "{done:?}");
    assert_eq!(done.stdout.trim_end(), done.outputs["targets"]);
}

#[test]
fn a_faulty_root_file_ends_the_step() {
    let step = real().input("command", "targets");
    let done = step.run();
    assert_eq!((done.code, done.outputs.get("targets"), done.outputs["outcome"].as_str()), (2, None, "error"));
    assert!(done.stderr.contains("tfaction-root.yaml"), "{}", done.stderr);
    fs::write(step.path("workspace/tfaction-root.yaml"), "target_groups: []\n").unwrap();
    assert_eq!(step.run().outputs["targets"], "[]");
}
