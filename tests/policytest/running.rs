//! Runs a test file under a policy file, without a disk.

use std::collections::BTreeMap;
use std::sync::Arc;

use planfit::policy::library;
use planfit::policytest::suite::Unreadable;
use planfit::policytest::{Case, Status, Suite, Tree};
use planfit::source::SourceMap;

/// Files by path.
pub(crate) struct Files(pub(crate) BTreeMap<&'static str, String>);

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

pub(crate) const SIZE: &str = r#"
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

pub(crate) struct Run {
    pub(crate) cases: Vec<Case>,
    /// `path:line: message`
    pub(crate) faults: Vec<String>,
    pub(crate) unreadable: Vec<(String, String)>,
}

pub(crate) fn run_files(paths: &[&str], files: &[(&'static str, &str)]) -> Run {
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
pub(crate) fn run(policy: &str, test: &str) -> Run {
    run_files(&["."], &[("x.policy.hcl", policy), ("x.policytest.hcl", test)])
}

/// Name, status, and every note.
#[track_caller]
pub(crate) fn told(policy: &str, test: &str) -> Vec<(String, Status, Vec<String>)> {
    let run = run(policy, test);
    assert_eq!(run.faults, [""; 0], "the files do not load");
    let notes = |case: &Case| case.notes.iter().map(|note| note.message.clone()).collect();
    run.cases.iter().map(|case| (case.name.clone(), case.status, notes(case))).collect()
}

#[track_caller]
pub(crate) fn statuses(policy: &str, test: &str) -> Vec<Status> {
    told(policy, test).into_iter().map(|(_, status, _)| status).collect()
}
