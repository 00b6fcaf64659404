//! The native syntax: from the parser's tree to our blocks and attributes, and how overrides change them.

use std::sync::{Arc, OnceLock};

use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Body, Structure};
use rustc_hash::FxHashSet;

use super::functions::{function, unevaluated};
use super::{Attribute, Block, Module, Traversal, block_key};
use crate::expr::compile::{Compiler, Names};
use crate::expr::functions::Function;
use crate::expr::{Expr, Reference};
use crate::source::{FileId, Span, hcl};
use crate::value::shared;

/// The top-level blocks of a file. References are added to the module's.
pub(super) fn blocks(file: FileId, text: &str, body: &Body, references: &mut Vec<Traversal>) -> Vec<Block> {
    let mut names = References { table: references };
    let mut compiler = Compiler::new(file, text, &mut names);
    structures(file, text, body, &mut compiler).1
}

fn structures(file: FileId, text: &str, body: &Body, compiler: &mut Compiler<'_>) -> (Vec<Attribute>, Vec<Block>) {
    let (mut attributes, mut blocks) = (Vec::new(), Vec::new());
    for structure in body {
        match structure {
            Structure::Attribute(attribute) => attributes.push(Attribute {
                name: shared::text(attribute.key.as_str()),
                span: first_line(text, hcl::span_of(file, attribute.span())),
                value: compiled(compiler, &attribute.value),
            }),
            Structure::Block(block) => {
                let (inner, nested) = structures(file, text, &block.body, compiler);
                blocks.push(Block {
                    kind: shared::text(block.ident.as_str()),
                    labels: block.labels.iter().map(|label| shared::text(label.as_str())).collect(),
                    header: hcl::header_span(file, block),
                    attributes: inner,
                    blocks: nested,
                    by_name: OnceLock::new(),
                });
            }
        }
    }
    (attributes, blocks)
}

/// What is not understood is not known; it is not null.
pub(super) fn compiled(compiler: &mut Compiler<'_>, expression: &Expression) -> Expr {
    let expr = compiler.compile(expression);
    if compiler.take_faults().is_empty() { expr } else { unevaluated(expr.span) }
}

/// A place is one line: of an attribute that goes on over many, the first.
pub(super) fn first_line(text: &str, span: Span) -> Span {
    let inside = text.get(span.start as usize..span.end as usize).unwrap_or_default();
    let length = inside.find(['\r', '\n']).unwrap_or(inside.len());
    Span { end: span.start.saturating_add(u32::try_from(length).unwrap_or(u32::MAX)), ..span }
}

/// Whether a file changes what others declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It declares.
    Primary,
    /// `override.tf`, `*_override.tf`.
    Override,
}

/// Adds the blocks of a file to its module.
pub(super) fn add(module: &mut Module, blocks: Vec<Block>, role: Role) {
    for block in blocks {
        if &*block.kind == "locals" {
            let values = block.attributes.into_iter().map(|attribute| (attribute.name, attribute.value));
            module.locals.extend(values);
            continue;
        }
        let key = block_key(&block.kind, block.labels.iter().map(|label| &**label));
        let earlier = module.index.get(&*key).and_then(|at| module.blocks.get_mut(*at));
        match earlier {
            Some(earlier) if role == Role::Override => override_block(earlier, block),
            _ => {
                module.index.entry(key.into_vec().into_boxed_slice()).or_insert(module.blocks.len());
                module.blocks.push(block);
            }
        }
    }
}

// An argument of an override wins; nested blocks of a kind replace all blocks of that kind, whether they are written or
// made by `dynamic`. Of `lifecycle` only what is written anew changes.
fn override_block(earlier: &mut Block, later: Block) {
    earlier.by_name = OnceLock::new();
    let written: FxHashSet<Arc<str>> = later.attributes.iter().map(|attribute| attribute.name.clone()).collect();
    earlier.attributes.retain(|known| !written.contains(&known.name));
    earlier.attributes.extend(later.attributes);
    let is_merged = |block: &Block| matches!(&*block.kind, "lifecycle" | "required_providers");
    let made = |block: &Block| match (&*block.kind, block.labels.first()) {
        ("dynamic", Some(label)) => label.clone(),
        _ => block.kind.clone(),
    };
    let replaced: FxHashSet<Arc<str>> = later.blocks.iter().filter(|block| !is_merged(block)).map(made).collect();
    earlier.blocks.retain(|known| !replaced.contains(&made(known)));
    for block in later.blocks {
        match earlier.blocks.iter_mut().find(|known| is_merged(&block) && known.kind == block.kind) {
            Some(known) => override_block(known, block),
            None => earlier.blocks.push(block),
        }
    }
}

/// Gives every name a number; what it means is found out when it is evaluated.
pub(super) struct References<'a> {
    pub(super) table: &'a mut Vec<Traversal>,
}

impl Names for References<'_> {
    fn resolve(&mut self, head: &str, steps: &[Arc<str>]) -> Result<(Reference, usize), String> {
        let used = steps.len().min(match head {
            "module" => 3,
            "data" => 2,
            _ => 1,
        });
        let steps = steps.iter().take(used).cloned().collect();
        let number = u32::try_from(self.table.len()).unwrap_or(u32::MAX);
        self.table.push(Traversal { head: shared::text(head), steps });
        Ok((Reference(number), used))
    }

    fn function(&mut self, namespace: &[&str], name: &str) -> Result<Function, String> {
        Ok(function(namespace, name))
    }
}
