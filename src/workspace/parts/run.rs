//! What is known of a run as a whole.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::instant::Instant;
use crate::terraform::document::Document;
use crate::value::{Object, Value};
use crate::workspace::{Input, Workspace};

/// What is known of the run as a whole.
#[derive(Debug, Default)]
pub struct Run {
    /// The version of Terraform that wrote the input.
    pub terraform_version: Option<Arc<str>>,
    /// The time that policies see: when the plan was made, else what the command was given.
    pub now: Option<Instant>,
    /// tfaction's target.
    pub target: Option<Arc<str>>,
    /// tfaction's working directory.
    pub working_directory: Option<Arc<str>>,
    /// Whether the plan stopped on an error.
    pub errored: bool,
    /// Whether the plan is whole; Terraform before 1.8 does not say.
    pub complete: Option<bool>,
    /// Whether changes were put off.
    pub deferred: bool,
    /// What has changed outside of Terraform: `address`, `type`, `actions` of each object.
    pub drift: Vec<Value>,
}

impl Run {
    /// What a document says of its run.
    ///
    /// # Errors
    ///
    /// What serde says of a part that has another shape.
    pub(in crate::workspace) fn read(document: &Document<'_>) -> Result<Self, serde_json::Error> {
        Ok(Self {
            terraform_version: document.terraform_version.as_ref().map(|version| Arc::from(&*version.0)),
            now: document.timestamp.as_ref().and_then(|timestamp| Instant::parse(&timestamp.0)),
            errored: document.errored,
            complete: document.complete,
            deferred: document.has_deferred_changes,
            drift: document.resource_drift.map_or_else(|| Ok(Vec::new()), drift)?,
            ..Self::default()
        })
    }

    pub(super) fn facts(&self, input: &str, deposed: Vec<Value>) -> Object {
        let flag = |known: Option<bool>| {
            known.map_or_else(
                || Value::unknown("Terraform before 1.8 does not say whether a plan is whole"),
                Value::Bool,
            )
        };
        let targeted = self.complete.map(|complete| !complete && !self.errored && !self.deferred);
        Object::new(vec![
            (Arc::from("errored"), Value::Bool(self.errored)),
            (Arc::from("complete"), flag(self.complete)),
            (Arc::from("targeted"), flag(targeted)),
            (Arc::from("drift"), Value::list(self.drift.clone())),
            (Arc::from("cost"), Value::unknown("the cost of the plan is not estimated")),
            (Arc::from("input"), Value::string(input)),
            (Arc::from("deposed"), Value::list(deposed)),
        ])
    }
}

fn drift(raw: &RawValue) -> Result<Vec<Value>, serde_json::Error> {
    #[derive(Deserialize)]
    struct Change {
        #[serde(default)]
        actions: Vec<String>,
    }
    #[derive(Deserialize)]
    struct Entry {
        #[serde(default)]
        address: String,
        #[serde(default, rename = "type")]
        kind: String,
        #[serde(default)]
        change: Option<Change>,
    }
    let entries: Option<Vec<Entry>> = serde_json::from_str(raw.get())?;
    let value = |entry: Entry| {
        let actions = entry.change.map_or_else(Vec::new, |change| change.actions);
        Value::object(vec![
            (Arc::from("address"), Value::string(&entry.address)),
            (Arc::from("type"), Value::string(&entry.kind)),
            (Arc::from("actions"), Value::list(actions.iter().map(|action| Value::string(action)).collect())),
        ])
    };
    Ok(entries.unwrap_or_default().into_iter().map(value).collect())
}

impl Workspace<'_> {
    pub(super) fn run_facts(&self) -> Object {
        let left: Vec<Value> =
            self.objects.iter().filter(|object| object.deposed).map(|object| Value::string(&object.address)).collect();
        let input = if self.input == Input::Plan { "plan" } else { "state" };
        self.run.facts(input, left)
    }
}
