//! From the text of a policy file to compiled policies, with every error in the file (`spec/policy-language.md` 2).
//!
//! [`parse`] reads the blocks of a file: `inputs.rs`, `locals.rs`, `settings.rs` and `rules.rs` know one kind each.

use std::ops::Range;
use std::sync::Arc;

use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Attribute, Block, Body, Structure};
use rustc_hash::{FxHashMap, FxHashSet};

use super::layer::Layer;
use super::names::{Locals, Name, Roots, Table, Used, Visible, did_you_mean};
use super::reading::Shared;
use super::settings::Settings;
use super::skim::{Skimmed, Whole};
use super::{About, Input, Local, Policy, PolicyFile, Target};
use crate::expr::compile::Compiler;
use crate::expr::constant::constant_value;
use crate::expr::{Expr, Fault, Kind};
use crate::source::{FileId, Span, hcl};
use crate::value::Value;

/// A file with what is wrong in it. Policies without a fault of their own can be run all the same.
#[derive(Debug)]
pub struct Parsed {
    /// What could be read.
    pub file: PolicyFile,
    /// What is wrong, in source order.
    pub faults: Vec<Fault>,
}

/// Largest policy file. Policies are a few kilobytes; a file that is larger is something else.
const MAX_SIZE: usize = 2 << 20;

/// Parses and compiles a policy file. `category` is what policies that do not say theirs belong to.
#[must_use]
pub fn parse(path: &str, file: FileId, text: &str, category: &str) -> Parsed {
    read(path, Reader::new(file, text), category)
}

/// Parses and compiles what is left of a policy file.
pub(super) fn parse_skimmed(path: &str, file: FileId, skimmed: &Skimmed, category: &str) -> Parsed {
    read(path, Reader { skimmed: Some(skimmed), ..Reader::new(file, &skimmed.text) }, category)
}

fn read(path: &str, mut reader: Reader<'_>, category: &str) -> Parsed {
    let Reader { file, text, .. } = reader;
    let mut policies = Vec::new();
    if text.len() > MAX_SIZE {
        let message = format!("a policy file has at most {} MiB, and this is larger", MAX_SIZE >> 20);
        reader.fault(hcl::span_of(file, Some(0..0)), message);
    } else {
        match hcl::parse(text) {
            Ok(body) => policies = reader.body(&body, category),
            Err(error) => reader.faults.push(Fault::syntax(file, error)),
        }
    }
    for (number, policy) in policies.iter_mut().enumerate() {
        policy.number = number;
        policy.file = Some(Arc::from(path));
    }
    let mut faults = reader.faults;
    faults.sort_by_key(|fault| fault.span);
    let file = PolicyFile {
        path: Arc::from(path),
        is_built_in: false,
        settings: reader.settings,
        inputs: reader.inputs,
        locals: reader.locals.own.into(),
        names: reader.names,
        mentioned: reader.mentioned,
        policies,
    };
    Parsed { file, faults }
}

/// Reads one file. Its parts stand in the files of this directory.
pub(super) struct Reader<'t> {
    pub(super) file: FileId,
    pub(super) text: &'t str,
    /// What was left out of the text.
    pub(super) skimmed: Option<&'t Skimmed>,
    pub(super) faults: Vec<Fault>,
    pub(super) table: Table,
    /// The names of the file's own locals, once they are read.
    pub(super) names: Arc<[Name]>,
    pub(super) settings: Settings,
    pub(super) inputs: Vec<Input>,
    pub(super) input_names: Arc<FxHashMap<Arc<str>, usize>>,
    pub(super) locals: Layer<Local>,
    pub(super) uses: Layer<Used>,
    /// Whether a local of the file has a fault, where a policy is read.
    pub(super) has_broken: bool,
    /// Where each policy stands, by kind of block, first label and name.
    pub(super) declared: FxHashMap<(Target, Arc<str>, Arc<str>), Span>,
    /// What is said of each id: blocks of one id share it.
    pub(super) described: FxHashMap<Arc<str>, Arc<About>>,
    pub(super) mentioned: Arc<FxHashSet<Arc<str>>>,
    pub(super) uses_graph: bool,
}

