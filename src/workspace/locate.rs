//! From an object to its place in the source (`spec/plan-json.md` 9).
//!
//! The place is the attribute if it is written, else the block's header; for an object whose block is gone, what took
//! it away. Inside a module that is not ours the place is the call in our code, and the inner place stands beside it.

use super::Workspace;
use crate::finding::Related;
use crate::source::Span;
use crate::terraform::address::{Address, Mode, ModuleInstance};
use crate::terraform::config::{Block, Module};
use crate::terraform::plan::Action;
use crate::value::{Path, Step};

/// A place and what belongs to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Where to change something.
    pub primary: Option<Span>,
    /// The place inside of a module that is not ours.
    pub related: Vec<Related>,
    /// Whether the block is gone, so that the place is only near to where it was.
    pub is_removed: bool,
}

impl Workspace<'_> {
    /// The place of an object, of its attribute at `path` if one is given.
    #[must_use]
    pub fn locate(&self, id: u32, path: Option<&Path>) -> Place {
        let Some((object, address)) = self.object(id).and_then(|object| Some((object, object.parsed_address()?)))
        else {
            return Place::default();
        };
        let module = self.configuration.module(&address.module.config_path());
        let block = self.source_block(&address).map(|(_, block)| block);
        let mut is_removed = false;
        let inner = match (module, block) {
            (_, Some(block)) if object.action == Action::Delete => repetition(block, object.action_reason()),
            (_, Some(block)) => place_in(block, path.map_or(&[], Path::steps)),
            (Some(module), None) => match self.removed_block(&address) {
                Some(removed) => removed.header,
                None if object.action.stays() => return Place::default(),
                None => {
                    is_removed = true;
                    let Some(file) = module.first_file else { return Place { is_removed, ..Place::default() } };
                    file
                }
            },
            (None, None) => return Place { primary: self.nearest_call(&address.module), ..Place::default() },
        };
        match module {
            Some(module) if !module.is_ours => self.outside(&address.module, inner),
            _ => Place { primary: Some(inner), related: Vec::new(), is_removed },
        }
    }

    pub(super) fn outside(&self, module: &ModuleInstance, inner: Span) -> Place {
        let related = Related { span: inner, message: format!("set in {module}") };
        Place { primary: self.nearest_call(module), related: vec![related], is_removed: false }
    }

    // The call, on the way up, that stands in our own code.
    fn nearest_call(&self, instance: &ModuleInstance) -> Option<Span> {
        let (parent, step) = instance.split_last()?;
        let module = self.configuration.module(&parent.config_path()).filter(|module| module.is_ours);
        let call = module.and_then(|module| module.block("module", &[&step.name]));
        match (call, module.and_then(|module| module.first_file)) {
            (Some(call), _) => Some(call.header),
            // The call is gone with its module.
            (None, Some(file)) => Some(file),
            (None, None) => self.nearest_call(&parent),
        }
    }

    // `removed { from = … }` stands in the module or in one above it.
    fn removed_block(&self, address: &Address) -> Option<&Block> {
        let mut instance = address.module.clone();
        let mut below: Vec<String> = Vec::new();
        loop {
            let module = self.configuration.module(&instance.config_path());
            let found = module
                .and_then(|module| module.blocks("removed").find(|block| removes(module, block, &below, address)));
            if found.is_some() {
                return found;
            }
            let (parent, step) = instance.split_last().map(|(parent, step)| (parent, step.name.to_string()))?;
            below.insert(0, step);
            instance = parent;
        }
    }
}

fn removes(module: &Module, block: &Block, below: &[String], address: &Address) -> bool {
    use crate::expr::Kind;
    let Some(from) = block.attribute("from") else { return false };
    let Kind::Reference(reference) = from.value.kind else { return false };
    let Some(traversal) = module.traversal(reference) else { return false };
    let mut names: Vec<&str> = vec![&traversal.head];
    names.extend(traversal.steps.iter().map(|step| &**step));
    let mut wanted: Vec<&str> = below.iter().flat_map(|call| ["module", call]).collect();
    if address.mode == Mode::Data {
        wanted.push("data");
    }
    wanted.extend([&*address.kind, &*address.name]);
    // A whole module may be removed; the traversal keeps three steps at most.
    wanted.starts_with(&names)
}

// An instance that goes because of `count` or `for_each` points there.
fn repetition(block: &Block, reason: Option<&str>) -> Span {
    let counted = matches!(
        reason,
        Some("delete_because_count_index" | "delete_because_each_key" | "delete_because_wrong_repetition")
    );
    let repeated = ["count", "for_each"].into_iter().find_map(|name| block.attribute(name)).filter(|_| counted);
    repeated.map_or(block.header, |attribute| attribute.span)
}

pub(super) fn place_in(block: &Block, steps: &[Step]) -> Span {
    let Some((Step::Name(name), rest)) = steps.split_first() else { return block.header };
    if let Some(attribute) = block.attribute(name) {
        return attribute.span;
    }
    let (index, rest) = match rest {
        [Step::Index(index), rest @ ..] => (*index, rest),
        rest => (0, rest),
    };
    if let Some(nested) = block.nested(name).nth(index).or_else(|| block.nested(name).next()) {
        return place_in(nested, rest);
    }
    match block.dynamic(name) {
        Some(dynamic) => match dynamic.nested("content").next() {
            Some(content) if !rest.is_empty() => match place_in(content, rest) {
                span if span == content.header => dynamic.header,
                span => span,
            },
            _ => dynamic.header,
        },
        None => block.header,
    }
}
