//! A workspace from HCL alone: the module tree is expanded and every value evaluated as Terraform would without providers.
//!
//! `read` starts at the root module and follows calls of modules; `tree.rs` has the instances of modules and resources,
//! `repeat.rs` finds out which there are (`count`, `for_each`), `scope.rs` says what a name means, `blocks.rs` makes an
//! object's values, `arguments.rs` what calls and providers are given, `imports.rs` which objects are imported, `files.rs` answers functions about files, `machine.rs` hides where the machine keeps them. All of it runs on one thread in a fixed order, so what
//! is remembered on the way, and which of two places a cycle is found at, is the same in every run.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::Facts;
use super::parts::Written;
use crate::expr::Fault;
use crate::expr::eval::Evaluated;
use crate::source::Span;
use crate::terraform::config::Configuration;
use crate::terraform::config::load::Files;
use crate::value::{Object, Value};
use tree::{Instance, Node};

mod arguments;
mod blocks;
mod files;
mod imports;
mod machine;
mod repeat;
mod scope;
mod tree;

/// What the evaluation of a directory is given beside its files.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Values of the root module's variables, from files of values and options; not converted yet.
    pub variables: FxHashMap<Arc<str>, Value>,
    /// `terraform.workspace`
    pub workspace: Option<Arc<str>>,
}

/// Where functions such as `file` read: the root module's directory. Without it they are not evaluated.
#[derive(Clone, Copy)]
pub struct Place<'f> {
    /// The files.
    pub files: &'f dyn Files,
    /// The directory of the root module.
    pub root: &'f str,
}

/// Whether an object of the source will be there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Presence {
    /// For certain, once.
    #[default]
    Certain,
    /// Once or not at all.
    Perhaps,
    /// It stands for as many as there will be: none, one, several.
    Any,
}

/// What could not be evaluated.
#[derive(Debug, Default)]
pub struct Gaps {
    /// Blocks of which it is not known how many instances there are: the address that stands for all, and why.
    pub uncounted: Vec<(String, String)>,
    /// Expressions that fail, each once.
    pub faults: Vec<Fault>,
    /// How many fail beyond those.
    pub more_faults: usize,
}

/// Expressions that fail of which a report speaks at most.
const MAX_FAULTS: usize = 1000;

/// What is remembered under a name; `None` while it is being found out.
type Memo<K> = RefCell<FxHashMap<K, Option<Evaluated>>>;

fn room_for<K>(count: usize) -> Memo<K> {
    RefCell::new(FxHashMap::with_capacity_and_hasher(count, FxBuildHasher))
}

/// The evaluation of one root module.
struct Source<'c> {
    configuration: &'c Configuration,
    facts: &'c Facts,
    given: &'c Given,
    place: Option<Place<'c>>,
    modules: RefCell<Vec<Rc<Instance<'c>>>>,
    nodes: RefCell<Vec<Rc<Node<'c>>>>,
    /// How deep expressions are nested in each other right now.
    depth: Cell<usize>,
    gaps: RefCell<Gaps>,
}

/// An object of the source with its values.
pub(super) struct Found {
    pub(super) address: String,
    pub(super) kind: Arc<str>,
    pub(super) is_data: bool,
    pub(super) presence: Presence,
    /// The full source of its provider.
    pub(super) provider: String,
    /// Whether an `import` block is about it.
    pub(super) importing: bool,
    pub(super) values: Object,
}

/// Everything that is known of a root module.
pub(super) struct Read {
    /// Its objects and those of the modules it calls; their numbers are the ones of the symbols in their values.
    pub(super) objects: Vec<Found>,
    /// What module calls and providers are given.
    pub(super) arguments: Vec<Written>,
    /// The values of the root module's variables.
    pub(super) variables: FxHashMap<Arc<str>, Value>,
    pub(super) gaps: Gaps,
}

/// Expands and evaluates a configuration.
pub(super) fn read(configuration: &Configuration, facts: &Facts, given: &Given, place: Option<Place<'_>>) -> Read {
    let source = Source {
        configuration,
        facts,
        given,
        place,
        modules: RefCell::default(),
        nodes: RefCell::default(),
        depth: Cell::new(0),
        gaps: RefCell::default(),
    };
    source.expand();
    let nodes = source.nodes.borrow().clone();
    let imports = source.imports();
    let objects = nodes.iter().map(|node| source.found(node, &imports)).collect();
    let arguments = source.arguments();
    let variables = source.root_variables();
    let mut gaps = source.gaps.into_inner();
    gaps.faults.sort_by(|left, right| (left.span, &left.message).cmp(&(right.span, &right.message)));
    gaps.faults.dedup();
    gaps.uncounted.sort();
    Read { objects, arguments, variables, gaps }
}

impl Source<'_> {
    /// What is known of an expression that fails: why.
    fn lost(&self, fault: &Fault) -> Value {
        let mut gaps = self.gaps.borrow_mut();
        if !gaps.faults.contains(fault) {
            if gaps.faults.len() < MAX_FAULTS {
                gaps.faults.push(fault.clone());
            } else {
                gaps.more_faults += 1;
            }
        }
        Value::unknown(fault.message.as_str())
    }
}

/// What is remembered under a key, else what is found out now. What needs itself is a fault.
fn remembered<K: Clone + Eq + std::hash::Hash>(
    memo: &Memo<K>,
    key: &K,
    span: Span,
    find_out: impl FnOnce() -> Evaluated,
) -> Evaluated {
    match memo.borrow().get(key) {
        Some(Some(known)) => return known.clone(),
        Some(None) => {
            return Err(Fault::new(span, "this value needs itself to be known: the references go in a circle"));
        }
        None => {}
    }
    memo.borrow_mut().insert(key.clone(), None);
    let found = find_out();
    memo.borrow_mut().insert(key.clone(), Some(found.clone()));
    found
}
