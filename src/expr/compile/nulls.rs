//! A null that is written as an argument. It has no type in Terraform, where one that a value has is of the type of that
//! value; some functions make a difference.

use std::sync::Arc;

use super::outlook::{mixes_nulls, written};
use crate::expr::functions::Function;
use crate::expr::{Expr, Kind};
use crate::value::Value;

/// The arguments of a call with what such a null means in place of it; or what the call is, whatever the others are.
pub(super) fn without_type(function: &str, arguments: Vec<Expr>) -> Result<Vec<Expr>, Kind> {
    match function {
        "format" | "formatlist" if arguments.iter().skip(1).any(is_null) && !arguments.first().is_some_and(is_null) => {
            Err(Kind::Literal(Value::unknown("the type of a null is not known")))
        }
        "coalescelist" if arguments.iter().any(is_null) => {
            Err(Kind::Faulty(Arc::from("coalescelist takes lists, and null is none")))
        }
        "tolist" | "toset" | "distinct" | "chunklist" | "matchkeys" | "setproduct"
            if arguments.iter().any(is_mixed) =>
        {
            Err(Kind::Faulty(Arc::from("null has no type that lists and objects have")))
        }
        // Not even the type of an empty map, so that the result is an object.
        "merge" => Ok(arguments.into_iter().map(typed).collect()),
        _ => Ok(arguments),
    }
}

fn is_mixed(argument: &Expr) -> bool {
    let seen = written(argument);
    seen.is_whole && seen.kind.is_some_and(|kind| mixes_nulls(&kind))
}

// A mark is no type.
fn is_null(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Literal(value) => matches!(value, Value::Null),
        Kind::Call(call) => match (call.function, call.arguments.as_slice()) {
            (Function::Builtin(builtin), [only]) => builtin.name == "sensitive" && is_null(only),
            _ => false,
        },
        _ => false,
    }
}

fn typed(argument: Expr) -> Expr {
    if is_null(&argument) { Expr { kind: Kind::Object(Vec::new()), ..argument } } else { argument }
}
