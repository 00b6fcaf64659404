//! Versions and constraints on them, with Terraform's rules: `required_version`, `semvercmp`, `semverconstraint`.

use std::cmp::Ordering;

use semver::Prerelease;

/// A version: numbers with points between, perhaps a pre-release.
#[derive(Clone, Debug)]
pub struct Version {
    /// At least three; as many as were written come first.
    segments: Vec<u64>,
    written: usize,
    prerelease: Prerelease,
}

impl Version {
    /// Reads `1.11.4`, `1.2`, `v1.0.0-rc1+build`. Terraform takes the `v`, and reads past what follows a plus sign.
    ///
    /// # Errors
    ///
    /// A sentence that shows the text.
    pub fn parse(text: &str) -> Result<Self, String> {
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

    /// Which of two versions is older; a pre-release is older than its version.
    #[must_use]
    pub fn order(&self, other: &Self) -> Ordering {
        let width = self.segments.len().max(other.segments.len());
        let at = |version: &Self, position: usize| version.segments.get(position).copied().unwrap_or(0);
        let differing = (0..width).map(|position| at(self, position).cmp(&at(other, position)));
        let order = differing.fold(Ordering::Equal, Ordering::then);
        order.then_with(|| self.prerelease.cmp(&other.prerelease))
    }
}

/// Constraints that must all hold: `>= 1.2, < 2.0`.
#[derive(Clone, Debug)]
pub struct Constraints(Vec<(Operator, Version)>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Pessimistic,
}

impl Operator {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "" | "=" => Self::Equal,
            "!=" => Self::NotEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            "~>" => Self::Pessimistic,
            _ => return None,
        })
    }
}

impl Constraints {
    /// Reads constraints separated by commas.
    ///
    /// # Errors
    ///
    /// A sentence that names the operator or version which is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        text.split(',').map(constraint).collect::<Result<_, _>>().map(Self)
    }

    /// Whether a version is allowed. A pre-release is allowed only where it is named itself, as in Terraform.
    #[must_use]
    pub fn allow(&self, version: &Version) -> bool {
        self.0.iter().all(|(operator, wanted)| holds(version, *operator, wanted))
    }
}

fn constraint(text: &str) -> Result<(Operator, Version), String> {
    let text = text.trim();
    let start = text.find(|character: char| !matches!(character, '=' | '!' | '<' | '>' | '~')).unwrap_or(text.len());
    let (word, wanted) = text.split_at_checked(start).unwrap_or((text, ""));
    let wanted = Version::parse(wanted)?;
    let operator = Operator::parse(word)
        .ok_or_else(|| format!("\"{word}\" is no operator of a constraint; these are =, !=, >, >=, <, <= and ~>"))?;
    Ok((operator, wanted))
}

fn holds(version: &Version, operator: Operator, wanted: &Version) -> bool {
    let order = version.order(wanted);
    let range = |fits: bool| fits && comparable(version, wanted);
    match operator {
        Operator::Equal => order.is_eq(),
        Operator::NotEqual => order.is_ne(),
        Operator::Greater => range(order.is_gt()),
        Operator::GreaterOrEqual => range(order.is_ge()),
        Operator::Less => range(order.is_lt()),
        Operator::LessOrEqual => range(order.is_le()),
        Operator::Pessimistic => range(order.is_ge() && same_but_last(version, wanted)),
    }
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
            let holds = Constraints::parse(constraint).unwrap().allow(&Version::parse(version).unwrap());
            assert_eq!(holds, expected, "{version} {constraint}");
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
        assert!(Constraints::parse("=> 1").is_err() && Constraints::parse(">= x").is_err());
    }
}
