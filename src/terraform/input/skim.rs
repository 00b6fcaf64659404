//! Reads a large plan past what nobody looks at: its planned values, which are asked for in a plan without changes only,
//! and of its prior state all but the data sources. They are two thirds of the file. What is not kept need not be held, and
//! nobody looks for its end brace by brace.
//!
//! Terraform and OpenTofu write one line and always in the same order: versions, variables, `planned_values`,
//! `resource_drift`, `resource_changes`, outputs, `prior_state`, `configuration` (`spec/plan-json.md` 2). That the first cut
//! begins at the top level is checked; the second leaves a [`MARK`] behind, which must be found there. If a cut did not end
//! where it began, the braces of what is left would not fit, and no JSON parser would take it. So a text that can be parsed
//! and has its mark at the top level is the plan, and of one that has not the whole file is read. Start at [`skim`].

use std::io::{self, Read};

use memchr::memmem::{self, Finder};
use serde::Deserialize;
use serde::de::IgnoredAny;

mod prior;

use prior::Prior;

/// The key that stands for `prior_state` where only its data sources were kept; their modules are gone, their addresses say
/// the same.
pub const MARK: &str = "planfit:data_sources";

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

/// Bytes of a chunk that may be the start of what is looked for.
const OVERLAP: usize = 40;

/// What was read of a file.
#[derive(Debug, PartialEq, Eq)]
pub enum Skimmed {
    /// All of it.
    Whole(Vec<u8>),
    /// All but the planned values and the prior state. If this is no JSON, the file is another one than it looked like.
    Without(Vec<u8>),
    /// Nothing that could be used: the end of what is passed over was not found.
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
    let mut window = Window { bytes: kept.split_off(begin), reader };
    if !window.pass_planned_values()? {
        return Ok(Skimmed::Lost);
    }
    kept.append(&mut window.bytes);
    if let Some(begin) = keep_until(&mut window.reader, prior::BEGIN, &mut kept)? {
        window.bytes = kept.split_off(begin);
        let Some(prior) = Prior::pass(&mut window)? else { return Ok(Skimmed::Lost) };
        prior.write(&mut kept);
        kept.append(&mut window.bytes);
        window.reader.read_to_end(&mut kept)?;
    }
    Ok(Skimmed::Without(kept))
}

/// What is looked at of a file, and the rest of it.
struct Window<R> {
    bytes: Vec<u8>,
    reader: R,
}

impl<R: Read> Window<R> {
    /// Reads on, as much again as there is. Whether there was something.
    fn more(&mut self) -> io::Result<bool> {
        let size = CHUNK.max(self.bytes.len() as u64);
        Ok(self.reader.by_ref().take(size).read_to_end(&mut self.bytes)? > 0)
    }

    /// Forgets all but the last bytes, which may be the start of what is looked for.
    fn pass(&mut self) {
        self.bytes.drain(..self.bytes.len().saturating_sub(OVERLAP));
    }

    /// Goes to the comma behind the planned values. Whether there is one.
    fn pass_planned_values(&mut self) -> io::Result<bool> {
        let finder = Finder::new(END);
        loop {
            if let Some(at) = end(&finder, &ENDS, &self.bytes) {
                self.bytes.drain(..at);
                return Ok(true);
            }
            self.pass();
            if !self.more()? {
                return Ok(false);
            }
        }
    }
}

/// Reads on until `needle` begins. Where it does; none at the end of the file.
fn keep_until(mut reader: impl Read, needle: &[u8], kept: &mut Vec<u8>) -> io::Result<Option<usize>> {
    let finder = Finder::new(needle);
    let mut from = 0;
    loop {
        if let Some(at) = kept.get(from..).and_then(|new| finder.find(new)) {
            return Ok(Some(from + at));
        }
        from = kept.len().saturating_sub(OVERLAP);
        if reader.by_ref().take(CHUNK).read_to_end(kept)? == 0 {
            return Ok(None);
        }
    }
}

// Where the comma before the planned values stands, if what is before it is the start of a plan.
fn begin(head: &[u8]) -> Option<usize> {
    let at = memmem::find(head, BEGIN)?;
    let closed = [head.get(..at)?, b"}"].concat();
    serde_json::from_slice::<Head>(&closed).is_ok().then_some(at)
}

