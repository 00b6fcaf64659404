//! The parts of a page and how they share its room.
//!
//! The list of findings gets what the others leave, and they get little: whoever reads a page of thirty thousand findings
//! wants to know which policies to look at. The costs of a plan have their place between the counts and the findings; no
//! report has costs yet.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::escape::{cell, html, inner, plain, prose, short_code};
use super::links::Links;
use super::table::rows;
pub(in crate::report) use super::table::{Room, Unit};
use super::ways::{self, Detail};
use crate::finding::{Finding, NotEvaluated, Outcome, Remark, Remedy, Report, Rule, Verdict};
use crate::report::places::Places;
use crate::report::sanitise;
use crate::report::wording::{self, Limit, counted, shortened};
use crate::source::SourceMap;

/// Longest sentence in characters.
const SENTENCE: usize = 1_000;

/// Longest name in characters.
const NAME: usize = 300;

/// A page of a report.
pub(in crate::report) struct Page<'a> {
    pub(in crate::report) report: &'a Report,
    pub(in crate::report) sources: &'a SourceMap,
    /// The page's largest size.
    pub(in crate::report) limit: usize,
    pub(in crate::report) unit: Unit,
    pub(in crate::report) links: Links,
    /// What stands at the end whatever is cut.
    pub(in crate::report) tail: &'a str,
}

impl Page<'_> {
    /// The page, never larger than its limit; nothing if not even the head fits.
    pub(in crate::report) fn draw(&self) -> String {
        let mut room = Room::new(self.limit.saturating_sub(self.unit.of(self.tail)), self.unit);
        if !room.put(&self.head(), 0) {
            return String::new();
        }
        let mut text = room.into_text();
        let left = self.limit.saturating_sub(self.unit.of(self.tail) + self.unit.of(&text));
        let whole = [self.findings(left), self.ways(left), self.remarks(left), self.gaps(left)].concat();
        if self.unit.of(&whole) <= left {
            text.push_str(&whole);
        } else {
            let rest = [self.ways(left / 3), self.remarks(left / 10), self.gaps(left / 10)].concat();
            text.push_str(&self.findings(left.saturating_sub(self.unit.of(&rest))));
            text.push_str(&rest);
        }
        text.push_str(self.tail);
        text
    }

    fn head(&self) -> String {
        let Report { run, summary, outcome, .. } = self.report;
        let verdict = match outcome {
            Outcome::Pass => "pass",
            Outcome::Findings => "errors found",
            Outcome::CouldNotRun => "not everything could be judged",
        };
        let target =
            run.target.as_deref().map(|target| format!(" for {}", short_code(target, NAME))).unwrap_or_default();
        let mut counts = vec![wording::found(summary)];
        counts.extend(wording::counts(summary, *outcome));
        format!("## planfit{target}: {verdict}\n\n{}\n", counts.join("; "))
    }

    fn findings(&self, size: usize) -> String {
        let links = &self.links;
        let rules: BTreeMap<_, _> =
            self.report.rules.iter().map(|rule| ((&*rule.id, rule.file.as_deref()), rule)).collect();
        let row = |finding: &Finding| {
            let rule = rules.get(&(&*finding.policy, finding.policy_file.as_deref()));
            self.row(finding, rule.copied(), links)
        };
        let more = |count| {
            let run = links.run().map_or_else(|| "the log".to_owned(), |url| format!("[the log of the run]({url})"));
            format!("\n{} not shown here; {run} has them.\n", counted(count, "finding is", "findings are"))
        };
        let heading = "\n| level | policy | finding | place |\n|---|---|---|---|\n";
        rows(heading, &self.report.findings, size, self.unit, row, more)
    }

    fn row(&self, finding: &Finding, rule: Option<&Rule>, links: &Links) -> String {
        let places = Places::chosen(self.sources);
        let level = format!("{} · {}", finding.level.as_str(), finding.severity.as_str());
        let policy = rule.map_or_else(|| short_code(&finding.policy, NAME), |rule| links.policy(rule, places));
        let place = finding.location.filter(|span| places.file(*span).is_some());
        let place = place.map_or_else(|| short_code(&finding.input, NAME), |span| links.place(span, places));
        let cells = [level, policy, told(finding).join("<br>"), place];
        let [level, policy, told, place] = cells.map(|text| cell(&text).into_owned());
        format!("| {level} | {policy} | {told} | {place} |\n")
    }

    fn ways(&self, size: usize) -> String {
        let mut found: FxHashMap<_, Vec<&Arc<[Remedy]>>> = FxHashMap::default();
        for finding in &self.report.findings {
            let options = found.entry((&finding.policy, &finding.policy_file)).or_default();
            if !options.contains(&&finding.options) {
                options.push(&finding.options);
            }
        }
        let mut categories: BTreeMap<&str, Vec<Rule>> = BTreeMap::new();
        for rule in &self.report.rules {
            if let Some(options) = found.get(&(&rule.id, &rule.file)) {
                categories.entry(&rule.category).or_default().push(with_ways(rule, options));
            }
        }
        let categories: Vec<_> = categories.into_iter().collect();
        let more = |count| {
            let left_out = counted(count, "category is", "categories are");
            format!("\nThe ways out of {left_out} not shown here; `planfit policy explain ID` tells them.\n")
        };
        rows("", &categories, size, self.unit, |(category, rules)| block(category, rules), more)
    }

    fn remarks(&self, size: usize) -> String {
        let places = Places::chosen(self.sources);
        let row = |remark: &Remark| {
            let place = remark.span.and_then(|span| places.in_words(span));
            let place = place.map(|place| format!(" ({})", short_code(&place, NAME))).unwrap_or_default();
            let message = plain(&shortened(sanitise::line(&remark.message).into_owned(), SENTENCE));
            format!("- {}: {message}{place}\n", remark.level.as_str())
        };
        let more = |count| format!("- and {count} more\n");
        rows("\n**About the input**\n\n", &self.report.remarks, size, self.unit, row, more)
    }

    fn gaps(&self, size: usize) -> String {
        let gaps = &self.report.not_evaluated;
        let end = "\n</details>\n";
        let heading = format!("\n<details><summary>Not judged: {}</summary>\n\n", gaps.len());
        let row = |gap: &NotEvaluated| {
            let reason = plain(&shortened(sanitise::line(&gap.reason).into_owned(), SENTENCE));
            format!("- {}: {reason}\n", short_code(&gap.subject, NAME))
        };
        let more = |count| format!("- and {count} more\n");
        let size = size.saturating_sub(self.unit.of(end));
        let text = rows(&heading, gaps, size, self.unit, row, more);
        if text.is_empty() { text } else { text + end }
    }
}

