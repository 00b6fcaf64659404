//! Suppressions: comments in the source and `ignore` blocks of `.planfit.hcl` that silence findings.
//!
//! [`Suppressions::read`] collects the comments of a configuration, [`Suppressions::apply`] marks findings,
//! [`Suppressions::witness`] keeps what was judged at each place, and [`Suppressions::parts`] says what became of every
//! suppression: the policy `stale_suppression` judges that. A suppression that has ended, that lacks its reason or that
//! cannot be read silences nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::root::Root;
use crate::config::{Date, Ignore};
use crate::finding::{Enforcement, Finding, Level, Remark, Silence, Suppressed, SuppressedBy, Verdict};
use crate::instant::Instant;
use crate::source::comments::{self, Comment, MAX_COMMENTS, Target, Tool};
use crate::source::{FileId, SourceMap, Span};
use crate::terraform::config::Configuration;
use catalogue::Catalogue;

pub mod catalogue;
mod facts;
mod rules;
mod witness;

/// How strict a run is with suppressions (`spec/config.md` 2).
#[derive(Clone, Debug)]
pub struct Strictness {
    /// Whether a suppression needs a reason.
    pub require_reason: bool,
    /// Whether comments of other tools count.
    pub honour_foreign: bool,
    /// The time of the run.
    pub now: Instant,
}

/// All suppressions of a run.
#[derive(Debug)]
pub struct Suppressions {
    strictness: Strictness,
    catalogue: Catalogue,
    entries: Vec<Entry>,
    /// The comments by path and by the start of the top-level block they stand in.
    by_block: FxHashMap<String, FxHashMap<usize, Vec<usize>>>,
    read: FxHashSet<String>,
    /// How many of the entries, at the front, are rules of the settings file.
    rules: usize,
    /// Where the settings file stands.
    root: Option<Root>,
}

/// A comment or a rule.
#[derive(Debug)]
struct Entry {
    by: SuppressedBy,
    names: Vec<Named>,
    reason: Option<String>,
    until: Option<Date>,
    fault: Option<String>,
    place: Span,
    /// The directory of the root module that the comment was read with.
    root: Arc<str>,
    target: Option<Target>,
    rule: Option<Ignore>,
}

/// An id of a suppression, and what was seen of it.
#[derive(Debug, Default)]
struct Named {
    text: String,
    policies: BTreeSet<Arc<str>>,
    /// Whether a finding was silenced, or would have been.
    used: bool,
    seen: witness::Seen,
}

impl Suppressions {
    /// The suppressions of the settings file, whose paths begin at a root.
    #[must_use]
    pub fn new(strictness: Strictness, catalogue: Catalogue, rules: Vec<Ignore>, root: Option<Root>) -> Self {
        let entries: Vec<Entry> = rules.into_iter().map(|rule| Entry::of_rule(rule, &catalogue)).collect();
        Self {
            strictness,
            catalogue,
            rules: entries.len(),
            entries,
            by_block: FxHashMap::default(),
            read: FxHashSet::default(),
            root,
        }
    }

    /// Whether nothing is silenced.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Collects the comments of a configuration's own files; a file that was read before is passed over. Gives what is
    /// to be said of files with too many.
    pub fn read(&mut self, configuration: &Configuration, sources: &SourceMap) -> Vec<Remark> {
        let root = configuration.module("").map_or_else(String::new, |module| sources.from_root(&module.directory));
        let root: Arc<str> = Arc::from(root);
        let mut remarks = Vec::new();
        for id in configuration.own_files() {
            let Some(file) = sources.file(id) else { continue };
            if !self.read.insert(file.path().to_owned()) {
                continue;
            }
            let found = comments::find(file.text(), self.strictness.honour_foreign);
            if found.len() == MAX_COMMENTS {
                let message = format!("{}: only the first {MAX_COMMENTS} suppressions of a file count", file.path());
                remarks.push(Remark::new(Level::Warning, message, None));
            }
            for comment in found {
                self.add(comment, id, file.path(), root.clone());
            }
        }
        remarks
    }

    fn add(&mut self, comment: Comment, file: FileId, path: &str, root: Arc<str>) {
        let entry = Entry::of_comment(comment, file, root, &self.catalogue);
        if let Some(target) = &entry.target {
            let blocks = self.by_block.entry(path.to_owned()).or_default();
            blocks.entry(target.top).or_default().push(self.entries.len());
        }
        self.entries.push(entry);
    }

    /// Marks what is silenced. A finding of which only some instances are, becomes two.
    pub fn apply(&mut self, findings: &mut Vec<Finding>, sources: &SourceMap) {
        let mut parts = Vec::new();
        for finding in findings.iter_mut().filter(|finding| finding.silence.is_none()) {
            let comment = self.covering(finding, sources).into_iter().find(|at| self.silences(*at, finding));
            match comment {
                Some(at) => finding.silence = self.silence(at),
                None => parts.extend(self.apply_rules(finding, sources)),
            }
        }
        findings.extend(parts);
    }

