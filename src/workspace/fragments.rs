//! Opens JSON of which some parts are not known yet: a text written with `${…}` inside of its strings.
//!
//! Each unknown part is replaced by a mark that no text has, the JSON is opened, and the marks become unknown parts
//! again. So a name inside of a document keeps its place in it, as with `jsonencode`.

use std::sync::Arc;

use crate::value::unknown::Part;
use crate::value::{Unknown, Value, json};

/// Stands before and behind the number of an unknown part: noncharacters, which JSON takes as they are.
const OPEN: char = '\u{fdd1}';
const CLOSE: char = '\u{fdd2}';

/// The value of a JSON text; `None` if it is no JSON, or if a part is unknown that is more than a piece of a string.
pub(super) fn open(parts: &[Part]) -> Option<Value> {
    let mut text = String::new();
    for (number, part) in parts.iter().enumerate() {
        match part {
            Part::Text(known) if known.contains([OPEN, CLOSE]) => return None,
            Part::Text(known) => text.push_str(known),
            Part::Symbol(_) | Part::Any(_) => text.extend([OPEN.to_string(), number.to_string(), CLOSE.to_string()]),
        }
    }
    Some(filled(&json::open(&text).ok()?, parts))
}

// The nesting is bounded by what `json::open` takes.
fn filled(value: &Value, parts: &[Part]) -> Value {
    match value {
        Value::String(text) if text.contains(OPEN) => string(text, parts),
        Value::List(items) => Value::list(items.iter().map(|item| filled(item, parts)).collect()),
        Value::Object(object) => {
            Value::object(object.iter().map(|(name, inner)| (name.clone(), filled(inner, parts))).collect())
        }
        other => other.clone(),
    }
}

fn string(text: &str, parts: &[Part]) -> Value {
    let mut pieces = Vec::new();
    for piece in text.split(CLOSE) {
        let (known, number) = piece.split_once(OPEN).unwrap_or((piece, ""));
        if !known.is_empty() {
            pieces.push(Part::Text(Arc::from(known)));
        }
        pieces.extend(number.parse::<usize>().ok().and_then(|number| parts.get(number)).cloned());
    }
    Value::Unknown(Arc::new(match pieces.as_slice() {
        [Part::Symbol(symbol)] => Unknown::Symbol(symbol.clone()),
        [Part::Any(cause)] => Unknown::Opaque(cause.clone()),
        _ => Unknown::Template(Arc::from(pieces)),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Path, Symbol};

    #[test]
    fn an_unknown_part_keeps_its_place() {
        let symbol = Symbol { object: 7, path: Path::attribute("name") };
        let around = |before: &str, behind: &str| {
            open(&[Part::Text(before.into()), Part::Symbol(symbol.clone()), Part::Text(behind.into())])
        };
        let Some(Value::Object(object)) = around(r#"{"image": "x", "group": ""#, r#""}"#) else { panic!("no object") };
        assert_eq!(object.get("image").and_then(Value::as_str), Some("x"));
        let group = object.get("group").and_then(Value::as_unknown).map(|unknown| &**unknown);
        assert!(matches!(group, Some(Unknown::Symbol(found)) if *found == symbol));
        let Some(Value::List(items)) = around(r#"["a-"#, r#":1"]"#) else { panic!("no list") };
        let Some(Unknown::Template(parts)) = items.first().and_then(Value::as_unknown).map(|unknown| &**unknown) else {
            panic!("no template")
        };
        assert!(matches!(&**parts, [Part::Text(_), Part::Symbol(_), Part::Text(_)]));
    }

    #[test]
    fn what_is_no_json_is_not_opened() {
        let symbol = Part::Symbol(Symbol { object: 7, path: Path::attribute("name") });
        assert!(open(&[Part::Text("[".into()), symbol.clone(), Part::Text("]".into())]).is_none());
        assert!(open(&[Part::Text("[\"\u{fdd1}0\u{fdd2}\"".into()), symbol, Part::Text("]".into())]).is_none());
    }
}
