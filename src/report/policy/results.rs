//! Results of `policy test` for people: one line a mock or example, and for what failed the sentence with both places.

use std::fmt::{self, Write as _};
use std::io::{self, Write};

use super::print;
use crate::finding::{Level, Outcome};
use crate::policytest::{Case, Note, Status};
use crate::report::human::text::{Paint, Tint};
use crate::report::human::{Style, card, steps};
use crate::report::sanitise;
use crate::source::SourceMap;

/// Writes the results in their order, and the line with the counts.
///
/// # Errors
///
/// Only what `out` reports.
pub fn write(
    cases: &[Case],
    outcome: Outcome,
    sources: &SourceMap,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    for case in cases {
        print(out, |text| draw(text, case, sources, style))?;
    }
    print(out, |text| summary(text, cases, outcome, style))
}

fn draw(text: &mut String, case: &Case, sources: &SourceMap, style: Style) -> fmt::Result {
    let paint = Paint { colour: style.colour };
    let (word, tint) = match case.status {
        Status::Passed => ("passed ", Tint::Good),
        Status::Failed => ("failed ", Tint::Error),
        Status::Skipped => ("skipped", Tint::Faint),
    };
    let (word, name) = (paint.tinted(tint, word), sanitise::line(&case.name));
    let place = format!("{}:{}", sanitise::line(&case.path), sources.start(case.span).line);
    write!(text, "{word}  {}  {name}", paint.tinted(Tint::Faint, &place))?;
    for note in case.notes.iter().filter(|note| note.level == Level::Notice) {
        write!(text, "{}", paint.tinted(Tint::Faint, &format!(" ({})", sanitise::line(&note.message))))?;
    }
    text.write_char('\n')?;
    let mut loud = case.notes.iter().filter(|note| note.level != Level::Notice).peekable();
    let is_loud = loud.peek().is_some();
    for note in loud {
        told(text, case, note, sources, style)?;
    }
    if is_loud { text.write_char('\n') } else { Ok(()) }
}

fn told(text: &mut String, case: &Case, note: &Note, sources: &SourceMap, style: Style) -> fmt::Result {
    card(text, sources, style, note.level, &note.message, Some(case.span))?;
    if let Some(condition) = note.condition {
        card(text, sources, style, Level::Notice, "what the policy says", Some(condition))?;
    }
    note.explanation.as_ref().map_or(Ok(()), |explanation| steps(text, explanation, style.width))
}

fn summary(text: &mut String, cases: &[Case], outcome: Outcome, style: Style) -> fmt::Result {
    let count = |status| cases.iter().filter(|case| case.status == status).count();
    let counts = format!(
        "{} passed, {} failed, {} skipped",
        count(Status::Passed),
        count(Status::Failed),
        count(Status::Skipped)
    );
    write!(text, "{}", Paint { colour: style.colour }.tinted(Tint::Strong, &counts))?;
    text.write_str(if outcome == Outcome::CouldNotRun { "; not everything could be run\n" } else { "\n" })
}
