//! Parses HCL text with spans.
//!
//! A thin border around `hcl-edit`: every other module gets its syntax trees from [`parse`] and its places from
//! [`span_of`].

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, BlockLabel, Body};
use hcl_edit::template::Template;

use super::{FileId, Span};

mod scan;

pub(super) use scan::comments;
pub use scan::{Outline, outline};

/// A text that is no HCL: what the parser says, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What was expected.
    pub message: String,
    /// Byte offset.
    pub offset: usize,
    /// The name that was defined before: where it is and where it was.
    pub redefined: Option<(Range<usize>, Range<usize>)>,
}

/// Pairs of keys of object literals. The parser compares each key of an object with every other; these take a second.
const MAX_PAIRS: usize = 16_000 * 16_000;

/// Largest HCL file that is read, in bytes (`spec/config.md` 2, `max_file_size`).
pub const MAX_FILE_SIZE: usize = 16 << 20;

/// Parses a whole file.
///
/// # Errors
///
/// The first syntax error; the parser does not recover.
pub fn parse(text: &str) -> Result<Body, SyntaxError> {
    check_size(text)?;
    let mut read = hcl_edit::parser::parse_body(text);
    let mut patched = Cow::Borrowed(text);
    // The parser refuses some line breaks inside of brackets that Terraform takes; without them it says where the true
    // error is, too. And it has no room for large numbers.
    for patch in [scan::joined, scan::with_small_numbers] {
        if read.is_err()
            && let Some(other) = patch(&patched)
        {
            read = hcl_edit::parser::parse_body(&other);
            patched = Cow::Owned(other);
        }
    }
    // It also refuses two equal keys of an object, of which in Terraform the last one counts.
    if read.as_ref().is_err_and(|error| redefined(error, "object key").is_some())
        && let Some(unique) = scan::without_repeated(&patched)
    {
        read = hcl_edit::parser::parse_body(&unique);
    }
    read.map_err(|error| syntax_error(text, &error))
}

fn redefined(error: &hcl_edit::parser::Error, what: &str) -> Option<usize> {
    error.message().contains(&format!("redefined {what}")).then(|| error.location().offset())
}

/// Parses one expression.
///
/// # Errors
///
/// The first syntax error.
pub fn parse_expression(text: &str) -> Result<Expression, SyntaxError> {
    check_size(text)?;
    let mut read = hcl_edit::parser::parse_expr(text);
    if read.is_err()
        && let Some(small) = scan::with_small_numbers(text)
    {
        read = hcl_edit::parser::parse_expr(&small);
    }
    read.map_err(|error| syntax_error(text, &error))
}

/// Parses a template that stands alone: texts with `${ … }` and `%{ … }`, without quotes and escapes.
///
/// # Errors
///
/// The first syntax error.
pub fn parse_template(text: &str) -> Result<Template, SyntaxError> {
    check_size(text)?;
    let mut read = hcl_edit::parser::parse_template(text);
    if read.is_err()
        && let Some(small) = scan::with_small_numbers_inside(text)
    {
        read = hcl_edit::parser::parse_template(&small);
    }
    read.map_err(|error| syntax_error(text, &error))
}

fn check_size(text: &str) -> Result<(), SyntaxError> {
    if text.len() > MAX_FILE_SIZE {
        let message = format!("the file is larger than {} MiB", MAX_FILE_SIZE >> 20);
        return Err(SyntaxError { message, offset: 0, redefined: None });
    }
    match scan::crowded(text, MAX_PAIRS) {
        Some(offset) => {
            let message = "the objects of this file have too many keys; 16,000 in one object are the most".to_owned();
            Err(SyntaxError { message, offset, redefined: None })
        }
        None => Ok(()),
    }
}

fn syntax_error(text: &str, error: &hcl_edit::parser::Error) -> SyntaxError {
    let offset = error.location().offset().min(text.len());
    let redefined = redefined(error, "attribute").and_then(|offset| scan::first_definition(text, offset));
    let redefined = redefined.map(|found| (found.again, found.first));
    SyntaxError { message: error.message().to_owned(), offset, redefined }
}

/// The text of a file as the parser takes it: a byte order mark becomes blanks, so that offsets stay.
#[must_use]
pub fn clean(text: String) -> Arc<str> {
    match text.strip_prefix('\u{feff}') {
        Some(rest) => Arc::from(format!("   {rest}")),
        None => Arc::from(text),
    }
}

/// The place of a node. A node without a span (none comes from the parser) is the start of the file.
#[must_use]
pub fn span_of(file: FileId, range: Option<Range<usize>>) -> Span {
    let range = range.unwrap_or_default();
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span { file, start: offset(range.start), end: offset(range.end) }
}

/// The place of a block's header: from its name to its last label.
#[must_use]
pub fn header_span(file: FileId, block: &Block) -> Span {
    use hcl_edit::Span as _;
    let start = block.ident.span();
    let end = match block.labels.last() {
        Some(BlockLabel::Ident(ident)) => ident.span(),
        Some(BlockLabel::String(string)) => string.span(),
        None => None,
    };
    let range = start.map(|start| start.start..end.map_or(start.end, |end| end.end));
    span_of(file, range)
}
