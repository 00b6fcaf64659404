//! Parts that a test makes up: they stand in no source.

use std::sync::Arc;

use super::{Part, PartKind, Run};
use crate::value::{Object, Value};

impl Part {
    /// A part that a test makes up. What `meta` does not say is null; of the run, a declaration or a suppression what
    /// `attrs` does not say is as usual.
    #[must_use]
    pub fn mock(kind: PartKind, label: &str, address: String, meta: &Object, attrs: Arc<Object>) -> Self {
        let names: &[&str] = match kind {
            PartKind::Module => &["version"],
            PartKind::Provider => &["alias", "source", "namespace", "version"],
            PartKind::Run | PartKind::Declaration | PartKind::Suppression => &[],
        };
        let mut entries: Vec<(Arc<str>, Value)> = names.iter().map(|name| (Arc::from(*name), Value::Null)).collect();
        match kind {
            PartKind::Module => {
                entries.push((Arc::from("address"), Value::string(&address)));
                entries.push((Arc::from("source"), Value::string(label)));
            }
            PartKind::Provider => {
                entries.push((Arc::from("name"), Value::string(label)));
                entries.push((Arc::from("type"), Value::string(label)));
            }
            PartKind::Run | PartKind::Declaration | PartKind::Suppression => {}
        }
        entries.extend(meta.to_entries());
        let usual = usual_facts(kind);
        let attrs = if usual.is_empty() {
            attrs
        } else {
            Arc::new(Object::new(usual.to_entries().into_iter().chain(attrs.to_entries()).collect()))
        };
        Self {
            kind,
            label: Arc::from(label),
            address,
            meta: Object::new(entries),
            attrs,
            module: String::new(),
            name: Arc::from(""),
            alias: None,
            place: None,
        }
    }
}

/// Every fact that policies read of the run, a declaration or a suppression, as it is where nothing is wrong: of a plan
/// that is whole, of something that nobody refers to and that is no refactoring block, of a suppression that holds.
/// Nothing for a part that has arguments in place of facts.
#[must_use]
pub fn usual_facts(kind: PartKind) -> Object {
    let none = || Value::list(Vec::new());
    let facts: Vec<(&str, Value)> = match kind {
        PartKind::Module | PartKind::Provider => Vec::new(),
        PartKind::Run => return Run { complete: Some(true), ..Run::default() }.facts("plan", Vec::new()),
        PartKind::Declaration => vec![
            ("kind", Value::Null),
            ("name", Value::Null),
            ("module", Value::string(".")),
            ("references", Value::Null),
            ("has_conditions", Value::Bool(false)),
            ("from", Value::Null),
            ("applied", Value::Null),
        ],
        PartKind::Suppression => vec![
            ("by", Value::string("comment")),
            ("policies", none()),
            ("unknown", none()),
            ("unused", none()),
            ("reason", Value::Null),
            ("lacks_reason", Value::Bool(false)),
            ("until", Value::Null),
            ("ended", Value::Bool(false)),
            ("fault", Value::Null),
        ],
    };
    Object::new(facts.into_iter().map(|(name, value)| (Arc::from(name), value)).collect())
}
