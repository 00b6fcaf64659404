//! Source text and places in it.
//!
//! A [`SourceMap`] owns every text that a finding may point into (HCL of the configuration, policy files) and turns
//! byte offsets into lines and columns. A [`Span`] is a place: a file and a byte range, cheap to copy. Nothing here
//! reads files; `io.rs` does. Start at [`SourceMap::add`] and [`SourceMap::line_column`].

use std::sync::{Arc, OnceLock};

pub mod comments;
pub mod extent;
pub mod hcl;

/// A file of a [`SourceMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// A byte range of one file; `start <= end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// A second place that belongs to a finding, a remark or a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub span: Span,
    /// What is there.
    pub message: String,
}

/// A position as people count: both from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// One text with its path.
#[derive(Debug)]
pub struct SourceFile {
    path: String,
    is_built_in: bool,
    text: Arc<str>,
    line_starts: OnceLock<Vec<u32>>,
}

/// All texts of a run.
#[derive(Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
    base: String,
}

impl SourceMap {
    /// Adds a text. `path` is what reports print: `/`-separated, relative to the report's base.
    ///
    /// Offsets are 32-bit: callers refuse larger files before (the cap on HCL files is 16 MiB).
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        self.push(path.into(), text.into(), false)
    }

    /// Adds a text that is part of planfit: its path is below nothing that a reader has.
    pub fn add_built_in(&mut self, path: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        self.push(path.into(), text.into(), true)
    }

    fn push(&mut self, path: String, text: Arc<str>, is_built_in: bool) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(SourceFile { path, is_built_in, text, line_starts: OnceLock::new() });
        id
    }

    /// The number of texts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The file's text and path; `None` for an id of another map.
    #[must_use]
    pub fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// Says what the paths of the files are relative to: a directory below the git root, empty for the root itself.
    pub fn set_base(&mut self, base: impl Into<String>) {
        self.base = base.into();
    }

    /// A path of these files, relative to the git root: the same wherever a run starts and whatever reports print.
    #[must_use]
    pub fn from_root(&self, path: &str) -> String {
        let mut steps: Vec<&str> = Vec::new();
        for step in self.base.split('/').chain(path.split('/')) {
            match step {
                "" | "." => {}
                ".." if steps.last().is_some_and(|last| *last != "..") => {
                    steps.pop();
                }
                step => steps.push(step),
            }
        }
        steps.join("/")
    }

    /// A path of these files, seen from a directory below the git root (empty for the root itself).
    #[must_use]
    pub fn seen_from(&self, directory: &str, path: &str) -> String {
        let from_root = self.from_root(path);
        let directory: Vec<&str> = directory.split('/').filter(|step| !step.is_empty()).collect();
        let steps: Vec<&str> = from_root.split('/').collect();
        let shared = directory.iter().zip(&steps).take_while(|(one, other)| one == other).count();
        let up = directory.iter().skip(shared).map(|_| "..");
        up.chain(steps.iter().skip(shared).copied()).collect::<Vec<_>>().join("/")
    }

    /// The path that reports print for a span's file.
    #[must_use]
    pub fn path(&self, span: Span) -> &str {
        self.file(span.file).map_or("", |file| &file.path)
    }

    /// Where the span starts.
    #[must_use]
    pub fn start(&self, span: Span) -> LineColumn {
        self.line_column(span.file, span.start)
    }

    /// Where the span ends (exclusive).
    #[must_use]
    pub fn end(&self, span: Span) -> LineColumn {
        self.line_column(span.file, span.end)
    }

    /// Line and column of a byte offset; an offset past the end is the end.
    #[must_use]
    pub fn line_column(&self, file: FileId, offset: u32) -> LineColumn {
        self.file(file).map_or(LineColumn { line: 1, column: 1 }, |file| file.line_column(offset))
    }
}