/// What is told of a finding, a line each: names as code, the rest without any Markdown.
pub(in crate::report) fn told(finding: &Finding) -> Vec<String> {
    let (address, rest) = wording::split(finding);
    let rest = shortened(rest.into_owned(), SENTENCE);
    let undecided = if finding.verdict == Verdict::Unknown { "not decided: " } else { "" };
    let sentence = match (address.is_empty(), rest.starts_with([':', ' ', ','])) {
        (true, _) => plain(&rest),
        (false, true) => format!("{}{}", short_code(&address, NAME), inner(&rest)),
        (false, false) => format!("{}: {}", short_code(&address, NAME), inner(&rest)),
    };
    let mut lines = vec![format!("{undecided}{sentence}")];
    lines.extend(instances(finding));
    lines.extend(finding.assumed.as_deref().map(|assumed| plain(&shortened(assumed.to_owned(), SENTENCE))));
    lines
}

fn instances(finding: &Finding) -> Option<String> {
    let count = finding.instances.len();
    if count < 2 {
        return None;
    }
    let shown = Limit::Handful.of(count);
    let names: Vec<_> = finding.instances.iter().take(shown).map(|address| short_code(address, NAME)).collect();
    let more = if count > shown { format!(" and {} more", count - shown) } else { String::new() };
    Some(format!("{count} instances: {}{more}", names.join(", ")))
}

// What a policy knows for types in which it has found nothing would only take room.
fn with_ways(rule: &Rule, options: &[&Arc<[Remedy]>]) -> Rule {
    // What could not be decided may be of any type.
    let is_open = options.iter().all(|options| options.is_empty());
    let ways = rule.ways.iter().filter(|ways| is_open || options.contains(&&ways.options)).cloned().collect();
    Rule { ways, ..rule.clone() }
}

fn block(category: &str, rules: &[Rule]) -> String {
    let count = counted(rules.len(), "policy", "policies");
    let mut text = format!("\n<details><summary>Ways out: {} ({count})</summary>\n", html(category));
    for rule in rules {
        let title = prose(&shortened(rule.title.to_string(), SENTENCE));
        let (id, about) = (short_code(&rule.id, NAME), ways::about(rule, Detail::Short));
        text += &["\n**", &id, "** ", &title, "\n\n", &about, "\n"].concat();
    }
    text + "\n</details>\n"
}
