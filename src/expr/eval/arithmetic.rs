//! Order and arithmetic of values: numbers and numeric texts, with what is not known.

use std::cmp::Ordering;

use super::{Evaluated, decided};
use crate::expr::functions::{self, no_number};
use crate::expr::{Expr, Fault, Operator, compare};
use crate::value::{Number, Value};

pub(super) fn ordering(operands: &[&Value; 2], test: fn(Ordering) -> bool, left: &Expr, right: &Expr) -> Evaluated {
    match compare::ordered(operands[0], operands[1], test) {
        Ok(answer) => Ok(decided(answer, operands)),
        Err(name) => {
            let place = if functions::number(operands[0].unmark().0).is_err() && operands[0].as_unknown().is_none() {
                left.span
            } else {
                right.span
            };
            Err(Fault::new(place, format!("only numbers have an order, and this is a {name}")))
        }
    }
}

/// `-a`
pub(super) fn negated(value: &Value) -> Result<Value, String> {
    let (operand, sensitive) = value.unmark();
    if operand.as_unknown().is_some() {
        return Ok(decided(None, &[value]));
    }
    let number =
        functions::number(operand).map_err(|name| format!("only a number has a sign, and this is a {name}"))?;
    Ok(Value::Number(number.negated()).mark(sensitive))
}

pub(super) fn arithmetic(operator: Operator, left: &Value, right: &Value) -> Result<Value, String> {
    let sensitive = left.has_sensitive() || right.has_sensitive();
    let operand = |value: &Value| {
        functions::number(value.unmark().0).map_err(|name| {
            let hint = if name == "string" && operator == Operator::Add {
                "; texts are joined in a template: \"${a}${b}\""
            } else {
                ""
            };
            format!("arithmetic needs numbers, and this is a {name}{hint}")
        })
    };
    if left.as_unknown().is_some() || right.as_unknown().is_some() {
        // What is no number is none whatever the other is.
        for known in [left, right].into_iter().filter(|value| value.as_unknown().is_none()) {
            operand(known)?;
        }
        return Ok(decided(None, &[left, right]));
    }
    let (one, other) = (operand(left)?, operand(right)?);
    compute(operator, &one, &other).map(|number| Value::Number(number).mark(sensitive))
}

fn compute(operator: Operator, left: &Number, right: &Number) -> Result<Number, String> {
    let result = match operator {
        Operator::Add => left.plus(right),
        Operator::Subtract => left.minus(right),
        Operator::Multiply => left.times(right),
        Operator::Divide if *left == *right && *right == Number::from(0) => return Err("division by zero".to_owned()),
        Operator::Divide => left.over(right),
        _ => left.remainder(right),
    };
    result.ok_or_else(|| no_number(&[left, right]))
}
