//! Foreign text, made safe to show (`spec/ci-integration.md` 5.1).
//!
//! A resource key can hold an escape sequence that repaints a terminal, a carriage return that starts a new line in a
//! CI log, or a bidirectional control that shows a name backwards. Such characters become visible as `\u{…}`; all
//! others stay. What a single format needs beyond that (`%0A`, `|`, …) is escaped by its renderer, after this.
//!
//! Use [`line()`] for what must stay on one line (addresses, paths, titles, messages), [`text`] for the rest.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with line breaks and tabs kept and every other control character visible.
pub(crate) fn text(foreign: &str) -> Cow<'_, str> {
    escape(foreign, |ch| ch != '\n' && is_hidden(ch))
}

/// The same on one line: line breaks become visible too.
pub(crate) fn line(foreign: &str) -> Cow<'_, str> {
    escape(foreign, is_hidden)
}

/// The same for a text that may be new.
pub(crate) fn line_of(foreign: Cow<'_, str>) -> Cow<'_, str> {
    match foreign {
        Cow::Borrowed(foreign) => line(foreign),
        Cow::Owned(foreign) => Cow::Owned(line(&foreign).into_owned()),
    }
}

/// JSON that says the same and holds no command.
///
/// GitHub's runner takes `##[name` for a command anywhere in a line of its log. Number signs occur in strings only, and
/// there the escape is the same character.
pub(crate) fn json(text: &str) -> Cow<'_, str> {
    if text.contains("##[") { Cow::Owned(text.replace("##[", "##\\u005b")) } else { Cow::Borrowed(text) }
}

/// A message for standard error, which has no fence: no line of it can pass for a workflow command.
pub(crate) fn log(foreign: &str) -> String {
    let shown = text(foreign).replace("##[", "#\\#[");
    let lines = shown.split('\n').map(|line| {
        let is_command = line.trim_start().starts_with("::");
        if is_command { format!("\\{line}") } else { line.to_owned() }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Whether [`line()`] writes the character as `\u{…}`.
///
/// Controls without the tab (C0, DEL, C1), the two Unicode line breaks, and what changes the writing direction.
pub(crate) const fn is_hidden(ch: char) -> bool {
    matches!(ch, '\0'..='\u{8}' | '\n'..='\u{1f}' | '\u{7f}'..='\u{9f}')
        || matches!(ch, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn escape(foreign: &str, is_escaped: fn(char) -> bool) -> Cow<'_, str> {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~');
    if foreign.bytes().all(is_plain) || !foreign.contains(is_escaped) {
        return Cow::Borrowed(foreign);
    }
    let mut shown = String::with_capacity(foreign.len() + 16);
    for ch in foreign.chars() {
        push(&mut shown, ch, is_escaped(ch));
    }
    Cow::Owned(shown)
}

fn push(shown: &mut String, ch: char, escaped: bool) {
    if escaped {
        // Writing into a String cannot fail.
        let _ = write!(shown, "{}", ch.escape_unicode());
    } else {
        shown.push(ch);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_become_visible() {
        let table = [
            ("plain é 日本 😀 \t", "plain é 日本 😀 \t"),
            ("a\rb", r"a\u{d}b"),
            ("a\0b\u{8}", r"a\u{0}b\u{8}"),
            ("\u{b}\u{c}\u{1f}", r"\u{b}\u{c}\u{1f}"),
            ("\u{1b}[31mred", r"\u{1b}[31mred"),
            ("\u{7f}\u{80}\u{85}\u{9b}\u{9f}\u{a0}", "\\u{7f}\\u{80}\\u{85}\\u{9b}\\u{9f}\u{a0}"),
            ("\u{2027}\u{2028}\u{2029}", "\u{2027}\\u{2028}\\u{2029}"),
            ("\u{202a}\u{202e}\u{202f}", "\\u{202a}\\u{202e}\u{202f}"),
            ("\u{2065}\u{2066}\u{2069}", "\u{2065}\\u{2066}\\u{2069}"),
        ];
        for (foreign, shown) in table {
            assert_eq!(line(foreign), shown);
            assert_eq!(text(foreign), shown);
        }
    }

    #[test]
    fn only_one_line_fields_lose_their_line_breaks() {
        assert_eq!(text("a\nb\r\n"), "a\nb\\u{d}\n");
        assert_eq!(line("a\nb\r\n"), r"a\u{a}b\u{d}\u{a}");
    }

    #[test]
    fn no_line_of_a_message_is_a_command() {
        assert_eq!(
            log("a::b\n::error::x\n  ::add-mask::y\n##[group]"),
            "a::b\n\\::error::x\n\\  ::add-mask::y\n#\\#[group]"
        );
    }

    #[test]
    fn clean_text_is_borrowed() {
        assert!(matches!(text("two\nlines"), Cow::Borrowed(_)));
        assert!(matches!(line("aws_db_instance.main[\"é\"]"), Cow::Borrowed(_)));
    }
}
