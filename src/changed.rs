//! What a change touches: the lines that git says are new, and the objects that a plan changes.
//!
//! [`Diff`] reads the output of `git diff --unified=0` line by line; [`Changed::touches`] says whether a finding lies in
//! the change (`spec/ci-integration.md` 10.6). Nothing here starts git; `io/git.rs` does.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::finding::Finding;
use crate::source::extent::{Extent, extents};
use crate::source::{FileId, SourceMap, Span};

/// What changed in the files of a repository, by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    files: BTreeMap<String, Lines>,
}

/// What changed in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Lines {
    /// The whole file is new.
    is_new: bool,
    /// First and last lines of what was added, from 1, in order.
    added: Vec<(usize, usize)>,
    /// The lines behind which something was taken out; 0 is the start.
    removed: Vec<usize>,
}

/// Reads a difference, one line at a time.
#[derive(Debug, Default)]
pub struct Diff {
    changed: Changed,
    path: Option<String>,
    /// Lines of a hunk that are still to come: old ones and new ones.
    left: (usize, usize),
}

impl Diff {
    /// Takes the next line, without its line break. Only the beginning of a long one is needed.
    pub fn line(&mut self, line: &[u8]) {
        if self.left != (0, 0) {
            return self.inside(line);
        }
        if let Some(name) = line.strip_prefix(b"+++ ") {
            self.path = path(name);
        } else if line.starts_with(b"diff --git ") {
            self.path = None;
        } else if let Some(hunk) = line.strip_prefix(b"@@ ").and_then(hunk) {
            self.hunk(&hunk);
        }
    }

    // What is in a hunk is text, whatever it looks like.
    fn inside(&mut self, line: &[u8]) {
        let (old, new) = &mut self.left;
        match line.first() {
            Some(b'-') => *old = old.saturating_sub(1),
            Some(b'+') => *new = new.saturating_sub(1),
            Some(b'\\') => {}
            _ => (*old, *new) = (old.saturating_sub(1), new.saturating_sub(1)),
        }
    }

    fn hunk(&mut self, hunk: &Hunk) {
        self.left = (hunk.old, hunk.new);
        let Some(path) = &self.path else { return };
        let lines = self.changed.files.entry(path.clone()).or_default();
        if hunk.new > 0 {
            lines.added.push((hunk.start, hunk.start.saturating_add(hunk.new - 1)));
        }
        if hunk.old > 0 {
            lines.removed.push(if hunk.new == 0 { hunk.start } else { hunk.start.saturating_sub(1) });
        }
    }

    /// What the lines said.
    #[must_use]
    pub fn finish(self) -> Changed {
        self.changed
    }
}

/// `@@ -A,OLD +START,NEW @@`
struct Hunk {
    old: usize,
    start: usize,
    new: usize,
}

fn hunk(text: &[u8]) -> Option<Hunk> {
    let text = std::str::from_utf8(text.get(..text.len().min(100))?).unwrap_or_default();
    let mut parts = text.split(' ');
    let (old, new) = (parts.next()?.strip_prefix('-')?, parts.next()?.strip_prefix('+')?);
    let count = |range: &str| range.split_once(',').map_or(Some(1), |(_, count)| count.parse().ok());
    Some(Hunk { old: count(old)?, start: new.split(',').next()?.parse().ok()?, new: count(new)? })
}

// `b/NAME`, in quotes if there are strange characters in it; none for `/dev/null`.
fn path(name: &[u8]) -> Option<String> {
    let name = name.strip_suffix(b"\t").unwrap_or(name);
    let name = match name.strip_prefix(b"\"") {
        Some(quoted) => unquoted(quoted.strip_suffix(b"\"")?),
        None => name.to_vec(),
    };
    String::from_utf8(name).ok()?.strip_prefix("b/").map(str::to_owned)
}

// Quotes as in C: `\n`, `\"`, `\303`.
fn unquoted(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        if *first != b'\\' {
            bytes.push(*first);
            continue;
        }
        let Some((escape, behind)) = rest.split_first() else { break };
        let octal = rest.get(..3).and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok());
        match (octal, escape) {
            (Some(byte), b'0'..=b'3') => {
                bytes.push(byte);
                rest = rest.get(3..).unwrap_or_default();
                continue;
            }
            (_, b'n') => bytes.push(b'\n'),
            (_, b't') => bytes.push(b'\t'),
            (_, b'r') => bytes.push(b'\r'),
            (_, b'a') => bytes.push(7),
            (_, b'b') => bytes.push(8),
            (_, b'f') => bytes.push(12),
            (_, b'v') => bytes.push(11),
            (_, other) => bytes.push(*other),
        }
        rest = behind;
    }
    bytes
}

impl Changed {
    /// Says that a file is new as a whole.
    pub fn add_new(&mut self, path: String) {
        self.files.entry(path).or_default().is_new = true;
    }

    /// The same with other paths.
    #[must_use]
    pub fn rebased(self, rebase: impl Fn(&str) -> String) -> Self {
        Self { files: self.files.into_iter().map(|(path, lines)| (rebase(&path), lines)).collect() }
    }

