//! Numbers in decimal digits, written as `format`'s verbs ask: `%e`, `%f`, `%g`. Halves are rounded as the 512 bits of
//! a number have them: 2.675 lies below the half.

use dashu_int::IBig;

use crate::value::Number;
use crate::value::digits::Digits;
use crate::value::float::MAX_DIGITS;

/// A number in a form that texts may have and literals may not: infinity, and `1.5p3`, which is 1.5 × 2³.
pub(super) fn spelled(text: &str) -> Option<Number> {
    let (negative, word) = match text.strip_prefix('-') {
        Some(word) => (true, word),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if matches!(word, "Inf" | "inf") {
        return Some(Number::infinity(negative));
    }
    let (mantissa, exponent) = text.split_once(['p', 'P'])?;
    let mantissa = if mantissa.contains(['e', 'E']) { None } else { Number::parse(mantissa) }?;
    let exponent: i64 = exponent.parse().ok()?;
    let twos = usize::try_from(exponent.unsigned_abs()).ok().filter(|twos| *twos <= 4 * MAX_DIGITS)?;
    let power = Number::parse(&(IBig::ONE << twos).to_string())?;
    if exponent < 0 { mantissa.over(&power) } else { mantissa.times(&power) }
}

/// A number about to be written.
pub(super) struct Written<'n> {
    number: &'n Number,
    digits: Digits,
}

impl<'n> Written<'n> {
    pub(super) fn new(number: &'n Number) -> Self {
        Self { number, digits: number.exact_digits() }
    }

    pub(super) fn is_negative(&self) -> bool {
        self.digits.negative
    }

    /// `%f`: so many digits behind the point.
    pub(super) fn fixed(mut self, precision: usize) -> String {
        let keep = self.digits.point() + count(precision);
        self.digits.round(keep);
        self.places(precision)
    }

    fn places(&self, precision: usize) -> String {
        let mut text = String::new();
        if self.digits.point() <= 0 {
            text.push('0');
        }
        text.extend((0..self.digits.point()).map(|at| self.digits.digit(at)));
        if precision > 0 {
            text.push('.');
            text.extend((0..count(precision)).map(|at| self.digits.digit(self.digits.point() + at)));
        }
        text
    }

    /// `%e`: one digit before the point and so many behind.
    pub(super) fn scientific(mut self, precision: usize) -> String {
        self.digits.round(count(precision) + 1);
        self.exponent(precision)
    }

    fn exponent(&self, precision: usize) -> String {
        let exponent = if self.digits.is_zero() { 0 } else { self.digits.point() - 1 };
        let mut text = String::from(self.digits.digit(0));
        if precision > 0 {
            text.push('.');
            text.extend((1..=count(precision)).map(|at| self.digits.digit(at)));
        }
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{text}e{sign}{:02}", exponent.abs())
    }

    /// `%g`: the shorter of both; the precision counts all digits, without one the fewest digits are taken that tell
    /// the number from others.
    pub(super) fn general(mut self, precision: Option<usize>) -> String {
        let precision = precision.map(|precision| precision.max(1));
        match precision {
            Some(precision) => self.digits.round(count(precision)),
            None => self.digits = self.number.digits(),
        }
        let (length, point) = (self.digits.len(), self.digits.point());
        // As C and Go: large exponents are written out while the precision, or six digits, cover them.
        let limit = match precision {
            None => 6,
            Some(precision) if count(precision) > length && length >= point => length,
            Some(precision) => count(precision),
        };
        let exponent = point - 1;
        if !self.digits.is_zero() && (exponent < -4 || exponent >= limit) {
            return self.exponent(usize::try_from(length - 1).unwrap_or(0));
        }
        self.places(usize::try_from(length - point).unwrap_or(0))
    }
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn halves_are_rounded_as_512_bits_have_them() {
        // Exact halves go to the even digit; 2.675 and 0.15 lie beside the half in binary (Terraform 1.11).
        let table = [
            ("0.5", 0, "0"),
            ("1.5", 0, "2"),
            ("2.5", 0, "2"),
            ("0.125", 2, "0.12"),
            ("2.675", 2, "2.67"),
            ("0.15", 1, "0.2"),
        ];
        for (text, precision, expected) in table {
            assert_eq!(Written::new(&number(text)).fixed(precision), expected, "{text}");
        }
    }

    #[test]
    fn rounding_carries() {
        assert_eq!(Written::new(&number("9.99")).fixed(1), "10.0");
        assert_eq!(Written::new(&number("0.06")).fixed(1), "0.1");
        assert_eq!(Written::new(&number("0.04")).fixed(1), "0.0");
        assert_eq!(Written::new(&number("99.9")).scientific(1), "1.0e+02");
        assert_eq!(Written::new(&number("0")).scientific(2), "0.00e+00");
    }
}
