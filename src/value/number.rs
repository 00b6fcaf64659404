//! Numbers: whole ones as a machine has them, and all others as Terraform computes with them.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr as _;
use std::sync::Arc;

use dashu_int::IBig;
use rust_decimal::Decimal;

use super::digits::Digits;
use super::float::{self, Float};

/// A number. Equal numbers are equal however they were written (`1`, `1.0`, `1e0`).
#[derive(Clone, Debug)]
pub enum Number {
    /// A whole number, if it fits, and with how many bits it is computed.
    Int(i64, Bits),
    /// Any other.
    Float(Arc<Float>),
}

/// How many bits a number is computed with: a quotient has as many as the more exact operand. Whatever is written in
/// digits has 512, what is counted has 64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bits(u16);

#[expect(clippy::cast_possible_truncation, reason = "both are small")]
impl Bits {
    const WRITTEN: Self = Self(float::PRECISION as u16);
    const COUNTED: Self = Self(float::COUNTED as u16);
}

impl Number {
    /// A number that is counted: a length, an index.
    #[must_use]
    pub const fn counted(int: i64) -> Self {
        Self::Int(int, Bits::COUNTED)
    }

    /// A whole number of any size that is not written in digits; `None` if it has more than a number may have.
    #[must_use]
    pub fn of_integer(int: &IBig) -> Option<Self> {
        Float::of_integer(int.clone()).map(Self::from)
    }

    /// Reads a JSON or HCL number; `None` if it is none, or has more digits than a number may have.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(int) = text.parse::<i64>()
            && (int != 0 || !text.starts_with('-'))
        {
            return Some(Self::from(int));
        }
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let size = whole.strip_prefix(['-', '+']).unwrap_or(whole);
        let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        if size.len() + fraction.len() == 0 || !is_number(size) || !is_number(fraction) {
            return None;
        }
        let exponent = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
        Float::from_decimal(&format!("{whole}{fraction}"), exponent).map(Self::from)
    }

    /// The nearest number that a machine has, as `pow` and `log` give it; `None` if there is none.
    #[must_use]
    pub fn from_f64(number: f64) -> Option<Self> {
        Float::from_f64(number).map(Self::from)
    }

    /// More than any number, or less.
    #[must_use]
    pub fn infinity(negative: bool) -> Self {
        Self::from(Float::infinity(negative))
    }

    /// Whether it is more than any number, or less: what Terraform makes of a division by zero.
    #[must_use]
    pub fn is_infinite(&self) -> bool {
        matches!(self, Self::Float(float) if float.is_infinite())
    }

    /// The whole number, if it is one and fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Int(int, _) => Some(*int),
            // Zero with a sign, and what has fewer bits than digits.
            Self::Float(float) => float.integer().and_then(|int| i64::try_from(int).ok()),
        }
    }

    /// The index, if it is a whole number from 0.
    #[must_use]
    pub fn as_usize(&self) -> Option<usize> {
        self.as_i64().and_then(|int| usize::try_from(int).ok())
    }

    /// The number with the 28 digits of an amount of money; `None` beyond.
    #[must_use]
    pub fn as_decimal(&self) -> Option<Decimal> {
        match self {
            Self::Int(int, _) => Some(Decimal::from(*int)),
            Self::Float(_) => Decimal::from_str_exact(&self.to_string()).ok(),
        }
    }

    /// The nearest floating point number; not a number if there is none.
    #[must_use]
    pub fn as_f64(&self) -> f64 {
        f64::from_str(&self.to_string()).unwrap_or(f64::NAN)
    }

    /// The whole number of any size; `None` if there is a fraction, and for infinity.
    #[must_use]
    pub fn integer(&self) -> Option<IBig> {
        match self {
            Self::Int(int, _) => Some(IBig::from(*int)),
            Self::Float(float) => float.integer(),
        }
    }

    /// All its decimal digits; infinity has none.
    #[must_use]
    pub fn exact_digits(&self) -> Digits {
        match self {
            Self::Int(int, _) => Digits::of_i64(*int),
            Self::Float(float) => float.exact(),
        }
    }

    /// The decimal digits that it is written with; infinity has none.
    #[must_use]
    pub fn digits(&self) -> Digits {
        match self {
            Self::Int(int, _) => Digits::of_i64(*int),
            Self::Float(float) => float.shortest(),
        }
    }

    fn to_float(&self) -> Arc<Float> {
        match self {
            Self::Int(int, bits) => Arc::new(Float::whole(IBig::from(*int), bits.0.into())),
            Self::Float(float) => float.clone(),
        }
    }
}

