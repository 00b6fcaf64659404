//! What `action.yml` and `action/run.sh` say to each other.

use std::fs;

use crate::runner::{Inner, manifest, root};

fn script() -> String {
    fs::read_to_string(root().join("action/run.sh")).unwrap()
}

fn variable(input: &str) -> String {
    format!("PLANFIT_IN_{}", input.to_uppercase().replace('-', "_"))
}

#[test]
fn every_input_reaches_the_script_through_the_environment() {
    let manifest = manifest();
    assert_eq!((manifest.name.as_str(), manifest.runs.using.as_str()), ("planfit", "composite"));
    let [Inner { id, shell, run, env }] = manifest.runs.steps.as_slice() else { unreachable!("one inner step") };
    assert_eq!((id.as_str(), shell.as_str()), ("run", "bash"));
    assert!(!run.contains("${{"), "an expression would become a part of the script: {run}");
    let script = script();
    for (name, input) in &manifest.inputs {
        assert_eq!(env.get(&variable(name)), Some(&format!("${{{{ inputs.{name} }}}}")), "{name}");
        assert!(script.contains(&format!("${{{}:-", variable(name))), "{name} is not used in run.sh");
        assert!(!input.description.is_empty(), "{name}");
    }
    assert_eq!(env.len(), manifest.inputs.len());
}

#[test]
fn every_output_is_one_of_the_inner_step() {
    for (name, output) in &manifest().outputs {
        assert_eq!(output.value, format!("${{{{ steps.run.outputs.{name} }}}}"));
        assert!(!output.description.is_empty(), "{name}");
    }
}

#[test]
fn a_release_is_named_by_a_version_and_checksums() {
    let read = |name: &str| fs::read_to_string(root().join("action").join(name)).unwrap();
    let version = read("version");
    assert_eq!(version.lines().count(), 1);
    assert!(version.trim().split('.').all(|part| part.parse::<u32>().is_ok()), "{version}");
    for line in read("checksums.txt").lines() {
        let (sum, name) = line.split_once("  ").unwrap();
        assert!(sum.len() == 64 && sum.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')), "{line}");
        assert!(name.starts_with("planfit-") && name.ends_with(".tar.gz"), "{line}");
    }
}
