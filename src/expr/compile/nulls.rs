//! A null that is written as an argument. It has no type in Terraform, where one that a value has is of the type of that
//! value; some functions make a difference.

use crate::expr::{Expr, Kind};
use crate::value::Value;

/// The arguments of a call with what such a null means in place of it; or what the call gives, whatever the others are.
pub(super) fn without_type(function: &str, arguments: Vec<Expr>) -> Result<Vec<Expr>, Value> {
    match function {
        "format" | "formatlist" if arguments.iter().skip(1).any(is_null) && !arguments.first().is_some_and(is_null) => {
            Err(Value::unknown("the type of a null is not known"))
        }
        // Not even the type of an empty map, so that the result is an object.
        "merge" => Ok(arguments
            .into_iter()
            .map(|argument| if is_null(&argument) { empty(argument) } else { argument })
            .collect()),
        _ => Ok(arguments),
    }
}

fn is_null(expr: &Expr) -> bool {
    matches!(expr.kind, Kind::Literal(Value::Null))
}

fn empty(null: Expr) -> Expr {
    Expr { kind: Kind::Object(Vec::new()), ..null }
}
