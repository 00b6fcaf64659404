//! Functions on numbers.

use num_bigint::BigInt;
use rust_decimal::Decimal;

use super::{ANY, Arguments, Builtin, lifted, limits};
use crate::value::{Number, Value};

pub(super) const FUNCTIONS: &[Builtin] = &[
    lifted(("abs", "number", 1, 1, "The number without its sign."), |arguments| {
        rounded(arguments, |number| number.abs())
    }),
    lifted(("ceil", "number", 1, 1, "The smallest whole number that is not less."), |arguments| {
        rounded(arguments, |number| number.ceil())
    }),
    lifted(("floor", "number", 1, 1, "The largest whole number that is not greater."), |arguments| {
        rounded(arguments, |number| number.floor())
    }),
    lifted(("log", "number, base", 2, 2, "The logarithm of the number in the base."), log),
    lifted(("max", "numbers...", 1, ANY, "The largest of the numbers."), |arguments| {
        numbers(arguments)?.into_iter().max().map(Value::Number).ok_or_else(nothing)
    }),
    lifted(("min", "numbers...", 1, ANY, "The smallest of the numbers."), |arguments| {
        numbers(arguments)?.into_iter().min().map(Value::Number).ok_or_else(nothing)
    }),
    lifted(("parseint", "string, base", 2, 2, "The whole number that the string is in the base, 2 to 62."), parseint),
    lifted(("pow", "number, exponent", 2, 2, "The number to the power of the exponent."), pow),
    lifted(("signum", "number", 1, 1, "-1, 0 or 1: the sign of a whole number."), signum),
];

fn nothing() -> String {
    "there is no number".to_owned()
}

pub(super) fn too_large() -> String {
    "a number is too large to compute with".to_owned()
}

/// The sum of two numbers.
pub(super) fn add(left: &Number, right: &Number) -> Result<Number, String> {
    let (left, right) = (left.as_decimal().ok_or_else(too_large)?, right.as_decimal().ok_or_else(too_large)?);
    left.checked_add(right).map(Number::from).ok_or_else(too_large)
}

fn rounded(arguments: &Arguments<'_>, operation: fn(Decimal) -> Decimal) -> Result<Value, String> {
    let number = arguments.number(0)?;
    if let Some(decimal) = number.as_decimal() {
        return Ok(Value::Number(Number::from(operation(decimal))));
    }
    // What is too long for a decimal is whole, or nobody rounds it.
    let text = number.to_string();
    if text.contains('.') {
        return Err(too_large());
    }
    let negative = operation(Decimal::NEGATIVE_ONE).is_sign_negative();
    let text = if negative { &text } else { text.trim_start_matches('-') };
    Number::parse(text).map(Value::Number).ok_or_else(too_large)
}

fn numbers(arguments: &Arguments<'_>) -> Result<Vec<Number>, String> {
    (0..arguments.len()).map(|position| arguments.number(position)).collect()
}

// Terraform computes both in floating point.
fn log(arguments: &Arguments<'_>) -> Result<Value, String> {
    let (number, base) = (arguments.number(0)?.as_f64(), arguments.number(1)?.as_f64());
    float(number.ln() / base.ln()).ok_or_else(|| "there is no such logarithm".to_owned())
}

fn pow(arguments: &Arguments<'_>) -> Result<Value, String> {
    let (number, exponent) = (arguments.number(0)?.as_f64(), arguments.number(1)?.as_f64());
    float(number.powf(exponent)).ok_or_else(|| "there is no such power, or it is too large".to_owned())
}

fn float(result: f64) -> Option<Value> {
    result.is_finite().then(|| Number::parse(&result.to_string())).flatten().map(Value::Number)
}

fn parseint(arguments: &Arguments<'_>) -> Result<Value, String> {
    let Value::String(text) = arguments.get(0) else {
        return Err(format!("argument 1 must be a string, not a {}", arguments.get(0).type_name()));
    };
    let base = u32::try_from(arguments.whole(1)?).ok().filter(|base| (2..=62).contains(base));
    let base = base.ok_or("a base lies between 2 and 62")?;
    if text.len() > limits::MAX_DIGITS {
        return Err(format!("the text has more than {} digits", limits::MAX_DIGITS));
    }
    let wrong = || "the text is no whole number in that base".to_owned();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() {
        return Err(wrong());
    }
    let mut number = BigInt::ZERO;
    for character in digits.chars() {
        let digit = digit(character, base).filter(|digit| *digit < base).ok_or_else(wrong)?;
        number = number * base + digit;
    }
    let number = if negative { -number } else { number };
    Number::parse(&number.to_string()).map(Value::Number).ok_or_else(too_large)
}

// Up to base 36 the case of a letter does not matter; beyond, capitals come behind the small ones.
fn digit(character: char, base: u32) -> Option<u32> {
    let letter = |first: char, offset: u32| u32::from(character) - u32::from(first) + offset;
    match character {
        '0'..='9' => Some(letter('0', 0)),
        'a'..='z' => Some(letter('a', 10)),
        'A'..='Z' => Some(letter('A', if base <= 36 { 10 } else { 36 })),
        _ => None,
    }
}

fn signum(arguments: &Arguments<'_>) -> Result<Value, String> {
    Ok(Value::Number(arguments.whole(0)?.signum().into()))
}
