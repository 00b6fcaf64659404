//! JSON in and out.

use std::sync::Arc;

use super::{Arguments, Builtin, own};
use crate::value::json::{self, OpenError};
use crate::value::{Unknown, Value};

pub(super) const FUNCTIONS: &[Builtin] = &[own("jsondecode", 1, 1, jsondecode), own("jsonencode", 1, 1, jsonencode)];

fn jsondecode(arguments: &Arguments<'_>) -> Result<Value, String> {
    if let Some(unknown) = arguments.get(0).as_unknown() {
        return Ok(match &**unknown {
            Unknown::Encoded(value) => (**value).clone(),
            _ => arguments.unknown(),
        });
    }
    let text = arguments.text(0)?;
    // The reader takes only what a JSON parser has accepted; never quote the text, it may hold secrets.
    serde_json::from_str::<&serde_json::value::RawValue>(&text)
        .map_err(|error| format!("the text is no JSON (line {}, column {})", error.line(), error.column()))?;
    json::open(&text).map_err(|error| match error {
        OpenError::TooDeep => error.to_string(),
        OpenError::Malformed => "the text is no JSON".to_owned(),
    })
}

fn jsonencode(arguments: &Arguments<'_>) -> Result<Value, String> {
    let value = arguments.get(0);
    // What is not known yet stays in its place: decoding gives it back.
    if value.has_unknown() {
        return Ok(Value::Unknown(Arc::new(Unknown::Encoded(Arc::new(value.clone())))));
    }
    let mut text = String::new();
    encode(arguments, value, &mut text)?;
    Ok(Value::string(&text).mark(value.has_sensitive()))
}

// Terraform writes no blanks, and `<`, `>`, `&` as \u escapes.
fn encode(arguments: &Arguments<'_>, value: &Value, out: &mut String) -> Result<(), String> {
    match value.unmark().0 {
        Value::Null => out.push_str("null"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::String(text) => quote(text, out)?,
        Value::List(items) => {
            out.push('[');
            for (position, item) in items.iter().enumerate() {
                out.push_str(if position > 0 { "," } else { "" });
                encode(arguments, item, out)?;
            }
            out.push(']');
        }
        Value::Object(object) => {
            out.push('{');
            for (position, (key, item)) in object.iter().enumerate() {
                out.push_str(if position > 0 { "," } else { "" });
                quote(key, out)?;
                out.push(':');
                encode(arguments, item, out)?;
            }
            out.push('}');
        }
        Value::Handle(handle) => encode(arguments, &arguments.host.expand(*handle), out)?,
        other => return Err(format!("a {} has no JSON", other.type_name())),
    }
    Ok(())
}

fn quote(text: &str, out: &mut String) -> Result<(), String> {
    let quoted = serde_json::to_string(text).map_err(|error| error.to_string())?;
    for character in quoted.chars() {
        match character {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            other => out.push(other),
        }
    }
    Ok(())
}
