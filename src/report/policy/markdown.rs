//! The page of a policy in Markdown: for `policy explain --output markdown`, and for pages that are kept.

use std::fmt::{self, Write as _};
use std::io::{self, Write};

use super::page::{effort, paragraphs};
use crate::finding::Remedy;
use crate::policy::sheet::{Setting, Sheet, Written};
use crate::report::sanitise;

/// Writes the page of one policy.
///
/// # Errors
///
/// Only what `out` reports.
pub fn write(sheet: &Sheet, out: &mut dyn Write) -> io::Result<()> {
    let mut text = String::new();
    draw(&mut text, sheet).map_err(io::Error::other)?;
    out.write_all(text.as_bytes())
}

fn draw(text: &mut String, sheet: &Sheet) -> fmt::Result {
    writeln!(text, "# {}\n\n{}\n", code(&sheet.id), prose(&sheet.title))?;
    facts(text, sheet)?;
    section(text, "Why", &sheet.why)?;
    section(text, "How to fix", &sheet.fix)?;
    options(text, sheet)?;
    inputs(text, &sheet.inputs)?;
    examples(text, &sheet.examples)?;
    if !sheet.references.is_empty() {
        text.write_str("\n## References\n\n")?;
        sheet.references.iter().try_for_each(|reference| writeln!(text, "- {}", prose(reference)))?;
    }
    Ok(())
}

fn facts(text: &mut String, sheet: &Sheet) -> fmt::Result {
    let codes = |words: &mut dyn Iterator<Item = &str>| words.map(code).collect::<Vec<_>>().join(", ");
    let pedantic = if sheet.pedantic { ", pedantic (off unless asked for)" } else { "" };
    let rows = [
        ("Category", code(&sheet.category)),
        ("Severity", format!("{}{pedantic}", sheet.severity.as_str())),
        ("About", codes(&mut sheet.types.iter().map(|kind| &**kind))),
        ("Judges", codes(&mut sheet.operations.iter().copied())),
        ("Holds", sheet.environments.in_words().to_owned()),
        ("Enforcement level", code(&sheet.enforcement)),
        ("Covered by", codes(&mut sheet.covered_by.iter().map(String::as_str))),
        ("Aliases", codes(&mut sheet.aliases.iter().map(String::as_str))),
        ("File", code(&sheet.path)),
    ];
    text.write_str("| | |\n|---|---|\n")?;
    for (name, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
        writeln!(text, "| {name} | {} |", value.replace('|', "\\|"))?;
    }
    Ok(())
}

fn section(text: &mut String, heading: &str, content: &str) -> fmt::Result {
    if content.is_empty() {
        return Ok(());
    }
    writeln!(text, "\n## {heading}")?;
    paragraphs(content).iter().try_for_each(|paragraph| writeln!(text, "\n{}", prose(paragraph)))
}

fn options(text: &mut String, sheet: &Sheet) -> fmt::Result {
    for ways in &sheet.ways {
        let types: Vec<String> = ways.types.iter().map(|kind| code(kind)).collect();
        let of = if sheet.ways.len() > 1 { format!(" for {}", types.join(", ")) } else { String::new() };
        writeln!(text, "\n## Options{of}")?;
        ways.options.iter().try_for_each(|remedy| option(text, remedy))?;
    }
    Ok(())
}

fn option(text: &mut String, remedy: &Remedy) -> fmt::Result {
    writeln!(text, "\n### {}\n", prose(&remedy.title))?;
    remedy.merits.iter().try_for_each(|merit| writeln!(text, "- \\+ {}", prose(merit)))?;
    remedy.demerits.iter().try_for_each(|demerit| writeln!(text, "- \\- {}", prose(demerit)))?;
    for (name, value) in [("Downtime", remedy.downtime.as_str()), ("Effort", effort(&remedy.effort))] {
        if !value.is_empty() {
            writeln!(text, "- {name}: {}", prose(value))?;
        }
    }
    Ok(())
}

fn inputs(text: &mut String, inputs: &[Setting]) -> fmt::Result {
    if inputs.is_empty() {
        return Ok(());
    }
    text.write_str("\n## Inputs\n\n| name | type | default | what it is for |\n|---|---|---|---|\n")?;
    for input in inputs {
        let default = input.default.as_deref().map_or("none: must be given".to_owned(), code);
        let cells = [code(&input.name), code(&input.kind), default, paragraphs(&input.description).join(" ")];
        let [name, kind, default, description] = cells.map(|cell| cell.replace('|', "\\|"));
        writeln!(text, "| {name} | {kind} | {default} | {} |", prose(&description))?;
    }
    Ok(())
}

fn examples(text: &mut String, examples: &[Written]) -> fmt::Result {
    if examples.is_empty() {
        return Ok(());
    }
    text.write_str("\n## Examples\n")?;
    for example in examples {
        let word = if example.passes { "Passes" } else { "Fails" };
        writeln!(text, "\n{word}: {}", prose(&example.label.replace('_', " ")))?;
        if !example.expect.is_empty() {
            let expect: Vec<String> = example.expect.iter().map(|address| code(address)).collect();
            writeln!(text, "(only {})", expect.join(", "))?;
        }
        let shown = sanitise::text(&example.text);
        let fence = "`".repeat(longest_run(&shown).max(2) + 1);
        writeln!(text, "\n{fence}hcl\n{shown}\n{fence}")?;
    }
    Ok(())
}

/// Prose of a policy's author: it may use code spans; nothing else of it is Markdown.
fn prose(text: &str) -> String {
    let text = sanitise::line(text);
    let mut shown = String::with_capacity(text.len());
    // A back-tick without its partner opens nothing.
    let mut ticks = text.matches('`').count() / 2 * 2;
    let mut inside = false;
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(ch) = rest.next() {
        let after = rest.peek().copied().unwrap_or(' ');
        let in_word = before.is_alphanumeric() && after.is_alphanumeric();
        match ch {
            '`' if ticks > 0 => {
                ticks -= 1;
                inside = !inside;
                shown.push(ch);
            }
            _ if inside => shown.push(ch),
            '_' if in_word => shown.push(ch),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '#' | '~' => shown.extend(['\\', ch]),
            _ => shown.push(ch),
        }
        before = ch;
    }
    shown
}

/// A code span, whatever back-ticks are in it.
fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let text = sanitise::line(text);
    let fence = "`".repeat(longest_run(&text) + 1);
    let blank = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{blank}{text}{blank}{fence}")
}

fn longest_run(text: &str) -> usize {
    text.split(|ch| ch != '`').map(str::len).max().unwrap_or(0)
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
        ];
        for (text, shown) in table {
            assert_eq!(prose(text), shown);
        }
    }

    #[test]
    fn a_code_span_is_longer_than_what_is_in_it() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a `b` ``c``"), "``` a `b` ``c`` ```");
        assert_eq!(code("`"), "`` ` ``");
    }
}
