//! Conversions between types.

use std::borrow::Cow;
use std::sync::Arc;

use super::limits::{self, Text};
use super::{Arguments, Builtin, json, lifted, own, raw, sequence, sets};
use crate::expr::eval::truth;
use crate::expr::types::{Field, Type, is_unsettled, unified, unified_map};
use crate::value::{ListKind, ObjectKind, Unknown, Value};

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
            write_type(&shown_type(arguments.get(0)), 0, &mut text)?;
            Ok(text.into_value())
        },
    ),
    own(
        (
            "valuetostring",
            "value",
            1,
            1,
            "The value as text: a string as it is, null as (null), lists and maps as JSON with a line for each member.",
        ),
        valuetostring,
    ),
];

fn valuetostring(arguments: &Arguments<'_>) -> Result<Value, String> {
    match arguments.get(0) {
        Value::Null => Ok(Value::string("(null)")),
        value @ (Value::List(_) | Value::Object(_)) if value.has_unknown() => Ok(arguments.unknown()),
        Value::List(_) | Value::Object(_) => json::indented(arguments),
        _ => tostring(arguments),
    }
}

// The type of an open list is not known: where its members are of one type it is shown as a list, else as a tuple.
fn shown_type(value: &Value) -> Type {
    match value {
        Value::List(items) if matches!(items.kind(), ListKind::Open | ListKind::Tuple) => {
            let members: Vec<Type> = items.iter().map(shown_type).collect();
            match members.first().filter(|_| items.kind() == ListKind::Open) {
                Some(first) if members.iter().all(|member| member.is(first)) => Type::List(Box::new(first.clone())),
                _ => Type::Tuple(members),
            }
        }
        Value::Object(object) if object.kind() != ObjectKind::Map => {
            let field = |(name, value): (&Arc<str>, &Value)| Field::required(name.clone(), shown_type(value));
            Type::Object(object.iter().map(field).collect())
        }
        other => Type::of(other),
    }
}

fn write_type(kind: &Type, depth: usize, out: &mut Text) -> Result<(), String> {
    let word = match kind {
        Type::Any => "dynamic",
        Type::Bool => "bool",
        Type::Number => "number",
        Type::String => "string",
        Type::List(member) => return write_collection("list", member, depth, out),
        Type::Set(member) => return write_collection("set", member, depth, out),
        Type::Map(member) => return write_collection("map", member, depth, out),
        Type::Tuple(members) => {
            return write_members("tuple([", members.iter().map(|member| ("", member)), "])", depth, out);
        }
        Type::Object(fields) => {
            return write_members("object({", fields.iter().map(|field| (&*field.name, &field.kind)), "})", depth, out);
        }
    };
    out.push(word)
}

fn write_collection(word: &str, member: &Type, depth: usize, out: &mut Text) -> Result<(), String> {
    let is_long = match member {
        Type::Tuple(members) => !members.is_empty(),
        Type::Object(fields) => !fields.is_empty(),
        _ => false,
    };
    out.push(word)?;
    if is_long {
        return write_members("(", std::iter::once(("", member)), ")", depth, out);
    }
    out.push("(")?;
    write_type(member, depth, out)?;
    out.push(")")
}

fn write_members<'t>(
    open: &str,
    members: impl Iterator<Item = (&'t str, &'t Type)>,
    close: &str,
    depth: usize,
    out: &mut Text,
) -> Result<(), String> {
    out.push(open)?;
    let mut is_empty = true;
    for (name, member) in members {
        is_empty = false;
        out.push("\n")?;
        out.repeat("    ", depth + 1)?;
        out.push(name)?;
        out.push(if name.is_empty() { "" } else { ": " })?;
        write_type(member, depth + 1, out)?;
        out.push(",")?;
    }
    if !is_empty {
        out.push("\n")?;
        out.repeat("    ", depth)?;
    }
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
            Cow::Borrowed(_) => Value::List(items.with_kind(ListKind::List)),
            Cow::Owned(items) => Value::list_of(ListKind::List, items),
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
                if items.iter().any(is_unsettled) { sequence::once(arguments, items) } else { sets::set_of(items)? };
            Ok(arguments.marked(Value::list_of(ListKind::Set, members)))
        }
        other => Err(format!("a {} is no set", other.type_name())),
    }
}