// Where the comma of the first of `ends` stands, which all have in common what `finder` looks for.
fn end(finder: &Finder<'_>, ends: &[&[u8]], bytes: &[u8]) -> Option<usize> {
    let is_end = |at: &usize| bytes.get(*at..).is_some_and(|rest| ends.iter().any(|end| rest.starts_with(end)));
    finder.find_iter(bytes).find(is_end).map(|at| at + 1)
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

    const CHANGES: &str = r#","resource_changes":[],"output_changes":{}"#;

    fn marked(data_sources: &str) -> String {
        format!(r#","{MARK}":{{"values":{{"root_module":{{"resources":[{data_sources}]}}}}}}"#)
    }

    fn managed(name: &str, padding: usize) -> String {
        let padding = "x".repeat(padding);
        format!(r#"{{"address":"a.{name}","mode":"managed","type":"a","values":{{"v":"{padding}"}}}}"#)
    }

    #[test]
    fn data_sources_are_kept_of_the_prior_state() {
        let data = [
            r#"{"address":"data.d.one[\"a,b\"]","mode":"data","type":"d","values":{"json":"{\"mode\":\"data\"}"}}"#,
            r#"{"address":"module.m.data.d.two","mode":"data","type":"d","values":{"configuration":{"root_module":{}}}}"#,
        ];
        for next in
            [r#","configuration":{"root_module":{}}}"#, r#","configuration":{"provider_config":{}},"timestamp":""}"#]
        {
            let [one, two] = data;
            let prior = format!(
                r#","prior_state":{{"format_version":"1.0","values":{{"root_module":{{"resources":[{},{one},{}],"child_modules":[{{"resources":[{two}]}}]}}}}}}"#,
                managed("x", 3),
                managed("y", 5)
            );
            let text = format!(r#"{START},"planned_values":{{}}{CHANGES}{prior}{next}"#);
            assert_eq!(without(&text), Some(format!("{START}{CHANGES}{}{next}", marked(&data.join(",")))));
        }
    }

    #[test]
    fn a_data_source_is_found_wherever_chunks_are_cut() {
        let next = r#","configuration":{"root_module":{}}}"#;
        let data = |length| {
            let padding = "y".repeat(length);
            format!(r#"{{"address":"data.d.one","mode":"data","type":"d","values":{{"v":"{padding}"}}}}"#)
        };
        let cut = usize::try_from(HEAD).unwrap();
        for (before, length) in
            (cut - 700..cut - 200).step_by(3).map(|before| (before, 20)).chain([(5, 700_000), (cut - 300, 700_000)])
        {
            let (data, behind) = (data(length), managed("z", 300_000));
            let prior = format!(
                r#","prior_state":{{"format_version":"1.0","values":{{"root_module":{{"resources":[{},{data},{behind},{data}]}}}}}}"#,
                managed("x", before)
            );
            let text = format!(r#"{START},"planned_values":{{}}{CHANGES}{prior}{next}"#);
            let expected = format!("{START}{CHANGES}{}{next}", marked(&format!("{data},{data}")));
            assert!(without(&text) == Some(expected), "{before}");
        }
    }

    #[test]
    fn a_prior_state_that_is_cut_off_or_disordered_is_lost() {
        let start =
            format!(r#"{START},"planned_values":{{}}{CHANGES},"prior_state":{{"format_version":"1.0","values":"#);
        for rest in [
            "{",
            r#"{"root_module":{"resources":[{"address":"data.d.one","mode":"data","type":"d""#,
            r#"{"root_module":{"resources":[{"address":"data.d.one","x":"","mode":"data","type":"d"}]}}},"configuration":{"root_module":{}}}"#,
            r#"{"root_module":{"resources":[{"address":"data.d.one","mode":"data","type":"d"]}]}}},"configuration":{"root_module":{}}}"#,
        ] {
            assert_eq!(skimmed(&format!("{start}{rest}")), Skimmed::Lost, "{rest}");
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
            "prior_state",
            "configuration",
            "root_module",
            "format_version",
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

    /// With nothing but the data sources of the prior state, which the property below lays into the root module.
    fn reduced(mut plan: Value) -> Value {
        let plan_keys = plan.as_object_mut().unwrap();
        let prior = plan_keys.remove(MARK).or_else(|| plan_keys.remove("prior_state")).unwrap_or_default();
        let resources = prior.pointer("/values/root_module/resources").and_then(Value::as_array).cloned();
        let data =
            resources.unwrap_or_default().into_iter().filter(|resource| resource.get("mode") == Some(&json!("data")));
        plan_keys.insert("data_sources".to_owned(), data.collect());
        plan
    }

    proptest! {
        // Whatever the values hold: what can be parsed is the plan without them.
        #[test]
        fn what_can_be_parsed_is_the_plan(
            variable in any_value(), planned in any_value(), changes in any_value(), output in any_value(),
            prior in prop::collection::vec((any::<bool>(), "[a-z\"{}\\[,]{0,6}", any_value()), 0..4),
            configuration in any_value()
        ) {
            let prior = prior.into_iter().map(|(is_data, name, values)| {
                let (mode, name) = (if is_data { "data" } else { "managed" }, Value::from(name));
                format!(r#"{{"address":{name},"mode":"{mode}","type":"t","values":{values}}}"#)
            });
            let prior = prior.collect::<Vec<_>>().join(",");
            let text = format!(
                r#"{{"format_version":"1.2","variables":{variable},"planned_values":{planned},"resource_changes":{changes},"output_changes":{output},"prior_state":{{"format_version":"1.0","values":{{"root_module":{{"resources":[{prior}]}}}}}},"configuration":{{"root_module":{configuration}}}}}"#
            );
            if let Some(kept) = without(&text)
                && let Ok(kept) = serde_json::from_str::<Value>(&kept)
            {
                let mut whole: Value = serde_json::from_str(&text).unwrap();
                whole.as_object_mut().unwrap().remove("planned_values");
                if kept.get(MARK).is_some() || !kept.to_string().contains(MARK) {
                    prop_assert_eq!(reduced(kept), reduced(whole));
                }
            }
        }
    }
}
