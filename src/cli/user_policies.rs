//! The policy files that a run names itself: `policy_paths` of the settings file, `--policies`.

use std::collections::BTreeSet;

use crate::finding::{Level, Remark};
use crate::io::{self, Disk};
use crate::policy::parse::{Parsed, parse};
use crate::policytest::suite::POLICIES;
use crate::source::{SourceMap, hcl};
use crate::terraform::config::load::Files as _;

/// What policies belong to that do not say it.
const CATEGORY: &str = "custom";

/// A file or directory that somebody has named.
#[derive(Debug)]
pub(super) struct Named {
    /// Where it is.
    pub(super) path: String,
    /// What messages call it.
    pub(super) called: String,
}

impl Named {
    /// One of the command line.
    pub(super) fn by_option(path: &str) -> Self {
        Self { path: path.to_owned(), called: format!("--policies {path}") }
    }
}

/// Reads the files and directories, in their order; a file that is named twice is read once. What cannot be read is told
/// in remarks, and the others are read all the same.
pub(super) fn load(named: &[Named], disk: &Disk, sources: &mut SourceMap) -> (Vec<Parsed>, Vec<Remark>) {
    let (mut files, mut remarks) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    for Named { path, called } in named {
        let (found, unreadable) =
            if io::is_directory(path) { io::files_below(path, POLICIES) } else { (vec![path.clone()], Vec::new()) };
        remarks.extend(unreadable.iter().map(|(path, reason)| error_remark(&disk.shown(path), reason)));
        if found.is_empty() && unreadable.is_empty() {
            remarks.push(error_remark(called, "there is no *.policy.hcl file in this directory"));
        }
        for file in found {
            let shown = disk.shown(&file);
            if !seen.insert(shown.clone()) {
                continue;
            }
            match io::read_text(&file) {
                Err(error) if file == *path => {
                    remarks.push(error_remark(called, &error.reason()));
                }
                Err(error) => remarks.push(error_remark(&shown, &error.reason())),
                Ok(text) => {
                    let text = hcl::clean(text);
                    let file = sources.add(shown.clone(), text.clone());
                    files.push(parse(&shown, file, &text, CATEGORY));
                }
            }
        }
    }
    (files, remarks)
}

fn error_remark(subject: &str, reason: &str) -> Remark {
    Remark::new(Level::Error, format!("{subject}: {reason}"), None)
}
