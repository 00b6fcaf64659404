//! JSON text of values, as Terraform writes it.

use std::hash::BuildHasher as _;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::Arguments;
use super::limits::{self, Text};
use crate::expr::composed;
use crate::expr::eval::Host;
use crate::value::json::{self, Checked, OpenError};
use crate::value::{Unknown, Value};

/// Bytes of text that stay decoded: the containers of ten thousand task definitions.
const MAX_DECODED: usize = 16 << 20;

/// What is looked up by several threads is seldom in the same of so many tables.
const TABLES: usize = 16;

/// What texts of the workspace were decoded to. A dozen policies look into the same text of an object, and some go over the
/// texts of all objects of a type.
static DECODED: LazyLock<[Mutex<Decoded>; TABLES]> = LazyLock::new(Default::default);

#[derive(Default)]
struct Decoded {
    // By where they lie, which is theirs as long as they are here.
    texts: FxHashMap<usize, (Arc<str>, Value)>,
    length: usize,
}

impl Decoded {
    fn get(&self, text: &Arc<str>) -> Option<Value> {
        self.texts.get(&text.as_ptr().addr()).map(|(_, value)| value.clone())
    }

    fn keep(&mut self, text: &Arc<str>, value: &Value) {
        if text.len() > MAX_DECODED / TABLES {
            return;
        }
        if self.length + text.len() > MAX_DECODED / TABLES {
            *self = Self::default();
        }
        // Two threads may have decoded it.
        if self.texts.insert(text.as_ptr().addr(), (text.clone(), value.clone())).is_none() {
            self.length += text.len();
        }
    }
}

fn table(text: &Arc<str>) -> MutexGuard<'static, Decoded> {
    let hash = FxBuildHasher.hash_one(text.as_ptr().addr());
    let at = usize::try_from(hash >> (u64::BITS - TABLES.ilog2())).unwrap_or_default();
    let [first, ..] = &*DECODED;
    DECODED.get(at).unwrap_or(first).lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn jsondecode(arguments: &Arguments<'_>) -> Result<Value, String> {
    if let Some(unknown) = arguments.get(0).as_unknown() {
        return Ok(match &**unknown {
            Unknown::Encoded(value) => (**value).clone(),
            _ => arguments.unknown(),
        });
    }
    let shared = match arguments.get(0) {
        Value::String(text) => Some(text),
        _ => None,
    };
    if let Some(value) = shared.and_then(|text| table(text).get(text)) {
        return Ok(value);
    }
    let text = arguments.text(0)?;
    // The reader takes only what a JSON parser has accepted; never quote the text, it may hold secrets.
    let text = first_value(&text)?;
    let value = json::decode(text).map_err(|error| match error {
        OpenError::TooDeep => error.to_string(),
        OpenError::Malformed => "the text is no JSON".to_owned(),
    })?;
    let is_plain = text.is_ascii() && !text.contains("\\u");
    let value = if is_plain { value } else { composed::throughout(&value) };
    if let Some(text) = shared {
        table(text).keep(text, &value);
    }
    Ok(value)
}

// Terraform reads one value, and does not look behind a bracket that closes nothing.
fn first_value(text: &str) -> Result<&str, String> {
    if Checked::is_value(text) {
        return Ok(text);
    }
    let wrong =
        |error: &serde_json::Error| format!("the text is no JSON (line {}, column {})", error.line(), error.column());
    let error = match serde_json::from_str::<&serde_json::value::RawValue>(text) {
        Ok(_) => return Ok(text),
        Err(error) => wrong(&error),
    };
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<&serde_json::value::RawValue>();
    match values.next() {
        Some(Ok(first)) => {
            let rest = text.get(values.byte_offset()..).unwrap_or_default().trim_start();
            if rest.starts_with([']', '}']) { Ok(first.get()) } else { Err(error) }
        }
        _ => Err(error),
    }
}

pub(super) fn jsonencode(arguments: &Arguments<'_>) -> Result<Value, String> {
    let value = arguments.get(0);
    limits::weigh(value)?;
    // What is not known yet stays in its place: decoding gives it back.
    if value.has_unknown() {
        return Ok(Value::Unknown(Arc::new(Unknown::Encoded(Arc::new(value.clone())))));
    }
    let mut text = Text::default();
    encode(Some(arguments.host), value, &mut text)?;
    Ok(text.into_value().mark(value.has_sensitive()))
}

