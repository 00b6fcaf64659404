//! Versions: `semvercmp` and `semverconstraint` of Terraform Policy, with the rules of Terraform's own constraints.

use std::cmp::Ordering;

use semver::Prerelease;

use super::{Builtin, lifted};
use crate::value::{Number, Value};

pub(super) const FUNCTIONS: &[Builtin] = &[
    lifted(
        ("semvercmp", "a, b", 2, 2, "-1, 0 or 1: the first version is older than the second, as old, newer."),
        |arguments| {
            let order = Version::parse(&arguments.text(0)?)?.order(&Version::parse(&arguments.text(1)?)?);
            Ok(Value::Number(Number::from(order as i64)))
        },
    ),
    lifted(
        (
            "semverconstraint",
            "version, constraint",
            2,
            2,
            "Whether the version fits constraints such as \">= 1.2, < 2.0\".",
        ),
        |arguments| {
            let version = Version::parse(&arguments.text(0)?)?;
            satisfies(&version, &arguments.text(1)?).map(Value::Bool)
        },
    ),
];

/// A version: numbers with points between, perhaps a pre-release.
struct Version {
    /// At least three; as many as were written come first.
    segments: Vec<u64>,
    written: usize,
    prerelease: Prerelease,
}

impl Version {
    // Terraform takes `v1.2`, and reads past what follows a plus sign.
    fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("\"{text}\" is no version; one looks like 1.2.3 or 1.2.3-beta1");
        let trimmed = text.trim();
        let version = trimmed.strip_prefix('v').unwrap_or(trimmed);
        let version = version.split_once('+').map_or(version, |(version, _)| version);
        let (numbers, prerelease) = version.split_once('-').unwrap_or((version, ""));
        let number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok()).flatten();
        let mut segments = numbers.split('.').map(number).collect::<Option<Vec<u64>>>().ok_or_else(wrong)?;
        let written = segments.len();
        segments.resize(written.max(3), 0);
        Ok(Self { segments, written, prerelease: Prerelease::new(prerelease).map_err(|_| wrong())? })
    }

    fn order(&self, other: &Self) -> Ordering {
        let width = self.segments.len().max(other.segments.len());
        let at = |version: &Self, position: usize| version.segments.get(position).copied().unwrap_or(0);
        let differing = (0..width).map(|position| at(self, position).cmp(&at(other, position)));
        let order = differing.fold(Ordering::Equal, Ordering::then);
        order.then_with(|| self.prerelease.cmp(&other.prerelease))
    }
}

/// Whether all parts of a constraint hold.
fn satisfies(version: &Version, constraint: &str) -> Result<bool, String> {
    let mut all = true;
    for part in constraint.split(',') {
        let part = part.trim();
        let start =
            part.find(|character: char| !matches!(character, '=' | '!' | '<' | '>' | '~')).unwrap_or(part.len());
        let (operator, wanted) = part.split_at_checked(start).unwrap_or((part, ""));
        let wanted = Version::parse(wanted)?;
        all &= holds(version, operator, &wanted).ok_or_else(|| {
            format!("\"{operator}\" is no operator of a constraint; these are =, !=, >, >=, <, <= and ~>")
        })?;
    }
    Ok(all)
}

fn holds(version: &Version, operator: &str, wanted: &Version) -> Option<bool> {
    let order = version.order(wanted);
    let range = |fits: bool| fits && comparable(version, wanted);
    Some(match operator {
        "" | "=" => order.is_eq(),
        "!=" => order.is_ne(),
        ">" => range(order.is_gt()),
        ">=" => range(order.is_ge()),
        "<" => range(order.is_lt()),
        "<=" => range(order.is_le()),
        "~>" => range(order.is_ge() && same_but_last(version, wanted)),
        _ => return None,
    })
}

// A pre-release is in no range but in one that names a pre-release of the same version.
fn comparable(version: &Version, wanted: &Version) -> bool {
    match (version.prerelease.is_empty(), wanted.prerelease.is_empty()) {
        (true, _) => true,
        (false, true) => false,
        (false, false) => version.segments == wanted.segments,
    }
}

// `~> 1.2` lets the 2 grow, and nothing before it.
fn same_but_last(version: &Version, wanted: &Version) -> bool {
    let fixed = wanted.written.saturating_sub(1);
    version.segments.iter().take(fixed).eq(wanted.segments.iter().take(fixed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_hold_as_in_terraform() {
        // Terraform's documentation of version constraints, and its rule on pre-releases.
        let table = [
            ("1.2.3", "1.2.3", true),
            ("1.2.0", "= 1.2", true),
            ("v1.2.0", "!= 1.2", false),
            ("1.9.0", ">= 1.2, < 2.0", true),
            ("2.0.0", ">= 1.2,< 2.0", false),
            ("1.10.0", "> 1.9", true),
            ("1.0.5", "~> 1.0.4", true),
            ("1.1.0", "~> 1.0.4", false),
            ("1.9.0", "~> 1.1", true),
            ("2.0.0", "~> 1.1", false),
            ("2.0.0", "~> 1", true),
            ("1.0.3", "~> 1.0.4", false),
            ("1.2.0-beta1", ">= 1.0", false),
            ("1.2.0-beta2", ">= 1.2.0-beta1", true),
            ("1.3.0-beta2", ">= 1.2.0-beta1", false),
            ("1.3.0", ">= 1.2.0-beta1", true),
            ("1.2.0-beta1", "= 1.2.0-beta1", true),
            ("1.2.0+build7", "1.2.0", true),
            ("1.2.3.4", "> 1.2.3", true),
        ];
        for (version, constraint, expected) in table {
            let holds = satisfies(&Version::parse(version).unwrap(), constraint);
            assert_eq!(holds, Ok(expected), "{version} {constraint}");
        }
    }

    #[test]
    fn versions_have_an_order() {
        let sorted = ["0.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-beta", "1.0.0", "1.0.1", "1.2", "1.10"];
        for pair in sorted.windows(2) {
            let [older, newer] = [&pair[0], &pair[1]].map(|text| Version::parse(text).unwrap());
            assert!(older.order(&newer).is_lt(), "{pair:?}");
        }
    }

    #[test]
    fn what_is_no_version_is_named() {
        for text in ["", "x", "1..2", "1.-2", "99999999999999999999", "1.2.3-é"] {
            assert!(Version::parse(text).is_err(), "{text}");
        }
        assert!(satisfies(&Version::parse("1").unwrap(), "=> 1").is_err());
    }
}
