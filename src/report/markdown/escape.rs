//! Foreign text in Markdown (`spec/ci-integration.md` 5.4).
//!
//! Names go into code spans, sentences are escaped: nothing of them is a link, an image, HTML, a mention that notifies
//! people, a reference to an issue, or a cell of a table. GitHub looks for mentions and references after Markdown has been
//! read, so a backslash does not help against them; a blank of no width does. Bots look for comments of HTML in the text as
//! it is written, in code as well: no foreign text may hold the beginning of one.

use std::borrow::Cow;

use crate::report::sanitise;
use crate::report::wording::shortened;

/// A blank that nobody sees; behind `@` or `#` it makes them plain characters.
const NOTHING: &str = "&#8203;";

/// A code span, whatever back-ticks are in it.
pub(in crate::report) fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let text = inert(&sanitise::line(text));
    let fence = "`".repeat(longest_run(&text) + 1);
    let blank = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{blank}{text}{blank}{fence}")
}

// In a log the runner would take `##[` for a command, and bots look for `<!--`; a code span has no escapes.
fn inert(text: &str) -> String {
    text.replace("##[", "##\\[").replace("<!--", "<\\!--")
}

/// The same, cut to a number of characters.
pub(in crate::report) fn short_code(text: &str, most: usize) -> String {
    code(&shortened(sanitise::line(text).into_owned(), most))
}

/// The longest run of back-ticks.
pub(in crate::report) fn longest_run(text: &str) -> usize {
    text.split(|ch| ch != '`').map(str::len).max().unwrap_or(0)
}

/// Prose of an author: it may use code spans of one back-tick; nothing else of it is Markdown.
pub(in crate::report) fn prose(text: &str) -> String {
    let text = sanitise::line(text);
    let text = text.trim_start();
    let mut shown = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, inside, after)) = span(rest) {
        escape(before, &mut shown);
        shown.extend(["`", &inert(inside), "`"]);
        rest = after;
    }
    escape(rest, &mut shown);
    beginning(shown)
}

// What stands before the first code span, in it, and behind it. Only a lone back-tick opens or closes one: a longer run
// might find a partner far away, or none.
fn span(text: &str) -> Option<(&str, &str, &str)> {
    let (start, end) = (lone(text, 0)?, lone(text, lone(text, 0)? + 1)?);
    Some((text.get(..start)?, text.get(start + 1..end)?, text.get(end + 1..)?))
}

fn lone(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_tick = |at: Option<usize>| at.and_then(|at| bytes.get(at)) == Some(&b'`');
    let alone = |at: &usize| is_tick(Some(*at)) && !is_tick(at.checked_sub(1)) && !is_tick(Some(at + 1));
    (from..bytes.len()).find(alone)
}

/// A sentence without any Markdown.
pub(in crate::report) fn plain(text: &str) -> String {
    beginning(inner(text.trim_start()))
}

/// The same for what stands within a line.
pub(in crate::report) fn inner(text: &str) -> String {
    let text = sanitise::line(text);
    let mut shown = String::with_capacity(text.len() + 16);
    escape(&text, &mut shown);
    shown
}

fn escape(text: &str, shown: &mut String) {
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(ch) = rest.next() {
        let after = rest.peek().copied().unwrap_or(' ');
        match ch {
            '_' if before.is_alphanumeric() && after.is_alphanumeric() => shown.push(ch),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '$' | '!' => shown.extend(['\\', ch]),
            '@' | '#' => shown.extend([ch.to_string().as_str(), NOTHING]),
            // Addresses of pages and `GH-1`: a reference notifies those who watch what it names.
            ':' if after == '/' => shown.extend([":", NOTHING]),
            '.' if is_word(shown, "www") => shown.extend([NOTHING, "."]),
            '-' if after.is_ascii_digit() && is_word(shown, "gh") => shown.extend(["-", NOTHING]),
            _ => shown.push(ch),
        }
        before = ch;
    }
}

