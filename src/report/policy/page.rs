//! `policy explain` in a terminal: one policy as a short man page.

use std::fmt::{self, Write as _};
use std::io::{self, Write};

use super::list::tint;
use super::print;
use crate::finding::Remedy;
use crate::policy::sheet::{Setting, Sheet, Written};
use crate::report::human::Style;
use crate::report::human::text::{Paint, Tint, fill};
use crate::report::sanitise;
use crate::report::wording::{effort, paragraphs};

/// Text is hard to read in longer lines.
const WIDEST: usize = 100;

/// Everything below a heading starts here.
const INDENT: &str = "    ";

/// Facts stand in two columns; the second starts here.
const FACTS: usize = 16;

/// Writes the page of one policy.
///
/// # Errors
///
/// Only what `out` reports.
pub fn write(sheet: &Sheet, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let width = style.width.clamp(40, WIDEST);
    print(out, |text| Page { text, paint: Paint { colour: style.colour }, width }.draw(sheet))
}

struct Page<'p> {
    text: &'p mut String,
    paint: Paint,
    width: usize,
}

impl Page<'_> {
    fn draw(&mut self, sheet: &Sheet) -> fmt::Result {
        self.head(sheet)?;
        self.prose("WHY", &sheet.why)?;
        self.prose("HOW TO FIX", &sheet.fix)?;
        self.options(sheet)?;
        self.inputs(&sheet.inputs)?;
        self.examples(&sheet.examples)?;
        self.list("REFERENCES", &sheet.references)
    }

    fn head(&mut self, sheet: &Sheet) -> fmt::Result {
        let severity = self.paint.tinted(tint(sheet.severity), sheet.severity.as_str());
        let id = sanitise::line(&sheet.id);
        let id = self.paint.tinted(Tint::Strong, &id);
        writeln!(self.text, "{id} · {severity} · {}", sanitise::line(&sheet.category))?;
        self.block("", &sheet.title)?;
        self.text.write_char('\n')?;
        let types: Vec<&str> = sheet.types.iter().map(|kind| &**kind).collect();
        self.fact("about", &types.join(", "))?;
        self.fact("judges", &sheet.operations.join(", "))?;
        self.fact("holds", sheet.environments.in_words())?;
        self.fact("level", &sheet.enforcement)?;
        if sheet.pedantic {
            self.fact("pedantic", "off unless --pedantic or its name is given")?;
        }
        self.fact("covered by", &sheet.covered_by.join(", "))?;
        self.fact("aliases", &sheet.aliases.join(", "))?;
        self.fact("file", &sheet.path)
    }

    fn fact(&mut self, name: &str, value: &str) -> fmt::Result {
        if value.is_empty() {
            return Ok(());
        }
        let indent = " ".repeat(FACTS);
        let name = format!("{INDENT}{name}");
        let blanks = " ".repeat(FACTS.saturating_sub(name.len()));
        let value = fill(&sanitise::line(value), &indent, self.width - FACTS);
        writeln!(self.text, "{}{blanks}{value}", self.paint.tinted(Tint::Faint, &name))
    }

    fn heading(&mut self, heading: &str) -> fmt::Result {
        writeln!(self.text, "\n{}", self.paint.tinted(Tint::Strong, heading))
    }

    fn prose(&mut self, heading: &str, text: &str) -> fmt::Result {
        if text.is_empty() {
            return Ok(());
        }
        self.heading(heading)?;
        for (number, paragraph) in paragraphs(text).iter().enumerate() {
            self.text.write_str(if number > 0 { "\n" } else { "" })?;
            self.block(INDENT, paragraph)?;
        }
        Ok(())
    }

    // A filled paragraph, every line with the indent.
    fn block(&mut self, indent: &str, text: &str) -> fmt::Result {
        let text = fill(&sanitise::line(text), indent, self.width - indent.len());
        writeln!(self.text, "{indent}{text}")
    }

    // An entry with a sign in front; its further lines start below its text.
    fn entry(&mut self, indent: &str, sign: &str, tint: Tint, text: &str) -> fmt::Result {
        let below = format!("{indent}{} ", " ".repeat(sign.len()));
        let text = fill(&sanitise::line(text), &below, self.width - below.len());
        writeln!(self.text, "{indent}{} {text}", self.paint.tinted(tint, sign))
    }

    fn options(&mut self, sheet: &Sheet) -> fmt::Result {
        for ways in &sheet.ways {
            let types: Vec<&str> = ways.types.iter().map(|kind| &**kind).collect();
            let of = if sheet.ways.len() > 1 { format!(" FOR {}", types.join(", ")) } else { String::new() };
            self.heading(&fill(&format!("OPTIONS{}", sanitise::line(&of)), "", self.width))?;
            for (number, remedy) in (1..).zip(ways.options.iter()) {
                self.option(number, remedy)?;
            }
        }
        Ok(())
    }

    fn option(&mut self, number: usize, remedy: &Remedy) -> fmt::Result {
        let sign = format!("{number}.");
        self.entry(INDENT, &sign, Tint::Strong, &remedy.title)?;
        let deep = format!("{INDENT}{} ", " ".repeat(sign.len()));
        for merit in &remedy.merits {
            self.entry(&deep, "+", Tint::Good, merit)?;
        }
        for demerit in &remedy.demerits {
            self.entry(&deep, "-", Tint::Bad, demerit)?;
        }
        let facts = [("downtime", remedy.downtime.as_str()), ("effort", effort(&remedy.effort))];
        let facts = facts.iter().filter(|(_, value)| !value.is_empty());
        let facts: Vec<String> = facts.map(|(name, value)| format!("{name}: {value}")).collect();
        if facts.is_empty() { Ok(()) } else { self.block(&deep, &facts.join(" · ")) }
    }

    fn inputs(&mut self, inputs: &[Setting]) -> fmt::Result {
        if inputs.is_empty() {
            return Ok(());
        }
        self.heading("INPUTS")?;
        let deep = format!("{INDENT}{INDENT}");
        for input in inputs {
            let default = input.default.as_ref().map_or("no default".to_owned(), |text| format!("default {text}"));
            let default = default.split_whitespace().collect::<Vec<_>>().join(" ");
            let kind = input.kind.split_whitespace().collect::<Vec<_>>().join(" ");
            self.block(INDENT, &format!("{} ({kind}, {default})", input.name))?;
            for paragraph in paragraphs(&input.description) {
                self.block(&deep, &paragraph)?;
            }
        }
        Ok(())
    }

    fn examples(&mut self, examples: &[Written]) -> fmt::Result {
        if examples.is_empty() {
            return Ok(());
        }
        self.heading("EXAMPLES")?;
        for (number, example) in examples.iter().enumerate() {
            self.text.write_str(if number > 0 { "\n" } else { "" })?;
            let (word, tint) = if example.passes { ("passes", Tint::Good) } else { ("fails", Tint::Bad) };
            let word = self.paint.tinted(tint, word);
            writeln!(self.text, "{INDENT}{word}: {}", sanitise::line(&example.label.replace('_', " ")))?;
            if !example.expect.is_empty() {
                self.block(INDENT, &format!("only: {}", example.expect.join(", ")))?;
            }
            // Code is shown as it is: a wrapped line would be another one.
            for line in example.text.lines() {
                let line = sanitise::line(line);
                writeln!(self.text, "{}", format!("{INDENT}  {line}").trim_end())?;
            }
        }
        Ok(())
    }

    fn list(&mut self, heading: &str, items: &[String]) -> fmt::Result {
        if items.is_empty() {
            return Ok(());
        }
        self.heading(heading)?;
        items.iter().try_for_each(|item| self.entry(INDENT, "-", Tint::Faint, item))
    }
}
