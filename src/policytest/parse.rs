//! From the text of a `*.policytest.hcl` to mocks with values, with every fault in the file.

use std::sync::Arc;

use hcl_edit::expr::Expression;
use hcl_edit::structure::{Attribute, Block, Body, Structure};

use super::scope::{Scope, Table};
use crate::expr::compile::Compiler;
use crate::expr::functions::nearest;
use crate::expr::{Expr, Fault};
use crate::instant::Instant;
use crate::policy::scope::Operation;
use crate::source::{FileId, SourceMap, Span, hcl};
use crate::terraform::plan::Action;
use crate::value::{Object, Value};

/// A `*.policytest.hcl` file.
#[derive(Debug)]
pub struct TestFile {
    /// The policies that it tests, as written; `None`: those of its own directory.
    pub targets: Option<Vec<Target>>,
    /// `inputs {}` of the file.
    pub inputs: Vec<Given>,
    /// The mocks, in their order.
    pub mocks: Vec<Mock>,
    /// What is wrong, in source order. A mock with a fault of its own is not among the mocks.
    pub faults: Vec<Fault>,
}

/// A file or directory with policies.
#[derive(Clone, Debug)]
pub struct Target {
    /// As written: relative to the directory of the test file.
    pub path: String,
    /// Where.
    pub span: Span,
}

/// A value for an input.
#[derive(Clone, Debug)]
pub struct Given {
    /// The input's name.
    pub name: Arc<str>,
    /// Its value.
    pub value: Value,
    /// Where it is given.
    pub span: Span,
}

/// What a mock stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `resource "TYPE" "label"`
    Resource,
    /// `data "TYPE" "label"`: never judged.
    Data,
    /// `module "SOURCE" "label"`
    Module,
    /// `provider "TYPE" "label"`
    Provider,
}

/// A mock with its values.
#[derive(Clone, Debug)]
pub struct Mock {
    /// What it stands for.
    pub kind: Kind,
    /// The first label: a type or source.
    pub of: String,
    /// The second label.
    pub label: String,
    /// Values after the change.
    pub attrs: Option<Arc<Object>>,
    /// Values before the change.
    pub prior_attrs: Option<Arc<Object>>,
    /// What it says of itself.
    pub meta: Arc<Object>,
    /// Whether a policy must fail on it.
    pub expect_failure: bool,
    /// Whether it is only there to be seen by others.
    pub skip: bool,
    /// `inputs {}` of the mock.
    pub inputs: Vec<Given>,
    /// Where its header stands.
    pub span: Span,
    /// The whole block.
    extent: Span,
    /// Whether some part of it has no value.
    broken: bool,
}

impl Kind {
    /// The name of its block.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Resource => "resource",
            Self::Data => "data",
            Self::Module => "module",
            Self::Provider => "provider",
        }
    }

    const fn in_words(self) -> &'static str {
        match self {
            Self::Data => "data source",
            other => other.as_str(),
        }
    }

    const fn first_label(self) -> &'static str {
        match self {
            Self::Resource | Self::Data => "a type",
            Self::Module => "the module's source",
            Self::Provider => "the provider's type",
        }
    }

    const fn attributes(self) -> &'static [&'static str] {
        match self {
            Self::Resource => &["attrs", "prior_attrs", "meta", "expect_failure", "skip"],
            Self::Data => &["attrs", "meta", "skip"],
            Self::Module | Self::Provider => &["attrs", "meta", "expect_failure", "skip"],
        }
    }

    const fn meta(self) -> &'static [&'static str] {
        match self {
            Self::Resource | Self::Data => &RESOURCE_META,
            Self::Module => &["address", "source", "version", "tfe_workspace", "tfe_stack"],
            Self::Provider => {
                &["name", "type", "alias", "source", "namespace", "version", "tfe_workspace", "tfe_stack"]
            }
        }
    }
}

