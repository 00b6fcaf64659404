//! Comments that silence findings, and what they stand at (`spec/config.md` 2).
//!
//! Ours are `# planfit:ignore ID[, ID] reason="…" until="YYYY-MM-DD"`, above a block or attribute or at the end of its
//! line; those of checkov, trivy and tflint are read where somebody asks for them. A text that mentions none of them costs
//! one search. Nothing is decided here: what the ids mean, and whether the comment holds, is up to `suppress.rs`. Start
//! at [`find`].

use std::ops::Range;
use std::sync::Arc;

use super::extent::{Extent, extents};
use super::hcl;
pub use directive::{Directive, Tool};

mod directive;

/// Comments of one file that are read. A file that has so many is to be told about; what comes behind silences nothing.
pub const MAX_COMMENTS: usize = 10_000;

/// A comment that silences findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// What it says.
    pub directive: Directive,
    /// Where it says so.
    pub range: Range<usize>,
    /// What it stands at; none if there is nothing.
    pub target: Option<Target>,
}

/// The block or attribute that a comment stands at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// From its name to its end.
    pub range: Range<usize>,
    /// Whether it is a block.
    pub is_block: bool,
    /// Where the top-level block begins that it stands in, or that it is.
    pub top: usize,
    /// The kind of that block.
    pub kind: Arc<str>,
}

/// The comments of a text that silence findings, in order.
#[must_use]
pub fn find(text: &str, foreign: bool) -> Vec<Comment> {
    let tools = Tool::ALL.into_iter().filter(|tool| foreign || *tool == Tool::Planfit);
    if !tools.clone().any(|tool| text.contains(tool.marker())) {
        return Vec::new();
    }
    // What a comment stands at in a text that is no HCL is not known; the text itself is told.
    let Some(extents) = extents(text) else { return Vec::new() };
    let comments = hcl::comments(text);
    let mut places = Places::new(text, &comments, &extents);
    let mut found = Vec::new();
    for (number, range) in comments.iter().enumerate() {
        for (line, range) in lines(text, range) {
            let Some(directive) = tools.clone().find_map(|tool| directive::parse(tool, line)) else { continue };
            if found.len() == MAX_COMMENTS {
                return found;
            }
            let target = places.target(number, directive.tool);
            found.push(Comment { directive, range, target });
        }
    }
    found
}

// The lines of a comment without what makes it one.
fn lines<'t>(text: &'t str, comment: &Range<usize>) -> Vec<(&'t str, Range<usize>)> {
    let whole = text.get(comment.clone()).unwrap_or_default();
    let Some(inner) = whole.strip_prefix("/*") else {
        let line = whole.strip_prefix("//").or_else(|| whole.strip_prefix('#')).unwrap_or(whole);
        return vec![(line, comment.start..comment.start + whole.trim_end().len())];
    };
    let inner = inner.strip_suffix("*/").unwrap_or(inner);
    let mut at = comment.start + 2;
    let mut lines = Vec::new();
    for line in inner.split_inclusive('\n') {
        let start = at + (line.len() - line.trim_start().len());
        lines.push((line.trim_start().trim_start_matches('*'), start..at + line.trim_end().len()));
        at += line.len();
    }
    lines
}

/// Finds what comments stand at, in one walk over the file.
struct Places<'t> {
    text: &'t str,
    comments: &'t [Range<usize>],
    extents: &'t [Extent],
    next: usize,
    open: Vec<&'t Extent>,
    closed: Option<&'t Extent>,
}

impl<'t> Places<'t> {
    fn new(text: &'t str, comments: &'t [Range<usize>], extents: &'t [Extent]) -> Self {
        Self { text, comments, extents, next: 0, open: Vec::new(), closed: None }
    }

    // Comments are asked for in their order.
    fn target(&mut self, number: usize, tool: Tool) -> Option<Target> {
        let comment = self.comments.get(number)?.clone();
        self.advance(comment.start);
        // checkov reads a comment anywhere in a block as one about the block.
        let outermost = self.open.first().copied().filter(|extent| tool == Tool::Checkov && extent.is_block);
        let line_start = self.text.get(..comment.start)?.rfind('\n').map_or(0, |at| at + 1);
        let is_first = self.text.get(line_start..comment.start)?.trim().is_empty();
        let beside = || {
            let begins = self.from(line_start).filter(|extent| extent.range.start < comment.start);
            begins.or_else(|| self.closed.filter(|extent| extent.range.end > line_start))
        };
        let behind = || {
            let start = self.code_behind(number)?;
            self.from(start).filter(|extent| extent.range.start == start)
        };
        let found = outermost.or_else(|| if is_first { behind() } else { beside() });
        // In the middle of a long value it is about the attribute.
        let around = || self.open.last().copied().filter(|extent| !extent.is_block);
        found.or_else(around).map(|extent| Target {
            range: extent.range.clone(),
            is_block: extent.is_block,
            top: extent.top,
            kind: extent.kind.clone(),
        })
    }

