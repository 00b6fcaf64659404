//! Lists and pages of policies for programs, schema 1 (`docs/json.md`).

use std::io::{self, Write};

use serde::Serialize;

use crate::finding::{Remedy, Ways};
use crate::policy::sheet::{Setting, Sheet, Written};
use crate::report::sanitise;

/// The version of both documents' form.
const SCHEMA: u32 = 1;

/// Writes the list: a row for each policy, in the order given.
///
/// # Errors
///
/// Only what `out` reports.
pub fn list(sheets: &[Sheet], out: &mut dyn Write) -> io::Result<()> {
    let policies = sheets.iter().map(Row::of).collect();
    document(&List { schema: SCHEMA, policies }, out)
}

/// Writes the pages of some policies: all that one name stands for.
///
/// # Errors
///
/// Only what `out` reports.
pub fn pages(sheets: &[&Sheet], out: &mut dyn Write) -> io::Result<()> {
    let policies = sheets.iter().map(|sheet| Policy::of(sheet)).collect();
    document(&Pages { schema: SCHEMA, policies }, out)
}

fn document(document: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let text = serde_json::to_string_pretty(document)?;
    out.write_all(sanitise::json(&text).as_bytes())?;
    out.write_all(b"\n")
}

fn line(text: &str) -> String {
    sanitise::line(text).into_owned()
}

fn lines(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| line(text)).collect()
}

#[derive(Serialize)]
struct List {
    schema: u32,
    policies: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    id: String,
    category: String,
    severity: &'static str,
    title: String,
    pedantic: bool,
    types: Vec<String>,
    aliases: Vec<String>,
    path: String,
}

#[derive(Serialize)]
struct Pages {
    schema: u32,
    policies: Vec<Policy>,
}

#[derive(Serialize)]
struct Policy {
    #[serde(flatten)]
    row: Row,
    operations: Vec<&'static str>,
    enforcement_level: String,
    scope: Option<&'static str>,
    why: String,
    fix: String,
    options: Vec<Way>,
    inputs: Vec<Input>,
    examples: Vec<Example>,
    references: Vec<String>,
    covered_by: Vec<String>,
}

#[derive(Serialize)]
struct Way {
    id: String,
    types: Vec<String>,
    title: String,
    merits: Vec<String>,
    demerits: Vec<String>,
    downtime: String,
    effort: String,
}

#[derive(Serialize)]
struct Input {
    name: String,
    r#type: String,
    default: Option<String>,
    description: String,
}

#[derive(Serialize)]
struct Example {
    label: String,
    passes: bool,
    expect: Vec<String>,
    text: String,
}

impl Row {
    fn of(sheet: &Sheet) -> Self {
        Self {
            id: line(&sheet.id),
            category: line(&sheet.category),
            severity: sheet.severity.as_str(),
            title: line(&sheet.title),
            pedantic: sheet.pedantic,
            types: sheet.types.iter().map(|kind| line(kind)).collect(),
            aliases: lines(&sheet.aliases),
            path: line(&sheet.path),
        }
    }
}

impl Policy {
    fn of(sheet: &Sheet) -> Self {
        Self {
            row: Row::of(sheet),
            operations: sheet.operations.clone(),
            enforcement_level: line(&sheet.enforcement),
            scope: sheet.environments.word(),
            why: sanitise::text(&sheet.why).into_owned(),
            fix: sanitise::text(&sheet.fix).into_owned(),
            options: sheet.ways.iter().flat_map(ways).collect(),
            inputs: sheet.inputs.iter().map(input).collect(),
            examples: sheet.examples.iter().map(example).collect(),
            references: lines(&sheet.references),
            covered_by: lines(&sheet.covered_by),
        }
    }
}

fn ways(ways: &Ways) -> impl Iterator<Item = Way> {
    let types: Vec<String> = ways.types.iter().map(|kind| line(kind)).collect();
    ways.options.iter().map(move |remedy: &Remedy| Way {
        id: line(&remedy.id),
        types: types.clone(),
        title: line(&remedy.title),
        merits: lines(&remedy.merits),
        demerits: lines(&remedy.demerits),
        downtime: line(&remedy.downtime),
        effort: line(&remedy.effort),
    })
}

fn input(setting: &Setting) -> Input {
    Input {
        name: line(&setting.name),
        r#type: line(&setting.kind),
        default: setting.default.as_deref().map(|default| sanitise::text(default).into_owned()),
        description: sanitise::text(&setting.description).into_owned(),
    }
}

fn example(written: &Written) -> Example {
    Example {
        label: line(&written.label),
        passes: written.passes,
        expect: lines(&written.expect),
        text: sanitise::text(&written.text).into_owned(),
    }
}
