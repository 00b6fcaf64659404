//! Phrases that more than one renderer prints, so that a finding reads alike everywhere. All of them are one line.

use std::borrow::Cow;

use super::places::Places;
use super::sanitise;
use crate::finding::{Finding, Level, Outcome, Related, Remark, Remedy, Summary, Verdict};

/// How many of a list a report for people names; the rest is counted.
const HANDFUL: usize = 5;

/// How much of a list is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    /// The first few.
    Handful,
    /// Everything.
    None,
}

impl Limit {
    /// How many of `count` are printed. "And 1 more" would take the room of what it hides, so it is never said.
    pub(super) fn of(self, count: usize) -> usize {
        if self == Self::None || count <= HANDFUL + 1 { count } else { HANDFUL }
    }
}

/// The message, with the address in front unless it begins with it.
pub(super) fn sentence(finding: &Finding) -> Cow<'_, str> {
    about(&finding.address, &finding.message)
}

/// The address and what is said of it; both are one line.
pub(super) fn split(finding: &Finding) -> (Cow<'_, str>, Cow<'_, str>) {
    let begins = begins_with_address(&finding.message, &finding.address);
    let rest = finding.message.strip_prefix(&finding.address).filter(|_| begins).unwrap_or(&finding.message);
    (sanitise::line(&finding.address), sanitise::line(rest))
}

/// The same for any sentence about an address.
pub(super) fn about<'t>(address: &str, message: &'t str) -> Cow<'t, str> {
    if begins_with_address(message, address) {
        return sanitise::line(message);
    }
    Cow::Owned(format!("{}: {}", sanitise::line(address), sanitise::line(message)))
}

/// "3 instances: a, b, c"; `None` if the finding is about one.
pub(super) fn instances(finding: &Finding, limit: Limit) -> Option<String> {
    let count = finding.instances.len();
    if count < 2 {
        return None;
    }
    let shown = limit.of(count);
    let names: Vec<_> = finding.instances.iter().take(shown).map(|address| sanitise::line(address)).collect();
    let more = if count > shown { format!(" and {} more", count - shown) } else { String::new() };
    Some(format!("{count} instances: {}{more}", names.join(", ")))
}

/// What is told of a finding in plain text, a line each: what happened, which instances, the default that was judged,
/// and the places inside. The first line stands alone: lists show no more.
pub(super) fn told(finding: &Finding, places: Places<'_>) -> Vec<String> {
    let mut lines = vec![sentence(finding).into_owned()];
    lines.extend(instances(finding, Limit::Handful));
    lines.extend(finding.assumed.as_deref().map(|assumed| sanitise::line(assumed).into_owned()));
    lines.extend(finding.related.iter().map(|related| inner_place(related, places)));
    lines
}

/// The ways out of a finding, a line each.
pub(super) fn options(finding: &Finding) -> impl Iterator<Item = String> {
    (1..).zip(finding.options.iter()).map(|(number, remedy)| option(number, remedy))
}

fn option(number: usize, remedy: &Remedy) -> String {
    format!("Option {number}: {} (downtime: {})", sanitise::line(&remedy.title), sanitise::line(&remedy.downtime))
}

/// How to accept a finding of a file in the repository: a comment, or settings where its block is gone. A place without
/// any text is that of such a block.
pub(super) fn hint(finding: &Finding, places: Places<'_>) -> Option<String> {
    let span = finding.location?;
    places.path_in_repository(span)?;
    let is_open = finding.silence.is_none() && finding.verdict == Verdict::Fail;
    let policy = is_open.then(|| sanitise::line(&finding.policy))?;
    if span.start < span.end {
        return Some(format!("To accept it: # planfit:ignore {policy} reason=\"…\""));
    }
    let address = sanitise::line(&finding.address).replace('\\', "\\\\").replace('"', "\\\"");
    let address = address.replace("${", "$${").replace("%{", "%%{");
    Some(format!(
        "To accept it, in .planfit.hcl:\nignore {{\n  policies  = [\"{policy}\"]\n  addresses = [\"{address}\"]\n  reason    = \"…\"\n}}"
    ))
}

/// What is told of a remark in plain text, a line each.
pub(super) fn told_of_remark(remark: &Remark, places: Places<'_>) -> Vec<String> {
    let message = sanitise::line(&remark.message).into_owned();
    std::iter::once(message).chain(remark.related.iter().map(|related| inner_place(related, places))).collect()
}

fn inner_place(related: &Related, places: Places<'_>) -> String {
    let message = sanitise::line(&related.message);
    let place = places.in_words(related.span);
    place.map_or_else(|| message.clone().into_owned(), |place| format!("{place}: {message}"))
}