    // Whether a suppression that covers a finding holds; that it was needed is kept.
    fn silences(&mut self, at: usize, finding: &Finding) -> bool {
        let Some(entry) = self.entries.get_mut(at) else { return false };
        let mut named = false;
        for name in entry.names.iter_mut().filter(|name| name.policies.contains(&finding.policy)) {
            (name.used, named) = (true, true);
        }
        named && entry.holds(&self.strictness, finding.enforcement)
    }

    fn silence(&self, at: usize) -> Option<Silence> {
        let entry = self.entries.get(at)?;
        Some(Silence::Suppressed(Suppressed {
            by: entry.by,
            reason: entry.reason.clone(),
            until: entry.until,
            place: Some(entry.place),
        }))
    }

    // The comments that stand at a finding's place or at a block around it.
    fn covering(&self, finding: &Finding, sources: &SourceMap) -> Vec<usize> {
        let own = finding.location.filter(|span| span.start < span.end);
        let around: Vec<Span> = match (finding.enclosing.as_slice(), own) {
            ([], Some(own)) => vec![own],
            (spans, _) => spans.to_vec(),
        };
        let mut found = Vec::new();
        for span in around {
            found.extend(self.at_block(span, sources).iter().copied().filter(|at| {
                let target = self.entries.get(*at).and_then(|entry| entry.target.as_ref());
                target.is_some_and(|target| target.covers(span, own, sources))
            }));
        }
        found.extend(own.map_or_else(Vec::new, |own| self.at_override(own, finding, sources)));
        found
    }

    fn at_block(&self, header: Span, sources: &SourceMap) -> &[usize] {
        let blocks = self.by_block.get(sources.path(header));
        blocks.and_then(|blocks| blocks.get(&(header.start as usize))).map_or(&[], Vec::as_slice)
    }

    // An attribute of an override stands in another file than the block it belongs to.
    fn at_override(&self, own: Span, finding: &Finding, sources: &SourceMap) -> Vec<usize> {
        let path = sources.path(own);
        if finding.enclosing.iter().any(|span| sources.path(*span) == path) {
            return Vec::new();
        }
        let Some(blocks) = self.by_block.get(path) else { return Vec::new() };
        let mut found: Vec<usize> = blocks.values().flatten().copied().collect();
        found.sort_unstable();
        found.retain(|at| {
            let target = self.entries.get(*at).and_then(|entry| entry.target.as_ref());
            target.is_some_and(|target| target.range.contains(&(own.start as usize)))
        });
        found
    }

    /// The directory of the root module that a suppression was read with, by its place.
    #[must_use]
    pub fn root_of(&self, place: Span) -> Option<Arc<str>> {
        let entry = self.entries.iter().find(|entry| entry.place == place)?;
        Some(entry.root.clone())
    }
}

impl Target {
    // A block is covered with all that is in it, an attribute where it is written.
    fn covers(&self, header: Span, own: Option<Span>, sources: &SourceMap) -> bool {
        if self.is_block && self.range.start == header.start as usize {
            return true;
        }
        own.is_some_and(|own| sources.path(own) == sources.path(header) && self.range.contains(&(own.start as usize)))
    }
}

impl Entry {
    fn of_comment(comment: Comment, file: FileId, root: Arc<str>, catalogue: &Catalogue) -> Self {
        let Comment { directive, range, target } = comment;
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let by = match directive.tool {
            Tool::Planfit => SuppressedBy::Comment,
            Tool::Checkov | Tool::Trivy | Tool::Tflint => SuppressedBy::ForeignComment,
        };
        let named = |text: String| Named { policies: catalogue.find(directive.tool, &text), text, ..Named::default() };
        let nowhere = || "it stands at no block and no attribute, so it silences nothing".to_owned();
        Self {
            by,
            names: directive.names.into_iter().map(named).collect(),
            reason: directive.reason,
            until: directive.until,
            fault: directive.fault.or_else(|| target.is_none().then(nowhere)),
            place: Span { file, start: offset(range.start), end: offset(range.end) },
            root,
            target,
            rule: None,
        }
    }

    fn has_ended(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| until.is_over(now))
    }

    fn has_reason(&self) -> bool {
        self.reason.as_deref().is_some_and(|reason| !reason.trim().is_empty())
    }

    // A tool whose comments have no room for a reason cannot be asked for one; a mandatory policy always does.
    fn lacks_reason(&self, strictness: &Strictness) -> bool {
        strictness.require_reason && self.by != SuppressedBy::ForeignComment && !self.has_reason()
    }

    fn holds(&self, strictness: &Strictness, enforcement: Enforcement) -> bool {
        let explained = !self.lacks_reason(strictness) && (enforcement != Enforcement::Mandatory || self.has_reason());
        self.fault.is_none() && !self.has_ended(strictness.now) && explained
    }
}

/// Makes errors of silenced findings warnings: they never fail a run.
pub fn quieten(finding: &mut Finding) {
    if finding.verdict == Verdict::Fail {
        finding.level = finding.level.min(Level::Warning);
    }
}
