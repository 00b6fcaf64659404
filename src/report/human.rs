//! The report for people: terminal, CI log, pre-commit.
//!
//! A block for each finding: level and policy, one sentence, the line in the source, and the ways out. Then the
//! remarks about inputs, what was not judged, and one line with the counts. miette draws the sentence and the
//! snippet; the rest is ours. The text is the same with and without colours, at any time, on any machine.
//!
//! A log is also read by machines, so no line looks like a workflow command or like something that a problem matcher
//! of GitHub Actions takes for a compiler's message (`text::harmless`). Start at [`write()`].

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::io::{self, Write};

use miette::{GraphicalReportHandler, GraphicalTheme};

use self::excerpt::{Card, Excerpt, Neighbours};
use self::text::{Paint, Tint, fill, harmless};
use super::sanitise;
use super::wording::{self, Limit};
use crate::finding::{
    Explanation, Finding, Information, Level, MAX_OMITTED, NotEvaluated, Outcome, Related, Remark, Remedy, Report,
    Summary, Verdict,
};
use crate::source::{SourceMap, Span};

mod excerpt;
pub(super) mod text;

/// Everything below a message starts where the message does.
const INDENT: &str = "    ";

/// Merits and demerits start below their option's title.
const DEEP_INDENT: &str = "       ";

/// Levels of an explanation that are indented.
const MAX_INDENT: usize = 6;

/// How the report looks. Nothing is asked of the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Columns to fill; below 40 counts as 40.
    pub width: usize,
    /// Whether to use the 16 ANSI colours.
    pub colour: bool,
    /// Whether to print lists in full: instances, what was not judged.
    pub verbose: bool,
}

/// Writes the report, each finding in one piece.
///
/// # Errors
///
/// Only what `out` reports.
pub fn write(report: &Report, sources: &SourceMap, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(sources, style);
    for finding in &report.findings {
        page.print(out, |page| page.finding(finding))?;
    }
    for remark in &report.remarks {
        page.print(out, |page| page.remark(remark))?;
    }
    page.print(out, |page| page.information(&report.information))?;
    page.print(out, |page| page.not_evaluated(&report.not_evaluated))?;
    page.print(out, |page| page.summary(&report.summary, report.outcome))
}

struct Page<'a> {
    sources: &'a SourceMap,
    handler: GraphicalReportHandler,
    paint: Paint,
    width: usize,
    limit: Limit,
    /// By policy, the findings whose options were printed: one for each way out that its types have.
    explained: BTreeMap<&'a str, Vec<&'a Finding>>,
    text: String,
}

impl<'a> Page<'a> {
    fn new(sources: &'a SourceMap, style: Style) -> Self {
        Self {
            sources,
            handler: handler(style),
            paint: Paint { colour: style.colour },
            width: style.width.max(40),
            limit: if style.verbose { Limit::None } else { Limit::Handful },
            explained: BTreeMap::new(),
            text: String::new(),
        }
    }

    fn print(&mut self, out: &mut dyn Write, draw: impl FnOnce(&mut Self) -> fmt::Result) -> io::Result<()> {
        self.text.clear();
        draw(self).map_err(io::Error::other)?;
        out.write_all(harmless(&self.text).as_bytes())
    }

    fn finding(&mut self, finding: &'a Finding) -> fmt::Result {
        self.heading(finding.level, &finding.policy, &details(finding))?;
        // A block that is gone has a place for annotations; the line there is about something else.
        let quoted = finding.location.filter(|span| span.start < span.end);
        self.card(finding.level, &wording::sentence(finding), quoted, Neighbours::Shown)?;
        self.place(finding, quoted)?;
        if let Some(explanation) = finding.explanation.as_ref().filter(|_| self.limit == Limit::None) {
            self.explanation(explanation)?;
        }
        if let Some(file) = &finding.policy_file {
            self.paragraph(&format!("policy in {}", sanitise::line(file)))?;
        }
        self.instances(finding)?;
        if let Some(assumed) = &finding.assumed {
            self.paragraph(&sanitise::line(assumed))?;
        }
        for related in &finding.related {
            self.related(related)?;
        }
        self.options(finding)?;
        self.text.write_char('\n')
    }

