//! Functions on numbers.

use super::{ANY, Arguments, Builtin, lifted, number};
use crate::value::{Number, Value};

/// Members that `range` makes at most, as in Terraform.
const MAX_RANGE: usize = 1024;

pub(super) const FUNCTIONS: &[Builtin] = &[
    lifted("abs", 1, 1, |arguments| rounded(arguments, |decimal| decimal.abs())),
    lifted("ceil", 1, 1, |arguments| rounded(arguments, |decimal| decimal.ceil())),
    lifted("floor", 1, 1, |arguments| rounded(arguments, |decimal| decimal.floor())),
    lifted("max", 1, ANY, |arguments| numbers(arguments)?.into_iter().max().map(Value::Number).ok_or_else(nothing)),
    lifted("min", 1, ANY, |arguments| numbers(arguments)?.into_iter().min().map(Value::Number).ok_or_else(nothing)),
    lifted("parseint", 2, 2, parseint),
    lifted("range", 1, 3, range),
    lifted("signum", 1, 1, signum),
    lifted("sum", 1, 1, sum),
];

fn nothing() -> String {
    "there is no number".to_owned()
}

fn too_large() -> String {
    "a number is too large to compute with".to_owned()
}

fn rounded(
    arguments: &Arguments<'_>,
    operation: fn(rust_decimal::Decimal) -> rust_decimal::Decimal,
) -> Result<Value, String> {
    let decimal = arguments.number(0)?.as_decimal().ok_or_else(too_large)?;
    Ok(Value::Number(Number::from(operation(decimal))))
}

fn numbers(arguments: &Arguments<'_>) -> Result<Vec<Number>, String> {
    (0..arguments.len()).map(|position| arguments.number(position)).collect()
}

fn parseint(arguments: &Arguments<'_>) -> Result<Value, String> {
    let text = arguments.text(0)?;
    let base = u32::try_from(arguments.whole(1)?).ok().filter(|base| (2..=36).contains(base));
    let base = base.ok_or("a base lies between 2 and 36")?;
    let parsed = i64::from_str_radix(&text, base).map_err(|_| "the text is no whole number in that base".to_owned())?;
    Ok(Value::Number(parsed.into()))
}

fn range(arguments: &Arguments<'_>) -> Result<Value, String> {
    let at = |index: usize| arguments.number(index)?.as_decimal().ok_or_else(too_large);
    let zero = rust_decimal::Decimal::ZERO;
    let (start, limit) = if arguments.len() == 1 { (zero, at(0)?) } else { (at(0)?, at(1)?) };
    let down = limit < start;
    let default = if down { rust_decimal::Decimal::NEGATIVE_ONE } else { rust_decimal::Decimal::ONE };
    let step = if arguments.len() == 3 { at(2)? } else { default };
    if step.is_zero() || (step.is_sign_negative() != down && start != limit) {
        return Err("the step leads away from the limit".to_owned());
    }
    let mut result = Vec::new();
    let mut next = start;
    while if down { next > limit } else { next < limit } {
        if result.len() == MAX_RANGE {
            return Err(format!("a range has {MAX_RANGE} members at most"));
        }
        result.push(Value::Number(Number::from(next)));
        next = next.checked_add(step).ok_or_else(too_large)?;
    }
    Ok(Value::list(result))
}

fn signum(arguments: &Arguments<'_>) -> Result<Value, String> {
    let decimal = arguments.number(0)?.as_decimal().ok_or_else(too_large)?;
    let sign = i64::from(decimal > rust_decimal::Decimal::ZERO) - i64::from(decimal < rust_decimal::Decimal::ZERO);
    Ok(Value::Number(sign.into()))
}

fn sum(arguments: &Arguments<'_>) -> Result<Value, String> {
    let items = arguments.list(0)?;
    if items.is_empty() {
        return Err("the list is empty".to_owned());
    }
    let mut total = rust_decimal::Decimal::ZERO;
    for item in items {
        let number = number(item).map_err(|name| format!("only numbers are summed, not a {name}"))?;
        total = number.as_decimal().and_then(|number| total.checked_add(number)).ok_or_else(too_large)?;
    }
    Ok(Value::Number(Number::from(total)))
}
