//! Numbers: whole numbers, decimals as Terraform computes them, and text for what is larger than both.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr as _;
use std::sync::Arc;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

/// A number. Equal numbers are equal however they were written (`1`, `1.0`, `1e0`).
#[derive(Clone, Debug)]
pub enum Number {
    /// A whole number.
    Int(i64),
    /// A number with 28 digits at most and a fraction (a whole number is always [`Number::Int`] if it fits).
    Decimal(Decimal),
    /// A number beyond both; kept as written.
    Text(Arc<str>),
}

impl Number {
    /// Reads a JSON or HCL number; `None` if it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(int) = text.parse::<i64>() {
            return Some(Self::Int(int));
        }
        // The parsers below take `1_000` and `inf`, Terraform does not.
        if !text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E')) {
            return None;
        }
        let decimal = Decimal::from_str(text).or_else(|_| Decimal::from_scientific(text));
        match decimal {
            // Twenty-eight digits are exact; a longer text would be rounded.
            Ok(decimal) if digits(text) <= 28 => Some(Self::from(decimal)),
            _ => text.parse::<f64>().ok().filter(|float| float.is_finite()).map(|_| Self::Text(Arc::from(text))),
        }
    }

    /// The whole number, if it is one and fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Int(int) => Some(*int),
            _ => None,
        }
    }

    /// The index, if it is a whole number from 0.
    #[must_use]
    pub fn as_usize(&self) -> Option<usize> {
        self.as_i64().and_then(|int| usize::try_from(int).ok())
    }

    /// The number with 28 digits; `None` beyond.
    #[must_use]
    pub fn as_decimal(&self) -> Option<Decimal> {
        match self {
            Self::Int(int) => Some(Decimal::from(*int)),
            Self::Decimal(decimal) => Some(*decimal),
            Self::Text(_) => None,
        }
    }

    /// The nearest floating point number; not a number if there is none.
    #[must_use]
    pub fn as_f64(&self) -> f64 {
        match self {
            Self::Int(int) => int.to_f64(),
            Self::Decimal(decimal) => decimal.to_f64(),
            Self::Text(text) => text.parse().ok(),
        }
        .unwrap_or(f64::NAN)
    }
}

// Terraform writes no exponents. A number that is finite as a float has less than 400 digits more.
fn plain(text: &str) -> Cow<'_, str> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let Ok(exponent) = exponent.parse::<i64>() else { return Cow::Borrowed(text) };
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let mantissa = mantissa.strip_prefix('+').unwrap_or(mantissa);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut digits = format!("{whole}{fraction}");
    let point = i64::try_from(whole.len()).unwrap_or(0).saturating_add(exponent);
    if point.unsigned_abs() > 1000 + digits.len() as u64 {
        return Cow::Borrowed(text);
    }
    if point <= 0 {
        digits.insert_str(0, &"0".repeat(usize::try_from(1 - point).unwrap_or(0)));
    }
    let point = usize::try_from(point.max(1)).unwrap_or(1);
    if digits.len() < point {
        digits.push_str(&"0".repeat(point - digits.len()));
    }
    let (whole, fraction) = digits.split_at_checked(point).unwrap_or((&digits, ""));
    let whole = Some(whole.trim_start_matches('0')).filter(|whole| !whole.is_empty()).unwrap_or("0");
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    Cow::Owned(format!("{sign}{whole}{point}{fraction}"))
}

// Compares numbers as `plain` writes them: no exponent, no zero in front or behind.
fn digit_by_digit(left: &str, right: &str) -> Option<Ordering> {
    if left.contains(['e', 'E']) || right.contains(['e', 'E']) {
        return None;
    }
    let parts = |text: &'_ str| {
        let (is_negative, size) = text.strip_prefix('-').map_or((false, text), |size| (size != "0", size));
        let (whole, fraction) = size.split_once('.').unwrap_or((size, ""));
        (is_negative, whole.len(), whole.to_owned(), fraction.to_owned())
    };
    let (left, right) = (parts(left), parts(right));
    let by_size = (left.1, &left.2, &left.3).cmp(&(right.1, &right.2, &right.3));
    Some(match (left.0, right.0) {
        (false, false) => by_size,
        (true, true) => by_size.reverse(),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
    })
}

