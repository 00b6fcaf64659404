//! Conditions without values: whether an expression holds, and nothing else.
//!
//! Most conditions are decided and nobody asks why, so neither a value nor a reason is made of them. What this cannot
//! tell is left to [`Evaluator::eval`]; both always agree.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::{Evaluator, MAX_DEPTH, MEMBER_WORK, arithmetic, truth_at};
use crate::expr::functions::Function;
use crate::expr::{Access, Expr, Fault, For, Kind, Operator, compare};
use crate::value::Value;

impl<'h> Evaluator<'h> {
    // A value to look at: a constant or an attribute that is at hand need not be copied.
    pub(super) fn operand<'e>(&mut self, expr: &'e Expr) -> Result<Cow<'e, Value>, Box<Fault>>
    where
        'h: 'e,
    {
        match &expr.kind {
            Kind::Literal(value) => return Ok(Cow::Borrowed(value)),
            Kind::Access(base, Access::Name(name)) => {
                if let Kind::Reference(reference) = base.kind {
                    let base = self.host.reference(reference, base.span, self.depth)?;
                    if let Value::Handle(handle) = base
                        && let Some(value) = self.host.peek(handle, name)
                    {
                        return Ok(Cow::Borrowed(value));
                    }
                    let value = self.attribute(&base, name).map_err(|message| Fault::new(expr.span, message))?;
                    return Ok(Cow::Owned(value));
                }
            }
            _ => {}
        }
        self.eval(expr).map(Cow::Owned)
    }

    /// Whether a condition holds, without the value: no reason why it is not decided, no sensitive mark. Says what
    /// [`truth`](super::truth) says of [`Evaluator::eval`], and says it faster; most conditions are asked for nothing else.
    ///
    /// # Errors
    ///
    /// A fault as that of [`Evaluator::eval`].
    pub fn decide(&mut self, expr: &Expr) -> Result<Option<bool>, Box<Fault>> {
        if self.depth >= MAX_DEPTH {
            return self.eval(expr).and_then(|value| truth_at(&value, expr.span));
        }
        self.depth += 1;
        let result = self.decide_kind(expr);
        self.depth -= 1;
        result
    }

    fn decide_kind(&mut self, expr: &Expr) -> Result<Option<bool>, Box<Fault>> {
        match &expr.kind {
            Kind::Not(operand) => Ok(self.decide(operand)?.map(|truth| !truth)),
            Kind::Binary(operator @ (Operator::And | Operator::Or), operands) => {
                let winner = *operator == Operator::Or;
                let first = self.decide(&operands.0)?;
                if first == Some(winner) {
                    return Ok(first);
                }
                let second = self.decide(&operands.1)?;
                Ok(if second == Some(winner) || first.is_some() { second } else { None })
            }
            Kind::Binary(operator, operands) => self.compared(*operator, &operands.0, &operands.1, expr),
            Kind::Call(call) if !call.expand => match (call.function, call.arguments.as_slice()) {
                (Function::Builtin(builtin), [Expr { kind: Kind::For(members), .. }])
                    if members.key.is_none() && !members.with_key =>
                {
                    let decided = match builtin.name {
                        "alltrue" => self.decide_members(members, false),
                        "anytrue" => self.decide_members(members, true),
                        _ => None,
                    };
                    decided.map_or_else(|| self.decide_value(expr), Ok)
                }
                _ => self.decide_value(expr),
            },
            _ => self.decide_value(expr),
        }
    }

    fn compared(
        &mut self,
        operator: Operator,
        left: &Expr,
        right: &Expr,
        whole: &Expr,
    ) -> Result<Option<bool>, Box<Fault>> {
        let (one, other) = (self.operand(left)?, self.operand(right)?);
        let test = match operator {
            Operator::Equal => return Ok(compare::equal(self.host, &one, &other)),
            Operator::NotEqual => return Ok(compare::equal(self.host, &one, &other).map(|truth| !truth)),
            Operator::Less => Ordering::is_lt,
            Operator::LessOrEqual => Ordering::is_le,
            Operator::Greater => Ordering::is_gt,
            Operator::GreaterOrEqual => Ordering::is_ge,
            _ => return self.eval(whole).and_then(|value| truth_at(&value, whole.span)),
        };
        if let Ok(answer) = compare::ordered(&one, &other, test) {
            return Ok(answer);
        }
        arithmetic::ordering(&[&one, &other], test, left, right).and_then(|value| truth_at(&value, whole.span))
    }

    // Whether every member, or any, holds, without a list of them. `winner` decides alone, but the others are looked at,
    // too: they may be faulty. `None` if there is a fault, or no list: then the long way says what.
    #[expect(clippy::option_option, reason = "the outer one is whether there is an answer, the inner one the answer")]
    fn decide_members(&mut self, members: &For, winner: bool) -> Option<Option<bool>> {
        let collection = self.operand(&members.collection).ok()?;
        let Value::List(items) = collection.unmark().0 else { return None };
        let (mut decided, mut undecided) = (false, false);
        for item in items.iter() {
            self.spend(MEMBER_WORK, members.collection.span).ok()?;
            let (value, maybe) = item.member();
            let outer = self.bound.len();
            self.bound.push(value.clone());
            let answer = self.decide_member(members, maybe);
            self.bound.truncate(outer);
            match answer.ok()? {
                Some((Some(truth), false)) if truth == winner => decided = true,
                Some((Some(truth), _)) if truth != winner => {}
                None => {}
                Some(_) => undecided = true,
            }
        }
        Some(if decided {
            Some(winner)
        } else if undecided {
            None
        } else {
            Some(!winner)
        })
    }

    // Whether a member holds and whether it may be absent; none if it is left out.
    fn decide_member(&mut self, members: &For, maybe: bool) -> Result<Option<(Option<bool>, bool)>, Box<Fault>> {
        let mut maybe = maybe;
        match members.condition.as_ref().map(|condition| self.decide(condition)).transpose()? {
            Some(Some(false)) => return Ok(None),
            Some(None) => maybe = true,
            None | Some(Some(true)) => {}
        }
        Ok(Some((self.decide(&members.value)?, maybe)))
    }

    fn decide_value(&mut self, expr: &Expr) -> Result<Option<bool>, Box<Fault>> {
        let value = self.operand(expr)?;
        truth_at(&value, expr.span)
    }
}
