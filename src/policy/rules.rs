//! A policy block: whom it concerns, what must hold, how strictly (`spec/policy-language.md` 3).

use std::sync::Arc;

use hcl_edit::structure::{Attribute, Block, Body};
use rustc_hash::FxHashSet;

use super::messages::{Around, on_one_line};
use super::names::{Locals, Name, Roots, Used, did_you_mean};
use super::parse::Reader;
use super::reading::{Reading, Shared};
use super::{Enforce, Policy, Rules, Target};
use crate::expr::eval::constant_path;
use crate::expr::{Expr, Fault, Kind, Reference};
use crate::finding::{Enforcement, Severity};
use crate::source::Span;
use crate::value::{Path, Value};

const ATTRIBUTES: [&str; 12] = [
    "enforcement_level",
    "filter",
    "title",
    "category",
    "severity",
    "aliases",
    "references",
    "covered_by",
    "scope",
    "pedantic",
    "description",
    "operations",
];
const BLOCKS: [&str; 6] = ["locals", "enforce", "docs", "option", "pass", "fail"];
const ENFORCE: [&str; 6] = ["condition", "error_message", "info_message", "at", "severity", "covers"];
const LEVELS: [&str; 3] = ["mandatory", "mandatory_overridable", "advisory"];
const SUBJECTS: [&str; 5] = ["plan", "budget", "suppression", "declaration", "island"];

/// What the parts of a policy can see, and what they have used.
pub(super) struct Within<'l> {
    locals: [&'l Locals; 2],
    roots: Roots,
    pub(super) used: Used,
}

impl<'l> Within<'l> {
    /// What a policy can see with the locals of its file and its own.
    pub(super) fn new(locals: [&'l Locals; 2], target: Target) -> Self {
        Self { locals, roots: Roots::Of(target), used: Used::default() }
    }
}

/// How a policy judges, with what is found out on the way.
pub(super) struct Read {
    pub(super) rules: Rules,
    /// Where it reads `prior_attrs`.
    pub(super) prior: Option<Span>,
    /// Whether something in it means nothing.
    pub(super) is_broken: bool,
}

impl Reader<'_> {
    /// Reads a policy; none if something is wrong with it, because a part of it was made null.
    pub(super) fn policy(
        &mut self,
        target: Target,
        block: &Block,
        category: &str,
        shared: &Arc<Shared>,
    ) -> Option<Policy> {
        let before = self.faults.len();
        let span = self.header(block);
        let first = match target {
            Target::Resource => "the resource type",
            Target::Module => "the module's source",
            Target::Provider => "the provider",
            Target::Workspace => "the subject",
        };
        if !self.labels(block, &[first, "a name"]) {
            return None;
        }
        let [kind, id] = block.labels.as_slice() else { return None };
        let (kind, id): (Arc<str>, Arc<str>) = (Arc::from(kind.as_str()), Arc::from(id.as_str()));
        self.kind(target, &kind, span);
        self.unique(target, &kind, &id, span);
        let body = &block.body;
        self.known(body, Some(&ATTRIBUTES), &BLOCKS, &format!("a {}", target.as_str()));
        let Reading { rules, outlook, prior, is_broken, faults } = self.reading(target, block, shared);
        let operations = match target {
            Target::Resource => self.operations(body.get_attribute("operations"), prior, span),
            _ => self.no_operations(body.get_attribute("operations")),
        };
        let about = self.shared_about(block, &id, category);
        let policy = Policy { id, target, kind, file: None, number: 0, about, operations, rules, outlook, span };
        let is_sound = self.faults.len() == before && !is_broken;
        self.faults.extend(faults);
        is_sound.then_some(policy)
    }

