//! `planfit check` on directories: which root modules are judged, and that nothing depends on threads or on order.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

mod support;

/// A repository of two roots that share a module, and of things that are passed over.
struct Repository(PathBuf);

impl Repository {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("planfit-roots-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        let repository = Self(path);
        let call = "module \"m\" {\n  source = \"../modules/m\"\n}\n";
        let group = "resource \"aws_cloudwatch_log_group\" \"this\" {\n  name = \"x\"\n  retention_in_days = 3\n}\n";
        for (path, text) in [
            ("a/main.tf", call),
            ("b/main.tf", call),
            ("modules/m/main.tf", group),
            ("a/.terraform/modules/copy/main.tf", group),
            ("ignored/main.tf", group),
            (".gitignore", "ignored\n"),
            (".git/HEAD", "ref: refs/heads/main\n"),
            ("docs/readme.md", "none\n"),
        ] {
            let path = repository.0.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        repository
    }

    fn check(&self, arguments: &[&str]) -> (i32, String) {
        let own = ["check", "--output", "json", "--policy", "log_group_retention_too_short", "--fail-level", "none"];
        let output = support::run(&[&own, arguments].concat(), b"", &[], &self.0);
        (output.code, output.stdout)
    }

    fn addresses(&self, arguments: &[&str]) -> Vec<String> {
        let report: Value = serde_json::from_str(&self.check(arguments).1).unwrap();
        let findings = report.get("findings").and_then(Value::as_array).unwrap().iter();
        let mut found: Vec<String> = findings
            .flat_map(|finding| finding.get("instances").and_then(Value::as_array).unwrap())
            .map(|address| address.as_str().unwrap().to_owned())
            .collect();
        found.sort();
        found
    }
}

impl Drop for Repository {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const CALLED: &str = "module.m.aws_cloudwatch_log_group.this";
const ALONE: &str = "aws_cloudwatch_log_group.this";

#[test]
fn roots_are_judged_with_what_they_call() {
    let repository = Repository::new("roots");
    assert_eq!(repository.addresses(&["."]), [CALLED, CALLED], "a and b");
    assert_eq!(repository.addresses(&["a"]), [CALLED]);
    assert_eq!(repository.addresses(&["a", "a/main.tf", "./a"]), [CALLED], "once, however it is named");
}

#[test]
fn modules_are_judged_on_their_own_when_asked_for_or_named() {
    let repository = Repository::new("modules");
    assert_eq!(repository.addresses(&[".", "--module"]), [ALONE, CALLED, CALLED]);
    assert_eq!(repository.addresses(&["modules"]), [ALONE], "nobody here calls it");
    assert_eq!(repository.addresses(&["modules/m/main.tf"]), [ALONE]);
}

#[test]
fn a_directory_without_terraform_is_no_success() {
    let repository = Repository::new("empty");
    for arguments in [&["docs"][..], &["a", "docs"], &["nowhere"]] {
        assert_eq!(repository.check(arguments).0, 2, "{arguments:?}");
    }
}

#[test]
fn threads_and_the_order_of_paths_change_nothing() {
    let repository = Repository::new("threads");
    let first = repository.check(&["a", "b", "--threads", "1"]);
    assert_eq!(first, repository.check(&["b", "a", "--threads", "4"]));
    assert_eq!(first, repository.check(&["a", "b", "--threads", "4"]));
}
