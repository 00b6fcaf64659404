//! Values to look at: a constant, an input, a local, an attribute of an opened object is borrowed, not copied.

use std::borrow::Cow;

use super::{Evaluator, Looked, MAX_DEPTH};
use crate::expr::functions::Function;
use crate::expr::{Access, Expr, Fault, Kind};
use crate::source::Span;
use crate::value::{ListKind, Number, Value};

impl<'h> Evaluator<'h> {
    /// The value of an expression, if it need not be computed. `None` says nothing: [`Evaluator::operand`] answers.
    #[inline]
    pub(super) fn at_hand(&self, expr: &'h Expr) -> Option<&'h Value> {
        match &expr.kind {
            Kind::Literal(value) => Some(value),
            Kind::Bound(position) => match self.bound.get(*position)? {
                Cow::Borrowed(value) => Some(value),
                Cow::Owned(_) => None,
            },
            Kind::Reference(reference) => self.host.at_hand(*reference),
            // What is at hand has no fault.
            Kind::Call(call) if matches!(call.function, Function::Try) => match call.arguments.as_slice() {
                [first, _, ..] => self.tried_at_hand(first),
                _ => None,
            },
            Kind::Access(base, access) => match (&base.kind, access) {
                (Kind::Reference(reference), Access::Name(attribute)) => {
                    self.host.attribute_at_hand(*reference, attribute)
                }
                _ => self.member_at_hand(base, access),
            },
            _ => None,
        }
    }

    #[inline(never)]
    fn tried_at_hand(&self, expr: &'h Expr) -> Option<&'h Value> {
        self.at_hand(expr)
    }

    // The compiler bounds how many accesses follow each other.
    fn member_at_hand(&self, base: &'h Expr, access: &'h Access) -> Option<&'h Value> {
        member_of(self.at_hand(base)?, access)
    }

    /// The value of an expression for somebody who only looks at it; otherwise as [`Evaluator::eval`].
    #[inline]
    pub(super) fn operand(&mut self, expr: &'h Expr) -> Looked<'h> {
        match self.at_hand(expr) {
            Some(value) => Ok(Cow::Borrowed(value)),
            None => self.operand_of(expr),
        }
    }

    /// The same for an operand of a comparison, which is often the length of something.
    pub(super) fn compared_operand(&mut self, expr: &'h Expr) -> Looked<'h> {
        if let Kind::Call(call) = &expr.kind
            && let (Function::Builtin(builtin), [only], false) = (call.function, call.arguments.as_slice(), call.expand)
            && let Some(count) = self.at_hand(only).and_then(|value| builtin.counts(value))
        {
            return Ok(Cow::Owned(Value::int(count)));
        }
        if let Kind::Call(call) = &expr.kind
            && let (Function::Builtin(builtin), [Expr { kind: Kind::For(members), .. }], false) =
                (call.function, call.arguments.as_slice(), call.expand)
            && builtin.name == "length"
            && let Some(count) = self.counted(members)
        {
            return Ok(Cow::Owned(Value::int(count)));
        }
        self.operand(expr)
    }

    // Apart from `operand`, which is small enough to stand where it is called.
    fn operand_of(&mut self, expr: &'h Expr) -> Looked<'h> {
        if self.depth >= MAX_DEPTH {
            return self.eval(expr).map(Cow::Owned);
        }
        match &expr.kind {
            Kind::Bound(position) => self.variable(*position, expr.span),
            Kind::Reference(reference) => self.host.reference(*reference, expr.span, self.depth).map(Cow::Owned),
            Kind::Access(base, access) => {
                self.depth += 1;
                let result = self.member(base, access, expr.span);
                self.depth -= 1;
                result
            }
            Kind::Call(call) => {
                self.depth += 1;
                let result = match call.function {
                    Function::Try => self.try_each(&call.arguments, expr.span),
                    _ => self.call(call, expr.span).map(Cow::Owned),
                };
                self.depth -= 1;
                result
            }
            Kind::Converted(inner, fit) => {
                let value = self.operand(inner)?;
                if fit.is_met_by(&value) {
                    return Ok(value);
                }
                fit.apply(value.into_owned()).map(Cow::Owned).map_err(|message| Fault::new(expr.span, message))
            }
            _ => self.eval(expr).map(Cow::Owned),
        }
    }

    /// The value of a variable of an enclosing `for`.
    pub(super) fn variable(&self, position: usize, span: Span) -> Looked<'h> {
        let bound = self.bound.get(position);
        bound.cloned().ok_or_else(|| Fault::new(span, "a variable has no value here"))
    }

    /// A member of a value.
    pub(super) fn member(&mut self, base: &'h Expr, access: &'h Access, span: Span) -> Looked<'h> {
        let base = self.operand(base)?;
        let lying = match (&base, access) {
            (Cow::Borrowed(Value::Handle(handle)) | Cow::Owned(Value::Handle(handle)), Access::Name(attribute)) => {
                self.host.peek(*handle, &attribute.name)
            }
            (Cow::Borrowed(base), access) => member_of(base, access),
            (Cow::Owned(_), _) => None,
        };
        match lying {
            Some(value) => Ok(Cow::Borrowed(value)),
            None => self.access(&base, access, span).map(Cow::Owned),
        }
    }
}

// A member that is certain to be there, under a constant name or index; everything else takes the long way.
fn member_of<'v>(base: &'v Value, access: &Access) -> Option<&'v Value> {
    match (base, access) {
        (Value::Object(object), Access::Name(attribute)) => object.get_at(&attribute.name, &attribute.place),
        (Value::Object(object), Access::Index(index)) => match index.as_literal()? {
            Value::String(key) => object.get(key),
            _ => None,
        },
        (Value::List(items), Access::Index(index)) if items.kind() != ListKind::Set => {
            let index = index.as_literal().and_then(as_number)?.as_usize()?;
            let before = items.get(..=index)?;
            if before.iter().any(|item| item.member().1) { None } else { before.last() }
        }
        _ => None,
    }
}

fn as_number(value: &Value) -> Option<&Number> {
    match value {
        Value::Number(number) => Some(number),
        _ => None,
    }
}
