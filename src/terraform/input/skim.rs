//! Reads a large plan past its planned values, which are a third of the file and are asked for in a plan without changes
//! only: what is not kept need not be held, and nobody looks for its end brace by brace.
//!
//! Terraform and OpenTofu write one line and always in the same order: versions, variables, `planned_values`, then
//! `resource_drift` or `resource_changes` (`spec/plan-json.md` 2). That the cut begins at the top level is checked; if it
//! did not end there, the braces of what is left would not fit, and no JSON parser would take it. So a text that can be
//! parsed is the plan, and of one that cannot the whole file is read. Start at [`skim`].

use std::io::{self, Read};

use memchr::memmem;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// Files below this size are read as they are.
pub const LARGE: u64 = 1 << 20;

/// Where the planned values must have begun: variables stand before them.
const HEAD: u64 = 1 << 20;

/// What is looked through at once.
const CHUNK: u64 = 256 << 10;

const BEGIN: &[u8] = b",\"planned_values\":{";

/// How a key begins that ends the planned values; they are an object.
const ENDS: [&[u8]; 2] = [b"},\"resource_changes\":[", b"},\"resource_drift\":["];

/// What both have in common.
const END: &[u8] = b"},\"resource_";

/// Bytes of a chunk that may be the start of an end.
const OVERLAP: usize = 32;

/// What was read of a file.
#[derive(Debug, PartialEq, Eq)]
pub enum Skimmed {
    /// All of it.
    Whole(Vec<u8>),
    /// All but the planned values. If this is no JSON, the file is another one than it looked like.
    Without(Vec<u8>),
    /// Nothing that could be used: the end of the planned values was not found.
    Lost,
}

/// What stands before the planned values, and nothing else does.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    #[serde(rename = "format_version")]
    _format_version: IgnoredAny,
    #[serde(rename = "terraform_version")]
    _terraform_version: Option<IgnoredAny>,
    #[serde(rename = "variables")]
    _variables: Option<IgnoredAny>,
}

/// Reads a file of about `size` bytes to its end.
///
/// # Errors
///
/// What the reader says.
pub fn skim(mut reader: impl Read, size: usize) -> io::Result<Skimmed> {
    let mut kept = Vec::with_capacity(size.saturating_add(1));
    reader.by_ref().take(HEAD).read_to_end(&mut kept)?;
    let Some(begin) = begin(&kept) else {
        reader.read_to_end(&mut kept)?;
        return Ok(Skimmed::Whole(kept));
    };
    let mut window = kept.split_off(begin);
    let finder = memmem::Finder::new(END);
    loop {
        if let Some(rest) = end(&finder, &window).and_then(|at| window.get(at..)) {
            kept.extend_from_slice(rest);
            reader.read_to_end(&mut kept)?;
            return Ok(Skimmed::Without(kept));
        }
        window.drain(..window.len().saturating_sub(OVERLAP));
        if reader.by_ref().take(CHUNK).read_to_end(&mut window)? == 0 {
            return Ok(Skimmed::Lost);
        }
    }
}

// Where the comma before the planned values stands, if what is before it is the start of a plan.
fn begin(head: &[u8]) -> Option<usize> {
    let at = memmem::find(head, BEGIN)?;
    let closed = [head.get(..at)?, b"}"].concat();
    serde_json::from_slice::<Head>(&closed).is_ok().then_some(at)
}

// Where the comma behind the planned values stands.
fn end(finder: &memmem::Finder<'_>, window: &[u8]) -> Option<usize> {
    let is_end = |at: &usize| window.get(*at..).is_some_and(|rest| ENDS.iter().any(|end| rest.starts_with(end)));
    finder.find_iter(window).find(is_end).map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn skimmed(text: &str) -> Skimmed {
        skim(text.as_bytes(), text.len()).unwrap()
    }

    fn without(text: &str) -> Option<String> {
        match skimmed(text) {
            Skimmed::Without(kept) => Some(String::from_utf8(kept).unwrap()),
            Skimmed::Whole(_) | Skimmed::Lost => None,
        }
    }

    const START: &str = r#"{"format_version":"1.2","terraform_version":"1.11.4","variables":{"a":{"value":1}}"#;

    #[test]
    fn planned_values_are_left_out() {
        for next in [r#","resource_changes":[{"address":"a.b"}]}"#, r#","resource_drift":[],"resource_changes":[]}"#] {
            let text = format!(r#"{START},"planned_values":{{"root_module":{{"resource_id":1}}}}{next}"#);
            assert_eq!(without(&text), Some(format!("{START}{next}")));
        }
    }

    #[test]
    fn an_end_is_found_wherever_chunks_are_cut() {
        let next = r#","resource_changes":[]}"#;
        for length in (HEAD - 200..HEAD + 50).chain(HEAD + CHUNK - 60..HEAD + CHUNK) {
            let values = "x".repeat(usize::try_from(length).unwrap());
            let text = format!(r#"{START},"planned_values":{{"v":"{values}"}}{next}"#);
            assert_eq!(without(&text), Some(format!("{START}{next}")), "{length}");
        }
    }

    #[test]
    fn other_files_are_read_whole() {
        for text in [
            "",
            "{",
            r#"{"version":4,"resources":[]}"#,
            // Sorted by another program, so that other keys may stand between.
            r#"{"complete":true,"format_version":"1.2","planned_values":{},"resource_changes":[]}"#,
            r#"{"format_version":"1.2","variables":{"p":{"value":{"x":1,"planned_values":{},"resource_changes":[]}}},"resource_changes":[]}"#,
            "\u{feff}{\"format_version\":\"1.2\",\"planned_values\":{},\"resource_changes\":[]}",
        ] {
            assert_eq!(skimmed(text), Skimmed::Whole(text.as_bytes().to_vec()), "{text}");
        }
        let open = format!(r#"{START},"planned_values":{{}},"prior_state":{{}}}}"#);
        assert_eq!(skimmed(&open), Skimmed::Lost);
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let name = prop::sample::select(vec![
            "a",
            "planned_values",
            "resource_changes",
            "resource_drift",
            "x},\"resource_changes\":[",
        ]);
        let leaf = prop_oneof![Just(json!(1)), Just(json!([])), Just(json!({})), name.clone().prop_map(Value::from)];
        leaf.prop_recursive(4, 24, 4, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::vec((name.clone(), inner), 0..4).prop_map(|entries| Value::Object(
                    entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
                )),
            ]
        })
    }

    proptest! {
        // Whatever the values hold: what can be parsed is the plan without them.
        #[test]
        fn what_can_be_parsed_is_the_plan(variable in any_value(), planned in any_value(), changes in any_value(), prior in any_value()) {
            let text = format!(
                r#"{{"format_version":"1.2","variables":{variable},"planned_values":{planned},"resource_changes":{changes},"prior_state":{prior}}}"#
            );
            if let Some(kept) = without(&text)
                && let Ok(kept) = serde_json::from_str::<Value>(&kept)
            {
                let mut whole: Value = serde_json::from_str(&text).unwrap();
                whole.as_object_mut().unwrap().remove("planned_values");
                prop_assert_eq!(kept, whole);
            }
        }
    }
}
