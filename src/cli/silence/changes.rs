//! What git says is new, for `--changed-only` and `--changed-since`; it is asked once in a run.

use std::collections::BTreeSet;

use super::{Options, Silencer};
use crate::changed::Changed;
use crate::io::{self, Disk, Environment, git};
use crate::source::SourceMap;
use crate::terraform::config::load::{Files as _, source_files};

/// What git has said; none if it cannot say it.
pub(super) type Answer = Option<Changed>;

/// What git is asked about.
pub(in crate::cli) struct Question<'q> {
    pub(in crate::cli) options: &'q Options,
    pub(in crate::cli) paths: &'q [String],
    pub(in crate::cli) directory: Option<&'q str>,
    pub(in crate::cli) environment: &'q Environment,
    pub(in crate::cli) disk: &'q Disk,
    pub(in crate::cli) sources: &'q SourceMap,
}

impl Silencer {
    /// What changed; none if git cannot say it, which is told. Only where findings go by their lines it must.
    pub(in crate::cli) fn changed(&mut self, by_lines: bool, question: &Question<'_>) -> Option<&Changed> {
        if self.changes.is_none() {
            let answer = self.ask(by_lines, question);
            self.changes = Some(answer);
        }
        self.changes.as_ref()?.as_ref()
    }

    fn ask(&mut self, by_lines: bool, question: &Question<'_>) -> Answer {
        let branch = question.environment.base_ref.as_deref().unwrap_or("HEAD");
        let base = format!("origin/{branch}");
        let revision = question.options.changed_since.as_deref().unwrap_or(&base);
        let mut all = Changed::default();
        for directory in question.directories() {
            match git::changes(&directory, revision) {
                Ok(git::Changes { root, changed }) => {
                    let path = |path: &str| question.sources.from_root(&question.disk.shown(&format!("{root}/{path}")));
                    all.extend(changed.rebased(path));
                }
                Err(error) if question.options.changed_since.is_none() => {
                    self.note(format!("--changed-only: everything is reported, because {error}"));
                    return None;
                }
                // Without git a plan is judged all the same.
                Err(git::Error::NotThere(_) | git::Error::NoRepository { .. }) if !by_lines => return None,
                Err(error) => {
                    self.refuse(format!("--changed-since {revision}: {error}"));
                    return None;
                }
            }
        }
        Some(all)
    }
}

impl Question<'_> {
    // A directory of each repository that is judged.
    fn directories(&self) -> Vec<String> {
        let judged = self.paths.iter().filter_map(|path| match path {
            path if io::is_directory(path) => Some(path.clone()),
            path if is_source(path) => Some(io::directory_of(path)),
            _ => None,
        });
        let mut directories: Vec<String> = judged.chain(self.directory.map(str::to_owned)).collect();
        if directories.is_empty() {
            directories.push(".".to_owned());
        }
        let mut seen = BTreeSet::new();
        directories.retain(|directory| seen.insert(self.disk.repository_of(directory)));
        directories
    }
}

fn is_source(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_owned();
    !source_files(vec![name]).is_empty()
}
