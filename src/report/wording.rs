//! Phrases that more than one renderer prints, so that a finding reads alike everywhere. All of them are one line.

use std::borrow::Cow;

use super::sanitise;
use crate::finding::Finding;

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
    fn counts_agree_with_their_noun() {
        assert_eq!(counted(0, "policy", "policies"), "0 policies");
        assert_eq!(counted(1, "policy", "policies"), "1 policy");
    }
}