    /// Reads how a policy judges.
    pub(super) fn rules(&mut self, target: Target, block: &Block, shared: &Arc<Shared>) -> Read {
        let body = &block.body;
        let own = self.declare(body.get_blocks("locals"));
        let mut within = Within::new([&shared.declared, &own], target);
        self.compile_locals(body.get_blocks("locals"), within.locals, &own, within.roots);
        let level = body.get_attribute("enforcement_level");
        let enforcement = level.map(|attribute| self.level(attribute, target, &within));
        let mut filter = body.get_attribute("filter").map(|attribute| self.judged(attribute, &mut within));
        let mut enforce = self.enforcements(body, self.header(block), &mut within);
        let Used { mut prior, mut locals, .. } = within.used;
        let has_fault = !self.faults.is_empty();
        self.check_locals();
        self.settle_patterns(filter.as_mut(), &mut enforce);
        let judging = enforce.iter().flat_map(|enforce| {
            std::iter::once(&enforce.condition).chain(&enforce.info_message).chain(&enforce.covers)
        });
        let mut is_broken = has_fault || self.reads_broken(judging.chain(&filter).chain(&enforcement));
        let around = Arc::new(Around { outer: shared.clone(), own: Shared::new(self, own), target });
        for (enforce, block) in enforce.iter_mut().zip(body.get_blocks("enforce")) {
            let told = self.error_message(block, &around);
            prior = prior.or(told.used.prior);
            locals.extend(told.used.locals);
            is_broken |= told.is_broken;
            self.faults.extend(told.faults);
            enforce.error_message = told.message;
        }
        let prior = prior.or_else(|| self.reads_prior(&locals));
        let rules = Rules {
            enforcement,
            locals: std::mem::take(&mut self.locals.own),
            filter,
            enforce,
            names: around.own.names().to_vec(),
            mentioned: std::mem::take(&mut self.mentioned),
            uses_graph: self.uses_graph,
        };
        Read { rules, prior, is_broken }
    }

