//! `planfit config show`: for people, and for programs (schema 1, `docs/json.md`).

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value as Json;

use crate::config::Ignore;
use crate::config::effective::{Effective, Line, Terms};
use crate::report::human::text::{Paint, Tint, harmless};
use crate::report::sanitise;
use crate::report::wording::counted;
use crate::source::{SourceMap, Span};

/// What is shown beside the answer.
#[derive(Clone, Copy, Debug)]
pub struct Heading<'h> {
    /// The settings file; `None` if there is none.
    pub file: Option<&'h str>,
    /// What was asked about, as it was written.
    pub subject: &'h str,
    /// Whether policies that no line touches are listed, too.
    pub all: bool,
}

/// Columns of names and values before the place.
const NAME: usize = 28;
const VALUE: usize = 30;

/// Writes the answer for people.
///
/// # Errors
///
/// Only what `out` reports.
pub fn human(
    heading: Heading<'_>,
    effective: &Effective,
    sources: &SourceMap,
    colour: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut page = Page { text: String::new(), sources, paint: Paint { colour } };
    page.top(heading, effective);
    page.policies(heading, &effective.policies);
    page.ignores(&effective.ignores);
    out.write_all(harmless(&page.text).as_bytes())
}

struct Page<'s> {
    text: String,
    sources: &'s SourceMap,
    paint: Paint,
}

impl Page<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn title(&mut self, title: &str) {
        let title = self.paint.tinted(Tint::Strong, title).to_string();
        self.line("");
        self.line(&title);
    }

    fn place(&self, from: Option<Span>) -> String {
        from.map_or_else(|| "default".to_owned(), |span| place(self.sources, span))
    }

    fn row(&mut self, indent: usize, name: &str, value: &str, place: &str) {
        let (name, value) = (sanitise::line(name), sanitise::line(value));
        let width = NAME.saturating_sub(indent);
        let mut row = String::new();
        let _ = write!(row, "{:indent$}{name:width$} {value:VALUE$} ", "");
        let _ = write!(row, "{}", self.paint.tinted(Tint::Faint, place));
        self.line(&row);
    }

    fn value(&mut self, indent: usize, line: &Line) {
        let place = self.place(line.from);
        self.row(indent, &line.name, &shown(&line.value), &place);
    }

    fn top(&mut self, heading: Heading<'_>, effective: &Effective) {
        let subject = sanitise::line(heading.subject).into_owned();
        let first = format!("Settings of {subject}");
        self.line(&self.paint.tinted(Tint::Strong, &first));
        match heading.file {
            Some(file) => self.line(&format!("from {}", sanitise::line(file))),
            None => self.line("there is no .planfit.hcl: everything is the default; planfit init writes one"),
        }
        self.line("");
        match &effective.environment {
            Some(environment) => self.value(0, environment),
            None => self.row(0, "environment", "not known", "no environment block matches"),
        }
        if effective.tags_decide {
            self.line("  (tags can put a resource into another environment)");
        }
        for line in &effective.settings {
            self.value(0, line);
        }
    }

    fn policies(&mut self, heading: Heading<'_>, policies: &[Terms]) {
        let (told, others): (Vec<&Terms>, Vec<&Terms>) =
            policies.iter().partition(|terms| heading.all || terms.is_touched());
        self.title("Policies");
        for terms in told {
            self.policy(terms);
        }
        if !others.is_empty() {
            let off = others.iter().filter(|terms| terms.enabled.value == Json::Bool(false)).count();
            let count = counted(others.len(), "other policy is", "other policies are");
            self.line(&format!("  {count} as shipped, {off} of them off here; --verbose lists all"));
        }
    }

    fn policy(&mut self, terms: &Terms) {
        let name = sanitise::line(&terms.id).into_owned();
        self.line(&format!("  {}", self.paint.tinted(Tint::Strong, &name)));
        let place = match terms.reason {
            Some(reason) => reason.to_owned(),
            None => self.place(terms.enabled.from),
        };
        self.row(4, "enabled", &shown(&terms.enabled.value), &place);
        self.value(4, &terms.level);
        self.value(4, &terms.severity);
        for input in &terms.inputs {
            let place = self.place(input.from);
            self.row(4, &format!("input {}", input.name), &shown(&input.value), &place);
        }
    }

    fn ignores(&mut self, ignores: &[Ignore]) {
        if ignores.is_empty() {
            return;
        }
        self.title("Ignored");
        for ignore in ignores {
            let policies: Vec<&str> = ignore.policies.iter().map(crate::config::Pattern::as_str).collect();
            let addresses: Vec<&str> = ignore.addresses.iter().map(crate::config::Pattern::as_str).collect();
            let place = place(self.sources, ignore.span);
            self.row(2, &policies.join(", "), &addresses.join(", "), &place);
            let until = ignore.until.map(|until| format!(" (until {until})")).unwrap_or_default();
            if let Some(reason) = &ignore.reason {
                let reason = sanitise::line(reason.trim()).into_owned();
                self.line(&format!("    {reason}{until}"));
            }
        }
    }
}