impl SourceFile {
    /// The path that reports print.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether it is part of planfit, and its path is below nothing that a reader has.
    #[must_use]
    pub fn is_built_in(&self) -> bool {
        self.is_built_in
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// A line without its line break, from 1; `None` past the end.
    #[must_use]
    pub fn line(&self, line: usize) -> Option<&str> {
        let starts = self.line_starts();
        let start = *starts.get(line.checked_sub(1)?)? as usize;
        let end = starts.get(line).map_or(self.text.len(), |next| *next as usize);
        Some(self.text.get(start..end)?.trim_end_matches(['\n', '\r']))
    }

    /// The byte offset at which a line starts, from 1; `None` past the end.
    #[must_use]
    pub fn line_start(&self, line: usize) -> Option<u32> {
        self.line_starts().get(line.checked_sub(1)?).copied()
    }

    /// Line and column of a byte offset; an offset past the end is the end.
    #[must_use]
    pub fn line_column(&self, offset: u32) -> LineColumn {
        let (line, start, end) = self.line_of(offset);
        let column = self.text.get(start..end).map_or(1, |before| before.chars().count() + 1);
        LineColumn { line, column }
    }

    /// The same with the column in bytes of UTF-8, from 1.
    #[must_use]
    pub fn line_byte(&self, offset: u32) -> LineColumn {
        let (line, start, end) = self.line_of(offset);
        LineColumn { line, column: end.saturating_sub(start) + 1 }
    }

    // The line, where it starts, and the offset within the text.
    fn line_of(&self, offset: u32) -> (usize, usize, usize) {
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start <= offset).max(1);
        let start = starts.get(line - 1).map_or(0, |start| *start as usize);
        (line, start, (offset as usize).min(self.text.len()))
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(breaks.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX))).collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_the_root_are_the_same_from_each_base() {
        let mut map = SourceMap::default();
        assert_eq!((&*map.from_root("infra/a.tf"), &*map.from_root("."), &*map.from_root("")), ("infra/a.tf", "", ""));
        map.set_base("infra/prd");
        let table =
            [("a.tf", "infra/prd/a.tf"), ("../../m/a.tf", "m/a.tf"), (".", "infra/prd"), ("../../../x", "../x")];
        for (path, expected) in table {
            assert_eq!(map.from_root(path), expected);
        }
    }

    #[test]
    fn paths_are_seen_from_a_directory() {
        let mut map = SourceMap::default();
        let table = [
            ("", "infra/a.tf", "infra/a.tf"),
            ("infra", "infra/a.tf", "a.tf"),
            ("infra/prd", "infra/a.tf", "../a.tf"),
            ("infra/prd", "modules/m/a.tf", "../../modules/m/a.tf"),
            ("infra", "../x/a.tf", "../../x/a.tf"),
            ("inf", "infra/a.tf", "../infra/a.tf"),
        ];
        for (directory, path, seen) in table {
            assert_eq!(map.seen_from(directory, path), seen);
        }
        map.set_base("infra/prd");
        assert_eq!(map.seen_from("infra", "a.tf"), "prd/a.tf");
        assert_eq!(map.seen_from("infra/prd", "../a.tf"), "../a.tf");
    }

    #[test]
    fn columns_count_characters_and_lines_survive_crlf() {
        let mut map = SourceMap::default();
        let file = map.add("a.tf", "é = 1\r\nb = 2\n");
        assert_eq!(map.line_column(file, 3), LineColumn { line: 1, column: 3 });
        assert_eq!(map.line_column(file, 8), LineColumn { line: 2, column: 1 });
        assert_eq!(map.file(file).map(|file| file.line_byte(3)), Some(LineColumn { line: 1, column: 4 }));
        let file = map.file(file).unwrap();
        assert_eq!(file.line(1), Some("é = 1"));
        assert_eq!(file.line(2), Some("b = 2"));
        assert_eq!(file.line_column(99), LineColumn { line: 3, column: 1 });
    }
}