/// The same with a line for each member. All of the value must be known.
pub(super) fn indented(arguments: &Arguments<'_>) -> Result<Value, String> {
    let value = arguments.get(0);
    limits::weigh(value)?;
    let (mut compact, mut lines) = (Text::default(), Text::default());
    encode(Some(arguments.host), value, &mut compact)?;
    let compact = compact.into_string();
    let mut rest = compact.chars().peekable();
    let (mut depth, mut quoted) = (0usize, false);
    while let Some(character) = rest.next() {
        let closes = matches!(character, ']' | '}') && !quoted;
        if closes {
            depth = depth.saturating_sub(1);
            line(depth, &mut lines)?;
        }
        put(character, &mut lines)?;
        match character {
            '\\' if quoted => rest.next().map_or(Ok(()), |escaped| put(escaped, &mut lines))?,
            '"' => quoted = !quoted,
            '[' | '{' if !quoted => match rest.next_if(|next| matches!(next, ']' | '}')) {
                Some(end) => put(end, &mut lines)?,
                None => {
                    depth += 1;
                    line(depth, &mut lines)?;
                }
            },
            ',' if !quoted => line(depth, &mut lines)?,
            ':' if !quoted => lines.push(" ")?,
            _ => {}
        }
    }
    Ok(lines.into_value().mark(value.has_sensitive()))
}

fn put(character: char, out: &mut Text) -> Result<(), String> {
    out.push(character.encode_utf8(&mut [0; 4]))
}

fn line(depth: usize, out: &mut Text) -> Result<(), String> {
    out.push("\n")?;
    out.repeat("  ", depth)
}

/// The text of a value without marks and objects of the workspace.
pub(super) fn text(value: &Value) -> Result<String, String> {
    let mut text = Text::default();
    encode(None, value, &mut text)?;
    Ok(text.into_string())
}

/// A text that is the same for equal values and differs for others; for comparing, not for showing.
pub(super) fn unbounded(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value.member().0.unmark().0 {
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::String(text) => out.extend(text.escape_debug().chain(['"'])),
        Value::List(items) => {
            out.push('[');
            for item in items.iter() {
                write(item, out);
                out.push(',');
            }
            out.push(']');
        }
        Value::Object(object) => {
            out.push('{');
            for (key, item) in object.iter() {
                out.extend(key.escape_debug().chain(['"', ':']));
                write(item, out);
                out.push(',');
            }
            out.push('}');
        }
        _ => out.push_str("null"),
    }
}

// Terraform writes no blanks, and `<`, `>`, `&` as \u escapes.
fn encode(host: Option<&dyn Host>, value: &Value, out: &mut Text) -> Result<(), String> {
    match value.unmark().0 {
        Value::Null => out.push("null"),
        Value::Bool(truth) => out.push(if *truth { "true" } else { "false" }),
        Value::Number(number) if number.is_infinite() => Err("infinity has no JSON".to_owned()),
        Value::Number(number) => out.push(&number.to_string()),
        Value::String(text) => out.push(&quoted(text)?),
        Value::List(items) => {
            out.push("[")?;
            for (position, item) in items.iter().enumerate() {
                out.push(if position > 0 { "," } else { "" })?;
                encode(host, item, out)?;
            }
            out.push("]")
        }
        Value::Object(object) => {
            out.push("{")?;
            for (position, (key, item)) in object.iter().enumerate() {
                out.push(if position > 0 { "," } else { "" })?;
                out.push(&quoted(key)?)?;
                out.push(":")?;
                encode(host, item, out)?;
            }
            out.push("}")
        }
        Value::Handle(handle) => match host {
            Some(host) => encode(Some(host), &host.expand(*handle), out),
            None => Err("an object has no JSON here".to_owned()),
        },
        other => Err(format!("a {} has no JSON", other.type_name())),
    }
}

/// The text in quotes, with what HTML would take for its own escaped.
pub(super) fn quoted(text: &str) -> Result<String, String> {
    let quoted = serde_json::to_string(text).map_err(|error| error.to_string())?;
    if !quoted.contains(['<', '>', '&', '\u{2028}', '\u{2029}']) {
        return Ok(quoted);
    }
    let mut out = String::with_capacity(quoted.len());
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
    Ok(out)
}
