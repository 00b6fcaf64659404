//! Order and arithmetic of values: numbers and numeric texts, with what is not known.

use std::cmp::Ordering;

use super::{Evaluated, decided};
use crate::expr::{Expr, Fault, Operator, compare, functions};
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

pub(super) fn arithmetic(operator: Operator, left: &Value, right: &Value) -> Result<Value, String> {
    let sensitive = left.has_sensitive() || right.has_sensitive();
    if left.as_unknown().is_some() || right.as_unknown().is_some() {
        return Ok(decided(None, &[left, right]));
    }
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
    let (one, other) = (operand(left)?, operand(right)?);
    compute(operator, &one, &other).map(|number| Value::Number(number).mark(sensitive))
}

fn compute(operator: Operator, left: &Number, right: &Number) -> Result<Number, String> {
    let large = || "a number is too large to compute with".to_owned();
    let (left, right) = (left.as_decimal().ok_or_else(large)?, right.as_decimal().ok_or_else(large)?);
    if right.is_zero() && matches!(operator, Operator::Divide | Operator::Modulo) {
        return Err("division by zero".to_owned());
    }
    let result = match operator {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        Operator::Multiply => left.checked_mul(right),
        Operator::Divide => left.checked_div(right),
        _ => left.checked_rem(right),
    };
    result.map(Number::from).ok_or_else(large)
}