const RESOURCE_META: [&str; 19] = [
    "type",
    "operation",
    "module_path",
    "provider_type",
    "tfe_workspace",
    "tfe_stack",
    "address",
    "name",
    "key",
    "actions",
    "action_reason",
    "replace_paths",
    "importing",
    "forget",
    "previous_address",
    "environment",
    "lifecycle",
    "target",
    "working_directory",
];
const OPERATIONS: [&str; 4] = ["create", "update", "delete", "no-op"];
const BLOCKS: [&str; 7] = ["policytest", "inputs", "locals", "resource", "data", "module", "provider"];

impl Mock {
    /// The name by which other mocks and reports call it.
    #[must_use]
    pub fn name(&self) -> String {
        name(self.kind, &self.of, &self.label)
    }

    fn holds(&self, span: Span) -> bool {
        self.extent.start <= span.start && span.end <= self.extent.end
    }

    /// The text under a name of `meta`.
    pub(super) fn said(&self, name: &str) -> Option<&str> {
        self.meta.get(name).and_then(Value::as_str)
    }
}

fn name(kind: Kind, of: &str, label: &str) -> String {
    match kind {
        Kind::Resource => format!("{of}.{label}"),
        Kind::Data => format!("data.{of}.{label}"),
        Kind::Module => format!("module.{label}"),
        Kind::Provider => format!("provider.{of}.{label}"),
    }
}

/// Parses a test file and computes its mocks. `file` is that of `text` in `sources`, `now` what its functions see of the
/// clock.
#[must_use]
pub fn parse(file: FileId, text: &str, sources: &SourceMap, now: Option<Instant>) -> TestFile {
    let mut table = Table::default();
    let mut reader = Reader { file, sources, faults: Vec::new(), compiler: Compiler::new(file, text, &mut table) };
    let written = match hcl::parse(text) {
        Ok(body) => reader.body(&body),
        Err(error) => {
            let span = hcl::span_of(file, Some(error.offset..error.offset));
            reader.fault(span, error.message);
            Written::default()
        }
    };
    let mut faults = reader.faults;
    faults.extend(reader.compiler.finish().0);
    let mut parsed = compute(written, &table, now, &mut faults);
    faults.sort_by(|left, right| (left.span, &left.message).cmp(&(right.span, &right.message)));
    faults.dedup();
    // What a fault stands in was made null; judged, it would say something else than what is written.
    parsed.mocks.retain(|mock| !mock.broken && !faults.iter().any(|fault| mock.holds(fault.span)));
    parsed.faults = faults;
    parsed
}

/// A file as it is written: with expressions in place of values.
#[derive(Debug, Default)]
struct Written {
    targets: Option<Vec<Target>>,
    inputs: Vec<Named>,
    locals: Vec<Named>,
    mocks: Vec<WrittenMock>,
}

#[derive(Debug)]
struct Named {
    name: Arc<str>,
    value: Expr,
    span: Span,
}

#[derive(Debug)]
struct WrittenMock {
    kind: Kind,
    of: String,
    label: String,
    /// By name, as in the block.
    attributes: Vec<Named>,
    inputs: Vec<Named>,
    span: Span,
    extent: Span,
}

impl WrittenMock {
    fn expr(&self, name: &str) -> Option<&Expr> {
        self.attributes.iter().find(|attribute| *attribute.name == *name).map(|attribute| &attribute.value)
    }
}

struct Reader<'r> {
    file: FileId,
    sources: &'r SourceMap,
    faults: Vec<Fault>,
    compiler: Compiler<'r>,
}

