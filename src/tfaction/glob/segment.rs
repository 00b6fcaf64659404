//! One step of a path: `*`, `?`, `[a-z]`, and groups as `@(a|b)`.
//!
//! A name is matched from its end: for each item, from the last to the first, a table says from which places on the rest of
//! the pattern fits the rest of the name. So the time is bounded whatever the pattern is, and `!(a)`, which depends on what
//! comes behind it, needs no special way.

use std::iter::Peekable;
use std::str::Chars;

/// A step.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    written: String,
    items: Vec<Item>,
}

#[derive(Clone, Debug)]
enum Item {
    Exactly(char),
    /// `?`
    One,
    /// `*`
    Star,
    Set(Set),
    Group(Times, Vec<Vec<Item>>),
}

#[derive(Clone, Debug, Default)]
struct Set {
    is_negated: bool,
    ranges: Vec<(char, char)>,
    classes: Vec<fn(char) -> bool>,
}

/// How often a group stands there.
#[derive(Clone, Copy, Debug)]
enum Times {
    Once,
    AtMostOnce,
    Any,
    AtLeastOnce,
    /// Something else stands there.
    Never,
}

/// Groups in groups. Each multiplies the time.
const MAX_DEPTH: usize = 3;

impl Segment {
    pub(super) fn new(written: &str) -> Result<Self, String> {
        let mut rest = written.chars().peekable();
        let items = items(&mut rest, 0)?;
        Ok(Self { written: written.to_owned(), items })
    }

    pub(super) fn matches(&self, name: &str) -> bool {
        if matches!(name, "." | "..") {
            return self.written == name;
        }
        let name: Vec<char> = name.chars().collect();
        let mut rests = vec![false; name.len()];
        rests.push(true);
        !name.is_empty() && before(&self.items, &name, &rests).first() == Some(&true)
    }
}

// Reads up to the end, inside of a group up to `|` or `)`, which are left.
fn items(rest: &mut Peekable<Chars<'_>>, depth: usize) -> Result<Vec<Item>, String> {
    let mut items = Vec::new();
    while let Some(char) = rest.next_if(|char| depth == 0 || !matches!(char, '|' | ')')) {
        if let Some(group) = group(char, rest, depth)? {
            items.push(group);
            continue;
        }
        items.push(match char {
            '*' => Item::Star,
            '?' => Item::One,
            '[' => set(rest).map_or(Item::Exactly('['), Item::Set),
            '\\' => Item::Exactly(rest.next().unwrap_or('\\')),
            other => Item::Exactly(other),
        });
    }
    Ok(items)
}

// A group that is not closed is none: its characters stand for themselves.
fn group(kind: char, rest: &mut Peekable<Chars<'_>>, depth: usize) -> Result<Option<Item>, String> {
    let times = match kind {
        '@' => Times::Once,
        '?' => Times::AtMostOnce,
        '*' => Times::Any,
        '+' => Times::AtLeastOnce,
        '!' => Times::Never,
        _ => return Ok(None),
    };
    let mut ahead = rest.clone();
    if ahead.next() != Some('(') {
        return Ok(None);
    }
    if depth == MAX_DEPTH {
        return Err(format!("its groups are nested more than {MAX_DEPTH} deep"));
    }
    let mut alternatives = Vec::new();
    loop {
        alternatives.push(items(&mut ahead, depth + 1)?);
        match ahead.next() {
            Some('|') => {}
            Some(_) => break,
            None => return Ok(None),
        }
    }
    *rest = ahead;
    Ok(Some(Item::Group(times, alternatives)))
}

// What follows `[`; nothing is read if it is not closed.
fn set(rest: &mut Peekable<Chars<'_>>) -> Option<Set> {
    let mut ahead = rest.clone();
    let is_negated = ahead.next_if(|char| matches!(char, '!' | '^')).is_some();
    let mut set = Set { is_negated, ..Set::default() };
    let mut is_first = true;
    loop {
        let char = ahead.next()?;
        match char {
            ']' if !is_first => break,
            '[' if ahead.peek() == Some(&':') && class(&mut ahead, &mut set) => {}
            _ => {
                let from = if char == '\\' { ahead.next()? } else { char };
                let to = upper(&mut ahead).unwrap_or(from);
                set.ranges.push((from, to));
            }
        }
        is_first = false;
    }
    *rest = ahead;
    Some(set)
}

// The upper end of a range: `-` with something behind it that is not the end of the set.
fn upper(ahead: &mut Peekable<Chars<'_>>) -> Option<char> {
    let mut further = ahead.clone();
    further.next_if_eq(&'-')?;
    let char = further.next_if(|char| *char != ']')?;
    let to = if char == '\\' { further.next()? } else { char };
    *ahead = further;
    Some(to)
}

fn class(ahead: &mut Peekable<Chars<'_>>, set: &mut Set) -> bool {
    let mut further = ahead.clone();
    further.next();
    let name: String = std::iter::from_fn(|| further.next_if(char::is_ascii_lowercase)).collect();
    if further.next() != Some(':') || further.next() != Some(']') {
        return false;
    }
    let Some(class) = named(&name) else { return false };
    set.classes.push(class);
    *ahead = further;
    true
}