    // "error  rds_instance_without_standby · high · update"; two blanks, because `error: …` is a compiler's message.
    fn heading(&mut self, level: Level, subject: &str, details: &str) -> fmt::Result {
        let word = self.paint.tinted(Tint::of(level), level.as_str());
        let subject = sanitise::line(subject);
        let (subject, details) = (self.paint.tinted(Tint::Strong, &subject), self.paint.tinted(Tint::Faint, details));
        writeln!(self.text, "{word}  {subject}{details}")
    }

    fn card(&mut self, level: Level, message: &str, span: Option<Span>, neighbours: Neighbours) -> fmt::Result {
        let card = Card {
            level,
            message: fill(message, "", self.width - INDENT.len()),
            excerpt: span.and_then(|span| Excerpt::new(self.sources, span, neighbours, self.width)),
        };
        self.handler.render_report(&mut self.text, &card)
    }

    // The condition, and what decided it; each part on lines of its own.
    fn explanation(&mut self, explanation: &Explanation) -> fmt::Result {
        self.paragraph(&format!("condition: {}", sanitise::line(&explanation.condition)))?;
        steps(&mut self.text, explanation, self.width)
    }

    // Where a finding without source comes from.
    fn place(&mut self, finding: &Finding, quoted: Option<Span>) -> fmt::Result {
        if quoted.is_some_and(|span| self.sources.file(span.file).is_some()) {
            return Ok(());
        }
        let (address, input) = (sanitise::line(&finding.address), sanitise::line(&finding.input));
        self.paragraph(&format!("at {address} in {input}"))
    }

    fn instances(&mut self, finding: &Finding) -> fmt::Result {
        wording::instances(finding, self.limit).map_or(Ok(()), |instances| self.paragraph(&instances))
    }

    fn related(&mut self, related: &Related) -> fmt::Result {
        self.card(Level::Notice, &sanitise::line(&related.message), Some(related.span), Neighbours::Hidden)
    }

    fn paragraph(&mut self, text: &str) -> fmt::Result {
        writeln!(self.text, "{INDENT}{}", fill(text, INDENT, self.width - INDENT.len()))
    }

    // A policy's options are printed once; its other findings say where.
    fn options(&mut self, finding: &'a Finding) -> fmt::Result {
        if finding.options.is_empty() {
            return Ok(());
        }
        let explained = self.explained.entry(&finding.policy).or_default();
        if let Some(first) = explained.iter().find(|first| first.options == finding.options) {
            let first = sanitise::line(&first.address);
            return self.paragraph(&format!("options: as for {first} above"));
        }
        explained.push(finding);
        self.paragraph("options:")?;
        (1..).zip(finding.options.iter()).try_for_each(|(number, remedy)| self.option(number, remedy))
    }

    fn option(&mut self, number: usize, remedy: &Remedy) -> fmt::Result {
        let mut title = format!("{number}. {}", sanitise::line(&remedy.title));
        for (name, value) in [("downtime", &remedy.downtime), ("effort", &remedy.effort)] {
            if !value.is_empty() {
                write!(title, " · {name} {}", sanitise::line(value))?;
            }
        }
        let text = fill(&title, DEEP_INDENT, self.width - DEEP_INDENT.len());
        writeln!(self.text, "{INDENT}{text}")?;
        self.points('+', Tint::Good, &remedy.merits)?;
        self.points('-', Tint::Bad, &remedy.demerits)
    }

    fn points(&mut self, sign: char, tint: Tint, points: &[String]) -> fmt::Result {
        if points.is_empty() {
            return Ok(());
        }
        let indent = format!("{DEEP_INDENT}  ");
        let text = points.iter().map(|point| sanitise::line(point)).collect::<Vec<_>>().join("; ");
        let text = fill(&text, &indent, self.width - indent.len());
        writeln!(self.text, "{DEEP_INDENT}{} {text}", self.paint.tinted(tint, sign.encode_utf8(&mut [0; 4])))
    }

