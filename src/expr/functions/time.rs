//! Timestamps of RFC 3339. The clock is an argument of the run ([`Host::now`](crate::expr::eval::Host::now)).

use super::{Arguments, Builtin, limits, own, plain};
use crate::instant::{Civil, Instant};
use crate::value::{Number, Value};

pub(super) const FUNCTIONS: &[Builtin] = &[
    plain(("formatdate", "format, timestamp", 2, 2, "The timestamp in another form, such as DD MMM YYYY."), formatdate),
    own(("plantimestamp", "", 0, 0, "The time of the run, in UTC."), now),
    plain(("timeadd", "timestamp, duration", 2, 2, "The timestamp moved by a duration such as 1h30m."), timeadd),
    plain(
        ("timecmp", "a, b", 2, 2, "-1, 0 or 1: the first timestamp is before the second, at it, behind it."),
        |arguments| {
            let order = instant(arguments, 0)?.order(&instant(arguments, 1)?);
            Ok(Value::Number(Number::counted(order as i64)))
        },
    ),
    own(("timestamp", "", 0, 0, "The time of the run, in UTC."), now),
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

#[expect(clippy::unnecessary_wraps, reason = "the type of a function's body")]
fn now(arguments: &Arguments<'_>) -> Result<Value, String> {
    Ok(match arguments.host.now() {
        Some(instant) => Value::string(&instant.in_utc().to_string()),
        None => Value::unknown("the time of the run is not given"),
    })
}

fn instant(arguments: &Arguments<'_>, index: usize) -> Result<Instant, String> {
    let text = arguments.text(index)?;
    Instant::parse(&text).ok_or_else(|| format!("\"{text}\" is no timestamp; one looks like 2026-01-31T09:00:00Z"))
}

fn timeadd(arguments: &Arguments<'_>) -> Result<Value, String> {
    let start = instant(arguments, 0)?;
    let text = arguments.text(1)?;
    let duration = duration(&text).ok_or_else(|| format!("\"{text}\" is no duration; one looks like 1h30m"))?;
    start.plus(duration).map(|end| Value::string(&end.to_string())).ok_or_else(|| "the time is out of reach".to_owned())
}

/// Nanoseconds of a duration such as `-1.5h10s`.
fn duration(text: &str) -> Option<i64> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    let mut total: i128 = 0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let number_end = rest.find(|character: char| !character.is_ascii_digit() && character != '.')?;
        let (number, after) = rest.split_at_checked(number_end)?;
        let unit_end =
            after.find(|character: char| character.is_ascii_digit() || character == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(unit_end)?;
        total = total.checked_add(part(number, nanoseconds(unit)?)?)?;
        rest = after;
    }
    i64::try_from(if negative { -total } else { total }).ok()
}

fn nanoseconds(unit: &str) -> Option<i128> {
    Some(match unit {
        "ns" => 1,
        "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}

fn part(number: &str, unit: i128) -> Option<i128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() || fraction.contains('.') {
        return None;
    }
    let whole: i128 = if whole.is_empty() { 0 } else { i128::from(whole.parse::<u64>().ok()?) };
    // Digits behind the eighteenth are below a nanosecond of every unit.
    let kept: String = fraction.chars().take(18).collect();
    let scale = 10_i128.checked_pow(u32::try_from(kept.len()).ok()?)?;
    let fraction: i128 = if kept.is_empty() { 0 } else { kept.parse().ok()? };
    whole.checked_mul(unit)?.checked_add(fraction.checked_mul(unit)? / scale)
}

fn formatdate(arguments: &Arguments<'_>) -> Result<Value, String> {
    let (format, instant) = (arguments.text(0)?, instant(arguments, 1)?);
    let civil = instant.civil();
    let mut result = limits::Text::default();
    let mut rest: &str = &format;
    while let Some(character) = rest.chars().next() {
        let length = match character {
            '\'' => {
                let length = literal(rest).ok_or("a quote of the date format is not closed")?;
                let inner = rest.get(1..length - 1).unwrap_or_default();
                result.push(&if inner.is_empty() { "'".to_owned() } else { inner.replace("''", "'") })?;
                length
            }
            letter if letter.is_ascii_alphabetic() => {
                let length = rest.bytes().take_while(|byte| char::from(*byte) == letter).count();
                result.push(&verb(letter, length, &instant, &civil)?)?;
                length
            }
            other => {
                result.push(other.encode_utf8(&mut [0; 4]))?;
                other.len_utf8()
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    Ok(result.into_value())
}

// Bytes of a literal with both quotes; two quotes in it are one. At the end of the whole the second of two closes it.
fn literal(text: &str) -> Option<usize> {
    if text.starts_with("''") {
        return Some(2);
    }
    let mut at = 1;
    loop {
        let Some(quote) = text.get(at..)?.find('\'') else {
            return (text.len() > 1 && text.ends_with('\'')).then_some(text.len());
        };
        at += quote + 1;
        if !text.get(at..)?.starts_with('\'') {
            return Some(at);
        }
        at += 1;
    }
}

fn verb(letter: char, length: usize, instant: &Instant, civil: &Civil) -> Result<String, String> {
    let name = |names: &[&'static str], at: usize| names.get(at).copied().unwrap_or_default();
    let month = name(&MONTHS, usize::from(civil.month).saturating_sub(1));
    let day = name(&DAYS, usize::from(civil.weekday));
    let short = |name: &str| name.get(..3).unwrap_or_default().to_owned();
    let twelve = if civil.hour.is_multiple_of(12) { 12 } else { civil.hour % 12 };
    let half = if civil.hour < 12 { "AM" } else { "PM" };
    Ok(match (letter, length) {
        ('Y', 2) => format!("{:02}", civil.year.rem_euclid(100)),
        ('Y', 4) => format!("{:04}", civil.year),
        ('M', 3) => short(month),
        ('M', 4) => month.to_owned(),
        ('E', 3) => short(day),
        ('E', 4) => day.to_owned(),
        ('M', 1 | 2) => padded(civil.month, length),
        ('D', 1 | 2) => padded(civil.day, length),
        ('h', 1 | 2) => padded(civil.hour, length),
        ('H', 1 | 2) => padded(twelve, length),
        ('m', 1 | 2) => padded(civil.minute, length),
        ('s', 1 | 2) => padded(civil.second, length),
        ('A', 2) => half.to_owned(),
        ('a', 2) => half.to_lowercase(),
        ('Z', 1 | 3..=5) => offset(instant.offset_minutes(), length),
        _ => return Err(format!("\"{}\" is no part of a date format", letter.to_string().repeat(length.min(10)))),
    })
}

fn padded(number: u8, width: usize) -> String {
    format!("{number:0width$}")
}

// `Z` and `ZZZ` have a word for UTC; the longer ones have none.
fn offset(minutes: i64, length: usize) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    let colon = if matches!(length, 1 | 5) { ":" } else { "" };
    match (minutes, length) {
        (0, 1) => "Z".to_owned(),
        (0, 3) => "UTC".to_owned(),
        _ => format!("{sign}{:02}{colon}{:02}", minutes.abs() / 60, minutes.abs() % 60),
    }
}