impl Reader<'_> {
    fn span(&self, node: &impl hcl_edit::Span) -> Span {
        hcl::span_of(self.file, node.span())
    }

    fn fault(&mut self, span: Span, message: impl Into<String>) {
        self.faults.push(*Fault::new(span, message));
    }

    fn body(&mut self, body: &Body) -> Written {
        let mut written = Written::default();
        let mut settings: Option<Span> = None;
        for structure in body {
            let block = match structure {
                Structure::Attribute(attribute) => {
                    let span = self.span(attribute);
                    self.fault(span, format!("\"{}\" stands outside of any block", attribute.key.as_str()));
                    continue;
                }
                Structure::Block(block) => block,
            };
            let span = hcl::header_span(self.file, block);
            match (block.ident.as_str(), block.labels.as_slice()) {
                ("policytest", []) => {
                    if let Some(first) = settings.replace(span) {
                        self.twice(span, "the block policytest", first);
                    }
                    written.targets = self.settings(&block.body);
                }
                ("inputs", []) => self.values(&block.body, "input", &mut written.inputs),
                ("locals", []) => self.values(&block.body, "local", &mut written.locals),
                (name @ ("policytest" | "inputs" | "locals"), _) => {
                    self.fault(span, format!("the block {name} has no labels"));
                }
                (name, _) => match Kind::of(name) {
                    Some(kind) => written.mocks.extend(self.mock(kind, block)),
                    None => {
                        let hint = hint(nearest(name, BLOCKS.into_iter()));
                        self.fault(span, format!("there is no block \"{name}\" in a test file{hint}"));
                    }
                },
            }
        }
        self.duplicates(&written.mocks);
        written
    }

    fn twice(&mut self, span: Span, what: &str, first: Span) {
        let line = self.sources.start(first).line;
        self.fault(span, format!("{what} is declared twice; first in line {line}"));
    }

    fn duplicates(&mut self, mocks: &[WrittenMock]) {
        let named = |mock: &WrittenMock| name(mock.kind, &mock.of, &mock.label);
        for (at, mock) in mocks.iter().enumerate() {
            if let Some(first) = mocks.iter().take(at).find(|first| named(first) == named(mock)) {
                self.twice(mock.span, &named(mock), first.span);
            }
        }
    }

    fn settings(&mut self, body: &Body) -> Option<Vec<Target>> {
        self.known(body, &["targets"], &[], "the block policytest");
        let attribute = body.get_attribute("targets")?;
        let Expression::Array(items) = &attribute.value else {
            let span = self.span(attribute);
            self.fault(span, "targets is a list of paths, as in [\"x.policy.hcl\", \"dir/\"]");
            return None;
        };
        let mut targets = Vec::new();
        for item in items {
            let span = self.span(item);
            match item {
                Expression::String(path) => targets.push(Target { path: path.as_str().to_owned(), span }),
                _ => self.fault(span, "a target is a path, as in \"x.policy.hcl\""),
            }
        }
        Some(targets)
    }

    fn values(&mut self, body: &Body, what: &str, values: &mut Vec<Named>) {
        for structure in body {
            match structure {
                Structure::Attribute(attribute) => {
                    let value = self.named(attribute);
                    if let Some(first) = values.iter().find(|first| first.name == value.name) {
                        self.twice(value.span, &format!("the {what} \"{}\"", value.name), first.span);
                    }
                    values.push(value);
                }
                Structure::Block(block) => {
                    let span = hcl::header_span(self.file, block);
                    self.fault(span, format!("{what}s are written as name = value, not as blocks"));
                }
            }
        }
    }

    fn named(&mut self, attribute: &Attribute) -> Named {
        let value = self.compiler.compile(&attribute.value);
        Named { name: Arc::from(attribute.key.as_str()), value, span: self.span(attribute) }
    }

    fn mock(&mut self, kind: Kind, block: &Block) -> Option<WrittenMock> {
        let span = hcl::header_span(self.file, block);
        let [of, label] = block.labels.as_slice() else {
            self.fault(
                span,
                format!("a mock of a {} has two labels: {} and a name", kind.in_words(), kind.first_label()),
            );
            return None;
        };
        let blocks: &[&str] = if kind == Kind::Data { &[] } else { &["inputs"] };
        self.known(&block.body, kind.attributes(), blocks, &format!("a mock of a {}", kind.in_words()));
        let mut inputs = Vec::new();
        for block in block.body.get_blocks("inputs") {
            self.values(&block.body, "input", &mut inputs);
        }
        let attributes: Vec<Named> = block.body.attributes().map(|attribute| self.named(attribute)).collect();
        let has = |name: &str| attributes.iter().any(|attribute| *attribute.name == *name);
        if kind == Kind::Resource && !has("attrs") && !has("prior_attrs") {
            self.fault(span, "a mock of a resource needs attrs, prior_attrs or both");
        }
        Some(WrittenMock {
            kind,
            of: of.as_str().to_owned(),
            label: label.as_str().to_owned(),
            attributes,
            inputs,
            span,
            extent: self.span(block),
        })
    }

    /// Reports what a body holds beyond the known, with what was meant perhaps.
    fn known(&mut self, body: &Body, attributes: &[&str], blocks: &[&str], what: &str) {
        let mut seen: Vec<(&str, Span)> = Vec::new();
        for structure in body {
            let (name, span, known) = match structure {
                Structure::Attribute(attribute) => (attribute.key.as_str(), self.span(attribute), attributes),
                Structure::Block(block) => (block.ident.as_str(), hcl::header_span(self.file, block), blocks),
            };
            if !known.contains(&name) {
                let hint = hint(nearest(name, attributes.iter().chain(blocks).copied()));
                self.fault(span, format!("{what} has no \"{name}\"{hint}"));
            } else if let Some((_, first)) = seen.iter().find(|(known, _)| *known == name) {
                let first = *first;
                self.twice(span, &format!("\"{name}\""), first);
            }
            seen.push((name, span));
        }
    }
}

