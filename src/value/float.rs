//! Numbers as Terraform computes with them: binary fractions of 512 bits, rounded to the nearest, ties to the even one.
//!
//! The arithmetic is that of `dashu-float`; what is ours are the bounds and the way from and to decimal digits, in which
//! every digit counts. Slow beside [`Number::Int`](super::Number::Int), which takes what is whole.

use std::cmp::Ordering;

use dashu_float::round::mode::HalfEven;
use dashu_float::{Context, FBig, Repr};
use dashu_int::ops::BitTest as _;
use dashu_int::{IBig, Sign, UBig};

use super::digits::Digits;

/// Bits of a number that is written in digits, or computed from one.
pub(super) const PRECISION: usize = 512;

/// Bits of a number that is counted: a length, an index.
pub(super) const COUNTED: usize = 64;

/// Bits of a number that a function computes as a machine does (`pow`, `log`).
const MACHINE: usize = 53;

/// Decimal digits before the point, and zeros behind it, that a number may have. Terraform knows no bound, and writes a
/// billion digits if it is asked to.
pub const MAX_DIGITS: usize = 4096;

/// The same as a power of two: 3.33 bits are a digit.
const MAX_EXPONENT: isize = 13_610;

type Binary = FBig<HalfEven, 2>;

/// A number that is not whole, or is larger than a machine's whole numbers; or infinity, which Terraform computes with.
#[derive(Clone, Debug)]
pub struct Float(Binary);

impl Float {
    /// A decimal: the digits of a whole number, and how many tens it is multiplied with.
    pub(super) fn from_decimal(digits: &str, exponent: i64) -> Option<Self> {
        let whole = IBig::from_str_radix(digits, 10).ok()?;
        if whole.is_zero() {
            return Some(Self::zero(digits.starts_with('-'), PRECISION));
        }
        let size = usize::try_from(exponent.unsigned_abs()).ok().filter(|size| *size <= 2 * MAX_DIGITS)?;
        let tens = IBig::from(10).pow(size);
        let exact = |whole: IBig| Repr::new(whole, 0);
        let rounded = if exponent < 0 {
            context().div(&exact(whole), &exact(tens)).ok()?.value()
        } else {
            Binary::from_repr(exact(whole * tens), Context::new(0)).with_precision(PRECISION).value()
        };
        Self(rounded).bounded()
    }

    /// A whole number with so many bits.
    pub(super) fn whole(int: IBig, bits: usize) -> Self {
        Self(Binary::from_repr(Repr::new(int, 0), Context::new(0)).with_precision(bits).value())
    }

    /// A whole number with as many bits as it takes, but 64 at least.
    pub(super) fn of_integer(int: IBig) -> Option<Self> {
        let bits = int.bit_len().max(COUNTED);
        Self::whole(int, bits).bounded()
    }

    /// How many bits it is computed with.
    pub(super) fn bits(&self) -> usize {
        match self.0.precision() {
            0 => PRECISION,
            bits => bits,
        }
    }

    pub(super) fn from_f64(number: f64) -> Option<Self> {
        if number.is_infinite() {
            return Some(Self::infinity(number.is_sign_negative()));
        }
        if number == 0.0 {
            return Some(Self::zero(number.is_sign_negative(), MACHINE));
        }
        let exact = Binary::try_from(number).ok().filter(|exact| exact.repr().is_finite())?;
        Self(exact.with_precision(MACHINE).value()).bounded()
    }

    /// Zero, which may have a sign: what Terraform makes of `-0`.
    pub(super) fn zero(negative: bool, bits: usize) -> Self {
        Self(Binary::from_repr(if negative { Repr::neg_zero() } else { Repr::zero() }, Context::new(bits)))
    }

    pub(super) fn infinity(negative: bool) -> Self {
        Self(if negative { Binary::NEG_INFINITY } else { Binary::INFINITY })
    }

    pub(super) fn is_infinite(&self) -> bool {
        self.0.repr().is_infinite()
    }

    fn is_unlike(&self, other: &Self) -> bool {
        self.is_negative() != other.is_negative()
    }

    // Some operations give a number outside of the bounds.
    fn bounded(self) -> Option<Self> {
        let repr = self.0.repr();
        let size = repr.exponent().checked_add(isize::try_from(repr.digits()).ok()?)?;
        let fits = repr.is_finite() && (self.is_zero() || size.abs() <= MAX_EXPONENT);
        fits.then_some(self)
    }

    fn is_zero(&self) -> bool {
        self.0.repr().significand().is_zero() && !self.is_infinite()
    }

    fn is_negative_zero(&self) -> bool {
        self.0.repr().is_neg_zero()
    }

    /// The whole number; `None` if there is a fraction, and for infinity.
    pub(super) fn integer(&self) -> Option<IBig> {
        let repr = self.0.repr();
        if repr.is_infinite() {
            return None;
        }
        if self.is_zero() {
            return Some(IBig::ZERO);
        }
        let shift = usize::try_from(repr.exponent()).ok()?;
        Some(repr.significand().clone() << shift)
    }

    /// The whole number that a machine has room for. Zero with a sign is none.
    pub(super) fn as_i64(&self) -> Option<i64> {
        if self.is_negative_zero() { None } else { i64::try_from(self.integer()?).ok() }
    }

    // The more exact operand says how exact the result is; exact sums are rounded once.
    fn precision(&self, other: &Self) -> usize {
        self.bits().max(other.bits())
    }