/// Arithmetic: whole numbers where they fit, else as Terraform computes. `None` for a result that is too large or too
/// small, or is none: zero divided by zero, infinity less infinity.
impl Number {
    // The fast way for two whole numbers, the slow way for what it leaves.
    fn combined(
        &self,
        other: &Self,
        fast: impl Fn(i64, i64) -> Option<i64>,
        slow: impl Fn(&Float, &Float) -> Option<Float>,
    ) -> Option<Self> {
        if let (Self::Int(left, bits), Self::Int(right, others)) = (self, other)
            && let bits = *bits.max(others)
            && bits >= Bits::COUNTED
            && let Some(result) = fast(*left, *right)
        {
            return Some(Self::Int(result, bits));
        }
        slow(&self.to_float(), &other.to_float()).map(Self::from)
    }

    /// The sum.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Option<Self> {
        self.combined(other, i64::checked_add, Float::plus)
    }

    /// The difference.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Option<Self> {
        self.combined(other, i64::checked_sub, Float::minus)
    }

    /// The product. Terraform's zero has the sign of its factors.
    #[must_use]
    pub fn times(&self, other: &Self) -> Option<Self> {
        let fast = |left: i64, right: i64| left.checked_mul(right).filter(|product| *product != 0);
        self.combined(other, fast, Float::times)
    }

    /// The quotient; what is divided by zero is infinite.
    #[must_use]
    pub fn over(&self, other: &Self) -> Option<Self> {
        let fast = |left: i64, right: i64| match left.checked_rem(right)? {
            0 if left != 0 => left.checked_div(right),
            _ => None,
        };
        self.combined(other, fast, Float::over)
    }

    /// What a division leaves; one by zero leaves all.
    #[must_use]
    pub fn remainder(&self, other: &Self) -> Option<Self> {
        let rest = self.combined(other, i64::checked_rem, Float::remainder)?;
        Some(match (rest, self) {
            (Self::Int(rest, _), Self::Int(_, bits)) => Self::Int(rest, *bits),
            (rest, _) => rest,
        })
    }

    /// The number with the other sign; that of zero is kept as well.
    #[must_use]
    pub fn negated(&self) -> Self {
        match self {
            Self::Int(int, bits) if *int != 0 && int.checked_neg().is_some() => Self::Int(-int, *bits),
            other => Self::from(other.to_float().negated()),
        }
    }

    /// The number without its sign.
    #[must_use]
    pub fn size(&self) -> Self {
        let is_negative = match self {
            Self::Int(int, _) => *int < 0,
            Self::Float(float) => float.is_negative(),
        };
        if is_negative { self.negated() } else { self.clone() }
    }

    /// The largest whole number that is not greater.
    #[must_use]
    pub fn floor(&self) -> Self {
        match self {
            Self::Int(..) => self.clone(),
            Self::Float(float) => Self::from(float.floor()),
        }
    }

    /// The smallest whole number that is not less.
    #[must_use]
    pub fn ceil(&self) -> Self {
        match self {
            Self::Int(..) => self.clone(),
            Self::Float(float) => Self::from(float.ceil()),
        }
    }
}

impl From<i64> for Number {
    fn from(int: i64) -> Self {
        Self::Int(int, Bits::WRITTEN)
    }
}

impl From<Float> for Number {
    fn from(float: Float) -> Self {
        // A whole number that has more digits than bits is written with zeros at its end.
        match (float.as_i64(), u16::try_from(float.bits())) {
            (Some(int), Ok(bits)) if bits >= Bits::COUNTED.0 || int.unsigned_abs() >> bits == 0 => {
                Self::Int(int, Bits(bits))
            }
            _ => Self::Float(Arc::new(float)),
        }
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
            (Self::Int(left, _), Self::Int(right, _)) => left.cmp(right),
            _ => self.to_float().compare(&other.to_float()),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(int, _) => int.fmt(f),
            Self::Float(float) if float.is_infinite() => f.write_str(if float.is_negative() { "-Inf" } else { "+Inf" }),
            Self::Float(float) => f.write_str(&float.shortest().plain()),
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
    }

