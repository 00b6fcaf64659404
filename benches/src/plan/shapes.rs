//! What the objects of a generated plan look like: `shapes.json`, made ready for writing.
//!
//! The shapes were taken from plans that Terraform wrote. A template holds the attributes that the configuration writes,
//! the defaults that the provider fills in at plan time, and what it computes during apply. Texts hold places:
//! `${service}`, `${id lb}`; a text such as `#threshold` is a number. Start at [`Shapes::read`] and [`Template`].

use serde_json::Value as Json;

use super::node::{Node, key, object};
use super::scope::{Change, State, View};

/// The templates of the three modules.
pub(crate) struct Shapes {
    pub(crate) root: Module,
    pub(crate) stack: Module,
    pub(crate) service: Module,
}

/// A module: what is passed in, what comes out, and its resources.
pub(crate) struct Module {
    pub(crate) inputs: Json,
    pub(crate) outputs: Json,
    pub(crate) templates: Vec<Template>,
}

/// A block: `resource` or `data`.
pub(crate) struct Template {
    pub(crate) is_data: bool,
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) repetition: Repetition,
    /// The state of a service in which there is such an object; none: in every one.
    pub(crate) only: Option<State>,
    changes: Vec<(State, Change)>,
    pub(crate) replace_paths: Option<String>,
    sensitive: Vec<String>,
    attributes: Vec<(String, Node)>,
}

/// `count` and `for_each`.
pub(crate) enum Repetition {
    Once,
    Count(usize),
    ForEach(Vec<String>),
}

impl Shapes {
    /// Reads `shapes.json`, of which the programmer is the author: what is missing there is empty here.
    pub(crate) fn read() -> Result<Self, serde_json::Error> {
        let text = include_str!("shapes.json").replace("${account}", "123456789012");
        let tags = r#"{"env": "production", "owner": "platform"}"#;
        let shapes: Json = serde_json::from_str(&text.replace("\"@tags\"", tags))?;
        let module = |name: &str| Module::read(shapes.get(name).unwrap_or(&Json::Null));
        Ok(Self { root: module("root"), stack: module("stack"), service: module("service") })
    }
}

impl Module {
    fn read(module: &Json) -> Self {
        let part = |name: &str| module.get(name).cloned().unwrap_or_default();
        let resources = module.get("resources").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
        let addresses: Vec<String> = resources.iter().map(block_address).collect();
        let templates = resources.iter().map(|resource| Template::read(resource, &addresses)).collect();
        Self { inputs: part("inputs"), outputs: part("outputs"), templates }
    }
}

fn text<'j>(json: &'j Json, key: &str) -> &'j str {
    json.get(key).and_then(Json::as_str).unwrap_or_default()
}

pub(crate) fn texts(json: Option<&Json>) -> Vec<String> {
    json.and_then(Json::as_array).into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

fn block_address(resource: &Json) -> String {
    let data = if text(resource, "mode") == "data" { "data." } else { "" };
    format!("{data}{}.{}", text(resource, "type"), text(resource, "name"))
}

impl Template {
    fn read(resource: &Json, addresses: &[String]) -> Self {
        let mut attributes = Vec::new();
        for (section, wrap) in [("attributes", None), ("defaults", Some("$default")), ("computed", Some("$computed"))] {
            for (name, value) in resource.get(section).and_then(Json::as_object).into_iter().flatten() {
                let node = Node::read(value, addresses);
                let node = if let Some(wrap) = wrap { Node::wrapped(wrap, node) } else { node };
                attributes.push((name.clone(), node));
            }
        }
        attributes.sort_by(|left, right| left.0.cmp(&right.0));
        let changes = resource.get("changes").and_then(Json::as_object).into_iter().flatten();
        let changes =
            changes.filter_map(|(state, change)| Some((State::read(state)?, Change::read(change.as_str()?)?)));
        Self {
            is_data: text(resource, "mode") == "data",
            kind: text(resource, "type").to_owned(),
            name: text(resource, "name").to_owned(),
            repetition: Repetition::read(resource),
            only: State::read(text(resource, "only")),
            changes: changes.collect(),
            replace_paths: resource.get("replace_paths").map(Json::to_string),
            sensitive: texts(resource.get("sensitive")),
            attributes,
        }
    }

    pub(crate) fn block_address(&self) -> String {
        let data = if self.is_data { "data." } else { "" };
        format!("{data}{}.{}", self.kind, self.name)
    }

    /// What happens to it in a service of that state.
    pub(crate) fn change(&self, state: State) -> Change {
        if state == State::New {
            return Change::Create;
        }
        self.changes.iter().find(|(of, _)| *of == state).map_or(Change::NoOp, |(_, change)| *change)
    }

    /// Whether it reads something that does not exist yet.
    pub(crate) fn is_deferred(&self, view: &View<'_>) -> bool {
        self.attributes.iter().any(|(_, node)| node.refers_to_new(view))
    }

    /// The attributes that are known, as an object.
    pub(crate) fn values(&self, view: &View<'_>, out: &mut String) {
        object(out, &self.attributes, |node, out| {
            if node.is_hidden(view) {
                return false;
            }
            node.value(view, out);
            true
        });
    }

    /// `after_unknown`.
    pub(crate) fn unknown(&self, view: &View<'_>, out: &mut String) {
        object(out, &self.attributes, |node, out| node.unknown(view, out));
    }

    /// `before_sensitive`, `after_sensitive`, `sensitive_values`.
    pub(crate) fn sensitive(&self, out: &mut String) {
        let mut first = true;
        out.push('{');
        for (name, node) in &self.attributes {
            let is_secret = self.sensitive.contains(name);
            if is_secret || node.has_structure() {
                key(out, name, &mut first);
                if is_secret {
                    out.push_str("true");
                } else {
                    node.nothing_sensitive(out);
                }
            }
        }
        out.push('}');
    }

    /// `expressions` of the configuration.
    pub(crate) fn expressions(&self, view: &View<'_>, out: &mut String) {
        object(out, &self.attributes, |node, out| node.expression(view, out));
    }
}

impl Repetition {
    fn read(resource: &Json) -> Self {
        if let Some(count) = resource.get("count").and_then(Json::as_u64) {
            return Self::Count(usize::try_from(count).unwrap_or(1));
        }
        match resource.get("for_each") {
            Some(keys) => Self::ForEach(texts(Some(keys))),
            None => Self::Once,
        }
    }
}
