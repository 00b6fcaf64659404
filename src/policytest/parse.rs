//! From the text of a `*.policytest.hcl` to mocks with values, with every fault in the file.
//!
//! `reader.rs` reads what is written, `values.rs` computes it, `scope.rs` knows what the names in it mean.

use std::sync::Arc;

use super::reader::{Reader, Written};
use super::scope::Table;
use super::values;
use crate::expr::Fault;
use crate::expr::compile::Compiler;
use crate::instant::Instant;
use crate::policy;
use crate::policy::Input;
use crate::source::{FileId, SourceMap, Span, hcl};
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
    /// `workspace "SUBJECT" "label"`: the run, a declaration or a suppression.
    Workspace,
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
    pub(super) extent: Span,
    /// Whether some part of it has no value.
    pub(super) broken: bool,
    /// See [`Mock::name`].
    pub(super) name: String,
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
            Self::Workspace => "workspace",
        }
    }

    pub(super) const fn in_words(self) -> &'static str {
        match self {
            Self::Data => "data source",
            other => other.as_str(),
        }
    }

    pub(super) const fn first_label(self) -> &'static str {
        match self {
            Self::Resource | Self::Data => "a type",
            Self::Module => "the module's source",
            Self::Provider => "the provider's type",
            Self::Workspace => "the subject",
        }
    }

    pub(super) const fn attributes(self) -> &'static [&'static str] {
        match self {
            Self::Resource => &["attrs", "prior_attrs", "meta", "expect_failure", "skip"],
            Self::Data => &["attrs", "meta", "skip"],
            Self::Module | Self::Provider => &["attrs", "meta", "expect_failure", "skip"],
            Self::Workspace => &["attrs", "expect_failure", "skip"],
        }
    }

    /// The kind of policy that judges it; a data source tells the same of itself as a resource.
    pub(super) const fn target(self) -> policy::Target {
        match self {
            Self::Resource | Self::Data => policy::Target::Resource,
            Self::Module => policy::Target::Module,
            Self::Provider => policy::Target::Provider,
            Self::Workspace => policy::Target::Workspace,
        }
    }

    /// The kind of a block.
    pub(super) fn of(block: &str) -> Option<Self> {
        let kinds = [Self::Resource, Self::Data, Self::Module, Self::Provider, Self::Workspace];
        kinds.into_iter().find(|kind| kind.as_str() == block)
    }
}

impl Mock {
    /// The name by which other mocks and reports call it. Of modules of one label the later ones have their source behind it.
    #[must_use]
    pub fn name(&self) -> String {
        self.name.clone()
    }

    fn holds(&self, span: Span) -> bool {
        self.extent.start <= span.start && span.end <= self.extent.end
    }

    /// The text under a name of `meta`.
    pub(super) fn said(&self, name: &str) -> Option<&str> {
        self.meta.get(name).and_then(Value::as_str)
    }
}

/// The name of a mock.
pub(super) fn name(kind: Kind, of: &str, label: &str) -> String {
    match kind {
        Kind::Resource => format!("{of}.{label}"),
        Kind::Data => format!("data.{of}.{label}"),
        Kind::Module => format!("module.{label}"),
        Kind::Provider => format!("provider.{of}.{label}"),
        Kind::Workspace => format!("workspace.{of}.{label}"),
    }
}

/// A test file that is read; what it says is computed when the inputs of its policies are known.
#[derive(Debug)]
pub(super) struct Draft {
    written: Written,
    table: Table,
    faults: Vec<Fault>,
    now: Option<Instant>,
}

/// Parses a test file and computes its mocks. `file` is that of `text` in `sources`, `now` what its functions see of the
/// clock.
#[must_use]
pub fn parse(file: FileId, text: &str, sources: &SourceMap, now: Option<Instant>) -> TestFile {
    Draft::read(file, text, sources, now).compute(&[])
}

impl Draft {
    /// Reads a test file.
    pub(super) fn read(file: FileId, text: &str, sources: &SourceMap, now: Option<Instant>) -> Self {
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
        Self { written, table, faults, now }
    }

    /// The policies that it tests, as written.
    pub(super) fn targets(&self) -> Option<&[Target]> {
        self.written.targets.as_deref()
    }

    /// Whether some value of it depends on the inputs of its policies.
    pub(super) fn reads_inputs(&self) -> bool {
        self.table.reads_inputs()
    }

    /// What it says, where the inputs of its policies have these values unless it gives others.
    pub(super) fn compute(&self, inputs: &[Input]) -> TestFile {
        let mut faults = self.faults.clone();
        let mut parsed = values::compute(&self.written, &self.table, inputs, self.now, &mut faults);
        faults.sort_by(|left, right| (left.span, &left.message).cmp(&(right.span, &right.message)));
        faults.dedup();
        // What a fault stands in was made null; judged, it would say something else than what is written.
        parsed.mocks.retain(|mock| !mock.broken && !faults.iter().any(|fault| mock.holds(fault.span)));
        parsed.faults = faults;
        parsed
    }
}