fn shown(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Null => "none".to_owned(),
        other => other.to_string(),
    }
}

fn place(sources: &SourceMap, span: Span) -> String {
    format!("{}:{}", sanitise::line(sources.path(span)), sources.start(span).line)
}

#[derive(Serialize)]
struct Document {
    schema: u32,
    file: Option<String>,
    subject: String,
    environment: Option<Said>,
    tags_decide: bool,
    settings: Vec<Said>,
    policies: Vec<Policy>,
    ignores: Vec<Ignored>,
}

#[derive(Serialize)]
struct Said {
    name: String,
    value: Json,
    from: Option<Place>,
}

#[derive(Serialize)]
struct Place {
    path: String,
    line: usize,
}

#[derive(Serialize)]
struct Policy {
    id: String,
    category: String,
    enabled: Said,
    reason: Option<&'static str>,
    level: Said,
    severity: Said,
    inputs: Vec<Said>,
}

#[derive(Serialize)]
struct Ignored {
    policies: Vec<String>,
    addresses: Vec<String>,
    paths: Vec<String>,
    environments: Vec<String>,
    reason: Option<String>,
    until: Option<String>,
    from: Place,
}

/// Writes the answer for programs.
///
/// # Errors
///
/// Only what `out` reports.
pub fn json(heading: Heading<'_>, effective: &Effective, sources: &SourceMap, out: &mut dyn Write) -> io::Result<()> {
    let place = |span: Span| Place { path: sources.path(span).to_owned(), line: sources.start(span).line };
    let value = |line: &Line| Said { name: line.name.clone(), value: line.value.clone(), from: line.from.map(place) };
    let policy = |terms: &Terms| Policy {
        id: terms.id.clone(),
        category: terms.category.clone(),
        enabled: value(&terms.enabled),
        reason: terms.reason,
        level: value(&terms.level),
        severity: value(&terms.severity),
        inputs: terms.inputs.iter().map(value).collect(),
    };
    let texts = |patterns: &crate::config::Patterns| patterns.iter().map(|it| it.as_str().to_owned()).collect();
    let ignored = |ignore: &Ignore| Ignored {
        policies: texts(&ignore.policies),
        addresses: texts(&ignore.addresses),
        paths: texts(&ignore.paths),
        environments: ignore.environments.clone(),
        reason: ignore.reason.clone(),
        until: ignore.until.map(|until| until.to_string()),
        from: place(ignore.span),
    };
    let document = Document {
        schema: 1,
        file: heading.file.map(str::to_owned),
        subject: heading.subject.to_owned(),
        environment: effective.environment.as_ref().map(value),
        tags_decide: effective.tags_decide,
        settings: effective.settings.iter().map(value).collect(),
        policies: effective.policies.iter().map(policy).collect(),
        ignores: effective.ignores.iter().map(ignored).collect(),
    };
    let text = serde_json::to_string_pretty(&document)?;
    // See `report/json.rs`: no line of it may look like a command of the runner.
    out.write_all(text.replace("##[", "##\\u005b").as_bytes())?;
    out.write_all(b"\n")
}