fn named(name: &str) -> Option<fn(char) -> bool> {
    Some(match name {
        "alnum" => char::is_alphanumeric,
        "alpha" => char::is_alphabetic,
        "ascii" => |char: char| char.is_ascii(),
        "blank" => |char: char| matches!(char, ' ' | '\t'),
        "cntrl" => char::is_control,
        "digit" => char::is_numeric,
        "graph" => |char: char| !char.is_control() && !char.is_whitespace(),
        "lower" => char::is_lowercase,
        "print" => |char: char| !char.is_control(),
        "punct" => |char: char| char.is_ascii_punctuation(),
        "space" => char::is_whitespace,
        "upper" => char::is_uppercase,
        "word" => |char: char| char.is_alphanumeric() || char == '_',
        "xdigit" => |char: char| char.is_ascii_hexdigit(),
        _ => return None,
    })
}

impl Set {
    fn has(&self, char: char) -> bool {
        let listed = self.ranges.iter().any(|(from, to)| (*from..=*to).contains(&char))
            || self.classes.iter().any(|class| class(char));
        listed != self.is_negated
    }
}

// From which places on the items lead to a place of `rests`.
fn before(items: &[Item], name: &[char], rests: &[bool]) -> Vec<bool> {
    items.iter().rev().fold(rests.to_vec(), |rests, item| item.before(name, &rests))
}

impl Item {
    fn before(&self, name: &[char], rests: &[bool]) -> Vec<bool> {
        match self {
            Self::Exactly(char) => step(name, rests, |_, found| found == *char),
            Self::One => step(name, rests, |at, found| !is_hidden(at, found)),
            Self::Set(set) => step(name, rests, |at, found| !is_hidden(at, found) && set.has(found)),
            Self::Star => later(name, rests),
            Self::Group(times, alternatives) => group_before(*times, alternatives, name, rests),
        }
    }
}

fn group_before(times: Times, alternatives: &[Vec<Item>], name: &[char], rests: &[bool]) -> Vec<bool> {
    let once = |rests: &[bool]| {
        let tables = alternatives.iter().map(|items| before(items, name, rests));
        tables.fold(vec![false; rests.len()], |all, table| either(&all, &table))
    };
    // Once more, until nothing is added.
    let often = || {
        let mut all = rests.to_vec();
        loop {
            let more = either(&all, &once(&all));
            if more == all {
                return all;
            }
            all = more;
        }
    };
    match times {
        Times::Once => once(rests),
        Times::AtMostOnce => either(rests, &once(rests)),
        Times::Any => often(),
        Times::AtLeastOnce => once(&often()),
        Times::Never => later(name, rests).iter().zip(once(rests)).map(|(later, once)| *later && !once).collect(),
    }
}

fn either(one: &[bool], other: &[bool]) -> Vec<bool> {
    one.iter().zip(other).map(|(one, other)| *one || *other).collect()
}

fn step(name: &[char], rests: &[bool], takes: impl Fn(usize, char) -> bool) -> Vec<bool> {
    let behind = rests.iter().skip(1);
    let mut found: Vec<bool> =
        name.iter().enumerate().zip(behind).map(|((at, char), rest)| *rest && takes(at, *char)).collect();
    found.push(false);
    found
}

// Where the place itself or one behind it is in the table.
fn later(name: &[char], rests: &[bool]) -> Vec<bool> {
    let mut is_there = false;
    let mut found: Vec<bool> = rests
        .iter()
        .rev()
        .map(|rest| {
            is_there |= *rest;
            is_there
        })
        .collect();
    found.reverse();
    if let (Some(first), Some(char)) = (found.first_mut(), name.first()) {
        *first &= !is_hidden(0, *char);
    }
    found
}

// A dot in front is matched by a dot alone.
fn is_hidden(at: usize, char: char) -> bool {
    at == 0 && char == '.'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_matched_whole() {
        let table = [
            ("a*", "a", true),
            ("*a", "ba", true),
            ("[]a]", "]", true),
            ("[a-", "[a-", true),
            ("[a-]", "-", true),
            ("[^a]", "b", true),
            (r"[\]]x", "]x", true),
            ("[[:digit:]]", "7", true),
            ("[[:nothing:]]", "7", false),
            (r"\*", "*", true),
            (r"\*", "a", false),
            (r"a\", r"a\", true),
            ("é?", "é日", true),
            ("*(a|b)c", "abbac", true),
            ("*(a|b)c", "abxc", false),
            ("+(a)", "", false),
            ("?(a)b", "aab", false),
            ("a!(b)c", "abc", false),
            ("a!(b)c", "abbc", true),
            ("a!(b)c", "ac", true),
            ("!(*.d)", "x.d", false),
            ("!(*.d)", ".x", false),
            ("@(.a|b)", ".a", true),
            ("@(a", "@(a", true),
            ("@(a|@(b|c))d", "cd", true),
        ];
        for (pattern, name, expected) in table {
            assert_eq!(Segment::new(pattern).unwrap().matches(name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn the_time_is_bounded() {
        let pattern = "*(*(a|b)*(b|a))*x*x*x";
        assert!(!Segment::new(pattern).unwrap().matches(&"ab".repeat(120)));
    }
}
