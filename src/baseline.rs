//! Baselines: the findings that are known, in a text that people can merge.
//!
//! One line a finding, sorted: fingerprint, directory of the root module, policy, address without instance keys, with a
//! tab between them. The first two tell whether a finding is known, the others are for readers. Findings of mandatory
//! policies are in no baseline: they take a suppression with a reason. Start at [`Baseline::parse`] and
//! [`Baseline::of`].

use std::collections::BTreeSet;

use crate::finding::{Enforcement, Finding, Silence, Verdict};
use crate::report::sanitise;
use crate::terraform::address::Address;

/// Largest file that is read, in bytes: a hundred thousand findings.
pub const MAX_SIZE: usize = 16 << 20;

const HEADER: &str = "# planfit baseline: findings that are known and do not fail a run. `planfit check --write-baseline` \
                      writes it.\n# fingerprint, directory, policy, address; sorted, so that branches can be merged\n";

/// The findings that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    entries: BTreeSet<Entry>,
}

/// A line: sorted by what readers look for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The directory of the root module, relative to the git root.
    pub root: String,
    /// The address without instance keys.
    pub address: String,
    /// The policy's id.
    pub policy: String,
    fingerprint: String,
}

/// A line that is none, by its number.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct Malformed {
    line: usize,
    reason: &'static str,
}

/// What a run has judged: each root module that it saw as a whole, with each policy in force there.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    judged: BTreeSet<(String, String)>,
}

impl Scope {
    /// Adds a root module and the policies that judged it.
    pub fn add<'p>(&mut self, root: &str, policies: impl Iterator<Item = &'p str>) {
        self.judged.extend(policies.map(|policy| (field(root), field(policy))));
    }

    fn covers(&self, entry: &Entry) -> bool {
        self.judged.contains(&(entry.root.clone(), entry.policy.clone()))
    }
}

impl Entry {
    fn of(finding: &Finding) -> Self {
        let address = Address::parse(&finding.address)
            .map_or_else(|_| finding.address.clone(), |address| address.static_path().to_string());
        Self {
            root: field(&finding.root),
            address: field(&address),
            policy: field(&finding.policy),
            fingerprint: finding.fingerprint.clone(),
        }
    }

    fn read(line: &str) -> Result<Self, &'static str> {
        let mut fields = line.split('\t');
        let mut next = || fields.next().map(str::to_owned);
        let (Some(fingerprint), Some(root), Some(policy), Some(address), None) =
            (next(), next(), next(), next(), next())
        else {
            return Err("a line has four fields with tabs between them; write the file anew with --write-baseline");
        };
        if fingerprint.len() != 32 || !fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err("it does not begin with a fingerprint of 32 hexadecimal digits");
        }
        Ok(Self { root, address, policy, fingerprint })
    }
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    ///
    /// The first line that is none.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let mut entries = BTreeSet::new();
        for (line, text) in (1..).zip(text.lines()) {
            if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|marker| text.starts_with(marker)) {
                return Err(Malformed { line, reason: "a merge conflict is left here; keep the lines of both sides" });
            }
            if text.trim().is_empty() || text.starts_with('#') {
                continue;
            }
            entries.insert(Entry::read(text).map_err(|reason| Malformed { line, reason })?);
        }
        Ok(Self { entries })
    }

    /// The baseline of some findings: those that fail and are not suppressed.
    #[must_use]
    pub fn of(findings: &[Finding]) -> Self {
        let known = findings.iter().filter(|finding| is_eligible(finding) && finding.silence.is_none());
        Self { entries: known.map(Entry::of).collect() }
    }

    /// The same with the lines of another one that a run has not judged.
    #[must_use]
    pub fn keeping(mut self, older: &Self, scope: &Scope) -> Self {
        self.entries.extend(older.entries.iter().filter(|entry| !scope.covers(entry)).cloned());
        self
    }

    /// How many findings it knows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it knows none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Marks the findings that are known.
    pub fn apply(&self, findings: &mut [Finding]) {
        let known: BTreeSet<(&str, &str)> = self.entries.iter().map(Entry::key).collect();
        for finding in findings.iter_mut().filter(|finding| is_eligible(finding) && finding.silence.is_none()) {
            if known.contains(&(&*field(&finding.root), &*finding.fingerprint)) {
                finding.silence = Some(Silence::Baselined);
            }
        }
    }

    /// What is known and was not found again, of what the run has judged. Findings count that are suppressed or not
    /// decided now.
    #[must_use]
    pub fn gone(&self, findings: &[Finding], scope: &Scope) -> Vec<&Entry> {
        let found: BTreeSet<(String, &str)> =
            findings.iter().map(|finding| (field(&finding.root), &*finding.fingerprint)).collect();
        let judged = self.entries.iter().filter(|entry| scope.covers(entry));
        judged.filter(|entry| !found.contains(&(entry.root.clone(), &*entry.fingerprint))).collect()
    }

    /// The same without some entries.
    #[must_use]
    pub fn without(&self, gone: &[&Entry]) -> Self {
        let gone: BTreeSet<&Entry> = gone.iter().copied().collect();
        Self { entries: self.entries.iter().filter(|entry| !gone.contains(entry)).cloned().collect() }
    }

    /// The file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let line = |entry: &Entry| {
            let Entry { root, address, policy, fingerprint } = entry;
            format!("{fingerprint}\t{root}\t{policy}\t{address}\n")
        };
        std::iter::once(HEADER.to_owned()).chain(self.entries.iter().map(line)).collect()
    }
}

impl Entry {
    fn key(&self) -> (&str, &str) {
        (&self.root, &self.fingerprint)
    }
}

/// Whether a finding is of a policy that no baseline covers.
#[must_use]
pub fn is_beyond(finding: &Finding) -> bool {
    finding.verdict == Verdict::Fail && finding.enforcement == Enforcement::Mandatory && finding.silence.is_none()
}

fn is_eligible(finding: &Finding) -> bool {
    finding.verdict == Verdict::Fail && finding.enforcement != Enforcement::Mandatory
}

// A field holds neither tabs nor line breaks.
fn field(text: &str) -> String {
    sanitise::line(text).replace('\t', "\\u{9}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINT: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn lines_are_sorted_and_written_as_they_are_read() {
        let text =
            format!("{PRINT}\tb\tp\taws_x.y\n\n# words\n{PRINT}\ta\tp\tmodule.m.aws_x.y\r\n{PRINT}\ta\tp\taws_x.y\n");
        let baseline = Baseline::parse(&text).unwrap();
        let expected = [("a", "aws_x.y"), ("a", "module.m.aws_x.y"), ("b", "aws_x.y")];
        let lines: Vec<String> =
            expected.iter().map(|(root, address)| format!("{PRINT}\t{root}\tp\t{address}\n")).collect();
        assert_eq!(baseline.to_text(), format!("{HEADER}{}", lines.concat()));
        assert_eq!(Baseline::parse(&baseline.to_text()), Ok(baseline));
    }

    #[test]
    fn what_is_no_line_is_told_with_its_number() {
        let table = [
            ("x", "line 1: a line has four fields"),
            (&format!("\n{PRINT}\ta\tp\n"), "line 2: a line has four fields"),
            ("zz\ta\tp\tx", "line 1: it does not begin with a fingerprint"),
            ("#\n<<<<<<< HEAD\n", "line 2: a merge conflict is left here"),
        ];
        for (text, expected) in table {
            let message = Baseline::parse(text).unwrap_err().to_string();
            assert!(message.starts_with(expected), "{text}: {message}");
        }
    }
}