    /// Whether some expressions read a local that has a fault: what is said then is worth nothing.
    pub(super) fn reads_broken<'e>(&self, exprs: impl Iterator<Item = &'e Expr>) -> bool {
        if !self.has_broken && !self.locals.own.iter().any(|local| local.is_broken) {
            return false;
        }
        let mut open: Vec<usize> = Vec::new();
        for expr in exprs {
            expr.visit(&mut |part| {
                if let Kind::Reference(reference) = part.kind
                    && let Some(Name::Local(number)) = self.table.get(reference)
                {
                    open.push(*number);
                }
            });
        }
        let mut seen = FxHashSet::default();
        while let Some(number) = open.pop() {
            if !seen.insert(number) {
                continue;
            }
            if self.locals.get(number).is_some_and(|local| local.is_broken) {
                return true;
            }
            open.extend(self.uses.get(number).into_iter().flat_map(|used| used.locals.iter().copied()));
        }
        false
    }

    fn kind(&mut self, target: Target, kind: &str, span: Span) {
        match target {
            Target::Workspace if !SUBJECTS.contains(&kind) => {
                let hint = did_you_mean("", kind, SUBJECTS.into_iter());
                let known = SUBJECTS.join(", ");
                self.fault(span, format!("there is no subject \"{kind}\"; there are {known}{hint}"));
            }
            _ if kind.is_empty() => self.fault(span, "the first label says what the policy is about, and it is empty"),
            _ => {}
        }
    }

    fn unique(&mut self, target: Target, kind: &Arc<str>, id: &Arc<str>, span: Span) {
        match self.declared.get(&(target, kind.clone(), id.clone())) {
            Some(first) => {
                let message = format!("{} \"{kind}\" \"{id}\" is declared twice", target.as_str());
                self.faults.push(Fault::at(span, message).with(*first, "first declared here"));
            }
            None => {
                self.declared.insert((target, kind.clone(), id.clone()), span);
            }
        }
    }

    // A constant is checked here; what an input or local says is checked when it is known.
    fn level(&mut self, attribute: &Attribute, target: Target, within: &Within<'_>) -> Expr {
        let (expr, _) = self.expression(&attribute.value, within.locals, Roots::Meta(target));
        let wrong = match expr.as_literal() {
            Some(Value::String(word)) if Enforcement::parse(word).is_none() => Some(word.clone()),
            Some(Value::String(_)) | None => None,
            Some(_) => Some(Arc::from("")),
        };
        if let Some(word) = wrong {
            let hint = did_you_mean("", &word, LEVELS.into_iter());
            self.fault(
                expr.span,
                format!("an enforcement_level is \"mandatory\", \"mandatory_overridable\" or \"advisory\"{hint}"),
            );
        }
        expr
    }

    // Where a local, or one that it reads, reads `prior_attrs`.
    fn reads_prior(&self, locals: &[usize]) -> Option<Span> {
        let mut open = locals.to_vec();
        let mut seen = FxHashSet::default();
        while let Some(number) = open.pop() {
            if let Some(used) = self.uses.get(number).filter(|_| seen.insert(number)) {
                if used.prior.is_some() {
                    return used.prior;
                }
                open.extend(&used.locals);
            }
        }
        None
    }

    pub(super) fn judged(&mut self, attribute: &Attribute, within: &mut Within<'_>) -> Expr {
        let (expr, more) = self.expression(&attribute.value, within.locals, within.roots);
        within.used.prior = within.used.prior.or(more.prior);
        within.used.graph |= more.graph;
        within.used.locals.extend(more.locals);
        expr
    }

    fn enforcements(&mut self, body: &Body, header: Span, within: &mut Within<'_>) -> Vec<Enforce> {
        if !body.has_blocks("enforce") {
            self.fault(header, "a policy needs at least one enforce block with a condition");
        }
        body.get_blocks("enforce").filter_map(|block| self.enforce(block, within)).collect()
    }

    fn enforce(&mut self, block: &Block, within: &mut Within<'_>) -> Option<Enforce> {
        let body = &block.body;
        self.labels(block, &[]);
        self.known(body, Some(&ENFORCE), &[], "an enforce block");
        let Some(condition) = body.get_attribute("condition") else {
            let span = self.header(block);
            self.fault(span, "an enforce block needs a condition");
            return None;
        };
        let condition = self.judged(condition, within);
        let info_message = body.get_attribute("info_message");
        let info_message = info_message.map(|attribute| on_one_line(self.judged(attribute, within)));
        let at = body.get_attribute("at").and_then(|attribute| self.at(attribute, within));
        let severity = body.get_attribute("severity").and_then(|attribute| self.severity(attribute));
        let covers = body.get_attribute("covers").map(|attribute| self.judged(attribute, within));
        Some(Enforce { condition, at, error_message: None, info_message, severity, covers })
    }

    // `attrs.a.b[0]`, or `prior_attrs.a` for what goes away.
    fn at(&mut self, attribute: &Attribute, within: &Within<'_>) -> Option<Path> {
        let (expr, _) = self.expression(&attribute.value, within.locals, within.roots);
        let is_base = |reference: Reference| matches!(self.table.get(reference), Some(Name::Attrs | Name::PriorAttrs));
        let path = constant_path(&expr, &is_base).filter(|path| !path.steps().is_empty());
        if path.is_none() {
            self.fault(expr.span, "at names an attribute with constant steps, as in attrs.a.b[0].c");
        }
        path
    }

    /// Reads a `severity`.
    pub(super) fn severity(&mut self, attribute: &Attribute) -> Option<Severity> {
        let text = self.constant(&attribute.value);
        let severity = text.as_str().and_then(Severity::parse);
        if severity.is_none() {
            let span = self.span(attribute);
            let hint =
                did_you_mean("", text.as_str().unwrap_or_default(), ["critical", "high", "medium", "low"].into_iter());
            self.fault(span, format!("a severity is \"critical\", \"high\", \"medium\" or \"low\"{hint}"));
        }
        severity
    }
}
