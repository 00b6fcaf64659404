//! The comment on a pull request (`spec/ci-integration.md` 9). planfit holds no token: posting it is the workflow's business.
//!
//! The last line is what tfaction's `hide-comment` and `delete-comment` look for: with it, old comments go away without
//! any code. The line before lets others find the comment of a target.

use std::io::{self, Write};

use serde::Serialize;

use super::markdown::escape::hidden;
use super::markdown::links::Links;
use super::markdown::page::{Page, Unit};
use super::sanitise;
use crate::finding::{Report, Run, Workflow};
use crate::source::SourceMap;

/// Characters of a comment. GitHub takes 65,536.
pub const LIMIT: usize = 60_000;

/// Longest target in characters.
const TARGET: usize = 1_000;

/// Writes the comment.
///
/// # Errors
///
/// Only what `out` reports.
pub fn write(report: &Report, sources: &SourceMap, out: &mut dyn Write) -> io::Result<()> {
    let tail = marks(&report.run)?;
    let page =
        Page { report, sources, limit: LIMIT, unit: Unit::Characters, links: Links::new(&report.run), tail: &tail };
    out.write_all(page.draw().as_bytes())
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Metadata<'a> {
    #[serde(rename = "SHA1")]
    commit: &'a str,
    program: &'static str,
    command: &'static str,
    job_name: &'a str,
    template_key: &'static str,
    target: &'a str,
    vars: Variables<'a>,
}

#[derive(Serialize)]
struct Variables<'a> {
    tfaction_target: &'a str,
}

fn marks(run: &Run) -> io::Result<String> {
    let nowhere = Workflow::default();
    let workflow = run.workflow.as_ref().unwrap_or(&nowhere);
    let target: String = sanitise::line(run.target.as_deref().unwrap_or_default()).chars().take(TARGET).collect();
    let metadata = Metadata {
        commit: &sanitise::line(&workflow.commit),
        program: "planfit",
        command: "check",
        job_name: &sanitise::line(&workflow.job),
        template_key: "default",
        target: &target,
        vars: Variables { tfaction_target: &target },
    };
    let metadata = serde_json::to_string(&metadata)?;
    let [metadata, target] = [&sanitise::json(&metadata), &*target].map(hidden);
    Ok(format!("\n<!-- planfit:{} -->\n<!-- github-comment: {metadata} -->\n", target.replace("##[", "##\\[")))
}
