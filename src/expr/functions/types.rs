//! Conversions between types.

use std::borrow::Cow;
use std::sync::Arc;

use super::limits::{self, Text};
use super::unify::{is_open, unified, unified_map};
use super::{Arguments, Builtin, json, lifted, own, raw, sequence, sets};
use crate::expr::eval::truth;
use crate::value::{Unknown, Value};

pub(super) const FUNCTIONS: &[Builtin] = &[
    raw(
        ("ephemeralasnull", "value", 1, 1, "The value: what is ephemeral is null in every plan already."),
        |arguments| Ok(arguments.get(0).clone()),
    ),
    raw(("issensitive", "value", 1, 1, "Whether the value itself is marked as sensitive."), |arguments| {
        let (value, sensitive) = arguments.get(0).unmark();
        let open = !sensitive && matches!(value, Value::Unknown(_));
        Ok(if open { arguments.unknown() } else { Value::Bool(sensitive) })
    }),
    raw(("nonsensitive", "value", 1, 1, "The value without its mark as sensitive."), |arguments| {
        Ok(arguments.get(0).unmark().0.clone())
    }),
    raw(("sensitive", "value", 1, 1, "The value, marked as sensitive."), |arguments| {
        Ok(arguments.get(0).clone().mark(true))
    }),
    own(("tobool", "value", 1, 1, "The value as a boolean."), tobool),
    own(("tolist", "value", 1, 1, "The value as a list with members of one type."), tolist),
    own(("tomap", "value", 1, 1, "The value as a map with values of one type."), tomap),
    own(("tonumber", "value", 1, 1, "The value as a number."), tonumber),
    own(("toset", "value", 1, 1, "The value as a set: members of one type, in order, each once."), toset),
    own(("tostring", "value", 1, 1, "The value as a string."), tostring),
    lifted(
        ("type", "value", 1, 1, "The name of the value's type, as the console of Terraform shows it."),
        |arguments| {
            let mut text = Text::default();
            write_type(arguments.get(0), 0, &mut text)?;
            Ok(text.into_value())
        },
    ),
    own(
        ("valuetostring", "value", 1, 1, "The value as text: a string as it is, lists and maps as JSON."),
        valuetostring,
    ),
];

fn valuetostring(arguments: &Arguments<'_>) -> Result<Value, String> {
    match arguments.get(0) {
        Value::List(_) | Value::Object(_) => json::jsonencode(arguments),
        _ => tostring(arguments),
    }
}

// Our values know members, not types: a list whose members are of one type is a list, else a tuple; a map is an object.
fn write_type(value: &Value, depth: usize, out: &mut Text) -> Result<(), String> {
    let (open, close): (&str, &str) = match value {
        Value::Bool(_) => return out.push("bool"),
        Value::Number(_) => return out.push("number"),
        Value::String(_) => return out.push("string"),
        Value::Object(object) if object.is_empty() => return out.push("object({})"),
        Value::List(items) if items.is_empty() => return out.push("tuple([])"),
        Value::List(_) => ("tuple([", "])"),
        Value::Object(_) => ("object({", "})"),
        _ => return out.push("dynamic"),
    };
    let mut members: Vec<(Option<&str>, String)> = Vec::new();
    let mut add = |name, member| {
        let mut text = Text::default();
        write_type(member, depth + 1, &mut text)?;
        members.push((name, text.into_string()));
        Ok::<(), String>(())
    };
    match value {
        Value::List(items) => items.iter().try_for_each(|item| add(None, item))?,
        Value::Object(object) => object.iter().try_for_each(|(name, item)| add(Some(name), item))?,
        _ => {}
    }
    if let (Value::List(_), Some((_, first))) = (value, members.first())
        && members.iter().all(|(_, member)| member == first)
    {
        return out.push(&format!("list({first})"));
    }
    out.push(open)?;
    for (name, member) in &members {
        out.push("\n")?;
        out.repeat("    ", depth + 1)?;
        out.push(&name.map_or_else(String::new, |name| format!("{name}: ")))?;
        out.push(member)?;
        out.push(",")?;
    }
    out.push("\n")?;
    out.repeat("    ", depth)?;
    out.push(close)
}

fn tobool(arguments: &Arguments<'_>) -> Result<Value, String> {
    match arguments.get(0) {
        Value::Null => Ok(Value::Null),
        Value::Unknown(_) => Ok(arguments.unknown()),
        value => truth(value)
            .map(|truth| truth.map_or(Value::Null, Value::Bool))
            .map_err(|_| format!("a {} is no boolean", value.type_name())),
    }
}

fn tonumber(arguments: &Arguments<'_>) -> Result<Value, String> {
    match arguments.get(0) {
        Value::Null => Ok(Value::Null),
        Value::Unknown(unknown) if matches!(**unknown, Unknown::Count { .. }) => Ok(arguments.get(0).clone()),
        Value::Unknown(_) => Ok(arguments.unknown()),
        _ => arguments.number(0).map(Value::Number),
    }
}

// A symbol stays one: converting an id to a string does not change what it names.
fn tostring(arguments: &Arguments<'_>) -> Result<Value, String> {
    match arguments.get(0) {
        Value::Null => Ok(Value::Null),
        Value::Unknown(unknown) => Ok(match &**unknown {
            Unknown::Symbol(_) | Unknown::OneOf(_) | Unknown::Template(_) => arguments.get(0).clone(),
            other => Value::Unknown(Arc::new(other.derived())),
        }),
        _ => arguments.text(0).map(Value::String),
    }
}

fn tolist(arguments: &Arguments<'_>) -> Result<Value, String> {
    match arguments.get(0) {
        Value::Null => Ok(Value::Null),
        Value::List(items) => Ok(match unified(items)? {
            Cow::Borrowed(_) => arguments.get(0).clone(),
            Cow::Owned(items) => Value::list(items),
        }),
        Value::Unknown(_) => Ok(arguments.unknown()),
        other => Err(format!("a {} is no list", other.type_name())),
    }
}

fn tomap(arguments: &Arguments<'_>) -> Result<Value, String> {
    match arguments.get(0) {
        Value::Null => Ok(Value::Null),
        Value::Object(object) => unified_map(object),
        Value::Unknown(_) => Ok(arguments.unknown()),
        other => Err(format!("a {} is no map", other.type_name())),
    }
}

fn toset(arguments: &Arguments<'_>) -> Result<Value, String> {
    match arguments.get(0) {
        Value::Null => Ok(Value::Null),
        Value::Unknown(_) => Ok(arguments.unknown()),
        Value::List(items) => {
            limits::weigh(arguments.get(0))?;
            let members =
                if items.iter().any(is_open) { sequence::once(arguments, items) } else { sets::set_of(items)? };
            Ok(arguments.marked(Value::list(members)))
        }
        other => Err(format!("a {} is no set", other.type_name())),
    }
}
