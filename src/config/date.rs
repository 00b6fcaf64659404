//! A day, as `until` names it.

use std::fmt;

use crate::instant::Instant;

/// A day of the calendar. It ends with its midnight in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    start: Instant,
}

const DAY: i64 = 86_400 * 1_000_000_000;

impl Date {
    /// Reads `YYYY-MM-DD`; `None` for anything else and for a day that no calendar has.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.len() == 10 && text.is_ascii();
        let start = plain.then(|| Instant::parse(&format!("{text}T00:00:00Z"))).flatten()?;
        Some(Self { start })
    }

    /// Whether the day is over.
    #[must_use]
    pub fn is_over(self, now: Instant) -> bool {
        self.start.plus(DAY).is_some_and(|end| end.order(&now).is_le())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = self.start.civil();
        write!(f, "{:04}-{:02}-{:02}", day.year, day.month, day.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_over_at_its_midnight() {
        let day = Date::parse("2026-12-31").unwrap();
        let at = |text| Instant::parse(text).unwrap();
        assert!(!day.is_over(at("2026-12-31T23:59:59Z")));
        assert!(day.is_over(at("2027-01-01T00:00:00Z")));
        assert!(!day.is_over(at("2027-01-01T08:00:00+09:00")), "an hour before midnight in UTC");
        assert_eq!(day.to_string(), "2026-12-31");
    }

    #[test]
    fn what_is_no_day_is_none() {
        for text in ["2026-02-29", "2026-13-01", "2026-1-1", "31.12.2026", "2026-12-31T", ""] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }
}