fn is_word(text: &str, word: &str) -> bool {
    let Some((before, last)) = text.len().checked_sub(word.len()).and_then(|at| text.split_at_checked(at)) else {
        return false;
    };
    last.eq_ignore_ascii_case(word) && !before.ends_with(|ch: char| ch.is_alphanumeric())
}

// At the start of a line a hyphen is a list, a number with a dot too, and an equals sign makes the line above a heading.
fn beginning(text: String) -> String {
    let digits = text.len() - text.trim_start_matches(|ch: char| ch.is_ascii_digit()).len();
    let is_number = digits > 0 && text.get(digits..).is_some_and(|rest| rest.starts_with(['.', ')']));
    match text.split_at_checked(digits) {
        Some((number, rest)) if is_number => format!("{number}\\{rest}"),
        _ if text.starts_with(['-', '+', '=', '|', ':']) => format!("\\{text}"),
        _ => text,
    }
}

/// Text within the HTML of ours: `<summary>`.
pub(in crate::report) fn html(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for ch in sanitise::line(text).chars() {
        match ch {
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '&' => shown.push_str("&amp;"),
            '"' => shown.push_str("&quot;"),
            '@' | '#' | ':' => shown.extend([ch.to_string().as_str(), NOTHING]),
            _ => shown.push(ch),
        }
    }
    shown
}

/// A cell of a table: the parser cuts rows at bars before it reads anything else.
pub(in crate::report) fn cell(markdown: &str) -> Cow<'_, str> {
    if markdown.contains('|') { Cow::Owned(markdown.replace('|', "\\|")) } else { Cow::Borrowed(markdown) }
}

/// JSON in a comment of HTML, which ends at the first `-->`.
pub(in crate::report) fn hidden(json: &str) -> String {
    json.replace('<', "\\u003c").replace('>', "\\u003e")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_keeps_code_spans_and_nothing_else() {
        let table = [
            ("set `a_b*` to <b>", "set `a_b*` to \\<b\\>"),
            ("a lone ` and *this*", "a lone \\` and \\*this\\*"),
            ("backup_retention_period or _ha_", "backup_retention_period or \\_ha\\_"),
            ("[x](y)", "\\[x\\](y)"),
            ("``` <b> `", "\\`\\`\\` \\<b\\> \\`"),
            ("`a ``b`` <c>` <d>", "`a ``b`` <c>` \\<d\\>"),
            ("`##[x]`", "`##\\[x]`"),
            ("- no list", "\\- no list"),
            ("12. no list", "12\\. no list"),
            ("12 tasks, high-availability", "12 tasks, high-availability"),
            ("@org/team #1 GH-2 gh-3", "@&#8203;org/team #&#8203;1 GH-&#8203;2 gh-&#8203;3"),
            ("https://x.example/#a www.x", "https:&#8203;//x.example/#&#8203;a www&#8203;.x"),
            ("`<!-- a` <!-- b", "`<\\!-- a` \\<\\!-- b"),
            ("$x$ ~~y~~", "\\$x\\$ \\~\\~y\\~\\~"),
        ];
        for (text, shown) in table {
            assert_eq!(prose(text), shown);
        }
    }

    #[test]
    fn a_plain_sentence_has_no_code_spans() {
        assert_eq!(plain("a `b` _c_"), "a \\`b\\` \\_c\\_");
    }

    #[test]
    fn a_code_span_is_longer_than_what_is_in_it() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a `b` ``c``"), "``` a `b` ``c`` ```");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("a\nb"), "`a\\u{a}b`");
    }

    #[test]
    fn nothing_leaves_the_html_around_it() {
        assert_eq!(html("</summary>@a #1"), "&lt;/summary&gt;@&#8203;a #&#8203;1");
        assert_eq!(hidden(r#"{"a":"} -->"}"#), r#"{"a":"} --\u003e"}"#);
    }
}
