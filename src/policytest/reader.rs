//! The blocks of a test file: what is written, with expressions in place of values.

use std::sync::Arc;

use hcl_edit::expr::Expression;
use hcl_edit::structure::{Attribute, Block, Body, Structure};

use super::parse::{Kind, Target, name};
use crate::expr::compile::Compiler;
use crate::expr::{Expr, Fault};
use crate::policy::did_you_mean;
use crate::source::{FileId, SourceMap, Span, hcl};
use crate::version::Constraints;
use crate::workspace::parts::PartKind;

const BLOCKS: [&str; 8] = ["policytest", "inputs", "locals", "resource", "data", "module", "provider", "workspace"];

/// A file as it is written: with expressions in place of values.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) targets: Option<Vec<Target>>,
    pub(super) inputs: Vec<Named>,
    pub(super) locals: Vec<Named>,
    pub(super) mocks: Vec<WrittenMock>,
}

/// An attribute as it is written.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) name: Arc<str>,
    pub(super) value: Expr,
    pub(super) span: Span,
}

/// A mock as it is written.
#[derive(Debug)]
pub(super) struct WrittenMock {
    pub(super) kind: Kind,
    pub(super) of: String,
    pub(super) label: String,
    /// By name, as in the block.
    pub(super) attributes: Vec<Named>,
    pub(super) inputs: Vec<Named>,
    pub(super) span: Span,
    pub(super) extent: Span,
}

impl WrittenMock {
    pub(super) fn expr(&self, name: &str) -> Option<&Expr> {
        self.attributes.iter().find(|attribute| *attribute.name == *name).map(|attribute| &attribute.value)
    }
}

/// Reads the blocks of a file.
pub(super) struct Reader<'r> {
    pub(super) file: FileId,
    pub(super) sources: &'r SourceMap,
    pub(super) faults: Vec<Fault>,
    pub(super) compiler: Compiler<'r>,
}

impl Reader<'_> {
    fn span(&self, node: &impl hcl_edit::Span) -> Span {
        hcl::span_of(self.file, node.span())
    }

    pub(super) fn fault(&mut self, span: Span, message: impl Into<String>) {
        self.faults.push(*Fault::new(span, message));
    }

    pub(super) fn body(&mut self, body: &Body) -> Written {
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
                        let hint = did_you_mean("", name, BLOCKS.into_iter());
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
        let of = |mock: &WrittenMock| (mock.kind, mock.of.clone(), mock.label.clone());
        for (at, mock) in mocks.iter().enumerate() {
            if let Some(first) = mocks.iter().take(at).find(|first| of(first) == of(mock)) {
                self.twice(mock.span, &name(mock.kind, &mock.of, &mock.label), first.span);
            }
        }
    }

    fn settings(&mut self, body: &Body) -> Option<Vec<Target>> {
        self.known(body, &["targets"], &["plugins", "terraform_config"], "the block policytest");
        self.for_other_tools(body);
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
        // A list of none says no more than no list.
        (!targets.is_empty()).then_some(targets)
    }

    // Plugins are never started, and no Terraform runs a test here: these are read for mistakes only.
    fn for_other_tools(&mut self, body: &Body) {
        for block in body.get_blocks("terraform_config") {
            self.known(&block.body, &["required_version"], &[], "terraform_config");
            let version = block.body.get_attribute("required_version");
            let is_right = |value: &Expression| value.as_str().is_some_and(|text| Constraints::parse(text).is_ok());
            if let Some(version) = version.filter(|version| !is_right(&version.value)) {
                let span = self.span(&version.value);
                self.fault(span, "this is no version constraint; one is written \">= 1.5, < 2.0\"");
            }
        }
        for block in body.get_blocks("plugins") {
            for inner in block.body.blocks() {
                let span = hcl::header_span(self.file, inner);
                self.fault(span, "a plugin is written NAME = { source = \"…\" }, not as a block");
            }
        }
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
        self.check_labels(kind, of.as_str(), label.as_str(), span);
        self.known(&block.body, kind.attributes(), &["inputs"], &format!("a mock of a {}", kind.in_words()));
        let mut inputs = Vec::new();
        for block in block.body.get_blocks("inputs") {
            self.values(&block.body, "input", &mut inputs);
        }
        let attributes: Vec<Named> = block.body.attributes().map(|attribute| self.named(attribute)).collect();
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

    // A label is any text; a type is what Terraform calls one.
    fn check_labels(&mut self, kind: Kind, of: &str, label: &str, span: Span) {
        let is_word = |text: &str| !text.is_empty() && text.chars().all(|ch| ch.is_alphanumeric() || "_-".contains(ch));
        if matches!(kind, Kind::Resource | Kind::Data) && !is_word(of) {
            self.fault(
                span,
                format!("\"{of}\" is no type of a {}: a type has letters, digits, _ and -", kind.in_words()),
            );
        }
        if kind == Kind::Workspace && PartKind::of_subject(of).is_none() {
            self.fault(span, format!("\"{of}\" is no subject of a mock; there are plan, declaration and suppression"));
        }
        if label.is_empty() {
            self.fault(span, "a mock needs a name: its second label is empty");
        }
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
                let other_form = match structure {
                    Structure::Attribute(_) if blocks.contains(&name) => {
                        Some("it is written as a block: without \"=\"")
                    }
                    Structure::Block(_) if attributes.contains(&name) => Some("it is written with \"=\""),
                    _ => None,
                };
                let hint = other_form.map_or_else(
                    || did_you_mean("", name, attributes.iter().chain(blocks).copied()),
                    |form| format!(" of this form; {form}"),
                );
                self.fault(span, format!("{what} has no \"{name}\"{hint}"));
            } else if let Some((_, first)) = seen.iter().find(|(known, _)| *known == name) {
                let first = *first;
                self.twice(span, &format!("\"{name}\""), first);
            }
            seen.push((name, span));
        }
    }
}
