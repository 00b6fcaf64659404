//! The tags of an object, whatever its provider calls them (`policies/tag_attributes.csv`).

use std::sync::Arc;

use crate::config::Tags;
use crate::policy::library::{self, TagPlace};
use crate::value::{Handle, Side, Value};
use crate::workspace::Workspace;
use crate::workspace::parts::{Part, PartKind};

/// The tags of an object: its own, and those that its provider gives to all.
pub(super) fn tags(workspace: &Workspace<'_>, object: u32) -> Tags {
    let mut tags = Tags::new();
    for (place, attribute) in library::tag_attributes() {
        match place {
            TagPlace::Resource => own(workspace, object, attribute, &mut tags),
            TagPlace::Provider => of_provider(workspace, object, attribute, &mut tags),
        }
    }
    tags
}

fn own(workspace: &Workspace<'_>, object: u32, attribute: &str, tags: &mut Tags) {
    for side in [Side::Planned, Side::Prior] {
        match workspace.attribute(Handle::new(object, side), attribute) {
            None | Some(Value::Null) => {}
            // What goes away has no planned values.
            Some(value) => return read(&value, tags),
        }
    }
}

// Where the source does not tell which of several configurations is used, they count if they agree.
fn of_provider(workspace: &Workspace<'_>, object: u32, attribute: &str, tags: &mut Tags) {
    if let Some(part) = workspace.provider_of(object) {
        return tags.extend(of_part(part, attribute));
    }
    let Some(resource) = workspace.object(object) else { return };
    let kind = resource.kind.split('_').next().unwrap_or_default();
    let parts = workspace.parts().iter().filter(|part| part.kind == PartKind::Provider && *part.label == *kind);
    let mut said = parts.map(|part| of_part(part, attribute));
    let Some(first) = said.next() else { return };
    if said.all(|other| other == first) {
        tags.extend(first);
    }
}

fn of_part(part: &Part, attribute: &str) -> Tags {
    let mut tags = Tags::new();
    let mut steps = attribute.split('.');
    let first = steps.next().and_then(|name| part.attrs.get(name));
    if let Some(value) = steps.try_fold(first.cloned().unwrap_or(Value::Null), |value, step| inside(&value, step)) {
        read(&value, &mut tags);
    }
    tags
}

// A block of a provider is an object, or a list of one.
fn inside(value: &Value, name: &str) -> Option<Value> {
    match value.unmark().0 {
        Value::Object(object) => object.get(name).cloned(),
        Value::List(items) => inside(items.first()?, name),
        _ => None,
    }
}

// A map of texts, or a list of "name:value".
fn read(value: &Value, tags: &mut Tags) {
    match value.unmark().0 {
        Value::Object(object) => {
            for (name, value) in object.iter() {
                if let Value::String(text) = value.unmark().0 {
                    tags.push((name.clone(), text.clone()));
                }
            }
        }
        Value::List(items) => {
            let texts = items.iter().filter_map(|item| item.unmark().0.as_str()?.split_once(':'));
            tags.extend(texts.map(|(name, value)| (Arc::from(name), Arc::from(value))));
        }
        _ => {}
    }
}