    pub(super) fn plus(&self, other: &Self) -> Option<Self> {
        match (self.is_infinite(), other.is_infinite()) {
            (false, false) => {}
            (true, true) if self.is_unlike(other) => return None,
            (true, _) => return Some(self.clone()),
            (false, true) => return Some(other.clone()),
        }
        let exact = Context::<HalfEven>::new(0).add(self.0.repr(), other.0.repr()).ok()?.value();
        let sum = Self(exact.with_precision(self.precision(other)).value());
        // What cancels out has no sign.
        let is_bare = sum.is_zero() && !(self.is_negative_zero() && other.is_negative_zero());
        if is_bare { Some(Self::zero(false, self.precision(other))) } else { sum.bounded() }
    }

    pub(super) fn minus(&self, other: &Self) -> Option<Self> {
        self.plus(&other.negated())
    }

    pub(super) fn times(&self, other: &Self) -> Option<Self> {
        if self.is_infinite() || other.is_infinite() {
            return (!self.is_zero() && !other.is_zero()).then(|| Self::infinity(self.is_unlike(other)));
        }
        let exact = Context::<HalfEven>::new(0).mul(self.0.repr(), other.0.repr()).ok()?.value();
        // Of a product more bits are kept than of its factors, if it has them.
        let rounded = exact.with_precision(PRECISION).value();
        let bits = rounded.digits().max(self.precision(other));
        Self(rounded.with_precision(bits).value()).bounded()
    }

    /// What is divided by zero is infinite; `None` for zero by zero, and for infinity by infinity.
    pub(super) fn over(&self, other: &Self) -> Option<Self> {
        let is_unlike = self.is_unlike(other);
        match (self.is_infinite() || other.is_zero(), other.is_infinite() || self.is_zero()) {
            (true, true) => return None,
            (true, false) => return Some(Self::infinity(is_unlike)),
            (false, true) => return Some(Self::zero(is_unlike, self.precision(other))),
            (false, false) => {}
        }
        let context = Context::<HalfEven>::new(self.precision(other));
        Self(context.div(self.0.repr(), other.0.repr()).ok()?.value()).bounded()
    }

    /// What a division leaves, computed as Terraform does: the rounded quotient is cut to a whole number first, and
    /// all has as many bits as what is divided. Zero leaves all, and infinity nothing that could be said.
    pub(super) fn remainder(&self, other: &Self) -> Option<Self> {
        if other.is_zero() {
            return Some(self.clone());
        }
        if self.is_infinite() || other.is_infinite() {
            return None;
        }
        let bits = self.bits();
        let quotient = Self::whole(self.over(other)?.0.trunc().to_int().value(), bits);
        let exact = Context::<HalfEven>::new(0);
        let whole = exact.mul(other.0.repr(), quotient.0.repr()).ok()?.value().with_precision(bits).value();
        let rest = exact.sub(self.0.repr(), whole.repr()).ok()?.value().with_precision(bits).value();
        let is_zero = rest.repr().significand().is_zero();
        let keeps_sign = self.is_negative_zero() && !other.is_negative();
        if is_zero { Some(Self::zero(keeps_sign, bits)) } else { Self(rest).bounded() }
    }

    pub(super) fn negated(&self) -> Self {
        if self.is_zero() { Self::zero(!self.is_negative_zero(), self.bits()) } else { Self(-self.0.clone()) }
    }

    /// Whether it has a minus; zero may have one.
    pub(super) fn is_negative(&self) -> bool {
        self.0.repr().sign() == Sign::Negative
    }

    pub(super) fn floor(&self) -> Self {
        if self.is_infinite() { self.clone() } else { Self::whole(self.0.floor().to_int().value(), self.bits()) }
    }

    pub(super) fn ceil(&self) -> Self {
        if self.is_infinite() { self.clone() } else { Self::whole(self.0.ceil().to_int().value(), self.bits()) }
    }

    /// Its decimal digits, all of them. Infinity has none.
    pub(super) fn exact(&self) -> Digits {
        let (sign, size, exponent) = self.parts();
        Digits::of_power(sign, &size, exponent)
    }

    /// The fewest decimal digits that no other number of as many bits has.
    pub(super) fn shortest(&self) -> Digits {
        let (sign, size, exponent) = self.parts();
        if size.is_zero() {
            return Digits::of_power(sign, &size, exponent);
        }
        // One bit more than there are: the neighbours of that lie half way to the next numbers.
        let shift = (self.bits() + 1).saturating_sub(size.bit_len());
        let middle = &size << shift;
        let at = exponent - isize::try_from(shift).unwrap_or(0);
        let is_even = !middle.bit(1);
        let below = Digits::of_power(false, &(&middle - UBig::ONE), at);
        let above = Digits::of_power(false, &(middle + UBig::ONE), at);
        Digits::of_power(sign, &size, exponent).shortened(&below, &above, is_even)
    }

    fn parts(&self) -> (bool, UBig, isize) {
        let repr = self.0.repr();
        if repr.significand().is_zero() {
            return (repr.is_neg_zero(), UBig::ZERO, 0);
        }
        let (_, size) = repr.significand().clone().into_parts();
        (self.is_negative(), size, repr.exponent())
    }
}

fn context() -> Context<HalfEven> {
    Context::new(PRECISION)
}

impl Float {
    /// The order of two numbers; the two zeros are one.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        if self.is_zero() && other.is_zero() { Ordering::Equal } else { self.0.cmp(&other.0) }
    }
}
