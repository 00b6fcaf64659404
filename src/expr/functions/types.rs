//! Conversions between types.

use std::sync::Arc;

use super::{Arguments, Builtin, own};
use crate::expr::eval::truth;
use crate::value::{Unknown, Value};

pub(super) const FUNCTIONS: &[Builtin] = &[
    own("nonsensitive", 1, 1, |arguments| Ok(arguments.get(0).clone())),
    own("sensitive", 1, 1, |arguments| Ok(arguments.get(0).clone().mark(true))),
    own("tobool", 1, 1, tobool),
    own("tolist", 1, 1, tolist),
    own("tomap", 1, 1, tomap),
    own("tonumber", 1, 1, tonumber),
    own("toset", 1, 1, toset),
    own("tostring", 1, 1, tostring),
    own("valuetostring", 1, 1, tostring),
];

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
        value @ (Value::Null | Value::List(_)) => Ok(value.clone()),
        Value::Unknown(_) => Ok(arguments.unknown()),
        other => Err(format!("a {} is no list", other.type_name())),
    }
}

fn tomap(arguments: &Arguments<'_>) -> Result<Value, String> {
    match arguments.get(0) {
        value @ (Value::Null | Value::Object(_)) => Ok(value.clone()),
        Value::Unknown(_) => Ok(arguments.unknown()),
        other => Err(format!("a {} is no map", other.type_name())),
    }
}

fn toset(arguments: &Arguments<'_>) -> Result<Value, String> {
    match arguments.get(0) {
        Value::Null => Ok(Value::Null),
        Value::Unknown(_) => Ok(arguments.unknown()),
        Value::List(_) => {
            let distinct = super::builtin("distinct");
            let Some(super::Function::Builtin(distinct)) = distinct else { return Err("no distinct".to_owned()) };
            distinct.call(arguments.host, arguments.values, None)
        }
        other => Err(format!("a {} is no set", other.type_name())),
    }
}
