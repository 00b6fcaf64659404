//! JSON text as a tree in which everything knows its place. Start at [`read`].

use std::borrow::Cow;
use std::ops::Range;

use serde::de::IgnoredAny;

use crate::source::hcl::{MAX_FILE_SIZE, SyntaxError};
use crate::value::json::{MAX_DEPTH, Reader};

/// A value with its place.
#[derive(Debug)]
pub(super) struct Node<'t> {
    pub(super) range: Range<usize>,
    pub(super) json: Json<'t>,
}

#[derive(Debug)]
pub(super) enum Json<'t> {
    /// `null`, `true`, `false` or a number, as it is written.
    Scalar(&'t str),
    Text(Cow<'t, str>),
    List(Vec<Node<'t>>),
    Object(Vec<Member<'t>>),
}

/// A member of an object; its place is that of its name.
#[derive(Debug)]
pub(super) struct Member<'t> {
    pub(super) name: Cow<'t, str>,
    pub(super) range: Range<usize>,
    pub(super) value: Node<'t>,
}

/// Reads a whole text.
///
/// # Errors
///
/// Where it is no JSON, or nested deeper than 128 levels.
pub(super) fn read(text: &str) -> Result<Node<'_>, SyntaxError> {
    if text.len() > MAX_FILE_SIZE {
        let message = format!("the file is larger than {} MiB", MAX_FILE_SIZE >> 20);
        return Err(SyntaxError { message, offset: 0, redefined: None });
    }
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| syntax_error(text, &error))?;
    let mut reader = Reader::new(text);
    node(&mut reader, 0).ok_or_else(|| {
        let message = format!("nesting is deeper than {MAX_DEPTH} levels, or this is no JSON");
        SyntaxError { message, offset: reader.offset().min(text.len()), redefined: None }
    })
}

fn syntax_error(text: &str, error: &serde_json::Error) -> SyntaxError {
    let start: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let offset = (start + error.column().saturating_sub(1)).min(text.len());
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default().to_owned();
    SyntaxError { message: format!("this is no JSON: {message}"), offset, redefined: None }
}

// None is also what is nested too deep, as all that recurses over the tree relies on.
fn node<'t>(reader: &mut Reader<'t>, depth: usize) -> Option<Node<'t>> {
    if depth > MAX_DEPTH {
        return None;
    }
    let first = reader.peek()?;
    let start = reader.offset();
    let json = match first {
        b'{' => Json::Object(members(reader, depth)?),
        b'[' => Json::List(items(reader, depth)?),
        b'"' => Json::Text(reader.string().ok()?),
        _ => Json::Scalar(reader.scalar().ok()?),
    };
    Some(Node { range: start..reader.offset(), json })
}

fn members<'t>(reader: &mut Reader<'t>, depth: usize) -> Option<Vec<Member<'t>>> {
    let mut members = Vec::new();
    reader.expect(b'{').ok()?;
    while reader.peek()? != b'}' {
        let start = reader.offset();
        let name = reader.string().ok()?;
        let range = start..reader.offset();
        reader.expect(b':').ok()?;
        members.push(Member { name, range, value: node(reader, depth + 1)? });
        if reader.peek()? == b',' {
            reader.expect(b',').ok()?;
        }
    }
    reader.expect(b'}').ok()?;
    Some(members)
}

fn items<'t>(reader: &mut Reader<'t>, depth: usize) -> Option<Vec<Node<'t>>> {
    let mut items = Vec::new();
    reader.expect(b'[').ok()?;
    while reader.peek()? != b']' {
        items.push(node(reader, depth + 1)?);
        if reader.peek()? == b',' {
            reader.expect(b',').ok()?;
        }
    }
    reader.expect(b']').ok()?;
    Some(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_knows_its_place() {
        let text = "{ \"a\\n\": [1, \"b\"],\r\n \"c\": {} }";
        let Json::Object(members) = read(text).unwrap().json else { panic!("no object") };
        let at = |range: &Range<usize>| text.get(range.clone()).unwrap();
        let places: Vec<(&str, &str, &str)> =
            members.iter().map(|member| (&*member.name, at(&member.range), at(&member.value.range))).collect();
        assert_eq!(places, [("a\n", "\"a\\n\"", "[1, \"b\"]"), ("c", "\"c\"", "{}")]);
    }

    #[test]
    fn what_is_no_json_has_a_place() {
        for (text, offset) in [("", 0), ("{\n  \"a\": x\n}", 9), ("{\"a\": 1,}", 8), ("[1", 1), ("{} {}", 3)] {
            let error = read(text).unwrap_err();
            assert!(error.offset.abs_diff(offset) <= 1, "{text}: {error:?}");
        }
        assert!(read(&format!("{}{}", "[".repeat(5000), "]".repeat(5000))).is_err());
    }
}
