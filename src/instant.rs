//! A moment in time with the offset from UTC it is written in: what RFC 3339 says, and no more.
//!
//! There is no clock here. Who starts the run reads one and passes it on ([`crate::expr::eval::Host::now`]).

use std::cmp::Ordering;
use std::fmt;

/// Seconds of a day.
const DAY: i64 = 86_400;

const NANOSECONDS: i128 = 1_000_000_000;

/// A moment, to the nanosecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instant {
    /// Seconds since 1970-01-01T00:00:00Z.
    seconds: i64,
    nanoseconds: u32,
    /// Seconds that the local time is ahead of UTC.
    offset: i64,
}

/// A moment as calendar and clock show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    /// The year.
    pub year: i64,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 is Sunday.
    pub weekday: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
}

impl Instant {
    /// The moment so many seconds after 1970-01-01T00:00:00Z, in UTC.
    #[must_use]
    pub fn from_unix(seconds: i64) -> Self {
        Self { seconds, nanoseconds: 0, offset: 0 }
    }

    /// Reads a timestamp of RFC 3339, as strictly as Terraform: `2026-01-31T09:00:00+09:00`, capital `T` and `Z`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (date, time) = text.split_once('T')?;
        let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
        let (clock, offset) = match time.strip_suffix('Z') {
            Some(clock) => (clock, 0),
            None => {
                let (clock, offset) = time.split_at_checked(time.rfind(['+', '-'])?)?;
                (clock, parse_offset(offset)?)
            }
        };
        let (clock, fraction) = match clock.split_once('.') {
            Some((clock, fraction)) => (clock, parse_fraction(fraction)?),
            None => (clock, 0),
        };
        let [hour, minute, second] = numbers(clock, ':', [2, 2, 2])?;
        let valid = (1..=12).contains(&month) && (1..=days_of(year, month)).contains(&day);
        if !valid || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let seconds = days_since_1970(year, month, day) * DAY + hour * 3600 + minute * 60 + second - offset;
        Some(Self { seconds, nanoseconds: fraction, offset })
    }

    /// The moment so many nanoseconds later, in the same offset; `None` beyond all calendars.
    #[must_use]
    pub fn plus(self, nanoseconds: i64) -> Option<Self> {
        let total = i128::from(self.nanoseconds) + i128::from(nanoseconds);
        let seconds = i64::try_from(total.div_euclid(NANOSECONDS)).ok()?;
        let nanoseconds = u32::try_from(total.rem_euclid(NANOSECONDS)).ok()?;
        Some(Self { seconds: self.seconds.checked_add(seconds)?, nanoseconds, offset: self.offset })
    }

    /// The same moment, written in UTC.
    #[must_use]
    pub fn in_utc(self) -> Self {
        Self { offset: 0, ..self }
    }

    /// Which of two moments comes first; the offset does not matter.
    #[must_use]
    pub fn order(&self, other: &Self) -> Ordering {
        (self.seconds, self.nanoseconds).cmp(&(other.seconds, other.nanoseconds))
    }

    /// Minutes that the local time is ahead of UTC.
    #[must_use]
    pub fn offset_minutes(&self) -> i64 {
        self.offset / 60
    }

    /// What calendar and clock show, in the instant's own offset.
    #[must_use]
    pub fn civil(&self) -> Civil {
        let local = self.seconds.saturating_add(self.offset);
        let (days, second) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        let (year, month, day) = date(days);
        let small = |number: i64| u8::try_from(number).unwrap_or(0);
        Civil {
            year,
            month: small(month),
            day: small(day),
            // 1970-01-01 was a Thursday.
            weekday: small((days + 4).rem_euclid(7)),
            hour: small(second / 3600),
            minute: small(second / 60 % 60),
            second: small(second % 60),
        }
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Civil { year, month, day, hour, minute, second, weekday: _ } = self.civil();
        let sign = if year < 0 { "-" } else { "" };
        write!(f, "{sign}{:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}", year.abs())?;
        match self.offset_minutes() {
            0 => f.write_str("Z"),
            minutes => {
                let sign = if minutes < 0 { '-' } else { '+' };
                write!(f, "{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
            }
        }
    }
}

// Three numbers of exactly so many digits.
fn numbers(text: &str, separator: char, widths: [usize; 3]) -> Option<[i64; 3]> {
    let mut parts = text.split(separator);
    let mut result = [0; 3];
    for (number, width) in result.iter_mut().zip(widths) {
        *number = digits(parts.next()?, width)?;
    }
    parts.next().is_none().then_some(result)
}

fn digits(text: &str, width: usize) -> Option<i64> {
    let plain = text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

fn parse_offset(text: &str) -> Option<i64> {
    let (sign, rest) =
        text.strip_prefix('-').map_or_else(|| Some((1, text.strip_prefix('+')?)), |rest| Some((-1, rest)))?;
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn parse_fraction(text: &str) -> Option<u32> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let kept: String = text.chars().chain("000000000".chars()).take(9).collect();
    kept.parse().ok()
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

// The year begins in March here, so that the leap day is its last one; 719,468 days lie between 0000-03-01 and
// 1970-01-01, and 146,097 in 400 years.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn date(days: i64) -> (i64, i64, i64) {
    let days = days.saturating_add(719_468);
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printing_gives_back_what_was_read() {
        for text in
            ["1970-01-01T00:00:00Z", "2000-02-29T23:59:59+09:00", "0001-01-01T00:00:00-05:30", "9999-12-31T23:59:59Z"]
        {
            assert_eq!(Instant::parse(text).map(|instant| instant.to_string()).as_deref(), Some(text));
        }
    }

    #[test]
    fn every_day_of_the_calendar_comes_once() {
        // From 1600-03-01 through two rounds of the calendar.
        let mut expected = (1600, 3, 1);
        for days in days_since_1970(1600, 3, 1)..days_since_1970(2400, 3, 1) {
            assert_eq!(date(days), expected);
            assert_eq!(days_since_1970(expected.0, expected.1, expected.2), days);
            expected = match expected {
                (year, 12, 31) => (year + 1, 1, 1),
                (year, month, day) if day == days_of(year, month) => (year, month + 1, 1),
                (year, month, day) => (year, month, day + 1),
            };
        }
    }

    #[test]
    fn moments_are_compared_across_offsets() {
        let [one, other] =
            ["2026-01-01T00:00:00Z", "2026-01-01T09:00:00+09:00"].map(|text| Instant::parse(text).unwrap());
        assert!(one.order(&other).is_eq());
        assert_eq!(other.in_utc(), one);
        assert_eq!(Instant::from_unix(1_767_225_600), one);
    }

    #[test]
    fn no_calendar_is_left_by_a_step() {
        let far = Instant::from_unix(i64::MAX);
        assert_eq!(far.plus(1_000_000_000), None);
        assert!(!far.to_string().is_empty());
    }
}
