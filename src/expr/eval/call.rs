//! Calls: arguments, functions, and the two that take expressions, `try` and `can`.

use std::borrow::Cow;

use super::{Evaluated, Evaluator, Looked, MAX_WORK, decided};
use crate::expr::functions::{Builtin, Function, HostFunction};
use crate::expr::{Call, Expr, Fault, Kind};
use crate::source::Span;
use crate::value::Value;

impl<'h> Evaluator<'h> {
    pub(super) fn call(&mut self, call: &'h Call, span: Span) -> Evaluated {
        match call.function {
            Function::Try => self.try_each(&call.arguments, span).map(Cow::into_owned),
            Function::Can => {
                let [argument] = call.arguments.as_slice() else {
                    return Err(Fault::new(span, "can takes one argument"));
                };
                let answer = self.attempt(argument);
                self.spend(0, span)?;
                Ok(Value::Bool(answer.is_ok()))
            }
            Function::Builtin(builtin) => match call.arguments.as_slice() {
                [only] if !call.expand => {
                    let only = self.operand(only)?;
                    self.builtin(builtin, call, &[&only], span)
                }
                [first, second] if !call.expand => {
                    let (first, second) = (self.operand(first)?, self.operand(second)?);
                    self.builtin(builtin, call, &[&first, &second], span)
                }
                _ => match self.arguments(call)? {
                    Ok(arguments) => self.builtin(builtin, call, &arguments.iter().collect::<Vec<_>>(), span),
                    Err(unknown) => Ok(unknown),
                },
            },
            Function::Host(function) => {
                if let Some(known) = self.foregone(call, function) {
                    return Ok(known);
                }
                match self.arguments(call)? {
                    Ok(arguments) => self.host.call(function.number, &arguments, span),
                    Err(unknown) => Ok(unknown),
                }
            }
        }
    }

    pub(super) fn builtin(&mut self, builtin: &Builtin, call: &Call, arguments: &[&Value], span: Span) -> Evaluated {
        if !call.function.accepts(arguments.len()) {
            return Err(Fault::new(span, call.function.arity_message(arguments.len())));
        }
        let made = builtin.call(self.host, arguments, call.pattern.as_ref());
        let made = made.map_err(|message| Fault::new(span, message))?;
        self.spend_on(&made, span)?;
        Ok(made)
    }

    fn foregone(&self, call: &Call, function: HostFunction) -> Option<Value> {
        match call.arguments.as_slice() {
            [Expr { kind: Kind::Literal(first), .. }, _, ..] => self.host.foregone(function.number, first),
            _ => None,
        }
    }

    // The inner error is the unknown that a spread list of unknown length makes of the call.
    fn arguments(&mut self, call: &'h Call) -> Result<Result<Vec<Value>, Value>, Box<Fault>> {
        let mut values = Vec::with_capacity(call.arguments.len());
        for argument in &call.arguments {
            values.push(self.eval(argument)?);
        }
        if !call.expand {
            return Ok(Ok(values));
        }
        let place = call.arguments.last().map(|argument| argument.span);
        let (Some(last), Some(place)) = (values.pop(), place) else { return Ok(Ok(values)) };
        let (inner, sensitive) = last.unmark();
        match inner {
            Value::List(items) if items.iter().any(|item| item.member().1) => Ok(Err(decided(None, &[inner]))),
            Value::List(items) => {
                values.extend(items.iter().map(|item| item.clone().mark(sensitive)));
                Ok(Ok(values))
            }
            Value::Unknown(_) => Ok(Err(decided(None, &[inner]))),
            other => {
                Err(Fault::new(place, format!("only a list can be spread with \"...\", not a {}", other.type_name())))
            }
        }
    }

    pub(super) fn try_each(&mut self, arguments: &'h [Expr], span: Span) -> Looked<'h> {
        let Some((last, others)) = arguments.split_last() else {
            return Err(Fault::new(span, "try takes at least one argument"));
        };
        for argument in others {
            match self.attempt(argument) {
                Ok(value) => return Ok(value),
                // What is too much stays too much, whatever stands around it.
                Err(fault) if self.work > MAX_WORK => return Err(fault),
                Err(_) => {}
            }
        }
        self.operand(last)
    }

    // Evaluates what may fail, and leaves no trace of it if it does.
    fn attempt(&mut self, expr: &'h Expr) -> Looked<'h> {
        let (bound, depth) = (self.bound.len(), self.depth);
        let outer = std::mem::replace(&mut self.trying, true);
        let result = self.operand(expr);
        self.trying = outer;
        self.bound.truncate(bound);
        self.depth = depth;
        result
    }
}
