//! One object of a generated plan, and how each part of the plan shows it.

use serde_json::Value as Json;

use super::scope::{Change, Index, Moment, Scope, View};
use super::shapes::{Repetition, Template};

const PROVIDER: &str = "registry.terraform.io/hashicorp/aws";

/// The parts of a plan that list objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    PlannedValues,
    ResourceChanges,
    PriorState,
}

/// An object of the plan, ready to be written.
pub(crate) struct Object<'o> {
    template: &'o Template,
    scope: Scope,
    index: Index<'o>,
    change: Change,
    /// A data source that is read during apply.
    pub(crate) is_deferred: bool,
    made: &'o [bool],
}

impl<'o> Object<'o> {
    pub(crate) fn new(template: &'o Template, scope: Scope, index: Index<'o>, made: &'o [bool]) -> Self {
        let change = if template.is_data { Change::NoOp } else { template.change(scope.state) };
        let mut object = Self { template, scope, index, change, is_deferred: false, made };
        object.is_deferred = template.is_data && template.is_deferred(&object.view(Moment::After));
        object
    }

    fn view(&self, moment: Moment) -> View<'o> {
        let Self { scope, index, change, made, .. } = *self;
        View { scope, index, moment, change, is_made: change.makes() || self.is_deferred, made }
    }

    fn values(&self, moment: Moment) -> String {
        let mut text = String::new();
        self.template.values(&self.view(moment), &mut text);
        text
    }

    fn sensitive(&self) -> String {
        let mut text = String::new();
        self.template.sensitive(&mut text);
        text
    }

    fn head(&self) -> String {
        let Template { kind, name, is_data, .. } = self.template;
        let module = self.scope.module();
        let dot = if module.is_empty() { "" } else { "." };
        let (key, index) = match self.index {
            Index::None => (String::new(), String::new()),
            Index::Number(number) => (format!("[{number}]"), format!(",\"index\":{number}")),
            Index::Key(key) => (format!("[\"{key}\"]"), format!(",\"index\":\"{key}\"")),
        };
        let address = Json::from(format!("{module}{dot}{}{key}", self.template.block_address()));
        let mode = if *is_data { "data" } else { "managed" };
        let rest = format!(r#""mode":"{mode}","type":"{kind}","name":"{name}"{index},"provider_name":"{PROVIDER}""#);
        format!(r#"{{"address":{address},{rest}"#)
    }

    /// What is written of it in that part of a plan; `None` if it is not there.
    pub(crate) fn entry(&self, part: Part) -> Option<String> {
        match part {
            Part::PlannedValues => self.planned(),
            Part::ResourceChanges => self.change(),
            Part::PriorState => self.prior(),
        }
    }

    fn planned(&self) -> Option<String> {
        let is_there = if self.template.is_data { self.is_deferred } else { self.change != Change::Delete };
        is_there.then(|| {
            let (head, values, sensitive) = (self.head(), self.values(Moment::After), self.sensitive());
            format!(r#"{head},"schema_version":0,"values":{values},"sensitive_values":{sensitive}}}"#)
        })
    }

    fn prior(&self) -> Option<String> {
        let is_there = if self.template.is_data { !self.is_deferred } else { self.change != Change::Create };
        is_there.then(|| {
            let (head, values, sensitive) = (self.head(), self.values(Moment::Before), self.sensitive());
            format!(r#"{head},"schema_version":0,"values":{values},"sensitive_values":{sensitive}}}"#)
        })
    }

    fn change(&self) -> Option<String> {
        let actions = match self.change {
            Change::NoOp if self.template.is_data && !self.is_deferred => return None,
            Change::NoOp if self.template.is_data => r#"["read"]"#,
            Change::NoOp => r#"["no-op"]"#,
            Change::Create => r#"["create"]"#,
            Change::Update => r#"["update"]"#,
            Change::Replace => r#"["delete","create"]"#,
            Change::Delete => r#"["delete"]"#,
        };
        let head = self.head();
        let is_new = self.change == Change::Create || self.template.is_data;
        let (before, before_sensitive) = if is_new {
            ("null".to_owned(), "false".to_owned())
        } else {
            (self.values(Moment::Before), self.sensitive())
        };
        let (after, after_sensitive) = match self.change {
            Change::Delete => ("null".to_owned(), "false".to_owned()),
            _ => (self.values(Moment::After), self.sensitive()),
        };
        let mut unknown = String::new();
        match self.change {
            Change::NoOp | Change::Delete if !self.is_deferred => unknown.push_str("{}"),
            _ => self.template.unknown(&self.view(Moment::After), &mut unknown),
        }
        let paths = self.template.replace_paths.as_deref().filter(|_| self.change == Change::Replace);
        let paths = paths.map_or_else(String::new, |paths| format!(",\"replace_paths\":{paths}"));
        let reason = match self.change {
            Change::Replace => ",\"action_reason\":\"replace_because_cannot_update\"",
            Change::Delete => ",\"action_reason\":\"delete_because_no_resource_config\"",
            _ => "",
        };
        Some(format!(
            r#"{head},"change":{{"actions":{actions},"before":{before},"after":{after},"after_unknown":{unknown},"before_sensitive":{before_sensitive},"after_sensitive":{after_sensitive}{paths}}}{reason}}}"#,
        ))
    }

    /// Its block in `configuration`.
    pub(crate) fn configuration(&self) -> String {
        let Template { kind, name, is_data, .. } = self.template;
        let mut expressions = String::new();
        self.template.expressions(&self.view(Moment::After), &mut expressions);
        let repetition = match self.template.repetition {
            Repetition::Once => String::new(),
            Repetition::Count(count) => format!(",\"count_expression\":{{\"constant_value\":{count}}}"),
            Repetition::ForEach(_) => ",\"for_each_expression\":{\"references\":[\"var.parameters\"]}".to_owned(),
        };
        let (address, mode) = (self.template.block_address(), if *is_data { "data" } else { "managed" });
        format!(
            r#"{{"address":"{address}","mode":"{mode}","type":"{kind}","name":"{name}","provider_config_key":"aws","expressions":{expressions},"schema_version":0{repetition}}}"#,
        )
    }
}