const TOP_LEVEL: [&str; 7] =
    ["policy", "input", "locals", "resource_policy", "module_policy", "provider_policy", "workspace_policy"];

impl<'t> Reader<'t> {
    pub(super) fn new(file: FileId, text: &'t str) -> Self {
        Self {
            file,
            text,
            skimmed: None,
            faults: Vec::new(),
            table: Table::default(),
            names: Arc::from([]),
            settings: Settings::default(),
            inputs: Vec::new(),
            input_names: Arc::default(),
            locals: Layer::default(),
            uses: Layer::default(),
            has_broken: false,
            declared: FxHashMap::default(),
            described: FxHashMap::default(),
            mentioned: Arc::default(),
            uses_graph: false,
        }
    }

    pub(super) fn span(&self, node: &impl hcl_edit::Span) -> Span {
        self.in_file(hcl::span_of(self.file, node.span()))
    }

    /// The place of a block's header.
    pub(super) fn header(&self, block: &Block) -> Span {
        self.in_file(hcl::header_span(self.file, block))
    }

    // Places are those of the whole file. No block is left out of what has a place.
    fn in_file(&self, span: Span) -> Span {
        let shift = u32::try_from(self.shift(span.start as usize)).unwrap_or(u32::MAX);
        Span { start: span.start.saturating_add(shift), end: span.end.saturating_add(shift), ..span }
    }

    /// The part of the whole file that stands at a place of the text from which something was left out.
    pub(super) fn whole(&self, range: Range<usize>) -> Whole {
        self.skimmed.map(|skimmed| skimmed.whole(range)).unwrap_or_default()
    }

    fn shift(&self, at: usize) -> usize {
        self.skimmed.map_or(0, |skimmed| skimmed.shift(at))
    }

    pub(super) fn fault(&mut self, span: Span, message: impl Into<String>) {
        self.faults.push(Fault::at(span, message));
    }

    fn body(&mut self, body: &Body, category: &str) -> Vec<Policy> {
        for attribute in body.attributes() {
            let span = self.span(attribute);
            self.fault(span, format!("\"{}\" stands outside of any block", attribute.key.as_str()));
        }
        for block in body.blocks().filter(|block| !TOP_LEVEL.contains(&block.ident.as_str())) {
            let span = self.header(block);
            let name = block.ident.as_str();
            let hint = did_you_mean("", name, TOP_LEVEL.into_iter());
            self.fault(span, format!("there is no block \"{name}\"{hint}"));
        }
        self.settings(body);
        for block in body.get_blocks("input") {
            self.input(block);
        }
        let none = Locals::default();
        let outer = self.declare(body.get_blocks("locals"));
        self.compile_locals(body.get_blocks("locals"), [&none, &outer], &outer, Roots::Any);
        self.check_locals();
        self.settle_patterns(None, &mut []);
        let shared = Arc::new(Shared::new(self, outer));
        self.names = shared.names().into();
        let mut policies: Vec<Policy> = Vec::new();
        for block in body.blocks() {
            if let Some(target) = Target::parse(block.ident.as_str()) {
                policies.extend(self.policy(target, block, category, &shared));
            }
        }
        policies
    }

    pub(super) fn expression(&mut self, expression: &Expression, locals: [&Locals; 2], roots: Roots) -> (Expr, Used) {
        let shift = self.shift(expression.span().unwrap_or_default().start);
        let mut visible =
            Visible { table: &mut self.table, inputs: &self.input_names, locals, roots, used: Used::default() };
        let mut compiler = Compiler::within(self.file, self.text, shift, &mut visible);
        let expr = compiler.compile(expression);
        let (faults, mentioned) = compiler.finish();
        let mut used = visible.used;
        self.faults.extend(faults);
        Arc::make_mut(&mut self.mentioned).extend(mentioned);
        self.uses_graph |= used.graph;
        if used.object && self.table.has(&Name::PriorAttrs) {
            used.prior = self.place_of(&expr, &Name::PriorAttrs);
        }
        (expr, used)
    }

