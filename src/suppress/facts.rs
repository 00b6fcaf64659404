//! What became of each suppression, as policies read it: `workspace_policy "suppression"`.

use std::sync::Arc;

use super::{Entry, Suppressions};
use crate::finding::SuppressedBy;
use crate::value::{Object, Value};
use crate::workspace::parts::Part;

impl Suppressions {
    /// Every suppression of ours with what became of it. Comments of other tools are theirs to judge.
    #[must_use]
    pub fn parts(&self) -> Vec<Part> {
        let own = self.entries.iter().filter(|entry| entry.by != SuppressedBy::ForeignComment);
        own.map(|entry| Part::suppression(entry.address(), Some(entry.place), self.facts(entry))).collect()
    }

    fn facts(&self, entry: &Entry) -> Object {
        let text = |text: Option<String>| text.map_or(Value::Null, |text| Value::string(&text));
        let list = |texts: Vec<String>| Value::list(texts.iter().map(|text| Value::string(text)).collect());
        let names = || entry.names.iter();
        let unknown = names().filter(|name| name.policies.is_empty());
        let entries: Vec<(&str, Value)> = vec![
            ("by", Value::string(entry.by.as_str())),
            ("policies", list(names().map(|name| name.text.clone()).collect())),
            ("unknown", list(unknown.map(|name| self.catalogue.unknown(&name.text)).collect())),
            ("unused", list(entry.unused())),
            ("reason", text(entry.reason.clone())),
            ("lacks_reason", Value::Bool(entry.lacks_reason(&self.strictness))),
            ("until", text(entry.until.map(|until| until.to_string()))),
            ("ended", Value::Bool(entry.has_ended(self.strictness.now))),
            ("fault", text(entry.fault.clone())),
        ];
        Object::new(entries.into_iter().map(|(name, value)| (Arc::from(name), value)).collect())
    }
}

impl Entry {
    fn address(&self) -> String {
        let names: Vec<&str> = self.names.iter().map(|name| name.text.as_str()).collect();
        match self.by {
            SuppressedBy::Configuration => format!("ignore {}", names.join(", ")),
            _ => format!("planfit:ignore {}", names.join(", ")).trim_end().to_owned(),
        }
    }
}
