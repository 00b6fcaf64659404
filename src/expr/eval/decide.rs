//! Conditions without values: whether an expression holds, and nothing else.
//!
//! Most conditions are decided and nobody asks why, so neither a value nor a reason is made of them. What this cannot
//! tell is left to [`Evaluator::eval`]; both always agree.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::{Evaluator, MAX_DEPTH, MEMBER_WORK, arithmetic, truth_at};
use crate::expr::functions::Function;
use crate::expr::{Expr, Fault, For, Kind, Operator, compare};
use crate::value::{ListKind, Value};

impl<'h> Evaluator<'h> {
    /// Whether a condition holds, without the value: no reason why it is not decided, no sensitive mark. Says what
    /// [`truth`](super::truth) says of [`Evaluator::eval`], and says it faster; most conditions are asked for nothing else.
    ///
    /// # Errors
    ///
    /// A fault as that of [`Evaluator::eval`].
    pub fn decide(&mut self, expr: &'h Expr) -> Result<Option<bool>, Box<Fault>> {
        if self.depth >= MAX_DEPTH {
            return self.eval(expr).and_then(|value| truth_at(&value, expr.span));
        }
        self.depth += 1;
        let result = self.decide_kind(expr);
        self.depth -= 1;
        result
    }

    fn decide_kind(&mut self, expr: &'h Expr) -> Result<Option<bool>, Box<Fault>> {
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
            Kind::Conditional(parts) => match self.decide(&parts.0)? {
                Some(true) => self.decide(&parts.1),
                Some(false) => self.decide(&parts.2),
                None => Ok(None),
            },
            Kind::Call(call) if !call.expand => match (call.function, call.arguments.as_slice()) {
                (Function::Builtin(builtin), [first, second]) => {
                    if let (Some(first), Some(second)) = (self.at_hand(first), self.at_hand(second))
                        && let Some(truth) = builtin.holds(self.host, first, second)
                    {
                        return Ok(Some(truth));
                    }
                    let (first, second) = (self.operand(first)?, self.operand(second)?);
                    if let Some(truth) = builtin.holds(self.host, &first, &second) {
                        return Ok(Some(truth));
                    }
                    let value = self.builtin(builtin, call, &[&first, &second], expr.span)?;
                    truth_at(&value, expr.span)
                }
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
        left: &'h Expr,
        right: &'h Expr,
        whole: &'h Expr,
    ) -> Result<Option<bool>, Box<Fault>> {
        let (first, second);
        let (one, other) = match (self.at_hand(left), self.at_hand(right)) {
            (Some(one), Some(other)) => (one, other),
            _ => {
                (first, second) = (self.compared_operand(left)?, self.compared_operand(right)?);
                (&*first, &*second)
            }
        };
        let test = match operator {
            Operator::Equal => return Ok(compare::equal(self.host, one, other)),
            Operator::NotEqual => return Ok(compare::equal(self.host, one, other).map(|truth| !truth)),
            Operator::Less => Ordering::is_lt,
            Operator::LessOrEqual => Ordering::is_le,
            Operator::Greater => Ordering::is_gt,
            Operator::GreaterOrEqual => Ordering::is_ge,
            _ => return self.eval(whole).and_then(|value| truth_at(&value, whole.span)),
        };
        if let Ok(answer) = compare::ordered(one, other, test) {
            return Ok(answer);
        }
        arithmetic::ordering(&[one, other], test, left, right).and_then(|value| truth_at(&value, whole.span))
    }

    // Whether every member, or any, holds, without a list of them. `winner` decides alone, but the others are looked at,
    // too: they may be faulty. `None` if there is a fault, or no list: then the long way says what.
    #[expect(clippy::option_option, reason = "the outer one is whether there is an answer, the inner one the answer")]
    fn decide_members(&mut self, members: &'h For, winner: bool) -> Option<Option<bool>> {
        let collection = self.operand(&members.collection).ok()?;
        let (decided, work) = {
            let mut inside = self.inside();
            (inside.decide_all(members, &collection, winner), inside.work)
        };
        self.work = work;
        decided
    }

    #[expect(clippy::option_option, reason = "as above")]
    fn decide_all(&mut self, members: &'h For, collection: &'h Value, winner: bool) -> Option<Option<bool>> {
        let Value::List(items) = collection.unmark().0 else { return None };
        self.spend(items.len().saturating_mul(MEMBER_WORK), members.collection.span).ok()?;
        let (mut decided, mut undecided) = (false, false);
        for item in items.iter() {
            let (value, maybe) = item.member();
            let outer = self.bound.len();
            self.bound.push(Cow::Borrowed(value));
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

    /// How many members of a list meet the condition, without a list of them. `None` if one may or may not, if there is a
    /// fault, or no list: then the long way says what.
    pub(super) fn counted(&mut self, members: &'h For) -> Option<usize> {
        if !self.is_copy(members) {
            return None;
        }
        let condition = members.condition.as_ref()?;
        let collection = self.operand(&members.collection).ok()?;
        let (count, work) = {
            let mut inside = self.inside();
            (inside.count(members, condition, &collection), inside.work)
        };
        self.work = work;
        count
    }

    fn count(&mut self, members: &'h For, condition: &'h Expr, collection: &'h Value) -> Option<usize> {
        let Value::List(items) = collection else { return None };
        if items.kind() == ListKind::Set && members.with_key {
            return None;
        }
        self.spend(items.len().saturating_mul(MEMBER_WORK), members.collection.span).ok()?;
        let mut count = 0;
        for (index, item) in items.iter().enumerate() {
            let (value, false) = item.member() else { return None };
            let outer = self.bound.len();
            if members.with_key {
                self.bound.push(Cow::Owned(Value::int(index)));
            }
            self.bound.push(Cow::Borrowed(value));
            let holds = self.decide(condition);
            self.bound.truncate(outer);
            count += usize::from(holds.ok()??);
        }
        Some(count)
    }

    // Whether a member holds and whether it may be absent; none if it is left out.
    fn decide_member(&mut self, members: &'h For, maybe: bool) -> Result<Option<(Option<bool>, bool)>, Box<Fault>> {
        let mut maybe = maybe;
        match members.condition.as_ref().map(|condition| self.decide(condition)).transpose()? {
            Some(Some(false)) => return Ok(None),
            Some(None) => maybe = true,
            None | Some(Some(true)) => {}
        }
        Ok(Some((self.decide(&members.value)?, maybe)))
    }

    fn decide_value(&mut self, expr: &'h Expr) -> Result<Option<bool>, Box<Fault>> {
        match self.at_hand(expr) {
            Some(value) => truth_at(value, expr.span),
            None => self.operand(expr).and_then(|value| truth_at(&value, expr.span)),
        }
    }
}
