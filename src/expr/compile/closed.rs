//! Expressions that mean the same everywhere: without names of the embedding, and small.

use crate::expr::eval::{Evaluated, Evaluator, Host};
use crate::expr::functions::Function;
use crate::expr::{Expr, Fault, Kind, Reference};
use crate::source::Span;
use crate::value::{Handle, Symbol, Value};

/// Parts of an expression that is tried; what is larger is not.
const MAX_PARTS: usize = 100;

/// Work that trying one may take, in bytes of text.
const MAX_WORK: usize = 64 << 10;

/// What an expression gives everywhere: its value, or none if it fails. `None` if that shows only where it stands, as in a
/// loop, whose variables it may have.
#[expect(clippy::option_option, reason = "the outer one is whether it is known, the inner one what it is")]
pub(super) fn tried(expr: &Expr, in_loop: bool) -> Option<Option<Value>> {
    if let Kind::Literal(value) = &expr.kind {
        return (!value.has_unknown()).then(|| Some(value.clone()));
    }
    let (mut parts, mut is_closed) = (0_usize, true);
    expr.visit(&mut |part| {
        parts += 1;
        is_closed &= match &part.kind {
            Kind::Reference(_) => false,
            Kind::Bound(_) => !in_loop,
            Kind::Call(call) => !matches!(call.function, Function::Host(_)),
            _ => true,
        };
    });
    if !is_closed || parts > MAX_PARTS {
        return None;
    }
    match Evaluator::with_work(&Nothing, MAX_WORK).eval_or_exhausted(expr) {
        Some(Ok(value)) if !value.has_unknown() => Some(Some(value)),
        Some(Err(_)) => Some(None),
        _ => None,
    }
}

/// A world without anything.
struct Nothing;

impl Host for Nothing {
    fn reference(&self, _: Reference, span: Span, _: usize) -> Evaluated {
        Err(Fault::new(span, "there are no names"))
    }

    fn attribute(&self, _: Handle, _: &str) -> Option<Value> {
        None
    }

    fn expand(&self, _: Handle) -> Value {
        Value::Null
    }

    fn address(&self, _: Handle) -> String {
        String::new()
    }

    fn call(&self, _: u32, _: &[Value], span: Span) -> Evaluated {
        Err(Fault::new(span, "there are no functions"))
    }

    fn same(&self, _: &Symbol, _: &Symbol) -> Option<bool> {
        None
    }

    fn symbol_is(&self, _: &Symbol, _: &str) -> Option<bool> {
        None
    }

    fn is_never_null(&self, _: &Symbol) -> bool {
        false
    }
}
