//! Numbers in decimal digits, written as `format`'s verbs ask: `%e`, `%f`, `%g`, `%d`, `%x`.

use std::cmp::Ordering;

use num_bigint::BigInt;

use super::limits;
use crate::value::Number;

/// A number as `0.d₁d₂d₃… × 10^point`, without zeros at either end.
pub(super) struct Digits {
    pub(super) negative: bool,
    all: Vec<u8>,
    point: i64,
}

impl Digits {
    pub(super) fn new(number: &Number) -> Result<Self, String> {
        let text = number.to_string();
        if text.len() > limits::MAX_DIGITS {
            return Err(format!("a number of more than {} digits cannot be formatted", limits::MAX_DIGITS));
        }
        let (negative, text) = text.strip_prefix('-').map_or((false, &*text), |text| (true, text));
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let all = whole.bytes().chain(fraction.bytes()).map(|digit| digit.wrapping_sub(b'0'));
        let mut digits: Vec<u8> = all.skip_while(|digit| *digit == 0).collect();
        let leading = whole.len() + fraction.len() - digits.len();
        while digits.last() == Some(&0) {
            digits.pop();
        }
        let point = if digits.is_empty() { 0 } else { count(whole.len()) - count(leading) };
        Ok(Self { negative, all: digits, point })
    }

    fn is_zero(&self) -> bool {
        self.all.is_empty()
    }

    fn digit(&self, at: i64) -> char {
        let digit = usize::try_from(at).ok().and_then(|at| self.all.get(at)).copied().unwrap_or(0);
        char::from(b'0' + digit)
    }

    // Keeps so many digits.
    fn round(&mut self, keep: i64) {
        let Ok(kept) = usize::try_from(keep) else {
            self.all.clear();
            self.point = 0;
            return;
        };
        let Some(next) = self.all.get(kept) else { return };
        let up = match (*next).cmp(&5) {
            Ordering::Equal if self.all.len() == kept + 1 => self.tie_goes_up(kept),
            order => order != Ordering::Less,
        };
        self.all.truncate(kept);
        if up {
            self.increment();
        }
        while self.all.last() == Some(&0) {
            self.all.pop();
        }
        if self.all.is_empty() {
            self.point = 0;
        }
    }

    fn increment(&mut self) {
        while let Some(last) = self.all.pop() {
            if last < 9 {
                self.all.push(last + 1);
                return;
            }
        }
        self.all.push(1);
        self.point += 1;
    }

    // Terraform's numbers have 512 bits. A decimal half is not exact in these: what was rounded at the 512th bit decides,
    // and only an exact half goes to the even digit.
    fn tie_goes_up(&self, kept: usize) -> bool {
        let even = || kept.checked_sub(1).and_then(|at| self.all.get(at)).is_some_and(|digit| digit % 2 == 1);
        let scale = count(self.all.len()) - self.point;
        let Some(scale) = u32::try_from(scale).ok().filter(|scale| *scale > 0) else { return even() };
        let text: String = self.all.iter().map(|digit| char::from(b'0' + digit)).collect();
        let Some(mantissa) = BigInt::parse_bytes(text.as_bytes(), 10) else { return even() };
        let divisor = BigInt::from(10).pow(scale);
        // So many bits to the left make a quotient of 512 bits.
        let mut shift = 512 + divisor.bits() - mantissa.bits().min(divisor.bits());
        while (&mantissa << shift).checked_div(&divisor).is_some_and(|quotient| quotient.bits() > 512) && shift > 0 {
            shift -= 1;
        }
        let remainder: BigInt = (mantissa << shift) % &divisor;
        match (remainder.sign() == num_bigint::Sign::NoSign, (remainder << 1_u32).cmp(&divisor)) {
            (true, _) => even(),
            (false, order) => order != Ordering::Less,
        }
    }

    /// `%f`: so many digits behind the point.
    pub(super) fn fixed(mut self, precision: usize) -> String {
        self.round(self.point + count(precision));
        let mut text = String::new();
        if self.point <= 0 {
            text.push('0');
        }
        text.extend((0..self.point).map(|at| self.digit(at)));
        if precision > 0 {
            text.push('.');
            text.extend((0..count(precision)).map(|at| self.digit(self.point + at)));
        }
        text
    }

    /// `%e`: one digit before the point and so many behind; all there are without a precision.
    pub(super) fn scientific(mut self, precision: Option<usize>) -> String {
        if let Some(precision) = precision {
            self.round(count(precision) + 1);
        }
        let precision = precision.unwrap_or_else(|| self.all.len().saturating_sub(1));
        let exponent = if self.is_zero() { 0 } else { self.point - 1 };
        let mut text = String::from(self.digit(0));
        if precision > 0 {
            text.push('.');
            text.extend((1..=count(precision)).map(|at| self.digit(at)));
        }
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{text}e{sign}{:02}", exponent.abs())
    }

    /// `%g`: the shorter of both; the precision counts all digits.
    pub(super) fn general(mut self, precision: Option<usize>) -> String {
        let precision = precision.map(|precision| precision.max(1));
        if let Some(precision) = precision {
            self.round(count(precision));
        }
        let length = count(self.all.len());
        // As C and Go: large exponents are written out while the precision, or six digits, cover them.
        let limit = match precision {
            None => 6,
            Some(precision) if count(precision) > length && length >= self.point => length,
            Some(precision) => count(precision),
        };
        let exponent = self.point - 1;
        if !self.is_zero() && (exponent < -4 || exponent >= limit) {
            return self.scientific(None);
        }
        let behind = usize::try_from(length - self.point).unwrap_or(0);
        self.fixed(behind)
    }
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// The whole number; `None` if it has a fraction.
pub(super) fn integer(number: &Number) -> Option<BigInt> {
    let text = number.to_string();
    if text.len() > limits::MAX_DIGITS {
        return None;
    }
    BigInt::parse_bytes(text.as_bytes(), 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Digits {
        Digits::new(&Number::parse(text).unwrap()).unwrap()
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
        for (number, precision, expected) in table {
            assert_eq!(digits(number).fixed(precision), expected, "{number}");
        }
    }

    #[test]
    fn rounding_carries() {
        assert_eq!(digits("9.99").fixed(1), "10.0");
        assert_eq!(digits("0.06").fixed(1), "0.1");
        assert_eq!(digits("0.04").fixed(1), "0.0");
        assert_eq!(digits("99.9").scientific(Some(1)), "1.0e+02");
        assert_eq!(digits("0").scientific(Some(2)), "0.00e+00");
    }
}