    // The first place in an expression that reads a name.
    fn place_of(&self, expr: &Expr, name: &Name) -> Option<Span> {
        let mut place: Option<Span> = None;
        expr.visit(&mut |part| {
            if let Kind::Reference(reference) = part.kind
                && self.table.get(reference) == Some(name)
                && place.is_none_or(|place| part.span < place)
            {
                place = Some(part.span);
            }
        });
        place
    }

    /// A value that says everything itself.
    pub(super) fn constant(&mut self, expression: &Expression) -> Value {
        let none = Locals::default();
        let before = self.faults.len();
        let (expr, _) = self.expression(expression, [&none, &none], Roots::None);
        constant_value(&expr).unwrap_or_else(|| {
            if self.faults.len() == before {
                self.fault(expr.span, "a constant is asked for here");
            }
            Value::Null
        })
    }

    /// A constant text.
    pub(super) fn text(&mut self, attribute: &Attribute) -> Option<String> {
        let before = self.faults.len();
        let value = self.constant(&attribute.value);
        let text = value.as_str().map(str::to_owned);
        if text.is_none() && self.faults.len() == before {
            let span = self.span(&attribute.value);
            self.fault(span, format!("\"{}\" is a text", attribute.key.as_str()));
        }
        text
    }

    /// A constant `true` or `false`; what is not written is false.
    pub(super) fn flag(&mut self, body: &Body, name: &str) -> bool {
        let Some(attribute) = body.get_attribute(name) else { return false };
        let value = self.constant(&attribute.value);
        value.as_bool().unwrap_or_else(|| {
            let span = self.span(&attribute.value);
            self.fault(span, format!("\"{name}\" is true or false"));
            false
        })
    }

    /// Whether a block has the labels it needs; says so if not. `labels` tells what each is.
    pub(super) fn labels(&mut self, block: &Block, labels: &[&str]) -> bool {
        let right = block.labels.len() == labels.len();
        if !right {
            let span = self.header(block);
            let name = block.ident.as_str();
            let wanted = match labels {
                [] => "no label".to_owned(),
                [only] => format!("one label, {only}"),
                several => format!("{} labels: {}", several.len(), several.join(" and ")),
            };
            self.fault(span, format!("\"{name}\" has {wanted}; here it has {}", block.labels.len()));
        }
        right
    }

    /// Reports what a body holds beyond the known, with what was meant perhaps. `attributes`: none if any will do.
    pub(super) fn known(&mut self, body: &Body, attributes: Option<&[&str]>, blocks: &[&str], what: &str) {
        for structure in body {
            let (name, span, is_known) = match structure {
                Structure::Attribute(attribute) => {
                    let name = attribute.key.as_str();
                    (name, self.span(attribute), attributes.is_none_or(|known| known.contains(&name)))
                }
                Structure::Block(block) => {
                    let name = block.ident.as_str();
                    (name, self.header(block), blocks.contains(&name))
                }
            };
            if is_known {
                continue;
            }
            let names = attributes.unwrap_or_default();
            let other_form = match structure {
                Structure::Attribute(_) if blocks.contains(&name) => Some("it is written as a block: without \"=\""),
                Structure::Block(_) if names.contains(&name) => Some("it is written with \"=\""),
                _ => None,
            };
            let hint = other_form.map_or_else(
                || did_you_mean("", name, names.iter().chain(blocks).copied()),
                |form| format!(" of this form; {form}"),
            );
            self.fault(span, format!("{what} has no \"{name}\"{hint}"));
        }
    }
}
