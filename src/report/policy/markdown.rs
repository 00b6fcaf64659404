//! The page of a policy in Markdown: for `policy explain --output markdown`, and for pages that are kept.

use std::fmt::{self, Write as _};
use std::io::{self, Write};

use crate::finding::Remedy;
use crate::policy::sheet::{Setting, Sheet, Written};
use crate::report::markdown::escape::{cell, code, longest_run, prose};
use crate::report::sanitise;
use crate::report::wording::{effort, paragraphs};

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
        writeln!(text, "| {name} | {} |", cell(value))?;
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
        let cells = [code(&input.name), code(&input.kind), default, prose(&paragraphs(&input.description).join(" "))];
        let [name, kind, default, description] = cells.map(|text| cell(&text).into_owned());
        writeln!(text, "| {name} | {kind} | {default} | {description} |")?;
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
