//! `meta`: what is told of the subject beside its attributes.

use std::sync::Arc;

use super::{Operation, Scope, Subject};
use crate::expr::Fault;
use crate::expr::eval::Evaluated;
use crate::policy::names::STACK;
use crate::policy::{Target, meta_of};
use crate::source::Span;
use crate::terraform::address::Key;
use crate::terraform::plan;
use crate::value::{Value, json};
use crate::workspace::Resource;

impl Scope<'_, '_, '_> {
    // A test may say what it likes of a stack.
    pub(super) fn stack(&self, fact: &str, span: Span) -> Evaluated {
        let stack = self.meta("tfe_stack", span)?;
        let said = match stack.unmark().0 {
            Value::Object(facts) => facts.get(fact).cloned(),
            _ => None,
        };
        Ok(said.unwrap_or_else(|| Value::string("")))
    }

    pub(super) fn all_meta(&self, span: Span) -> Evaluated {
        let target = match self.subject {
            Subject::Object(..) => Target::Resource,
            Subject::Part(part) => Target::of(part.kind),
        };
        let entries = meta_of(target).map(|name| Ok((Arc::from(name), self.meta(name, span)?)));
        entries.collect::<Result<_, Box<Fault>>>().map(Value::object)
    }

    pub(super) fn meta(&self, name: &str, span: Span) -> Evaluated {
        let text = |text: Option<&str>| text.map_or(Value::Null, Value::string);
        // A mock may say what it likes of itself, but not how it is judged.
        let said = match self.subject {
            Subject::Part(part) => part.meta.get(name),
            Subject::Object(..) => self.resource().filter(|_| name != "operation").and_then(|object| object.said(name)),
        };
        if let Some(said) = said {
            return Ok(said.clone());
        }
        match name {
            "environment" => return Ok(text(self.judge.environment)),
            "target" => return Ok(text(self.workspace().run.target.as_deref())),
            "tfe_workspace" => return Ok(Value::object(vec![(Arc::from("tags"), Value::object(Vec::new()))])),
            "tfe_stack" => return Ok(Value::object(STACK.map(|fact| (Arc::from(fact), Value::string(""))).to_vec())),
            "working_directory" => return Ok(text(self.workspace().run.working_directory.as_deref())),
            _ => {}
        }
        let (id, operation) = match self.subject {
            Subject::Object(id, operation) => (id, operation),
            Subject::Part(part) => {
                return Err(Fault::new(span, format!("{} has no meta.{name}", part.address)));
            }
        };
        let object = self.resource().ok_or_else(|| Fault::new(span, "there is no object"))?;
        Ok(match name {
            "type" => Value::String(object.kind.clone()),
            "operation" => Value::string(operation.as_str()),
            "module_path" => module_path(object),
            "provider_type" => Value::string(provider_type(object, self.workspace().provider(object))),
            "address" => Value::string(&object.address),
            "name" => object.parsed_address().map_or(Value::Null, |address| Value::String(address.name)),
            "key" => match object.parsed_address().and_then(|address| address.key) {
                Some(Key::Int(index)) => Value::Number(index.into()),
                Some(Key::Str(key)) => Value::String(key),
                Some(Key::Any) => Value::unknown("which instances there are is not known"),
                None => Value::Null,
            },
            "actions" => Value::list(object.action.names().iter().map(|name| Value::string(name)).collect()),
            "action_reason" => text(object.action_reason()),
            "replace_paths" => replace_paths(object.replace_paths()),
            "importing" => Value::Bool(object.importing),
            "forget" => {
                let forgets = matches!(object.action, plan::Action::Forget | plan::Action::CreateForget);
                Value::Bool(forgets && operation == Operation::Delete)
            }
            "previous_address" => text(object.previous_address()),
            "lifecycle" => self
                .workspace()
                .lifecycle(id)
                .unwrap_or_else(|| Value::unknown("lifecycle is in the source only, and no source is at hand")),
            other => return Err(Fault::new(span, format!("a resource has no meta.{other}"))),
        })
    }
}

fn module_path(object: &Resource<'_>) -> Value {
    let path = object.parsed_address().map(|address| address.module.to_string()).unwrap_or_default();
    Value::string(if path.is_empty() { "." } else { &path })
}

fn provider_type<'r>(object: &'r Resource<'_>, provider: &'r str) -> &'r str {
    let last = provider.rsplit('/').next().unwrap_or_default().trim_end_matches(['"', ']']);
    let last = last.strip_prefix("provider.").unwrap_or(last);
    if last.is_empty() { object.kind.split('_').next().unwrap_or_default() } else { last }
}

// Steps only: an element of a set is written as its whole value, which may be a secret.
fn replace_paths(text: Option<&str>) -> Value {
    let Some(Value::List(paths)) = text.and_then(|text| json::open(text).ok()) else { return Value::list(Vec::new()) };
    let step = |step: &Value| match step {
        Value::String(_) | Value::Number(_) => step.clone(),
        _ => Value::string("*"),
    };
    let paths = paths.iter().map(|path| Value::list(path.as_list().unwrap_or_default().iter().map(step).collect()));
    Value::list(paths.collect())
}
