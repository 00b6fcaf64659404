//! The part of a source file that is shown with a finding, cut to size before miette sees it.
//!
//! miette counts columns in bytes, prints lines at full length, panics at column 65,536, and its own sources are
//! scanned from their start for each label. So [`Excerpt`] holds three lines at most, clipped around the span and
//! made visible, and answers with the line and column of the whole file. The cost is the same for any file.

use std::fmt;

use miette::{
    Diagnostic, LabeledSpan, MietteError, MietteSpanContents, Severity, SourceCode, SourceOffset, SourceSpan,
    SpanContents,
};

use super::text::columns;
use crate::finding::Level;
use crate::report::sanitise;
use crate::source::{SourceFile, SourceMap, Span};

/// What miette puts around a line's number.
const GUTTER: usize = 4;

/// A line may be cut on both sides.
const ELLIPSES: usize = 2;

/// A sentence with a place: what miette draws.
#[derive(Debug)]
pub(super) struct Card {
    /// Decides sign and colour.
    pub(super) level: Level,
    /// Sanitised and filled.
    pub(super) message: String,
    /// The lines in question.
    pub(super) excerpt: Option<Excerpt>,
}

/// Whether the lines above and below the span are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Neighbours {
    /// One each, unless blank.
    Shown,
    /// Only the span's line.
    Hidden,
}

/// A few lines of one file with one of them marked.
#[derive(Debug)]
pub(super) struct Excerpt {
    path: String,
    /// Line and column of the span in the file, from 1.
    line: usize,
    column: usize,
    /// Number of the text's first line, from 1.
    first: usize,
    text: String,
    /// What is underlined, in `text`.
    marked: SourceSpan,
}

impl Excerpt {
    /// The lines around a span; of a span of several lines the first is marked. `None` for a span of another map.
    pub(super) fn new(sources: &SourceMap, span: Span, neighbours: Neighbours, width: usize) -> Option<Self> {
        let file = sources.file(span.file)?;
        let at = file.line_column(span.start);
        let line = file.line(at.line)?;
        let last = at.line + usize::from(neighbours == Neighbours::Shown);
        let room = width.saturating_sub(GUTTER + last.to_string().len()).max(20);

        let above = neighbour(file, at.line - 1, neighbours);
        let below = neighbour(file, at.line + 1, neighbours);
        let mut text = String::new();
        push_neighbour(&mut text, above, room);
        let marked = push_marked(&mut text, &Pieces::new(line, file.line_start(at.line)?, span), room);
        push_neighbour(&mut text, below, room);
        let first = at.line - usize::from(above.is_some());
        Some(Self {
            path: sanitise::line(file.path()).into_owned(),
            line: at.line,
            column: at.column,
            first,
            text,
            marked,
        })
    }
}

/// A line, cut where the span starts and ends.
struct Pieces<'a> {
    before: &'a str,
    marked: &'a str,
    after: &'a str,
}

impl<'a> Pieces<'a> {
    fn new(line: &'a str, line_start: u32, span: Span) -> Self {
        let start = span.start.saturating_sub(line_start) as usize;
        let length = span.end.saturating_sub(span.start) as usize;
        let (before, rest) = line.split_at_checked(start).unwrap_or((line, ""));
        let (marked, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        Self { before, marked, after }
    }

    fn chars(&self) -> impl Iterator<Item = char> {
        self.before.chars().chain(self.marked.chars()).chain(self.after.chars())
    }
}

fn neighbour(file: &SourceFile, number: usize, neighbours: Neighbours) -> Option<&str> {
    file.line(number).filter(|line| neighbours == Neighbours::Shown && !line.trim().is_empty())
}

fn push_neighbour(text: &mut String, line: Option<&str>, room: usize) {
    if let Some(line) = line {
        push_marked(text, &Pieces { before: "", marked: "", after: line }, room);
    }
}

// Appends the line, at most `room` columns of it, and gives the place of the marked piece.
fn push_marked(text: &mut String, pieces: &Pieces<'_>, room: usize) -> SourceSpan {
    let window = Window::new(pieces, room);
    let (hidden, before) = split(pieces.before, pieces.before.len() - window.before);
    let (marked, _) = split(pieces.marked, window.after);
    let (after, rest) = split(pieces.after, window.after - marked.len());

    text.push_str(if hidden.is_empty() { "" } else { "…" });
    text.push_str(&sanitise::line(before));
    let start = text.len();
    text.push_str(&sanitise::line(marked));
    let length = text.len() - start;
    text.push_str(&sanitise::line(after));
    text.push_str(if rest.is_empty() && marked.len() == pieces.marked.len() { "\n" } else { "…\n" });
    SourceSpan::new(SourceOffset::from(start), length)
}

fn split(text: &str, at: usize) -> (&str, &str) {
    text.split_at_checked(at.min(text.len())).unwrap_or((text, ""))
}

/// How many bytes are shown before the marked piece, and from its start on.
struct Window {
    before: usize,
    after: usize,
}

impl Window {
    // A third of the room before the span, the rest from its start on; what one side does not need, the other gets.
    fn new(pieces: &Pieces<'_>, room: usize) -> Self {
        let whole = Self { before: pieces.before.len(), after: pieces.marked.len() + pieces.after.len() };
        if fit(pieces.chars(), room).bytes == whole.before + whole.after {
            return whole;
        }
        let room = room - ELLIPSES;
        let onwards = || pieces.marked.chars().chain(pieces.after.chars());
        let needed = fit(onwards(), room).columns;
        let before = fit(pieces.before.chars().rev(), room - needed.min(room * 2 / 3));
        Self { before: before.bytes, after: fit(onwards(), room - before.columns).bytes }
    }
}

struct Fit {
    bytes: usize,
    columns: usize,
}

// How much of the text fits, never looking further than that: lines can be megabytes long.
fn fit(text: impl Iterator<Item = char>, room: usize) -> Fit {
    let mut fit = Fit { bytes: 0, columns: 0 };
    for ch in text {
        let wide = if sanitise::is_hidden(ch) { ch.escape_unicode().count() } else { columns(ch) };
        if fit.columns + wide > room {
            break;
        }
        fit.columns += wide;
        fit.bytes += ch.len_utf8();
    }
    fit
}

impl SourceCode for Excerpt {
    // miette asks with context for the lines to draw, and without for the place to print above them.
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        above: usize,
        below: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (line, column) = if above + below == 0 { (self.line, self.column) } else { (self.first, 1) };
        let whole = SourceSpan::new(SourceOffset::from(0), self.text.len());
        let lines = self.text.lines().count();
        let (path, data) = (self.path.clone(), self.text.as_bytes());
        Ok(Box::new(MietteSpanContents::new_named(path, data, whole, line - 1, column - 1, lines)))
    }
}

impl fmt::Display for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Card {}

impl Diagnostic for Card {
    fn severity(&self) -> Option<Severity> {
        Some(match self.level {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Notice => Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as &dyn SourceCode)
    }

    // No text on the label: the sentence stands two lines above.
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let marked = self.excerpt.as_ref()?.marked;
        Some(Box::new(std::iter::once(LabeledSpan::new_primary_with_span(None, marked))))
    }
}
