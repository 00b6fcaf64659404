//! Decimal digits of numbers, and how they are rounded.

use std::cmp::Ordering;

use dashu_int::UBig;

/// A number as `0.d₁d₂d₃… × 10^point`, without zeros at the end.
#[derive(Clone, Debug)]
pub struct Digits {
    /// Whether a minus stands before it.
    pub negative: bool,
    all: Vec<u8>,
    point: i64,
}

impl Digits {
    /// A whole number.
    #[must_use]
    pub(super) fn of_i64(int: i64) -> Self {
        Self::of_power(int < 0, &UBig::from(int.unsigned_abs()), 0)
    }

    /// `size × 2^exponent`
    pub(super) fn of_power(negative: bool, size: &UBig, exponent: isize) -> Self {
        let places = exponent.unsigned_abs();
        // A half is five tenths.
        let whole = if exponent < 0 { size * UBig::from(5_u8).pow(places) } else { size << places };
        let mut all: Vec<u8> = whole.to_string().bytes().map(|digit| digit - b'0').collect();
        let mut point = count(all.len()) - if exponent < 0 { count(places) } else { 0 };
        while all.last() == Some(&0) {
            all.pop();
        }
        if all.is_empty() {
            point = 0;
        }
        Self { negative, all, point }
    }

    /// Cuts the digits where what is left still lies between two neighbours, which are possible themselves if
    /// `inclusive`. Terraform's way, digit by digit (its decimal points are not compared).
    pub(super) fn shortened(mut self, below: &Self, above: &Self, inclusive: bool) -> Self {
        for at in 0..self.all.len() {
            let (low, middle, high) = (below.at(at), self.at(at), above.at(at));
            let down = low != middle || (inclusive && at + 1 == below.all.len());
            let up = middle != high && (inclusive || middle + 1 < high || at + 1 < above.all.len());
            match (down, up) {
                (true, true) => self.round(count(at + 1)),
                (true, false) => self.cut(at + 1),
                (false, true) => {
                    self.cut(at + 1);
                    self.all.resize(at + 1, 0);
                    self.increment();
                }
                (false, false) => continue,
            }
            break;
        }
        self
    }

    fn at(&self, index: usize) -> u8 {
        self.all.get(index).copied().unwrap_or(0)
    }

    /// Whether it is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.all.is_empty()
    }

    /// How many digits there are.
    #[must_use]
    pub fn len(&self) -> i64 {
        count(self.all.len())
    }

    /// Whether there is no digit, as in zero.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// How many of the digits stand before the decimal point; below zero, how many zeros behind it come first.
    #[must_use]
    pub fn point(&self) -> i64 {
        self.point
    }

    /// The digit at an index, zero beyond both ends.
    #[must_use]
    pub fn digit(&self, at: i64) -> char {
        char::from(b'0' + usize::try_from(at).map_or(0, |at| self.at(at)))
    }

    /// Keeps so many digits; a half goes to the even one.
    pub fn round(&mut self, keep: i64) {
        let Ok(kept) = usize::try_from(keep) else {
            self.all.clear();
            self.point = 0;
            return;
        };
        let Some(next) = self.all.get(kept) else { return };
        let up = match (*next).cmp(&5) {
            Ordering::Equal if self.all.len() == kept + 1 => kept > 0 && self.at(kept - 1) % 2 == 1,
            order => order != Ordering::Less,
        };
        self.cut(kept);
        if up {
            self.all.resize(kept, 0);
            self.increment();
        }
        if self.all.is_empty() {
            self.point = 0;
        }
    }

    fn cut(&mut self, kept: usize) {
        self.all.truncate(kept);
        while self.all.last() == Some(&0) {
            self.all.pop();
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

    /// The number in full, without an exponent.
    #[must_use]
    pub fn plain(&self) -> String {
        let mut text = String::from(if self.negative { "-" } else { "" });
        if self.point <= 0 {
            text.push('0');
        }
        text.extend((0..self.point).map(|at| self.digit(at)));
        if self.len() > self.point {
            text.push('.');
            text.extend((self.point.min(0)..self.len()).filter(|at| *at >= self.point).map(|at| self.digit(at)));
        }
        text
    }
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
