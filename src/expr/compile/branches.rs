//! The type that the two branches of a conditional share. Terraform gives it to the one that is taken; here it is found
//! when the policy is loaded, from what shows of both without their values ([`outlook`]).
//!
//! Branches that certainly have no type in common are a mistake, as in Terraform. Where not all shows, each keeps its own.

use super::outlook::{Outlook, outlook};
use crate::expr::types::{Type, unify};
use crate::expr::{Expr, Fit, Kind};
use crate::value::Value;

/// The branches, each with what becomes of it; or why there can be no type for both.
pub(super) fn fitted(then: Expr, other: Expr) -> Result<(Expr, Expr), String> {
    let is_null = |branch: &Expr| matches!(branch.kind, Kind::Literal(Value::Null));
    if is_null(&then) || is_null(&other) {
        return Ok((then, other));
    }
    let (one, another) = (outlook(&then), outlook(&other));
    if clash(&one, &another) {
        let message = format!(
            "the branches of a conditional must have one type, and these are {} and {}",
            one.word(),
            another.word()
        );
        return Err(message);
    }
    Ok(match (&one.kind, &another.kind) {
        (Some(kind), Some(like)) if kind.is(like) => (then, other),
        (Some(kind), Some(like)) => match unify(&[kind.clone(), like.clone()]) {
            Some(shared) => {
                let strict = one.is_whole && another.is_whole;
                (converted(then, kind, &shared, strict), converted(other, like, &shared, strict))
            }
            None => (then, other),
        },
        // What shares its type with a text becomes one.
        (None, Some(Type::String)) => (fitting(then, text()), other),
        (Some(Type::String), None) => (then, fitting(other, text())),
        (kind, like) if kind.as_ref().or(like.as_ref()).is_some_and(Type::is_primitive) => (then, other),
        _ => (fitting(then, Fit::Open), fitting(other, Fit::Open)),
    })
}

fn clash(one: &Outlook, another: &Outlook) -> bool {
    let (Some(shape), Some(like)) = (one.shape, another.shape) else { return false };
    let is_whole = one.is_whole && another.is_whole;
    let (Some(kind), Some(other), true) = (&one.kind, &another.kind, is_whole) else { return shape.excludes(like) };
    unify(&[kind.clone(), other.clone()]).is_none_or(|shared| !shared.takes(kind) || !shared.takes(other))
}

fn converted(branch: Expr, own: &Type, shared: &Type, strict: bool) -> Expr {
    if own.is(shared) { branch } else { fitting(branch, Fit::To { kind: Box::new(shared.clone()), strict }) }
}

fn text() -> Fit {
    Fit::To { kind: Box::new(Type::String), strict: false }
}

fn fitting(branch: Expr, fit: Fit) -> Expr {
    let span = branch.span;
    Expr { kind: Kind::Converted(Box::new(branch), fit), span }
}