impl Kind {
    fn of(block: &str) -> Option<Self> {
        [Self::Resource, Self::Data, Self::Module, Self::Provider].into_iter().find(|kind| kind.as_str() == block)
    }
}

fn hint(near: Option<&str>) -> String {
    near.map_or_else(String::new, |near| format!("; did you mean {near}?"))
}

/// From expressions to values.
fn compute(written: Written, table: &Table, now: Option<Instant>, faults: &mut Vec<Fault>) -> TestFile {
    let known: Vec<(String, Option<Expr>)> = known(&written);
    let scope = Scope::new(table, &known, now);
    for local in &written.locals {
        faults.extend(scope.eval_as(&format!("local.{}", local.name), &local.value).err().map(|fault| *fault));
    }
    let mut values = Values { scope, faults };
    let inputs = values.given(&written.inputs);
    let mocks = written.mocks.iter().map(|mock| values.mock(mock)).collect();
    TestFile { targets: written.targets, inputs, mocks, faults: Vec::new() }
}

// A mock stands for its attributes.
fn known(written: &Written) -> Vec<(String, Option<Expr>)> {
    let locals = written.locals.iter().map(|local| (format!("local.{}", local.name), Some(local.value.clone())));
    let mocks = written.mocks.iter().map(|mock| {
        let attrs = mock.expr("attrs").or_else(|| mock.expr("prior_attrs"));
        (name(mock.kind, &mock.of, &mock.label), attrs.cloned())
    });
    locals.chain(mocks).collect()
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

    fn mock(&mut self, mock: &WrittenMock) -> Mock {
        let before = self.faults.len();
        let attrs = self.object(mock, "attrs");
        let prior_attrs = self.object(mock, "prior_attrs");
        let meta = self.object(mock, "meta").unwrap_or_default();
        self.check_meta(mock, &meta);
        let (expect_failure, skip) = (self.flag(mock, "expect_failure"), self.flag(mock, "skip"));
        let inputs = self.given(&mock.inputs);
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
        }
    }

    fn object(&mut self, mock: &WrittenMock, attribute: &str) -> Option<Arc<Object>> {
        let expr = mock.expr(attribute)?;
        let named = name(mock.kind, &mock.of, &mock.label);
        // Only what others see of the mock can refer back to it.
        let value = if attribute == "attrs" { self.scope.eval_as(&named, expr) } else { self.scope.eval(expr) };
        match value {
            Ok(Value::Object(object)) => return Some(object),
            Ok(Value::Null) => {}
            Ok(other) => self.fault(expr.span, format!("{attribute} is an object, not a {}", other.type_name())),
            Err(fault) => self.faults.push(*fault),
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
        let allowed = mock.kind.meta();
        for (name, _) in meta.iter().filter(|(name, _)| !allowed.contains(&&***name)) {
            let hint = hint(nearest(name, allowed.iter().copied()));
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