/// The text, cut to a number of characters. Half a line says little, so whole lines go; only a first line that is too
/// long by itself is cut within.
pub(super) fn shortened(text: String, most: usize) -> String {
    // No text has more characters than bytes.
    if text.len() <= most || text.chars().count() <= most {
        return text;
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    if let Some(end) = short.rfind('\n') {
        short.truncate(end + 1);
    }
    short.push('…');
    short
}

/// What else a run has counted, in the order of the last line of a report.
pub(super) fn counts(summary: &Summary, outcome: Outcome) -> Vec<String> {
    let resources = counted(summary.resources, "resource", "resources");
    let policies = counted(summary.policies, "policy", "policies");
    let mut counts = vec![
        format!("{resources}, {policies}"),
        format!("{} not decided", summary.unknown),
        format!("{} suppressed", summary.suppressed),
    ];
    let others = [
        (summary.baselined, "in the baseline", "in the baseline"),
        (summary.existing, "existing, not touched by the change", "existing, not touched by the change"),
        (summary.modules_not_found, "module not found", "modules not found"),
        (summary.uncounted, "block with an unknown count", "blocks with unknown counts"),
        (summary.files_not_read, "file not read", "files not read"),
    ];
    counts.extend(
        others.into_iter().filter(|(count, ..)| *count > 0).map(|(count, one, many)| counted(count, one, many)),
    );
    if outcome == Outcome::CouldNotRun {
        counts.push("not everything could be judged".to_owned());
    }
    counts
}

/// "3 findings: 1 error, 2 warnings, 0 notices".
pub(super) fn found(summary: &Summary) -> String {
    let levels = [Level::Error, Level::Warning, Level::Notice];
    let counts = levels.map(|level| (summary.of(level), level.as_str()));
    let total = counts.iter().map(|(count, _)| count).sum();
    if total == 0 {
        return "no findings".to_owned();
    }
    let levels = counts.map(|(count, level)| counted(count, level, &format!("{level}s")));
    format!("{}: {}", counted(total, "finding", "findings"), levels.join(", "))
}

/// The letter of an option's effort in words (`spec/policy-language.md` 6).
pub(crate) fn effort(letter: &str) -> &str {
    match letter {
        "S" => "small (a line)",
        "M" => "medium (a pull request and a rehearsal)",
        "L" => "large (a project)",
        other => other,
    }
}

/// The paragraphs of a text, each on one line.
pub(crate) fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs: Vec<Vec<&str>> = vec![Vec::new()];
    for line in text.lines() {
        if line.trim().is_empty() {
            paragraphs.push(Vec::new());
        } else if let Some(last) = paragraphs.last_mut() {
            last.extend(line.split_whitespace());
        }
    }
    paragraphs.into_iter().filter(|words| !words.is_empty()).map(|words| words.join(" ")).collect()
}

/// "1 policy", "2 policies".
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

// `aws_instance.a` is not the beginning of "aws_instance.ab is …" or of "aws_instance.a["x"] is …".
fn begins_with_address(message: &str, address: &str) -> bool {
    message.strip_prefix(address).is_some_and(|rest| {
        !address.is_empty() && !rest.starts_with(|ch: char| ch.is_alphanumeric() || matches!(ch, '_' | '-' | '['))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_must_end_where_the_message_goes_on() {
        assert!(begins_with_address("aws_instance.a is small.", "aws_instance.a"));
        assert!(begins_with_address("aws_instance.a: small.", "aws_instance.a"));
        assert!(!begins_with_address("aws_instance.ab is small.", "aws_instance.a"));
        assert!(!begins_with_address("aws_instance.a[0] is small.", "aws_instance.a"));
        assert!(!begins_with_address("Too small.", ""));
    }

    #[test]
    fn at_least_two_are_left_out() {
        assert_eq!([5, 6, 7, 100].map(|count| Limit::Handful.of(count)), [5, 6, 5, 5]);
        assert_eq!(Limit::None.of(100), 100);
    }

    #[test]
    fn texts_are_cut_at_a_line_and_a_long_first_line_within() {
        let full = "x".repeat(1_000);
        assert_eq!(shortened(full.clone(), 1_000), full);
        assert_eq!(shortened("é".repeat(1_000), 1_000), "é".repeat(1_000));
        assert_eq!(shortened(format!("a\n{full}"), 1_000), "a\n…");
        let cut = shortened(format!("{full}x\nb"), 1_000);
        assert_eq!(cut.chars().count(), 1_000);
        assert!(cut.ends_with("x…"));
    }

    #[test]
    fn counts_agree_with_their_noun() {
        assert_eq!(counted(0, "policy", "policies"), "0 policies");
        assert_eq!(counted(1, "policy", "policies"), "1 policy");
    }
}
