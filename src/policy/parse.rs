//! From the text of a policy file to compiled policies, with every error in the file (`spec/policy-language.md` 2, 3, 6).

use std::sync::Arc;

use hcl_edit::expr::Expression;
use hcl_edit::structure::{Attribute, Block, Body, Structure};
use rustc_hash::{FxHashMap, FxHashSet};

use super::names::{Used, Visible};
use super::{About, Enforce, Environments, Example, Input, Local, Name, Operations, Policy, PolicyFile};
use crate::expr::compile::Compiler;
use crate::expr::eval::constant_path;
use crate::expr::functions::nearest;
use crate::expr::{Expr, Fault};
use crate::finding::{Remedy, Severity};
use crate::source::{FileId, Span, hcl};
use crate::terraform::config::load;
use crate::value::{Path, Value};

/// A file with what is wrong in it. Policies without a fault of their own can be run all the same.
#[derive(Debug)]
pub struct Parsed {
    /// What could be read.
    pub file: PolicyFile,
    /// What is wrong, in source order.
    pub faults: Vec<Fault>,
}

/// Parses and compiles a policy file. `category` is what policies that do not say theirs belong to.
#[must_use]
pub fn parse(path: &str, file: FileId, text: &str, category: &str) -> Parsed {
    let mut reader = Reader {
        file,
        text,
        faults: Vec::new(),
        names: Vec::new(),
        inputs: Vec::new(),
        input_names: Vec::new(),
        locals: Vec::new(),
        top_level_locals: 0,
        uses: Vec::new(),
        mentioned: FxHashSet::default(),
    };
    let mut policies = Vec::new();
    match hcl::parse(text) {
        Ok(body) => policies = reader.body(&body, category),
        Err(error) => {
            let span = hcl::span_of(file, Some(error.offset..error.offset));
            reader.faults.push(Fault { span, message: error.message });
        }
    }
    let mut faults = reader.faults;
    faults.sort_by_key(|fault| fault.span);
    let file = PolicyFile {
        path: Arc::from(path),
        inputs: reader.inputs,
        locals: reader.locals,
        top_level_locals: reader.top_level_locals,
        policies,
        names: reader.names,
        mentioned: reader.mentioned,
    };
    Parsed { file, faults }
}

struct Reader<'t> {
    file: FileId,
    text: &'t str,
    faults: Vec<Fault>,
    names: Vec<Name>,
    inputs: Vec<Input>,
    input_names: Vec<Arc<str>>,
    locals: Vec<Local>,
    top_level_locals: usize,
    uses: Vec<Used>,
    mentioned: FxHashSet<Arc<str>>,
}

const POLICY_ATTRIBUTES: [&str; 11] = [
    "enforcement_level",
    "filter",
    "operations",
    "title",
    "category",
    "severity",
    "aliases",
    "references",
    "scope",
    "pedantic",
    "description",
];
const POLICY_BLOCKS: [&str; 6] = ["locals", "enforce", "docs", "option", "pass", "fail"];
const TOP_LEVEL: [&str; 6] = ["policy", "input", "locals", "resource_policy", "module_policy", "provider_policy"];

