//! Weekly windows for policies (`time::window_overlaps`): whether AWS may work on a resource while people use it.
//!
//! Windows are in UTC, hours are those of a place. A place with summer time has two offsets, and a window that stays
//! clear of the hours in one of them may meet them in the other: both count.

use std::collections::BTreeSet;

use jiff::civil::date;
use jiff::tz::TimeZone;

const DAY: u32 = 24 * 60;
const WEEK: u32 = 7 * DAY;

/// The year whose offsets are looked at: late enough for the rules that hold from now on, the same in every run.
const YEAR: i16 = 2030;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Minutes of a week: from, and how many. A span may go on into the next week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    start: u32,
    length: u32,
}

impl Span {
    // From one minute of the week to another, which is in the next week if it is not later.
    fn between(start: u32, end: u32) -> Self {
        let length = (end + WEEK - start % WEEK) % WEEK;
        Self { start: start % WEEK, length: if length == 0 { WEEK } else { length } }
    }

    fn meets(self, other: Self) -> bool {
        let after = |one: Self, other: Self| (other.start + WEEK - one.start) % WEEK < one.length;
        after(self, other) || after(other, self)
    }

    fn later(self, minutes: u32) -> Self {
        Self { start: (self.start + minutes) % WEEK, ..self }
    }
}

/// Whether a window in UTC (`sun:17:00-sun:17:30`, or `17:00-17:30` for every day) meets weekly hours
/// (`Mon-Sat 06:00-24:00, Sun 08:00-20:00`) of a time zone, at some time of the year.
///
/// # Errors
///
/// Which of the three texts is none.
pub(super) fn overlaps(window: &str, hours: &str, zone: &str) -> Result<bool, String> {
    let window = utc_window(window).ok_or_else(|| {
        format!("\"{window}\" is no window; one looks like sun:17:00-sun:17:30, or 17:00-17:30 for every day")
    })?;
    let hours = weekly_hours(hours).ok_or_else(|| {
        format!("\"{hours}\" are no weekly hours; they look like Mon-Sat 06:00-24:00, Sun 08:00-20:00")
    })?;
    let offsets =
        offsets(zone).ok_or_else(|| format!("\"{zone}\" is no time zone; one looks like Asia/Tokyo or UTC"))?;
    Ok(offsets.into_iter().any(|offset| {
        let local = window.iter().map(|span| span.later(offset));
        local.into_iter().any(|span| hours.iter().any(|open| span.meets(*open)))
    }))
}

/// Whether a text is weekly hours.
pub(crate) fn is_hours(text: &str) -> bool {
    weekly_hours(text).is_some()
}

/// Whether a text names a time zone.
pub(crate) fn is_zone(text: &str) -> bool {
    TimeZone::get(text).is_ok()
}

fn utc_window(text: &str) -> Option<Vec<Span>> {
    let text = text.trim().to_ascii_lowercase();
    let (from, to) = text.split_once('-')?;
    match (day_and_time(from), day_and_time(to)) {
        (Some(from), Some(to)) => Some(vec![Span::between(from, to)]),
        _ => {
            let (from, to) = (time(from)?, time(to)?);
            Some((0..7).map(|day| daily(day, from, to)).collect())
        }
    }
}

fn day_and_time(text: &str) -> Option<u32> {
    let (day, minute) = text.split_once(':')?;
    Some(weekday(day)? * DAY + time(minute)?)
}

fn weekly_hours(text: &str) -> Option<Vec<Span>> {
    let mut spans = Vec::new();
    for part in text.split(',') {
        let part = part.trim().to_ascii_lowercase();
        let (days, times) = part.split_once(char::is_whitespace)?;
        let (first, last) = days.split_once('-').unwrap_or((days, days));
        let (first, last) = (weekday(first)?, weekday(last)?);
        let (from, to) = times.trim().split_once('-')?;
        let (from, to) = (time(from)?, time(to)?);
        let count = (last + 7 - first) % 7;
        spans.extend((0..=count).map(|day| daily(first + day, from, to)));
    }
    Some(spans)
}

