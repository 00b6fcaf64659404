//! The values of a test file: its expressions, computed.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::inputs;
use super::parse::{Given, Kind, Mock, TestFile, name};
use super::reader::{Named, Written, WrittenMock};
use super::scope::{Scope, Table, input};
use crate::expr::{Expr, Fault};
use crate::instant::Instant;
use crate::policy::scope::Operation;
use crate::policy::{self, Input, did_you_mean};
use crate::source::Span;
use crate::terraform::plan::Action;
use crate::value::{Object, Value};
use crate::workspace::parts::{PartKind, usual_facts};

const OPERATIONS: [&str; 4] = ["create", "update", "delete", "no-op"];

/// Computes what is written. `inputs` are those of the policies, with the values that they have without this test.
pub(super) fn compute(
    written: &Written,
    table: &Table,
    inputs: &[Input],
    now: Option<Instant>,
    faults: &mut Vec<Fault>,
) -> TestFile {
    let scope = |given: &[Given]| Scope::new(table, known(written, inputs::settled(inputs, given)), now);
    let mut values = Values { scope: scope(&[]), faults };
    let given = values.given(&written.inputs);
    values.scope = scope(&given);
    for local in &written.locals {
        let value = values.scope.eval_as(&format!("local.{}", local.name), &local.value);
        values.faults.extend(value.err().map(|fault| *fault));
    }
    let mut mocks = Vec::with_capacity(written.mocks.len());
    for mock in &written.mocks {
        // Only for a mock with inputs of its own `input.x` is something else.
        let own = values.given(&mock.inputs);
        if own.is_empty() || !table.reads_inputs() {
            mocks.push(values.mock(mock, own));
            continue;
        }
        let all: Vec<Given> = given.iter().chain(&own).cloned().collect();
        mocks.push(Values { scope: scope(&all), faults: values.faults }.mock(mock, own));
    }
    let mut called = FxHashSet::default();
    for mock in &mut mocks {
        if !called.insert(mock.name.clone()) {
            mock.name = format!("{} ({})", mock.name, mock.of);
        }
    }
    TestFile { targets: written.targets.clone(), inputs: given, mocks, faults: Vec::new() }
}

// What names stand for; of one name the first one counts. A mock stands for its attributes.
fn known(written: &Written, inputs: Vec<(Arc<str>, Expr)>) -> Vec<(String, Option<Expr>)> {
    let locals = written.locals.iter().map(|local| (format!("local.{}", local.name), Some(local.value.clone())));
    let mocks = written.mocks.iter().map(|mock| {
        let attrs = mock.expr("attrs").or_else(|| mock.expr("prior_attrs"));
        (name(mock.kind, &mock.of, &mock.label), attrs.cloned())
    });
    let inputs = inputs.into_iter().map(|(name, value)| (input(&name), Some(value)));
    inputs.chain(locals).chain(mocks).collect()
}

struct Values<'v> {
    scope: Scope<'v>,
    faults: &'v mut Vec<Fault>,
}

