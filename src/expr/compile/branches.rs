//! The type that the two branches of a conditional share. Terraform gives it to the one that is taken; here it is found
//! when the policy is loaded, from what shows of both without their values.
//!
//! Unlike Terraform, branches of types that do not fit together are no mistake: each keeps its own.

use crate::expr::functions::Function;
use crate::expr::types::{Field, Type, unify};
use crate::expr::{Call, Expr, Fit, Kind, Operator};
use crate::value::Value;

/// The branches, each with what becomes of it.
pub(super) fn fitted(then: Expr, other: Expr) -> (Expr, Expr) {
    let is_null = |branch: &Expr| matches!(branch.kind, Kind::Literal(Value::Null));
    if is_null(&then) || is_null(&other) {
        return (then, other);
    }
    match (type_of(&then), type_of(&other)) {
        (Some(one), Some(another)) if one.is(&another) => (then, other),
        (Some(one), Some(another)) => match unify(&[one.clone(), another.clone()]) {
            Some(shared) => (converted(then, &one, &shared), converted(other, &another, &shared)),
            None => (then, other),
        },
        (one, another) if one.as_ref().or(another.as_ref()).is_some_and(Type::is_primitive) => (then, other),
        _ => (opened(then), opened(other)),
    }
}

fn converted(branch: Expr, own: &Type, shared: &Type) -> Expr {
    if own.is(shared) { branch } else { fitting(branch, Fit::To(Box::new(shared.clone()))) }
}

fn opened(branch: Expr) -> Expr {
    fitting(branch, Fit::Open)
}

fn fitting(branch: Expr, fit: Fit) -> Expr {
    let span = branch.span;
    Expr { kind: Kind::Converted(Box::new(branch), fit), span }
}

// `None` if it depends on values. Parts of which nothing shows have any type.
fn type_of(expr: &Expr) -> Option<Type> {
    match &expr.kind {
        Kind::Literal(Value::Unknown(_)) => None,
        Kind::Literal(value) => Some(Type::of(value)),
        Kind::List(items) => Some(Type::Tuple(items.iter().map(|item| type_of(item).unwrap_or(Type::Any)).collect())),
        Kind::Object(entries) => {
            let mut fields = entries
                .iter()
                .map(|(key, value)| match key.as_literal() {
                    Some(Value::String(name)) => {
                        Some(Field::required(name.clone(), type_of(value).unwrap_or(Type::Any)))
                    }
                    _ => None,
                })
                .collect::<Option<Vec<Field>>>()?;
            fields.sort_by(|left, right| left.name.cmp(&right.name));
            Some(Type::Object(fields))
        }
        Kind::Template(_) => Some(Type::String),
        Kind::Not(_) => Some(Type::Bool),
        Kind::Negate(_) => Some(Type::Number),
        Kind::Binary(operator, _) => Some(match operator {
            Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide | Operator::Modulo => {
                Type::Number
            }
            _ => Type::Bool,
        }),
        Kind::Conditional(parts) => unify(&[type_of(&parts.1)?, type_of(&parts.2)?]),
        Kind::Converted(_, Fit::To(kind)) => Some((**kind).clone()),
        Kind::Call(call) => made_by(call),
        _ => None,
    }
}

// What functions make that are there to make a list, a set or a map.
fn made_by(call: &Call) -> Option<Type> {
    let Function::Builtin(builtin) = call.function else { return None };
    let any = || Box::new(Type::Any);
    Some(match builtin.name {
        "toset" | "setunion" | "setintersection" | "setsubtract" => Type::Set(any()),
        "tolist" | "distinct" | "chunklist" | "matchkeys" | "csvdecode" | "regexall" => Type::List(any()),
        "split" | "sort" | "compact" | "formatlist" | "cidrsubnets" => Type::List(Box::new(Type::String)),
        "range" => Type::List(Box::new(Type::Number)),
        "tomap" => Type::Map(any()),
        _ => return None,
    })
}