impl Reader<'_> {
    fn span(&self, node: &impl hcl_edit::Span) -> Span {
        hcl::span_of(self.file, node.span())
    }

    fn fault(&mut self, span: Span, message: impl Into<String>) {
        self.faults.push(Fault { span, message: message.into() });
    }

    fn body(&mut self, body: &Body, category: &str) -> Vec<Policy> {
        for attribute in body.attributes() {
            let span = self.span(attribute);
            self.fault(span, format!("\"{}\" stands outside of any block", attribute.key.as_str()));
        }
        for block in body.blocks().filter(|block| !TOP_LEVEL.contains(&block.ident.as_str())) {
            let span = hcl::header_span(self.file, block);
            let name = block.ident.as_str();
            if name == "workspace_policy" {
                continue;
            }
            let hint =
                nearest(name, TOP_LEVEL.into_iter()).map_or_else(String::new, |near| format!("; did you mean {near}?"));
            self.fault(span, format!("there is no block \"{name}\"{hint}"));
        }
        for block in body.get_blocks("input") {
            self.input(block);
        }
        let outer = self.declare(body.get_blocks("locals"), &[]);
        self.compile_locals(body.get_blocks("locals"), &outer, &outer);
        self.top_level_locals = self.locals.len();
        let mut policies: Vec<Policy> = Vec::new();
        for block in body.get_blocks("resource_policy") {
            policies.extend(self.policy(block, category, &outer, &policies));
        }
        self.check_locals();
        policies
    }

    fn input(&mut self, block: &Block) {
        let span = hcl::header_span(self.file, block);
        let [label] = block.labels.as_slice() else {
            return self.fault(span, "an input has one label, its name");
        };
        let name: Arc<str> = Arc::from(label.as_str());
        if self.input_names.contains(&name) {
            return self.fault(span, format!("the input \"{name}\" is declared twice"));
        }
        self.known(&block.body, &["type", "default", "description", "sensitive", "nullable"], &[], "an input");
        let default = block.body.get_attribute("default").map(|attribute| self.constant(&attribute.value));
        self.input_names.push(name.clone());
        self.inputs.push(Input { name, default, span });
    }

    /// Gives the locals of some blocks their numbers.
    fn declare<'b>(
        &mut self,
        blocks: impl Iterator<Item = &'b Block>,
        outer: &[(Arc<str>, usize)],
    ) -> Vec<(Arc<str>, usize)> {
        let mut visible = outer.to_vec();
        let start = visible.len();
        for attribute in blocks.flat_map(|block| block.body.attributes()) {
            let name: Arc<str> = Arc::from(attribute.key.as_str());
            let span = self.span(attribute);
            if visible.iter().skip(start).any(|(known, _)| *known == name) {
                self.fault(span, format!("the local \"{name}\" is declared twice"));
                continue;
            }
            visible.push((name.clone(), self.locals.len()));
            let value = Expr { kind: crate::expr::Kind::Literal(Value::Null), span };
            self.locals.push(Local { name, value, is_per_object: false });
            self.uses.push(Used::default());
        }
        visible
    }

    fn compile_locals<'b>(
        &mut self,
        blocks: impl Iterator<Item = &'b Block>,
        visible: &[(Arc<str>, usize)],
        own: &[(Arc<str>, usize)],
    ) {
        for attribute in blocks.flat_map(|block| block.body.attributes()) {
            let number =
                own.iter().rev().find(|(name, _)| **name == *attribute.key.as_str()).map(|(_, number)| *number);
            let (expr, used) = self.expression(&attribute.value, visible, true);
            if let Some(number) = number {
                if let Some(local) = self.locals.get_mut(number) {
                    local.value = expr;
                }
                if let Some(slot) = self.uses.get_mut(number) {
                    *slot = used;
                }
            }
        }
    }

    fn expression(&mut self, expression: &Expression, locals: &[(Arc<str>, usize)], objects: bool) -> (Expr, Used) {
        let mut visible = Visible {
            table: &mut self.names,
            inputs: &self.input_names,
            locals: locals.to_vec(),
            objects,
            used: Used::default(),
        };
        let mut compiler = Compiler::new(self.file, self.text, &mut visible);
        let expr = compiler.compile(expression);
        let (faults, mentioned) = compiler.finish();
        let used = visible.used;
        self.faults.extend(faults);
        self.mentioned.extend(mentioned);
        (expr, used)
    }

    /// A value that says everything itself.
    fn constant(&mut self, expression: &Expression) -> Value {
        let (expr, _) = self.expression(expression, &[], false);
        constant_value(&expr).unwrap_or_else(|| {
            self.fault(expr.span, "a constant is asked for here");
            Value::Null
        })
    }

    /// Marks the locals that depend on the object, and names cycles.
    fn check_locals(&mut self) {
        let mut state = vec![0_u8; self.locals.len()];
        for number in 0..self.locals.len() {
            self.visit(number, &mut state, &mut Vec::new());
        }
    }

    // States: 0 not seen, 1 on the path, 2 done. The path is as deep as the chain of locals, which is bounded by it.
    fn visit(&mut self, number: usize, state: &mut [u8], path: &mut Vec<usize>) {
        match state.get(number) {
            Some(0) if path.len() < 512 => {}
            Some(0) => return self.cycle(number, path, "the chain of locals is too long"),
            Some(1) => return self.cycle(number, path, "locals that refer to each other"),
            _ => return,
        }
        set(state, number, 1);
        path.push(number);
        let used = self.uses.get(number).cloned().unwrap_or_default();
        let mut per_object = used.object;
        for inner in used.locals {
            self.visit(inner, state, path);
            per_object |= self.locals.get(inner).is_some_and(|local| local.is_per_object);
        }
        path.pop();
        set(state, number, 2);
        if let Some(local) = self.locals.get_mut(number) {
            local.is_per_object = per_object;
        }
    }

    fn cycle(&mut self, number: usize, path: &[usize], what: &str) {
        let start = path.iter().position(|known| *known == number).unwrap_or(0);
        let members = path.iter().skip(start).chain([&number]).take(12);
        let names: Vec<String> =
            members.filter_map(|member| Some(format!("local.{}", self.locals.get(*member)?.name))).collect();
        let span = self.locals.get(number).map_or_else(|| hcl::span_of(self.file, None), |local| local.value.span);
        self.fault(span, format!("{what}: {}", names.join(" → ")));
        if let Some(local) = self.locals.get_mut(number) {
            local.value.kind = crate::expr::Kind::Literal(Value::Null);
        }
    }

    fn policy(
        &mut self,
        block: &Block,
        category: &str,
        outer: &[(Arc<str>, usize)],
        earlier: &[Policy],
    ) -> Option<Policy> {
        let before = self.faults.len();
        let span = hcl::header_span(self.file, block);
        let [kind, id] = block.labels.as_slice() else {
            self.fault(span, "a resource_policy has two labels: the resource type and a name");
            return None;
        };
        let (kind, id): (Arc<str>, Arc<str>) = (Arc::from(kind.as_str()), Arc::from(id.as_str()));
        if earlier.iter().any(|policy| policy.id == id && policy.kind == kind) {
            self.fault(span, format!("resource_policy \"{kind}\" \"{id}\" is declared twice"));
        }
        let body = &block.body;
        self.known(body, &POLICY_ATTRIBUTES, &POLICY_BLOCKS, "a resource_policy");
        let first_local = self.locals.len();
        let visible = self.declare(body.get_blocks("locals"), outer);
        self.compile_locals(body.get_blocks("locals"), &visible, &visible);
        let enforcement =
            body.get_attribute("enforcement_level").map(|attribute| self.expression(&attribute.value, outer, false).0);
        let mut used = Used::default();
        let filter = body.get_attribute("filter").map(|attribute| self.judged(&attribute.value, &visible, &mut used));
        let enforce: Vec<Enforce> =
            body.get_blocks("enforce").filter_map(|block| self.enforce(block, &visible, &mut used)).collect();
        if enforce.is_empty() {
            self.fault(span, "a policy needs at least one enforce block with a condition");
        }
        let reads_prior = used.prior || self.reads_prior(&used.locals, &mut FxHashSet::default());
        let operations = self.operations(body.get_attribute("operations"), reads_prior, span);
        let first = earlier.iter().find(|policy| policy.id == id).map(|policy| policy.about.clone());
        let about = match first {
            Some(about) if body.has_blocks("option") => {
                let options = body.get_blocks("option").map(|block| self.option(block)).collect();
                Arc::new(about.with_options(options))
            }
            Some(about) => about,
            None => Arc::new(self.about(block, &id, category)),
        };
        let locals = first_local..self.locals.len();
        let policy = Policy { id, kind, about, enforcement, operations, locals, filter, enforce, span };
        // What has a fault is not run: a part of it was made null.
        (self.faults.len() == before).then_some(policy)
    }

    fn reads_prior(&self, locals: &[usize], seen: &mut FxHashSet<usize>) -> bool {
        let mut open = locals.to_vec();
        while let Some(number) = open.pop() {
            if let Some(used) = self.uses.get(number).filter(|_| seen.insert(number)) {
                if used.prior {
                    return true;
                }
                open.extend(&used.locals);
            }
        }
        false
    }

    fn judged(&mut self, expression: &Expression, visible: &[(Arc<str>, usize)], used: &mut Used) -> Expr {
        let (expr, more) = self.expression(expression, visible, true);
        used.prior |= more.prior;
        used.locals.extend(more.locals);
        expr
    }

    fn enforce(&mut self, block: &Block, visible: &[(Arc<str>, usize)], used: &mut Used) -> Option<Enforce> {
        let body = &block.body;
        self.known(body, &["condition", "error_message", "info_message", "at", "severity"], &[], "an enforce block");
        let Some(condition) = body.get_attribute("condition") else {
            let span = hcl::header_span(self.file, block);
            self.fault(span, "an enforce block needs a condition");
            return None;
        };
        let condition = self.judged(&condition.value, visible, used);
        let error_message =
            body.get_attribute("error_message").map(|attribute| self.judged(&attribute.value, visible, used));
        if let Some(message) = body.get_attribute("info_message") {
            self.judged(&message.value, visible, used);
        }
        let at = body.get_attribute("at").and_then(|attribute| self.at(attribute, visible));
        let severity = body.get_attribute("severity").and_then(|attribute| self.severity(attribute));
        Some(Enforce { condition, at, error_message, severity })
    }

    // `attrs.a.b[0]`, or `prior_attrs.a` for what goes away.
    fn at(&mut self, attribute: &Attribute, visible: &[(Arc<str>, usize)]) -> Option<Path> {
        let (expr, _) = self.expression(&attribute.value, visible, true);
        let is_base = |reference: crate::expr::Reference| {
            matches!(self.names.get(reference.0 as usize), Some(Name::Attrs | Name::PriorAttrs))
        };
        let path = constant_path(&expr, &is_base).filter(|path| !path.steps().is_empty());
        if path.is_none() {
            self.fault(expr.span, "at names an attribute with constant steps, as in attrs.a.b[0].c");
        }
        path
    }

    fn severity(&mut self, attribute: &Attribute) -> Option<Severity> {
        let text = self.constant(&attribute.value);
        let severity = text.as_str().and_then(Severity::parse);
        if severity.is_none() {
            let span = self.span(attribute);
            self.fault(span, "a severity is \"critical\", \"high\", \"medium\" or \"low\"");
        }
        severity
    }

    fn operations(&mut self, attribute: Option<&Attribute>, reads_prior: bool, header: Span) -> Operations {
        let Some(attribute) = attribute else {
            if reads_prior {
                self.fault(header, "a policy that reads prior_attrs must say operations: update, delete or both");
            }
            return Operations::DEFAULT;
        };
        let span = self.span(attribute);
        let value = self.constant(&attribute.value);
        let names: Vec<&str> = value.as_list().unwrap_or_default().iter().filter_map(Value::as_str).collect();
        if names.is_empty() {
            if reads_prior {
                self.fault(span, "a policy that reads prior_attrs must say operations: update, delete or both");
            }
            return Operations::DEFAULT;
        }
        for name in names.iter().filter(|name| !["create", "update", "delete", "no-op"].contains(name)) {
            self.fault(span, format!("there is no operation \"{name}\"; there are create, update, delete and no-op"));
        }
        let has = |name| names.contains(&name);
        let operations =
            Operations { create: has("create"), update: has("update"), delete: has("delete"), no_op: has("no-op") };
        if operations.delete && (operations.create || operations.no_op) {
            self.fault(span, "delete cannot stand with create or no-op: a deleted object has no attrs");
        }
        if reads_prior && (operations.create || operations.no_op) {
            self.fault(
                span,
                "a policy that reads prior_attrs judges update or delete: there is nothing before a create or no-op",
            );
        }
        operations
    }

    fn about(&mut self, block: &Block, id: &str, category: &str) -> About {
        let body = &block.body;
        let mut text = |name: &str| -> Option<String> {
            let attribute = body.get_attribute(name)?;
            let value = self.constant(&attribute.value);
            value.as_str().map(str::to_owned)
        };
        let title = text("title").unwrap_or_else(|| id.replace('_', " "));
        let category = text("category").unwrap_or_else(|| category.to_owned());
        let scope_word = text("scope");
        let environments = scope_word.as_deref().map_or(Some(Environments::Everywhere), Environments::parse);
        if environments.is_none() {
            let span = hcl::header_span(self.file, block);
            self.fault(span, "a scope is \"production\", \"production_data\" or \"non_production\"");
        }
        let severity = body.get_attribute("severity").and_then(|attribute| self.severity(attribute));
        let docs = body.get_blocks("docs").next();
        let mut doc = |name: &str| -> String {
            let attribute = docs.and_then(|docs| docs.body.get_attribute(name));
            let value = attribute.map_or(Value::Null, |attribute| self.constant(&attribute.value));
            value.as_str().unwrap_or_default().trim().to_owned()
        };
        let (why, fix) = (doc("why"), doc("fix"));
        About {
            title: Arc::from(title),
            category: Arc::from(category),
            severity: severity.unwrap_or(Severity::Medium),
            aliases: self.texts(body, "aliases"),
            references: self.texts(body, "references"),
            environments: environments.unwrap_or_default(),
            pedantic: body
                .get_attribute("pedantic")
                .is_some_and(|attribute| self.constant(&attribute.value).as_bool() == Some(true)),
            why,
            fix,
            options: body.get_blocks("option").map(|block| self.option(block)).collect(),
            examples: self.examples(body),
        }
    }

    fn texts(&mut self, body: &Body, name: &str) -> Vec<String> {
        let Some(attribute) = body.get_attribute(name) else { return Vec::new() };
        let value = self.constant(&attribute.value);
        value.as_list().unwrap_or_default().iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
    }

    fn option(&mut self, block: &Block) -> Remedy {
        let body = &block.body;
        self.known(body, &["title", "merits", "demerits", "downtime", "effort"], &["set", "add"], "an option");
        let mut text = |name: &str| -> String {
            let attribute = body.get_attribute(name);
            let value = attribute.map_or(Value::Null, |attribute| self.constant(&attribute.value));
            value.as_str().unwrap_or_default().to_owned()
        };
        let (title, downtime, effort) = (text("title"), text("downtime"), text("effort"));
        let id = block.labels.first().map_or_else(String::new, |label| label.as_str().to_owned());
        Remedy {
            id,
            title,
            merits: self.texts(body, "merits"),
            demerits: self.texts(body, "demerits"),
            downtime,
            effort,
        }
    }

    fn examples(&mut self, body: &Body) -> Vec<Example> {
        let blocks = body.blocks().filter(|block| matches!(block.ident.as_str(), "pass" | "fail"));
        let mut examples = Vec::new();
        for block in blocks {
            let configuration = load::from_body(self.file, self.text, &block.body);
            examples.push(Example {
                label: block.labels.first().map_or_else(String::new, |label| label.as_str().to_owned()),
                passes: block.ident.as_str() == "pass",
                expect: self.texts(&block.body, "expect"),
                configuration: Arc::new(configuration),
                span: hcl::header_span(self.file, block),
            });
        }
        examples
    }

    /// Reports what a body holds beyond the known, with what was meant perhaps.
    fn known(&mut self, body: &Body, attributes: &[&str], blocks: &[&str], what: &str) {
        let mut seen: FxHashMap<&str, Span> = FxHashMap::default();
        for structure in body {
            let (name, span, known) = match structure {
                Structure::Attribute(attribute) => {
                    let span = self.span(attribute);
                    let name = attribute.key.as_str();
                    if seen.insert(name, span).is_some() {
                        self.fault(span, format!("\"{name}\" is set twice"));
                    }
                    (name, span, attributes)
                }
                Structure::Block(block) => (block.ident.as_str(), hcl::header_span(self.file, block), blocks),
            };
            if !known.contains(&name) {
                let near = nearest(name, attributes.iter().chain(blocks).copied());
                let hint = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
                self.fault(span, format!("{what} has no \"{name}\"{hint}"));
            }
        }
    }
}

fn set(state: &mut [u8], number: usize, value: u8) {
    if let Some(slot) = state.get_mut(number) {
        *slot = value;
    }
}

/// The value of an expression without names and calls.
fn constant_value(expr: &Expr) -> Option<Value> {
    use crate::expr::Kind;
    match &expr.kind {
        Kind::Literal(value) => Some(value.clone()),
        Kind::List(items) => Some(Value::list(items.iter().map(constant_value).collect::<Option<_>>()?)),
        Kind::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| Some((Arc::from(key.as_literal()?.as_str()?), constant_value(value)?)));
            Some(Value::object(entries.collect::<Option<_>>()?))
        }
        _ => None,
    }
}