impl Values<'_> {
    fn fault(&mut self, span: Span, message: impl Into<String>) {
        self.faults.push(*Fault::new(span, message));
    }

    fn given(&mut self, inputs: &[Named]) -> Vec<Given> {
        let mut given = Vec::new();
        for input in inputs {
            match self.scope.eval(&input.value) {
                Ok(value) => given.push(Given { name: input.name.clone(), value, span: input.span }),
                Err(fault) => self.faults.push(*fault),
            }
        }
        given
    }

    fn mock(&mut self, mock: &WrittenMock, inputs: Vec<Given>) -> Mock {
        let before = self.faults.len();
        let attrs = self.object(mock, "attrs");
        let prior_attrs = self.object(mock, "prior_attrs");
        let meta = self.object(mock, "meta").unwrap_or_default();
        self.check_meta(mock, &meta);
        self.check_facts(mock, attrs.as_deref());
        let (expect_failure, skip) = (self.flag(mock, "expect_failure"), self.flag(mock, "skip"));
        Mock {
            kind: mock.kind,
            of: mock.of.clone(),
            label: mock.label.clone(),
            attrs,
            prior_attrs,
            meta,
            expect_failure,
            skip,
            inputs,
            span: mock.span,
            extent: mock.extent,
            broken: self.faults.len() > before,
            name: name(mock.kind, &mock.of, &mock.label),
        }
    }

    fn object(&mut self, mock: &WrittenMock, attribute: &str) -> Option<Arc<Object>> {
        let expr = mock.expr(attribute)?;
        let named = name(mock.kind, &mock.of, &mock.label);
        // Only what others see of the mock can refer back to it.
        let value = if attribute == "attrs" { self.scope.eval_attributes(&named, expr) } else { self.scope.eval(expr) };
        let value = value.map(Value::untyped);
        match value.as_ref().map(Value::unmark) {
            Ok((Value::Object(object), false)) => return Some(object.shared().clone()),
            Ok((Value::Object(object), true)) => {
                return Some(Arc::new(object.map(|_, value| value.clone().mark(true))));
            }
            Ok((Value::Null, _)) => {}
            Ok((other, _)) => self.fault(expr.span, format!("{attribute} is an object, not a {}", other.type_name())),
            Err(fault) => self.faults.push((**fault).clone()),
        }
        None
    }

    fn flag(&mut self, mock: &WrittenMock, attribute: &str) -> bool {
        let Some(expr) = mock.expr(attribute) else { return false };
        match self.scope.eval(expr) {
            Ok(Value::Bool(flag)) => return flag,
            Ok(other) => self.fault(expr.span, format!("{attribute} is true or false, not a {}", other.type_name())),
            Err(fault) => self.faults.push(*fault),
        }
        false
    }

    fn check_meta(&mut self, mock: &WrittenMock, meta: &Object) {
        let Some(expr) = mock.expr("meta") else { return };
        let allowed = || policy::meta_of(mock.kind.target());
        for (name, _) in meta.iter().filter(|(name, _)| !allowed().any(|known| *known == ***name)) {
            let hint = did_you_mean("", name, allowed());
            self.fault(expr.span, format!("meta of a {} has no \"{name}\"{hint}", mock.kind.in_words()));
        }
        let operation = meta.get("operation").filter(|_| mock.kind == Kind::Resource);
        if operation.is_some_and(|operation| operation.as_str().is_none_or(|word| !OPERATIONS.contains(&word))) {
            self.fault(expr.span, "meta.operation is \"create\", \"update\", \"delete\" or \"no-op\"");
            return;
        }
        if let Some(actions) = meta.get("actions").filter(|_| mock.kind == Kind::Resource) {
            self.check_actions(expr.span, actions, operation.and_then(Value::as_str));
        }
    }

    // A fact that no run tells would decide nothing outside of the test.
    fn check_facts(&mut self, mock: &WrittenMock, attrs: Option<&Object>) {
        let kind = PartKind::of_subject(&mock.of).filter(|_| mock.kind == Kind::Workspace);
        let (Some(kind), Some(attrs), Some(expr)) = (kind, attrs, mock.expr("attrs")) else { return };
        let facts = usual_facts(kind);
        let known = || facts.iter().map(|(name, _)| &**name);
        for (name, _) in attrs.iter().filter(|(name, _)| !known().any(|known| *known == ***name)) {
            let hint = did_you_mean("", name, known());
            self.fault(expr.span, format!("attrs of a {} has no \"{name}\"{hint}", mock.of));
        }
    }

    // A mock whose operation is no part of what happens to it would never be judged.
    fn check_actions(&mut self, span: Span, actions: &Value, operation: Option<&str>) {
        let names: Vec<&str> = actions.as_list().unwrap_or_default().iter().filter_map(Value::as_str).collect();
        let Some(action) = Action::from_names(&names) else {
            return self.fault(span, "meta.actions is a list as in a plan, such as [\"delete\", \"create\"]");
        };
        let halves: Vec<&str> = Operation::of(action).iter().map(|half| half.as_str()).collect();
        if let Some(operation) = operation.filter(|operation| !halves.contains(operation)) {
            self.fault(span, format!("meta.actions is no {operation}: it is judged as {}", halves.join(" and ")));
        }
    }
}
