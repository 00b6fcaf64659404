//! The type that the two branches of a conditional share. Terraform gives it to the one that is taken; here it is found
//! when the policy is loaded, from what shows of both without their values ([`outlook`]).
//!
//! Branches that certainly have no type in common are a mistake, as in Terraform. Where not all shows, or the other one may
//! fail, each keeps its own.

use std::sync::Arc;

use super::outlook::{Certainty, Outlook, mixes_nulls, outlook, written};
use crate::expr::types::{Type, unify};
use crate::expr::{Expr, Fit, Kind};
use crate::source::Span;
use crate::value::Value;

/// The branches, each with what becomes of it; or why there can be no type for both.
pub(super) fn fitted(then: Expr, other: Expr, in_loop: bool) -> Result<(Expr, Expr), String> {
    let is_null = |branch: &Expr| matches!(branch.kind, Kind::Literal(Value::Null));
    if is_null(&then) || is_null(&other) {
        return Ok((then, other));
    }
    // Most are alike as they are written.
    if let (Some(kind), Some(like)) = (written(&then).kind, written(&other).kind)
        && kind.is(&like)
    {
        return Ok((then, other));
    }
    let (one, another) = (outlook(&then, in_loop), outlook(&other, in_loop));
    let (is_sound, is_other_sound) = (one.certainty == Certainty::Sound, another.certainty == Certainty::Sound);
    if one.certainty == Certainty::Fails || another.certainty == Certainty::Fails {
        return Ok((then, other));
    }
    if clash(&one, &another) {
        let (word, like) = (one.word(), another.word());
        let message = format!("the branches of a conditional must have one type, and these are {word} and {like}");
        // Beside one that fails, the other may be of any type.
        return match (is_sound, is_other_sound) {
            (true, true) => Err(message),
            (true, false) => Ok((then, faulty(other.span, &message))),
            (false, true) => Ok((faulty(then.span, &message), other)),
            (false, false) => Ok((then, other)),
        };
    }
    Ok(match (&one.kind, &another.kind) {
        (Some(kind), Some(like)) if kind.is(like) => (then, other),
        (Some(kind), Some(like)) => match unify(&[kind.clone(), like.clone()]) {
            Some(shared) => {
                let strict = one.is_whole && another.is_whole;
                let fitted = |branch: Expr, own: &Type, is_beside_sound: bool| {
                    let leaves = own.is(&shared) || own.is_primitive() && !is_beside_sound;
                    if leaves { branch } else { fitting(branch, to(&shared, strict && is_beside_sound)) }
                };
                (fitted(then, kind, is_other_sound), fitted(other, like, is_sound))
            }
            None => (then, other),
        },
        // What shares its type with a text becomes one.
        (None, Some(Type::String)) if is_other_sound => (fitting(then, to(&Type::String, false)), other),
        (Some(Type::String), None) if is_sound => (then, fitting(other, to(&Type::String, false))),
        (kind, like) if kind.as_ref().or(like.as_ref()).is_some_and(Type::is_primitive) => (then, other),
        _ => (fitting(then, Fit::Open), fitting(other, Fit::Open)),
    })
}

fn clash(one: &Outlook, another: &Outlook) -> bool {
    let (Some(shape), Some(like)) = (one.shape, another.shape) else { return false };
    let is_whole = one.is_whole && another.is_whole;
    let (Some(kind), Some(other), true) = (&one.kind, &another.kind, is_whole) else { return shape.excludes(like) };
    unify(&[kind.clone(), other.clone()]).is_none_or(|shared| {
        let is_list = matches!(shared, Type::List(_) | Type::Set(_));
        let mixes = is_list && (mixes_nulls(kind) || mixes_nulls(other));
        mixes || !shared.takes(kind) || !shared.takes(other)
    })
}

fn to(kind: &Type, strict: bool) -> Fit {
    Fit::To { kind: Box::new(kind.clone()), strict }
}

fn faulty(span: Span, message: &str) -> Expr {
    Expr { kind: Kind::Faulty(Arc::from(message)), span }
}

fn fitting(branch: Expr, fit: Fit) -> Expr {
    let span = branch.span;
    Expr { kind: Kind::Converted(Box::new(branch), fit), span }
}
