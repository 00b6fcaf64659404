//! The policy files that a run names itself: `--policies`.

use std::collections::BTreeSet;

use crate::finding::{Level, Remark};
use crate::io::{self, Disk};
use crate::policy::parse::{Parsed, parse};
use crate::policytest::suite::POLICIES;
use crate::source::{SourceMap, hcl};
use crate::terraform::config::load::Files as _;

/// What policies belong to that do not say it.
const CATEGORY: &str = "custom";

/// Reads the files and directories, in their order; a file that is named twice is read once. What cannot be read is told
/// in remarks, and the others are read all the same.
pub(super) fn load(paths: &[String], disk: &Disk, sources: &mut SourceMap) -> (Vec<Parsed>, Vec<Remark>) {
    let (mut files, mut remarks) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    for path in paths {
        let (found, unreadable) =
            if io::is_directory(path) { io::files_below(path, POLICIES) } else { (vec![path.clone()], Vec::new()) };
        remarks.extend(unreadable.iter().map(|(path, reason)| error_remark(&disk.shown(path), reason)));
        if found.is_empty() && unreadable.is_empty() {
            remarks
                .push(error_remark(&format!("--policies {path}"), "there is no *.policy.hcl file in this directory"));
        }
        for file in found {
            let shown = disk.shown(&file);
            if !seen.insert(shown.clone()) {
                continue;
            }
            match io::read_text(&file) {
                Err(error) if file == *path => {
                    remarks.push(error_remark(&format!("--policies {path}"), &error.reason()));
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