    fn remark(&mut self, remark: &Remark) -> fmt::Result {
        self.heading(remark.level, "about the input", "")?;
        self.card(remark.level, &sanitise::line(&remark.message), remark.span, Neighbours::Shown)?;
        for related in &remark.related {
            self.related(related)?;
        }
        self.text.write_char('\n')
    }

    fn information(&mut self, information: &[Information]) -> fmt::Result {
        let line = |said: &Information| {
            format!("{}: {}", sanitise::line(&said.policy), wording::about(&said.address, &said.message))
        };
        self.listed("information", information, line)
    }

    fn not_evaluated(&mut self, gaps: &[NotEvaluated]) -> fmt::Result {
        let line = |gap: &NotEvaluated| format!("{}: {}", sanitise::line(&gap.subject), sanitise::line(&gap.reason));
        self.listed("not judged", gaps, line)
    }

    // How many there are, and the first of them.
    fn listed<T>(&mut self, title: &str, items: &[T], line: impl Fn(&T) -> String) -> fmt::Result {
        if items.is_empty() {
            return Ok(());
        }
        let shown = self.limit.of(items.len());
        writeln!(self.text, "{}", self.paint.tinted(Tint::Strong, &format!("{title}: {}", items.len())))?;
        for item in items.iter().take(shown) {
            self.paragraph(&line(item))?;
        }
        if items.len() > shown {
            self.paragraph(&format!("and {} more; --verbose lists all", items.len() - shown))?;
        }
        self.text.write_char('\n')
    }

    fn summary(&mut self, summary: &Summary, outcome: Outcome) -> fmt::Result {
        let findings = wording::found(summary);
        let findings = self.paint.tinted(Tint::Strong, &findings);
        let counts = wording::counts(summary, outcome).join("; ");
        writeln!(self.text, "{findings}; {counts}")
    }
}

/// Draws one sentence with its place, as in the report. Without a place it is the sentence alone.
pub(super) fn card(
    text: &mut String,
    sources: &SourceMap,
    style: Style,
    level: Level,
    message: &str,
    span: Option<Span>,
) -> fmt::Result {
    let width = style.width.max(40);
    let card = Card {
        level,
        message: fill(&sanitise::text(message), "", width - INDENT.len()),
        excerpt: span.and_then(|span| Excerpt::new(sources, span, Neighbours::Shown, width)),
    };
    handler(style).render_report(text, &card)
}

// Lines arrive filled, so that addresses are never broken: miette's own wrapping breaks at hyphens and slashes.
fn handler(style: Style) -> GraphicalReportHandler {
    let theme = if style.colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    GraphicalReportHandler::new_themed(theme)
        .with_wrap_lines(false)
        .with_urls(false)
        .tab_width(text::TAB)
        .without_syntax_highlighting()
}

// What a reader must know besides the sentence: how much it hurts, and what is not as usual.
fn details(finding: &Finding) -> String {
    let operation = match finding.operation {
        "create" | "no-op" => "",
        other => other,
    };
    let verdict = match finding.verdict {
        Verdict::Fail => "",
        Verdict::Error => "the policy failed",
        Verdict::Unknown => "not decided",
    };
    let words = [finding.severity.as_str(), operation, verdict];
    words.iter().filter(|word| !word.is_empty()).fold(String::new(), |details, word| details + " · " + word)
}

/// The parts of a condition that decided, a line each.
pub(super) fn steps(out: &mut String, explanation: &Explanation, width: usize) -> fmt::Result {
    for step in &explanation.steps {
        let indent = format!("{INDENT}{}", "  ".repeat(1 + step.depth.min(MAX_INDENT)));
        let text = format!("{} = {}", sanitise::line(&step.text), sanitise::line(&step.value));
        let text = fill(&text, &indent, width.saturating_sub(indent.len()));
        writeln!(out, "{indent}{text}")?;
    }
    match explanation.omitted {
        0 => Ok(()),
        1 => writeln!(out, "{INDENT}  … and 1 more part"),
        MAX_OMITTED.. => writeln!(out, "{INDENT}  … and at least {MAX_OMITTED} more parts"),
        omitted => writeln!(out, "{INDENT}  … and {omitted} more parts"),
    }
}
