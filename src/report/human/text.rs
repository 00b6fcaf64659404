//! Small matters of text in a terminal: how wide a character is, where a line ends, colours, and lines that a CI
//! runner would misread.

use std::borrow::Cow;

use crate::finding::Level;

/// Columns between tab stops.
pub(in crate::report) const TAB: usize = 4;

/// Columns that a character takes: an upper bound for a tab, near enough for the rest.
pub(in crate::report) const fn columns(ch: char) -> usize {
    match ch {
        '\t' => TAB,
        // East Asian wide forms and pictures (Unicode Standard Annex 11, by block).
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

/// Breaks the text at blanks so that each line takes at most `room` columns; all lines but the first get the indent.
///
/// A word that is longer stays whole: addresses are there to be copied.
pub(in crate::report) fn fill(text: &str, indent: &str, room: usize) -> String {
    let mut filled = String::with_capacity(text.len() + 32);
    let mut used = 0;
    for (at, word) in text.split(' ').enumerate() {
        let is_plain = word.bytes().all(|byte| byte.is_ascii_graphic());
        let wide = if is_plain { word.len() } else { word.chars().map(columns).sum() };
        if at > 0 && used + 1 + wide > room {
            filled.push('\n');
            filled.push_str(indent);
            used = 0;
        } else if at > 0 {
            filled.push(' ');
            used += 1;
        }
        filled.push_str(word);
        used += wide;
    }
    filled
}

/// Colours, if wanted.
#[derive(Clone, Copy, Debug)]
pub(in crate::report) struct Paint {
    /// Whether they are.
    pub(in crate::report) colour: bool,
}

/// What a colour means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Tint {
    Error,
    Warning,
    Notice,
    Strong,
    Faint,
    Good,
    Bad,
}

impl Paint {
    /// The text in its colour.
    pub(in crate::report) fn tinted(self, tint: Tint, text: &str) -> Cow<'_, str> {
        if !self.colour || text.is_empty() {
            return Cow::Borrowed(text);
        }
        Cow::Owned(format!("\u{1b}[{}m{text}\u{1b}[0m", tint.code()))
    }
}

impl Tint {
    /// The colour of a level.
    pub(in crate::report) const fn of(level: Level) -> Self {
        match level {
            Level::Error => Self::Error,
            Level::Warning => Self::Warning,
            Level::Notice => Self::Notice,
        }
    }

    // Select Graphic Rendition; the colours are those of miette's theme.
    const fn code(self) -> &'static str {
        match self {
            Self::Error => "1;31",
            Self::Warning => "1;33",
            Self::Notice => "1;36",
            Self::Strong => "1",
            Self::Faint => "2",
            Self::Good => "32",
            Self::Bad => "31",
        }
    }
}

/// The text without lines that a CI runner takes for something else, each broken with a backslash.
///
/// These are workflow commands (`::name` at the start of a line, `##[name` anywhere) and places followed by a level
/// (`path:1:2: error`, `1:2  error`), which problem matchers of other tools turn into annotations.
/// The fence around the report stops the former in GitHub's own log, but pre-commit and other runners know no fence.
pub(in crate::report) fn harmless(text: &str) -> Cow<'_, str> {
    if text.lines().all(|line| weak_point(line).is_none()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.split_inclusive('\n').map(broken).collect())
}

fn broken(line: &str) -> String {
    let start = command(line).and_then(|at| line.split_at_checked(at));
    let (mut done, mut rest) = start.map_or((String::new(), line), |(blanks, rest)| (format!("{blanks}\\"), rest));
    while let Some((before, after)) = inner_weak_point(rest).and_then(|at| rest.split_at_checked(at)) {
        done.push_str(before);
        done.push('\\');
        rest = after;
    }
    done + rest
}

// Where a backslash breaks the first misleading shape of a line.
fn weak_point(line: &str) -> Option<usize> {
    command(line).or_else(|| inner_weak_point(line))
}

fn inner_weak_point(line: &str) -> Option<usize> {
    old_command(line).into_iter().chain(diagnosis(line)).min()
}

fn command(line: &str) -> Option<usize> {
    let trimmed = line.trim_start();
    trimmed.starts_with("::").then(|| line.len() - trimmed.len())
}

fn old_command(line: &str) -> Option<usize> {
    // Most lines have none, and that is found out at once.
    memchr::memchr(b'#', line.as_bytes())?;
    line.find("##[").map(|at| at + "##".len())
}

// Digits, colon, digits, perhaps a colon, blanks, and then a level: the point before the level.
fn diagnosis(line: &str) -> Option<usize> {
    line.match_indices(':').find_map(|(at, colon)| {
        let (before, after) = (line.get(..at)?, line.get(at + colon.len()..)?);
        let column = after.trim_start_matches(|ch: char| ch.is_ascii_digit());
        if !before.ends_with(|ch: char| ch.is_ascii_digit()) || column.len() == after.len() {
            return None;
        }
        let word = column.strip_prefix(':').unwrap_or(column).trim_start();
        is_level(word).then(|| line.len() - word.len())
    })
}

// The first word, not its beginning: `arn:aws:sns:ap-northeast-1:123456789012:errors` is no diagnosis.
fn is_level(text: &str) -> bool {
    let word = text.split(|ch: char| !ch.is_alphanumeric() && !matches!(ch, '_' | '-')).next().unwrap_or_default();
    ["error", "warning", "notice", "info", "note", "fatal"].iter().any(|level| word.eq_ignore_ascii_case(level))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_blanks_only() {
        assert_eq!(fill("one two three", "  ", 7), "one two\n  three");
        assert_eq!(fill("a module.very-long/address b", "", 5), "a\nmodule.very-long/address\nb");
        assert_eq!(fill("日本 日本", "", 8), "日本\n日本");
        assert_eq!(fill("", "  ", 8), "");
    }

    #[test]
    fn misleading_lines_are_broken() {
        let table = [
            ("::error::x", r"\::error::x"),
            ("ok\n \t ::add-mask::x\n", "ok\n \t \\::add-mask::x\n"),
            ("  1 │ # ##[command]x ##[error]y", r"  1 │ # ##\[command]x ##\[error]y"),
            ("a.tf:1:2: error: x", r"a.tf:1:2: \error: x"),
            ("a.tf:1:2:Warning - x", r"a.tf:1:2:\Warning - x"),
            ("  12:3  error  x", r"  12:3  \error  x"),
            ("1:2: error 3:4: note", r"1:2: \error 3:4: \note"),
        ];
        for (line, shown) in table {
            assert_eq!(harmless(line), shown);
        }
    }

    #[test]
    fn ordinary_lines_stay() {
        for line in
            ["a::b", "2001:db8:1:2:3::", "arn:aws:sns:ap-northeast-1:123456789012:errors", "╭─[a.tf:1:2]", "#[a"]
        {
            assert!(matches!(harmless(line), Cow::Borrowed(_)), "{line}");
        }
    }
}
