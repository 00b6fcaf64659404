//! When it is read how a policy judges: with the rest of the file, so that everything that is wrong in it is told; of the
//! pack when somebody first judges under the policy, because most plans have objects of few types.

use std::sync::Arc;

use hcl_edit::Span as _;
use hcl_edit::structure::Block;
use memchr::memmem;
use rustc_hash::FxHashMap;

use super::layer::Layer;
use super::names::{Locals, Name, Table, Used};
use super::parse::Reader;
use super::rules::Read;
use super::skim::{Part, Skimmed, rules};
use super::{Late, Local, Rules, Target};
use crate::expr::{Expr, Fault, Kind};
use crate::source::{FileId, Span, hcl};
use crate::value::Value;
use crate::workspace::Outlook;

/// Whether a text has one of the functions about the graph of references.
pub(super) fn names_graph(text: &str) -> bool {
    memmem::find(text.as_bytes(), b"graph::").is_some()
}

/// What the policies of a file share: its inputs, and its locals with all that their expressions use.
pub(super) struct Shared {
    inputs: Arc<FxHashMap<Arc<str>, usize>>,
    pub(super) declared: Locals,
    /// Without their values: a policy's own locals can read these, and are not read by them.
    locals: Arc<Layer<Local>>,
    uses: Arc<Layer<Used>>,
    has_broken: bool,
    table: Arc<Table>,
    uses_graph: bool,
}

/// How a policy judges, read or to be read.
pub(super) struct Reading {
    pub(super) rules: Arc<Late<Rules>>,
    pub(super) outlook: Outlook,
    /// Where it reads `prior_attrs`; what is read late does not tell.
    pub(super) prior: Option<Span>,
    /// Whether something in it means nothing.
    pub(super) is_broken: bool,
    pub(super) faults: Vec<Fault>,
}

impl Shared {
    /// What a file's reader has read before its first policy; `declared` are the locals of the file.
    pub(super) fn new(reader: &mut Reader<'_>, declared: Locals) -> Self {
        let bare = |local: &Local| Local {
            name: local.name.clone(),
            value: Expr { kind: Kind::Literal(Value::Null), span: local.value.span },
            ..*local
        };
        let has_broken = reader.has_broken || reader.locals.own.iter().any(|local| local.is_broken);
        let table = Arc::new(std::mem::take(&mut reader.table));
        reader.table = Table::behind(&table);
        Self {
            inputs: reader.input_names.clone(),
            declared,
            locals: Arc::new(reader.locals.replaced(reader.locals.own.iter().map(bare).collect())),
            uses: Arc::new(reader.uses.clone()),
            has_broken,
            table,
            uses_graph: reader.uses_graph,
        }
    }

    /// The names of its own, without those around it.
    pub(super) fn names(&self) -> &[Name] {
        self.table.own()
    }

    /// A reader that goes on from there.
    pub(super) fn reader<'t>(&self, file: FileId, text: &'t str, skimmed: Option<&'t Skimmed>) -> Reader<'t> {
        Reader {
            skimmed,
            input_names: self.inputs.clone(),
            locals: Layer::behind(&self.locals),
            uses: Layer::behind(&self.uses),
            has_broken: self.has_broken,
            table: Table::behind(&self.table),
            uses_graph: self.uses_graph,
            ..Reader::new(file, text)
        }
    }
}

impl Reader<'_> {
    /// How a policy judges: read now, or, if it was left out of the text, when somebody asks for it.
    pub(super) fn reading(&self, target: Target, block: &Block, shared: &Arc<Shared>) -> Reading {
        let texts = self.left_out(block, Part::Rules);
        if texts.is_empty() {
            return self.read_now(target, block, shared);
        }
        let uses_graph = shared.uses_graph || texts.iter().any(|part| names_graph(part.text));
        let outlook = Outlook { is_late: true, uses_graph };
        let (file, shared, whole) = (self.file, shared.clone(), self.whole(block.span().unwrap_or_default()));
        let late = Late::new(Box::new(move || {
            let skimmed = rules(whole);
            let body = hcl::parse(&skimmed.text).unwrap_or_default();
            let mut reader = shared.reader(file, &skimmed.text, Some(&skimmed));
            body.blocks().next().map(|block| reader.rules(target, block, &shared).rules).unwrap_or_default()
        }));
        Reading { rules: Arc::new(late), outlook, prior: None, is_broken: false, faults: Vec::new() }
    }

    fn read_now(&self, target: Target, block: &Block, shared: &Arc<Shared>) -> Reading {
        let mut reader = shared.reader(self.file, self.text, self.skimmed);
        let Read { rules, prior, is_broken } = reader.rules(target, block, shared);
        let outlook = Outlook { is_late: false, uses_graph: rules.uses_graph };
        let rules = Late::new(Box::new(move || rules));
        Reading { rules: Arc::new(rules), outlook, prior, is_broken, faults: reader.faults }
    }
}
