//! Terraform's versions and version constraints, as far as `required_version` needs them.

use std::cmp::Ordering;

/// A version: numbers, and the parts of a pre-release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    numbers: [u64; 3],
    pre_release: Vec<String>,
    /// How many numbers were written: `~> 1.2` and `~> 1.2.0` differ.
    written: usize,
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

// Longer words first: `>=` begins with `>`.
const OPERATORS: [(&str, Operator); 7] = [
    (">=", Operator::GreaterOrEqual),
    ("<=", Operator::LessOrEqual),
    ("!=", Operator::NotEqual),
    ("~>", Operator::Pessimistic),
    ("=", Operator::Equal),
    (">", Operator::Greater),
    ("<", Operator::Less),
];

impl Version {
    /// Reads `1.11.4`, `1.2`, `v1.0.0-rc1+build`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix('v').unwrap_or(text);
        let text = text.split('+').next().unwrap_or_default();
        let (core, pre_release) = text.split_once('-').map_or((text, None), |(core, rest)| (core, Some(rest)));
        let mut numbers = [0; 3];
        let mut written = 0;
        for part in core.split('.') {
            *numbers.get_mut(written)? = part.parse().ok()?;
            written += 1;
        }
        let pre_release = pre_release.map_or_else(Vec::new, |text| text.split('.').map(str::to_owned).collect());
        Some(Self { numbers, pre_release, written })
    }

    fn compare(&self, other: &Self) -> Ordering {
        let numbers = self.numbers.cmp(&other.numbers);
        numbers.then_with(|| match (self.pre_release.is_empty(), other.pre_release.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => compare_parts(&self.pre_release, &other.pre_release),
        })
    }
}

// Numbers by value and before words; a shorter list of equal parts comes first.
fn compare_parts(left: &[String], right: &[String]) -> Ordering {
    for (left, right) in left.iter().zip(right) {
        let order = match (left.parse::<u64>(), right.parse::<u64>()) {
            (Ok(left), Ok(right)) => left.cmp(&right),
            (Ok(_), Err(_)) => Ordering::Less,
            (Err(_), Ok(_)) => Ordering::Greater,
            (Err(_), Err(_)) => left.cmp(right),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    left.len().cmp(&right.len())
}

impl Constraints {
    /// Reads constraints separated by commas.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.split(',').map(constraint).collect::<Option<_>>().map(Self)
    }

    /// Whether a version is allowed. A pre-release is allowed only where it is named itself, as in Terraform.
    #[must_use]
    pub fn allow(&self, version: &Version) -> bool {
        self.0.iter().all(|(operator, wanted)| allows(*operator, wanted, version))
    }
}

fn constraint(text: &str) -> Option<(Operator, Version)> {
    let text = text.trim();
    let (operator, rest) = OPERATORS
        .iter()
        .find_map(|(word, operator)| Some((*operator, text.strip_prefix(word)?)))
        .unwrap_or((Operator::Equal, text));
    Version::parse(rest).map(|version| (operator, version))
}

fn allows(operator: Operator, wanted: &Version, version: &Version) -> bool {
    let order = version.compare(wanted);
    match operator {
        Operator::Equal => return order == Ordering::Equal,
        Operator::NotEqual => return order != Ordering::Equal,
        _ => {}
    }
    let pre_release_is_named = !wanted.pre_release.is_empty() && wanted.numbers == version.numbers;
    if !version.pre_release.is_empty() && !pre_release_is_named {
        return false;
    }
    match operator {
        Operator::Greater => order == Ordering::Greater,
        Operator::GreaterOrEqual => order != Ordering::Less,
        Operator::Less => order == Ordering::Less,
        Operator::LessOrEqual => order != Ordering::Greater,
        _ => {
            // The last number that is written may grow, those before it may not.
            let fixed = wanted.written.saturating_sub(1);
            order != Ordering::Less
                && version.numbers.iter().zip(&wanted.numbers).take(fixed).all(|(one, other)| one == other)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // From the table of operators in Terraform's documentation on version constraints.
    #[test]
    fn constraints_are_terraforms() {
        let table = [
            (">= 1.5, < 2.0", "1.11.4", true),
            (">= 1.5, < 2.0", "2.0.0", false),
            ("~> 1.2", "1.11.4", true),
            ("~> 1.2", "2.0.0", false),
            ("~> 1.2.0", "1.3.0", false),
            ("~> 1.2.0", "1.2.9", true),
            ("1.2", "1.2.0", true),
            ("!= 1.2.0", "1.2.0", false),
            (">= 1.0", "1.1.0-rc1", false),
            ("1.1.0-rc1", "1.1.0-rc1", true),
        ];
        for (constraints, version, expected) in table {
            let constraints = Constraints::parse(constraints).unwrap();
            assert_eq!(constraints.allow(&Version::parse(version).unwrap()), expected, "{constraints:?} {version}");
        }
        assert!(Constraints::parse(">= x").is_none() && Version::parse("1.2.3.4").is_none());
    }
}
