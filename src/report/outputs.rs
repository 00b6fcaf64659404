//! The outputs of a step: the lines for `$GITHUB_OUTPUT` (`spec/ci-integration.md` 4.4 and 10.2).

use std::fmt::Write as _;

use super::sanitise;
use crate::finding::Report;

/// What `check` has to say to later steps, in the order of the action's outputs. A path that is not there is empty.
#[must_use]
pub fn values<'r>(report: &Report, outcome: &'r str, path: &dyn Fn(&str) -> String) -> Vec<(&'r str, String)> {
    let summary = &report.summary;
    let counts = [summary.errors, summary.warnings, summary.notices];
    let mut values =
        vec![("outcome", outcome.to_owned()), ("findings-count", counts.iter().sum::<usize>().to_string())];
    values.extend(
        ["errors-count", "warnings-count", "notices-count"].into_iter().zip(counts.map(|count| count.to_string())),
    );
    // No report has costs yet.
    values.extend(["monthly-cost", "monthly-delta"].map(|name| (name, String::new())));
    values.extend(["json", "sarif", "junit"].map(|format| (format, path(format))));
    values.extend([("summary", path("markdown")), ("comment", path("comment")), ("issue-body", path("issue"))]);
    values
}

/// The lines that set one output. `token` gives 128 random bits in hex, new ones each time; a value cannot hold the line
/// that ends it.
#[must_use]
pub fn lines(name: &str, value: &str, token: &dyn Fn() -> String) -> String {
    let value = sanitise::line(value);
    let mut delimiter = format!("planfit_{}", token());
    while value.contains(&delimiter) {
        delimiter = format!("planfit_{}", token());
    }
    let mut text = String::new();
    // Writing into a String cannot fail.
    let _ = writeln!(text, "{name}<<{delimiter}\n{value}\n{delimiter}");
    text
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn a_value_never_holds_the_line_that_ends_it() {
        let tokens = Cell::new(0);
        let token = || {
            tokens.set(tokens.get() + 1);
            format!("{:032x}", tokens.get())
        };
        let hostile = "x\nplanfit_00000000000000000000000000000001\nPATH<<y";
        let text = lines("json", hostile, &token);
        let second = "planfit_00000000000000000000000000000002";
        let shown = "x\\u{a}planfit_00000000000000000000000000000001\\u{a}PATH<<y";
        assert_eq!(text, format!("json<<{second}\n{shown}\n{second}\n"));
    }
}