    /// Adds what changed elsewhere.
    pub fn extend(&mut self, other: Self) {
        self.files.extend(other.files);
    }

    /// The directories with a file that is new or has new or missing lines; the root of the repository is empty.
    #[must_use]
    pub fn directories(&self) -> BTreeSet<&str> {
        self.files.keys().map(|path| path.rsplit_once('/').map_or("", |(directory, _)| directory)).collect()
    }

    /// Whether a finding lies in the change, by the lines of its places. A call of a module that changes may change
    /// anything inside of it.
    #[must_use]
    pub fn touches(&self, finding: &Finding, sources: &SourceMap, reach: &mut Reach) -> bool {
        let related = finding.related.iter().map(|related| related.span);
        finding.location.into_iter().chain(related).any(|span| self.holds(span, sources, reach))
            || finding.enclosing.iter().any(|header| self.holds_call(*header, sources, reach))
    }

    fn holds_call(&self, header: Span, sources: &SourceMap, reach: &mut Reach) -> bool {
        let Some(lines) = self.files.get(&sources.from_root(sources.path(header))) else { return false };
        let Some(extent) = reach.of(header, sources).filter(Extent::is_call) else { return false };
        let end = u32::try_from(extent.range.end).unwrap_or(u32::MAX);
        let (start, end) = (sources.start(header).line, sources.line_column(header.file, end).line);
        lines.is_new || lines.adds(start, end) || lines.removes(start, end)
    }

    fn holds(&self, span: Span, sources: &SourceMap, reach: &mut Reach) -> bool {
        let Some(lines) = self.files.get(&sources.from_root(sources.path(span))) else { return false };
        if lines.is_new {
            return true;
        }
        let extent = reach.of(span, sources);
        let line = |offset: usize| sources.line_column(span.file, u32::try_from(offset).unwrap_or(u32::MAX)).line;
        let (start, end) = (sources.start(span).line, sources.end(span).line);
        match extent {
            // A long attribute: its place is the first line only.
            Some(extent) if !extent.is_block => lines.adds(start, line(extent.range.end)),
            // An argument that was taken out leaves no line, and what misses it is found at the block's header.
            Some(extent) => lines.adds(start, end) || lines.removes(start, line(extent.range.end)),
            None => lines.adds(start, end),
        }
    }
}

impl Lines {
    fn adds(&self, start: usize, end: usize) -> bool {
        let next = self.added.partition_point(|(_, last)| *last < start);
        self.added.get(next).is_some_and(|(first, _)| *first <= end)
    }

    // Between two lines of a block.
    fn removes(&self, start: usize, end: usize) -> bool {
        let next = self.removed.partition_point(|behind| *behind < start);
        self.removed.get(next).is_some_and(|behind| *behind < end)
    }
}

/// How far blocks and attributes reach, of the files that were asked for.
#[derive(Debug, Default)]
pub struct Reach {
    files: FxHashMap<FileId, Arc<[Extent]>>,
}

impl Reach {
    fn of(&mut self, span: Span, sources: &SourceMap) -> Option<Extent> {
        let file = sources.file(span.file)?;
        let extents = self.files.entry(span.file).or_insert_with(|| extents(file.text()).unwrap_or_default().into());
        let at = extents.partition_point(|extent| extent.range.start < span.start as usize);
        extents.get(at).filter(|extent| extent.range.start == span.start as usize).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(diff: &str) -> Changed {
        let mut reader = Diff::default();
        diff.lines().for_each(|line| reader.line(line.as_bytes()));
        reader.finish()
    }

    #[test]
    fn lines_of_a_hunk_are_no_headers() {
        let changed = read(
            "diff --git a/a.tf b/a.tf\n--- a/a.tf\n+++ b/a.tf\n@@ -1,2 +1,1 @@\n--- a\n--- b\n+++ b/other.tf\n@@ -9,0 +9,2 @@ x\n+1\n+2\n",
        );
        let lines = Lines { is_new: false, added: vec![(1, 1), (9, 10)], removed: vec![0] };
        assert_eq!(changed.files, BTreeMap::from([("a.tf".to_owned(), lines)]));
    }

    #[test]
    fn names_are_read_as_git_writes_them() {
        let table: [(&[u8], Option<&str>); 5] = [
            (b"b/a b.tf\t", Some("a b.tf")),
            (b"\"b/a\\\"\\tb\\303\\251.tf\"", Some("a\"\tb\u{e9}.tf")),
            (b"/dev/null", None),
            (b"\"b/open", None),
            (b"b/\xff", None),
        ];
        for (name, expected) in table {
            assert_eq!(path(name).as_deref(), expected);
        }
    }

    #[test]
    fn what_was_taken_out_lies_between_two_lines() {
        let lines = Lines { removed: vec![4], ..Lines::default() };
        assert!(lines.removes(1, 5) && lines.removes(4, 5));
        assert!(!lines.removes(1, 4) && !lines.removes(5, 9));
    }
}