fn digits(text: &str) -> usize {
    let mantissa = text.split(['e', 'E']).next().unwrap_or(text);
    mantissa.chars().filter(char::is_ascii_digit).count()
}

impl From<i64> for Number {
    fn from(int: i64) -> Self {
        Self::Int(int)
    }
}

impl From<Decimal> for Number {
    fn from(decimal: Decimal) -> Self {
        let whole = decimal.is_integer().then(|| decimal.to_i64()).flatten();
        whole.map_or_else(|| Self::Decimal(decimal.normalize()), Self::Int)
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Int(left), Self::Int(right)) => left.cmp(right),
            (Self::Text(left), Self::Text(right)) if left == right => Ordering::Equal,
            _ => match (self.as_decimal(), other.as_decimal()) {
                (Some(left), Some(right)) => left.cmp(&right),
                // A float has 17 digits: two numbers of 40 that differ in the last one would be equal.
                _ => digit_by_digit(&self.to_string(), &other.to_string())
                    .unwrap_or_else(|| self.as_f64().total_cmp(&other.as_f64())),
            },
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(int) => int.fmt(f),
            Self::Decimal(decimal) => decimal.normalize().fmt(f),
            Self::Text(text) => f.write_str(&plain(text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_equal_however_they_are_written() {
        let same = [("1", "1.0"), ("1e3", "1000"), ("0.10", "0.1"), ("-0", "0"), ("1.5E1", "15")];
        for (left, right) in same {
            assert_eq!(Number::parse(left), Number::parse(right), "{left} {right}");
        }
    }

    #[test]
    fn no_exponent_is_written() {
        let table = [
            ("1e30", "1000000000000000000000000000000"),
            ("-1.5e30", "-1500000000000000000000000000000"),
            ("12345678901234567890123456789012e-3", "12345678901234567890123456789.012"),
            ("1.2345678901234567890123456789e-5", "0.000012345678901234567890123456789"),
        ];
        for (text, expected) in table {
            let shown = Number::parse(text).map(|number| number.to_string());
            assert_eq!(shown.as_deref(), Some(expected));
        }
        assert_eq!(Number::parse("1_000"), None);
    }

    #[test]
    fn numbers_of_any_length_are_ordered_by_all_their_digits() {
        // From the smallest to the largest; the middle ones differ in their last digit alone.
        let ordered = [
            "-340282366920938463463374607431768211456",
            "-340282366920938463463374607431768211455",
            "-1.5",
            "0.0000000000000000000000000000000000001",
            "0.00000000000000000000000000000000000011",
            "7",
            "99999999999999999999999999999999999999.5",
            "340282366920938463463374607431768211455",
            "340282366920938463463374607431768211456",
            "1e40",
        ];
        let numbers: Vec<Number> = ordered.iter().map(|text| Number::parse(text).unwrap()).collect();
        for (at, left) in numbers.iter().enumerate() {
            for (other, right) in numbers.iter().enumerate() {
                assert_eq!(left.cmp(right), at.cmp(&other), "{left} {right}");
            }
        }
        let same =
            [("1e40", "10000000000000000000000000000000000000000"), ("0.00000000000000000000000000000000", "-0")];
        for (left, right) in same {
            assert_eq!(Number::parse(left), Number::parse(right), "{left} {right}");
        }
    }

    #[test]
    fn text_survives_beyond_what_fits() {
        for text in ["9007199254740993", "123456789012345678901234567890123", "1e400"] {
            let shown = Number::parse(text).map(|number| number.to_string());
            assert_eq!(shown.as_deref(), (text != "1e400").then_some(text));
        }
        assert_eq!(Number::parse("12x"), None);
    }
}