    fn advance(&mut self, at: usize) {
        while let Some(extent) = self.extents.get(self.next).filter(|extent| extent.range.start <= at) {
            self.close(extent.range.start);
            self.open.push(extent);
            self.next += 1;
        }
        self.close(at);
    }

    fn close(&mut self, at: usize) {
        while let Some(extent) = self.open.pop_if(|extent| extent.range.end <= at) {
            self.closed = Some(extent);
        }
    }

    // The first block or attribute that begins at a place or behind it.
    fn from(&self, start: usize) -> Option<&'t Extent> {
        self.extents.get(self.extents.partition_point(|extent| extent.range.start < start))
    }

    // Where code goes on behind a comment: on the same line or the next one; more comments may stand between.
    fn code_behind(&self, number: usize) -> Option<usize> {
        let mut at = self.comments.get(number)?.end;
        let mut next = number + 1;
        loop {
            let rest = self.text.get(at..)?;
            let blank = rest.len() - rest.trim_start().len();
            if rest.get(..blank)?.matches('\n').count() > 1 {
                return None;
            }
            at += blank;
            match self.comments.get(next).filter(|comment| comment.start == at) {
                Some(comment) => (at, next) = (comment.end, next + 1),
                None => return Some(at),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets(text: &str) -> Vec<String> {
        let start = |target: &Target| text.get(target.range.clone()).unwrap().lines().next().unwrap().to_owned();
        let found = find(text, true);
        found.iter().map(|comment| comment.target.as_ref().map_or_else(|| "nothing".to_owned(), start)).collect()
    }

    #[test]
    fn a_comment_stands_at_what_comes_next_or_stands_before_it() {
        let table = [
            ("# planfit:ignore p\na = 1\n", &["a = 1"][..]),
            ("// planfit:ignore p\r\na = 1\r\n", &["a = 1"]),
            ("/* planfit:ignore p */ a = 1\n", &["a = 1"]),
            ("/* planfit:ignore p\n * planfit:ignore q\n */\na = 1\n", &["a = 1", "a = 1"]),
            ("# planfit:ignore p\n# words\n  # planfit:ignore q\na = 1\n", &["a = 1", "a = 1"]),
            ("# planfit:ignore p\n\na = 1\n", &["nothing"]),
            ("a = 1 # planfit:ignore p\nb = 2\n", &["a = 1"]),
            ("x \"y\" { # planfit:ignore p\n  a = 1\n}\n", &["x \"y\" { # planfit:ignore p"]),
            ("x \"y\" {\n  a = 1\n} # planfit:ignore p\n", &["x \"y\" {"]),
            (
                "x {\n  a = [\n    1, # planfit:ignore p\n    # planfit:ignore q\n    2\n  ] # planfit:ignore r\n}\n",
                &["a = ["; 3],
            ),
            ("x {\n  y {\n    # planfit:ignore p\n    z = 1\n  }\n}\n", &["z = 1"]),
            ("x {\n  # checkov:skip=CKV_1:words\n  a = 1\n}\n", &["x {"]),
            ("x {\n  # planfit:ignore p\n}\n", &["nothing"]),
            ("a = 1\n# planfit:ignore p", &["nothing"]),
        ];
        for (text, expected) in table {
            assert_eq!(targets(text), expected, "{text}");
        }
    }

    #[test]
    fn texts_are_no_comments() {
        let text = "a = \"# planfit:ignore p\"\nb = <<E\n# planfit:ignore p\nE\nc = \"${1 /* planfit:ignore q */}\"\n";
        assert_eq!(targets(text), ["c = \"${1 /* planfit:ignore q */}\""]);
        assert!(find("# see planfit:ignore in the manual\na = 1\n", true).is_empty());
    }
}
