//! What a policy says in Markdown: why it hurts, how to put it right, and its ways out as a table.

use std::fmt::Write as _;

use super::escape::{cell, code, prose};
use crate::finding::{Remedy, Rule, Ways};
use crate::report::sanitise;
use crate::report::wording::{effort, paragraphs};

/// How much is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Detail {
    /// How to put it right, and the ways out.
    Short,
    /// Also why, and the documents.
    Whole,
}

/// The text of a policy, without a heading.
pub(in crate::report) fn about(rule: &Rule, detail: Detail) -> String {
    let mut parts = Vec::new();
    if detail == Detail::Whole {
        parts.extend(paragraphs(&rule.why).iter().map(|paragraph| prose(paragraph)));
    }
    parts.extend(paragraphs(&rule.fix).iter().map(|paragraph| prose(paragraph)));
    parts.extend(rule.ways.iter().map(|ways| table(ways, rule.ways.len() > 1)));
    if detail == Detail::Whole && !rule.references.is_empty() {
        let references: Vec<String> = rule.references.iter().map(|it| format!("- {}", prose(it))).collect();
        parts.push(format!("References:\n\n{}", references.join("\n")));
    }
    if parts.is_empty() {
        parts.push(prose(&rule.title));
    }
    parts.join("\n\n")
}

/// A text of several lines as one paragraph.
pub(in crate::report) fn paragraph(text: &str) -> String {
    sanitise::line(&paragraphs(text).join(" ")).into_owned()
}

fn table(ways: &Ways, names_types: bool) -> String {
    let mut text = String::new();
    if names_types {
        let types: Vec<String> = ways.types.iter().map(|kind| code(kind)).collect();
        // Writing into a String cannot fail.
        let _ = writeln!(text, "For {}:\n", types.join(", "));
    }
    text.push_str("| option | what you gain | what it costs you | downtime | effort |\n|---|---|---|---|---|");
    for remedy in ways.options.iter() {
        let [title, gains, costs, downtime, effort] = cells(remedy);
        let _ = write!(text, "\n| {title} | {gains} | {costs} | {downtime} | {effort} |");
    }
    text
}

fn cells(remedy: &Remedy) -> [String; 5] {
    let list = |texts: &[String]| texts.iter().map(|text| prose(text)).collect::<Vec<_>>().join("<br>");
    let cells = [
        prose(&remedy.title),
        list(&remedy.merits),
        list(&remedy.demerits),
        prose(&remedy.downtime),
        prose(effort(&remedy.effort)),
    ];
    cells.map(|text| cell(&text).into_owned())
}
