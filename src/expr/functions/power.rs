//! Powers as Terraform computes them: squares of squares, each rounded. The last digit shows it: `pow(0.1, 48)`.

/// From here on a whole exponent leads to zero or to infinity.
const MAX_WHOLE: f64 = 9_223_372_036_854_775_808.0;

/// Powers of two beyond which no number of a machine lies.
const MAX_TWOS: i32 = 1 << 12;

/// `base` to the power of `exponent`; not a number if there is none.
#[expect(clippy::float_cmp, reason = "these exponents are special, and none beside them")]
pub(super) fn power(base: f64, exponent: f64) -> f64 {
    let is_plain = base.is_finite() && exponent.is_finite() && base != 0.0 && base != 1.0;
    let (mut whole, mut fraction) = (exponent.abs().trunc(), exponent.abs().fract());
    if !is_plain || exponent == 0.0 || whole >= MAX_WHOLE {
        return base.powf(exponent);
    }
    match exponent {
        0.5 => return base.sqrt(),
        -0.5 => return 1.0 / base.sqrt(),
        _ => {}
    }
    let mut result = Scaled { mantissa: 1.0, twos: 0 };
    if fraction != 0.0 {
        if fraction > 0.5 {
            (whole, fraction) = (whole + 1.0, fraction - 1.0);
        }
        // Of a negative number there is none, and its logarithm says so.
        result.mantissa = (fraction * base.ln()).exp();
    }
    let mut square = Scaled::of(base);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number below the bound")]
    let mut bits = whole as u64;
    while bits != 0 {
        if square.twos.abs() > MAX_TWOS {
            result.twos += square.twos;
            break;
        }
        if bits & 1 == 1 {
            result.mantissa *= square.mantissa;
            result.twos += square.twos;
        }
        square = square.squared();
        bits >>= 1;
    }
    if exponent < 0.0 { Scaled { mantissa: 1.0 / result.mantissa, twos: -result.twos } } else { result }.value()
}

/// `mantissa × 2^twos`
struct Scaled {
    mantissa: f64,
    twos: i32,
}

impl Scaled {
    // The mantissa lies between a half and one.
    fn of(number: f64) -> Self {
        // The smallest numbers have fewer bits.
        let (number, offset) = if number.abs() < f64::MIN_POSITIVE { (number * twos(54), 54) } else { (number, 0) };
        let bits = number.to_bits();
        let exponent = i32::try_from(bits >> 52 & 0x7ff).unwrap_or(0) - 1022;
        let mantissa = f64::from_bits(bits & !(0x7ff << 52) | 1022 << 52);
        Self { mantissa, twos: exponent - offset }
    }

    fn squared(&self) -> Self {
        let (mantissa, twos) = (self.mantissa * self.mantissa, self.twos * 2);
        if mantissa < 0.5 { Self { mantissa: mantissa * 2.0, twos: twos - 1 } } else { Self { mantissa, twos } }
    }

    // Rounded once, even where the smallest numbers have fewer bits.
    fn value(&self) -> f64 {
        let Self { mantissa, twos: left } = Self::of(self.mantissa);
        let left = left.saturating_add(self.twos);
        if !self.mantissa.is_finite() || self.mantissa == 0.0 {
            return self.mantissa;
        }
        match left {
            1025.. => mantissa * f64::INFINITY,
            1024 => mantissa * 2.0 * twos(1023),
            -1021..=1023 => mantissa * twos(left),
            -1080..=-1022 => mantissa * twos(left + 60) * twos(-60),
            _ => mantissa * 0.0,
        }
    }
}

fn twos(exponent: i32) -> f64 {
    f64::from_bits(u64::try_from(exponent + 1023).unwrap_or(0) << 52)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Terraform 1.11 in its console.
    #[test]
    fn roundings_are_those_of_squares() {
        let table = [
            (0.1, 48.0, "0.0000000000000000000000000000000000000000000000010000000000000051"),
            (10.0, 23.0, "100000000000000000000000"),
            (7.0, -0.5, "0.3779644730092272"),
            (-2.0, 3.0, "-8"),
            (10.0, 400.0, "inf"),
            (-10.0, 401.0, "-inf"),
            (10.0, -400.0, "0"),
        ];
        for (base, exponent, expected) in table {
            assert_eq!(power(base, exponent).to_string(), expected);
        }
        assert!(power(-8.0, 1.5).is_nan());
    }

    #[test]
    fn small_and_large_numbers_are_taken_apart_and_put_together() {
        for number in [1.0, -0.75, 1e308, f64::MAX, f64::MIN_POSITIVE, 5e-324, -3e-310, 1.5] {
            assert_eq!(Scaled::of(number).value().to_bits(), number.to_bits(), "{number}");
        }
    }
}