// Hours that end before they begin go on past midnight.
fn daily(day: u32, from: u32, to: u32) -> Span {
    let length = if to > from { to - from } else { to + DAY - from };
    Span { start: (day * DAY + from) % WEEK, length }
}

fn weekday(text: &str) -> Option<u32> {
    DAYS.iter().position(|day| *day == text.trim()).and_then(|day| u32::try_from(day).ok())
}

fn time(text: &str) -> Option<u32> {
    let (hour, minute) = text.trim().split_once(':')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u32>().ok())?;
    let minutes = digits(hour)?.checked_mul(60)?.checked_add(digits(minute).filter(|minute| *minute < 60)?)?;
    (minutes <= DAY).then_some(minutes)
}

// Minutes that a zone is ahead of UTC in the course of a year, counted forwards: behind is almost a week ahead.
fn offsets(zone: &str) -> Option<BTreeSet<u32>> {
    let zone = TimeZone::get(zone).ok()?;
    let mut offsets = BTreeSet::new();
    for month in 1..=12 {
        let noon = TimeZone::UTC.to_timestamp(date(YEAR, month, 1).at(12, 0, 0, 0)).ok()?;
        let minutes = zone.to_offset(noon).seconds() / 60;
        offsets.insert(u32::try_from(minutes.rem_euclid(i32::try_from(WEEK).ok()?)).ok()?);
    }
    Some(offsets)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Tokyo is nine hours ahead of UTC all year; Berlin one in winter and two in summer; Los Angeles eight and seven
    // behind.
    #[test]
    fn a_window_is_moved_into_the_zone() {
        for (window, hours, zone, meets) in [
            ("sun:17:00-sun:17:30", "Mon-Sun 06:00-24:00", "Asia/Tokyo", false),
            ("sun:20:30-sun:21:30", "Mon-Sun 06:00-24:00", "Asia/Tokyo", true),
            ("sun:20:30-sun:21:00", "Mon-Sun 06:00-24:00", "Asia/Tokyo", false),
            ("sat:15:00-sat:16:00", "Sun 00:00-01:00", "Asia/Tokyo", true),
            ("mon:04:30-mon:05:30", "Mon-Fri 07:00-20:00", "Europe/Berlin", true),
            ("mon:04:30-mon:05:00", "Mon-Fri 07:00-20:00", "Europe/Berlin", false),
            ("tue:04:00-tue:04:30", "Mon 20:00-21:00", "America/Los_Angeles", true),
            ("tue:05:00-tue:05:30", "Mon 20:00-21:00", "America/Los_Angeles", false),
            ("sun:23:45-mon:00:15", "Mon 00:00-01:00", "UTC", true),
            ("17:00-17:30", "Sat 17:15-18:00", "UTC", true),
            ("23:30-00:30", "Mon 00:00-00:10", "UTC", true),
            ("wed:10:00-wed:11:00", "Sat-Mon 00:00-24:00", "UTC", false),
            ("sun:10:00-sun:11:00", "Sat-Mon 00:00-24:00", "UTC", true),
            ("wed:01:00-wed:01:30", "Tue 22:00-02:00, Fri 10:00-11:00", "UTC", true),
        ] {
            assert_eq!(overlaps(window, hours, zone), Ok(meets), "{window} {hours} {zone}");
        }
    }

    #[test]
    fn what_is_no_window_is_named() {
        assert!(overlaps("sunday", "Mon 06:00-07:00", "UTC").unwrap_err().contains("sunday"));
        assert!(overlaps("sun:25:00-sun:26:00", "Mon 06:00-07:00", "UTC").is_err());
        assert!(overlaps("17:00-17:30", "always", "UTC").unwrap_err().contains("always"));
        assert!(overlaps("17:00-17:30", "Mon 06:00-07:00", "Atlantis").unwrap_err().contains("Atlantis"));
        assert!(overlaps("99999999999:0-1:0", "Mon 06:00-07:00", "UTC").is_err());
        assert!(overlaps("99999999:0-1:0", "Mon 06:00-07:00", "UTC").is_err(), "more minutes than fit");
    }
}
