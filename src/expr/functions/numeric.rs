//! Functions on numbers.

use dashu_int::IBig;

use super::power::power;
use super::{ANY, Arguments, Builtin, plain, too_large};
use crate::value::float::MAX_DIGITS;
use crate::value::{Number, Value};

pub(super) const FUNCTIONS: &[Builtin] = &[
    plain(("abs", "number", 1, 1, "The number without its sign."), |arguments| {
        arguments.number(0).map(|number| Value::Number(number.size()))
    }),
    plain(("ceil", "number", 1, 1, "The smallest whole number that is not less."), |arguments| {
        arguments.number(0).map(|number| Value::Number(number.ceil()))
    }),
    plain(("floor", "number", 1, 1, "The largest whole number that is not greater."), |arguments| {
        arguments.number(0).map(|number| Value::Number(number.floor()))
    }),
    plain(("log", "number, base", 2, 2, "The logarithm of the number in the base."), log),
    plain(("max", "numbers...", 1, ANY, "The largest of the numbers."), |arguments| {
        let larger = |most: Number, next: Number| if next > most { next } else { most };
        numbers(arguments)?.into_iter().reduce(larger).map(Value::Number).ok_or_else(nothing)
    }),
    plain(("min", "numbers...", 1, ANY, "The smallest of the numbers."), |arguments| {
        numbers(arguments)?.into_iter().min().map(Value::Number).ok_or_else(nothing)
    }),
    plain(("parseint", "string, base", 2, 2, "The whole number that the string is in the base, 2 to 62."), parseint),
    plain(("pow", "number, exponent", 2, 2, "The number to the power of the exponent."), pow),
    plain(("signum", "number", 1, 1, "-1, 0 or 1: the sign of a whole number."), signum),
];

fn nothing() -> String {
    "there is no number".to_owned()
}

fn numbers(arguments: &Arguments<'_>) -> Result<Vec<Number>, String> {
    (0..arguments.len()).map(|position| arguments.number(position)).collect()
}

// Terraform computes both in floating point, for which a number must not be too large; the result may be infinite.
fn machine(arguments: &Arguments<'_>, index: usize) -> Result<f64, String> {
    let number = arguments.number(index)?;
    let nearest = number.as_f64();
    if nearest.is_infinite() && !number.is_infinite() { Err(too_large()) } else { Ok(nearest) }
}

fn log(arguments: &Arguments<'_>) -> Result<Value, String> {
    let (number, base) = (machine(arguments, 0)?, machine(arguments, 1)?);
    Number::from_f64(number.ln() / base.ln()).map(Value::Number).ok_or_else(|| "there is no such logarithm".to_owned())
}

fn pow(arguments: &Arguments<'_>) -> Result<Value, String> {
    let (number, exponent) = (machine(arguments, 0)?, machine(arguments, 1)?);
    Number::from_f64(power(number, exponent)).map(Value::Number).ok_or_else(|| "there is no such power".to_owned())
}

fn parseint(arguments: &Arguments<'_>) -> Result<Value, String> {
    let Value::String(text) = arguments.get(0) else {
        return Err(format!("argument 1 must be a string, not a {}", arguments.get(0).type_name()));
    };
    let base = u32::try_from(arguments.whole(1)?).ok().filter(|base| (2..=62).contains(base));
    let base = base.ok_or("a base lies between 2 and 62")?;
    if text.len() > MAX_DIGITS {
        return Err(format!("the text has more than {MAX_DIGITS} digits"));
    }
    let wrong = || "the text is no whole number in that base".to_owned();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() {
        return Err(wrong());
    }
    let mut number = IBig::ZERO;
    for character in digits.chars() {
        let digit = digit(character, base).filter(|digit| *digit < base).ok_or_else(wrong)?;
        number = number * base + digit;
    }
    let number = if negative { -number } else { number };
    Number::of_integer(&number).map(Value::Number).ok_or_else(too_large)
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
    Ok(Value::Number(Number::counted(arguments.whole(0)?.signum())))
}