    // Terraform 1.11 in its console.
    #[test]
    fn arithmetic_has_512_bits() {
        let number = |text: &str| Number::parse(text).unwrap();
        let third = number("1").over(&number("3")).unwrap();
        let digits = format!("0.{}5", "3".repeat(154));
        assert_eq!(third.to_string(), digits);
        assert_eq!(third.times(&number("3")), Some(number("1")));
        let table = [
            (number("0.1").plus(&number("0.2")), "0.3"),
            (number("5.5").remainder(&number("0.1")), "0"),
            (number("-5.5").remainder(&number("2")), "-1.5"),
            (number("1e30").remainder(&number("7")), "1"),
            (number("12345678901234567890.5").minus(&number("12345678901234567890")), "0.5"),
            (number("9223372036854775807").plus(&number("1")), "9223372036854775808"),
            (number("-9223372036854775808").over(&number("-1")), "9223372036854775808"),
            (number("0").times(&number("-1")), "-0"),
            (number("0").over(&number("-1")), "-0"),
            (number("-3").remainder(&number("3")), "0"),
            (Number::from_f64(2.0_f64.powi(64)), "18446744073709550000"),
            (Number::from_f64(2.0_f64.sqrt()), "1.4142135623730951"),
        ];
        for (result, expected) in table {
            assert_eq!(result.map(|number| number.to_string()).as_deref(), Some(expected));
        }
        assert_eq!(number("1e4000").times(&number("1e4000")), None);
    }

    #[test]
    fn infinity_is_computed_with() {
        let (more, less) = (Number::infinity(false), Number::infinity(true));
        let number = |text: &str| Number::parse(text).unwrap();
        let shown = |result: Option<Number>| result.map_or_else(|| "none".to_owned(), |number| number.to_string());
        let table = [
            (number("1").over(&number("0")), "+Inf"),
            (number("0.5").over(&number("-0")), "-Inf"),
            (number("0").over(&number("0")), "none"),
            (number("0").over(&number("7")), "0"),
            (number("-0").over(&number("7")), "-0"),
            (more.over(&number("0")), "+Inf"),
            (more.over(&less), "none"),
            (number("-2").over(&more), "-0"),
            (more.plus(&number("1e30")), "+Inf"),
            (number("1").minus(&more), "-Inf"),
            (more.minus(&more), "none"),
            (more.times(&number("-2")), "-Inf"),
            (less.times(&number("0")), "none"),
            (number("5.5").remainder(&number("0")), "5.5"),
            (number("5").remainder(&number("0")), "5"),
            (number("5").remainder(&more), "none"),
            (Some(less.negated()), "+Inf"),
            (Some(less.size()), "+Inf"),
            (Some(less.floor()), "-Inf"),
            (Number::from_f64(f64::NEG_INFINITY), "-Inf"),
            (Number::from_f64(f64::NAN), "none"),
        ];
        for (result, expected) in table {
            assert_eq!(shown(result), expected);
        }
        assert!(less < number("-1e4000") && number("1e4000") < more && less < more && more == more.clone());
        assert_eq!((more.as_i64(), more.integer(), more.as_decimal()), (None, None, None));
        assert_eq!((more.as_f64(), less.as_f64()), (f64::INFINITY, f64::NEG_INFINITY));
    }

    // Terraform 1.11 in its console.
    #[test]
    fn the_more_exact_operand_says_how_exact_a_result_is() {
        let (one, three) = (Number::counted(1), Number::counted(3));
        let machine = |number: f64| Number::from_f64(number).unwrap();
        let written = Number::from(3);
        let table = [
            (one.over(&three), "0.33333333333333333334"),
            (one.over(&three).and_then(|third| third.times(&three)), "1.00000000000000000003"),
            (one.over(&machine(3.0)), "0.33333333333333333334"),
            (machine(1.0).over(&machine(3.0)), "0.3333333333333333"),
            (machine(2.0_f64.powi(60)).plus(&machine(1.0)), "1152921504606847000"),
            (machine(2.0_f64.powi(60)).plus(&one), "1152921504606846977"),
            (one.remainder(&written).and_then(|one| one.over(&three)), "0.33333333333333333334"),
            (one.negated().size().over(&three), "0.33333333333333333334"),
        ];
        for (result, expected) in table {
            assert_eq!(result.map(|number| number.to_string()).as_deref(), Some(expected));
        }
        let digits = one.over(&written).map(|number| number.to_string().len());
        assert_eq!((digits, one == Number::from(1)), (Some(157), true));
    }

    #[test]
    fn zero_has_a_sign_that_makes_no_difference() {
        let zero = Number::parse("-0").unwrap();
        assert_eq!((zero.to_string().as_str(), &zero), ("-0", &Number::from(0)));
        assert_eq!(zero.negated().to_string(), "0");
        assert_eq!(zero.size().to_string(), "0");
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
        for text in
            ["9007199254740993", "123456789012345678901234567890123", "0.1234567890123456789012345678901234567890"]
        {
            let shown = Number::parse(text).map(|number| number.to_string());
            assert_eq!(shown.as_deref(), Some(text.trim_end_matches('0')));
        }
        assert_eq!(Number::parse("1e400").map(|number| number.to_string().len()), Some(401));
        for text in
            ["12x", "1_000", "inf", "", ".", "-", "e5", "1e", "1e5000", "1e-5000", "1e99999999999999999999", "--1"]
        {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }
}
