//! Which root modules a run judges: those of the directories that are named, without what `.planfit.hcl` excludes, and
//! around them the callers of modules that have changed.

use std::collections::BTreeSet;

use super::Session;
use crate::changed::Changed;
use crate::finding::{Level, NotEvaluated, Remark};
use crate::io;
use crate::io::walk::{Walked, walk};
use crate::terraform::config::load::Files as _;
use crate::terraform::config::roots::{self, Found, Listing};

/// Excluded directories that one remark names.
const MAX_LISTED: usize = 5;

impl Session<'_> {
    // The roots among some paths.
    pub(super) fn find_roots(&mut self, paths: &[String]) -> Found {
        let anchored: Vec<String> = paths.iter().map(|path| self.disk.anchored(path)).collect();
        if self.arguments.from_files {
            return self.roots_of_changed_files(&anchored);
        }
        let walked = walk(anchored.iter().map(String::as_str));
        for (path, reason) in &walked.unreadable {
            let shown = self.disk.shown(path);
            self.refuse(&shown, reason);
        }
        let mut found = self.found(walked);
        for path in anchored.iter().filter(|path| io::is_directory(path) && !found.has_below(path)) {
            let shown = self.disk.shown(path);
            self.refuse(&shown, "there are no .tf files in this directory or below it");
        }
        self.leave_out_excluded(&mut found, &|_| true);
        self.add_callers(found, &anchored)
    }

    fn found(&self, walked: Walked) -> Found {
        roots::find(walked.listings, self.arguments.source.select(), &self.disk)
    }

    // All directories of the repositories that some paths lie in.
    fn found_around(&mut self, paths: &[String]) -> Found {
        let mut repositories: Vec<String> = paths.iter().map(|path| self.disk.repository_around(path)).collect();
        repositories.sort_unstable();
        repositories.dedup();
        let mut walked = walk(repositories.iter().map(String::as_str));
        // Nobody has named these, so they do not fail the run; but who calls a module may stand there.
        for (path, reason) in &walked.unreadable {
            let shown = self.disk.shown(path);
            self.remarks.push(Remark::new(Level::Notice, format!("{shown}: {reason}"), None));
            self.not_evaluated.push(NotEvaluated { subject: shown, reason: reason.clone() });
        }
        // A file may be tracked although it is ignored.
        for path in paths.iter().filter(|path| io::is_directory(path)) {
            if walked.listings.iter().all(|listing| listing.directory != *path) {
                walked.listings.push(Listing { directory: path.clone(), names: io::lists(path) });
            }
        }
        self.found(walked)
    }

    // Directories of changed files: roots, or modules, which are judged in those that call them.
    fn roots_of_changed_files(&mut self, directories: &[String]) -> Found {
        let mut found = self.found_around(directories);
        let is_named = |directory: &str| directories.iter().any(|named| named == directory);
        self.leave_out_excluded(&mut found, &is_named);
        found.retain_leading_to(is_named);
        found
    }

    // What a change of a module means shows in its callers, wherever they stand.
    fn add_callers(&mut self, found: Found, paths: &[String]) -> Found {
        let is_whole = paths.iter().any(|path| *path == self.disk.repository_around(path));
        if is_whole || !self.arguments.silence.asks_for_changes() {
            return found;
        }
        let changed = self.changed_directories(&found);
        if changed.is_empty() {
            return found;
        }
        let mut around = self.found_around(paths);
        self.leave_out_excluded(&mut around, &|_| false);
        around.retain_leading_to(|directory| changed.contains(directory));
        around.take_in(found);
        around
    }

    // The directories with a file that git says has changed.
    fn changed_directories(&mut self, found: &Found) -> BTreeSet<String> {
        let Some(mut silencer) = self.silencer.take() else { return BTreeSet::new() };
        let changed = silencer.changed(true, &self.question()).map(Changed::directories).unwrap_or_default();
        let directories = found.directories().filter(|directory| {
            let shown = self.sources.from_root(&self.disk.shown(directory));
            changed.contains(&*shown)
        });
        let directories = directories.map(str::to_owned).collect();
        self.silencer = Some(silencer);
        directories
    }

    // Of what is left out those that somebody has asked for are told.
    fn leave_out_excluded(&mut self, found: &mut Found, is_told: &dyn Fn(&str) -> bool) {
        let Some(file) = self.file.clone().filter(|file| !file.config.exclude.is_empty()) else { return };
        let is_excluded = |directory: &str| {
            let directory = file.relative(directory, &self.disk);
            directory.is_some_and(|directory| file.config.excludes(&directory))
        };
        let excluded: Vec<String> = found
            .exclude(is_excluded)
            .into_iter()
            .filter(|directory| is_told(directory))
            .map(|directory| self.disk.shown(&directory))
            .collect();
        if excluded.is_empty() {
            return;
        }
        let names = excluded.iter().take(MAX_LISTED).map(String::as_str).collect::<Vec<_>>().join(", ");
        let more = excluded.len().saturating_sub(MAX_LISTED);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let verb = if excluded.len() == 1 { "is" } else { "are" };
        let message = format!("{names}{more} {verb} not judged: excluded by {}", file.shown);
        self.remarks.push(Remark::new(Level::Notice, message, None));
        let reason = format!("excluded by {}", file.shown);
        let left_out = |subject| NotEvaluated { subject, reason: reason.clone() };
        self.not_evaluated.extend(excluded.into_iter().map(left_out));
    }
}
