//! Joins by a part of a text: the objects of a type of which an attribute fits a pattern such as `service/*/api`.
//!
//! Some references are a path, not an id: `service/CLUSTER/NAME`, `/ecs/NAME`. The last step of the path names the
//! object, so it is looked up in an index of its own (`index.rs`), and what stands before it is compared for those few.
//! Start at [`Workspace::matching`].

use std::sync::Arc;

use super::Workspace;
use crate::value::unknown::Part;
use crate::value::{Unknown, Value};

/// The step of an indexed path that stands for the text behind the last `/` of a value.
pub(super) const LAST_STEP: &str = "/";

/// Stands for a part of a text that is not known: a noncharacter, so that only `*` fits it.
const UNKNOWN: char = '\u{fdd0}';

impl Workspace<'_> {
    /// The current managed objects of a type of which a top-level attribute fits `pattern`, in which `*` stands for any
    /// text. Objects that may fit are maybe members.
    #[must_use]
    pub fn matching(&self, kind: &str, attribute: &str, pattern: &Value) -> Vec<Value> {
        let path = [Arc::from(attribute), Arc::from(LAST_STEP)];
        let (before, last) = split(pattern);
        let indexed = last.filter(|last| !last.as_str().is_some_and(|last| last.contains('*')));
        let indexed = indexed.and_then(|last| self.with_value(kind, &path, &last));
        let (candidates, pattern, part): (_, _, fn(&str) -> &str) = match indexed {
            Some(candidates) => (candidates, before, front),
            None => (self.staying(kind).to_vec(), shown(pattern), |text| text),
        };
        let kept = candidates.into_iter().filter_map(|candidate| {
            let Value::Handle(handle) = candidate.member().0 else { return None };
            let value = self.attribute(*handle, attribute).unwrap_or(Value::Null);
            match fits(&pattern, value.unmark().0, part) {
                Some(true) => Some(candidate),
                Some(false) => None,
                None => Some(candidate.maybe(true)),
            }
        });
        kept.collect()
    }
}

/// A text up to and with its last `/`, with [`UNKNOWN`] for what is not known, and the value behind it; `None` if the
/// text may have another `/` there.
fn split(text: &Value) -> (String, Option<Value>) {
    let shown = shown(text);
    let before = front(&shown).to_owned();
    (before, last_step(text))
}

/// The value behind the last `/` of a text; `None` if it is not known where that is.
pub(super) fn last_step(text: &Value) -> Option<Value> {
    let behind = |text: &str| text.rsplit_once('/').map_or_else(|| text.to_owned(), |(_, behind)| behind.to_owned());
    match text.unmark().0 {
        Value::String(text) => Some(Value::string(&behind(text))),
        Value::Unknown(unknown) => match &**unknown {
            Unknown::Template(parts) => {
                let at = parts.iter().rposition(|part| matches!(part, Part::Text(text) if text.contains('/')))?;
                let (Some(Part::Text(text)), rest) = (parts.get(at), parts.get(at + 1..)?) else { return None };
                match (behind(text).as_str(), rest) {
                    (known, []) => Some(Value::string(known)),
                    ("", [Part::Symbol(symbol)]) => Some(Value::Unknown(Arc::new(Unknown::Symbol(symbol.clone())))),
                    _ => None,
                }
            }
            _ => None,
        },
        _ => None,
    }
}

fn front(text: &str) -> &str {
    text.rfind('/').and_then(|at| text.get(..=at)).unwrap_or_default()
}

/// The known parts of a text, and [`UNKNOWN`] for the others.
fn shown(text: &Value) -> String {
    match text.unmark().0 {
        Value::String(text) => text.to_string(),
        Value::Unknown(unknown) => match &**unknown {
            Unknown::Template(parts) => {
                let shown = |part: &Part| match part {
                    Part::Text(text) => text.to_string(),
                    Part::Symbol(_) | Part::Any(_) => UNKNOWN.to_string(),
                };
                parts.iter().map(shown).collect()
            }
            _ => UNKNOWN.to_string(),
        },
        _ => String::new(),
    }
}

fn fits(pattern: &str, value: &Value, part: fn(&str) -> &str) -> Option<bool> {
    if !matches!(value, Value::String(_) | Value::Unknown(_)) {
        return Some(false);
    }
    let text = shown(value);
    let text = part(&text);
    match (pattern.contains(UNKNOWN), is_like(pattern, text)) {
        (false, true) => Some(true),
        (false, false) if !text.contains(UNKNOWN) => Some(false),
        _ => None,
    }
}

/// Whether a text fits a pattern in which `*` stands for any text. Goes back to the last star only, so it takes
/// pattern × text steps at most.
pub(crate) fn is_like(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern, text);
    let mut retry: Option<(&str, &str)> = None;
    loop {
        if let Some(rest) = pattern.strip_prefix('*') {
            pattern = rest;
            retry = Some((rest, text));
            continue;
        }
        let (mut wanted, mut given) = (pattern.chars(), text.chars());
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if one == other => (pattern, text) = (wanted.as_str(), given.as_str()),
            _ => {
                let Some((behind, from)) = retry else { return false };
                let mut from = from.chars();
                if from.next().is_none() {
                    return false;
                }
                retry = Some((behind, from.as_str()));
                (pattern, text) = (behind, from.as_str());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text, like) in [
            ("service/*/api", "service/main/api", true),
            ("service/*/api", "service/main/public-api", false),
            ("service/*/api", "service/a/b/api", true),
            ("*", "", true),
            ("**a", "bca", true),
            ("a*b*c", "axbxbc", true),
            ("a*b", "ab", true),
            ("a*b", "a", false),
            ("", "", true),
            ("", "a", false),
            ("ü*", "üx", true),
        ] {
            assert_eq!(is_like(pattern, text), like, "{pattern} {text}");
        }
    }

    #[test]
    fn what_is_not_known_fits_a_star_only() {
        let cluster = Value::unknown("not yet");
        let Value::Unknown(unknown) = &cluster else { panic!("known") };
        let parts = [Part::Text("service/".into()), Part::Any(unknown.cause()), Part::Text("/api".into())];
        let text = Value::Unknown(Arc::new(Unknown::Template(Arc::from(parts))));
        assert_eq!(last_step(&text).unwrap().as_str(), Some("api"));
        let whole: fn(&str) -> &str = |text| text;
        for (pattern, answer) in
            [("service/*/api", Some(true)), ("service/main/api", None), ("table/*", None), ("*/api", Some(true))]
        {
            assert_eq!(fits(pattern, &text, whole), answer, "{pattern}");
        }
        assert_eq!(fits("*", &Value::Null, whole), Some(false));
    }
}
