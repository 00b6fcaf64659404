//! Tests of policies: the `pass` and `fail` examples in a policy, and the mocks of a `*.policytest.hcl`
//! (`spec/policy-language.md` 6 and 8).
//!
//! Both become a workspace and are judged like any input. Start at [`example`] and [`Mocks::parse`].

use std::cell::RefCell;
use std::sync::Arc;

use hcl_edit::structure::{Block, Body};

use crate::engine::{self, Settings};
use crate::expr::compile::{Compiler, Names};
use crate::expr::eval::{Evaluated, Evaluator, Host};
use crate::expr::functions::{Function, builtin};
use crate::expr::{Expr, Fault, Reference};
use crate::finding::{Finding, Verdict};
use crate::policy::{Example, Policy, PolicyFile};
use crate::source::{FileId, SourceMap, Span, hcl};
use crate::terraform::config::Configuration;
use crate::terraform::plan::Action;
use crate::value::{Handle, Object, Step, Symbol, Value};
use crate::workspace::build::{self, Mock, Shared};
use crate::workspace::{Facts, Names as Wanted, Workspace};

/// Judges an example: every object of the policy's types must pass, or the expected ones must fail and no other.
///
/// # Errors
///
/// What was expected and what came, in a sentence for each object.
pub fn example(file: &PolicyFile, id: &str, example: &Example, facts: &Arc<Facts>) -> Result<(), String> {
    let shared = shared(&[file], facts, example.configuration.clone());
    let workspace = build::from_configuration(file.path.clone(), &shared);
    let policies = || file.policies.iter().filter(|policy| *policy.id == *id);
    let judged = |policy: &Policy, kind: &str| policy.concerns(kind);
    let subjects: Vec<&str> = workspace
        .objects
        .iter()
        .filter(|object| policies().any(|policy| judged(policy, &object.kind)))
        .map(|object| &*object.address)
        .collect();
    if subjects.is_empty() {
        return Err("the example has no object that the policy is about".to_owned());
    }
    let must_fail = |address: &str| {
        let expected = example.expect.is_empty() || example.expect.iter().any(|expected| expected == address);
        !example.passes && expected
    };
    if let Some(stranger) = example.expect.iter().find(|address| !subjects.contains(&address.as_str())) {
        return Err(format!("{stranger} is expected to fail and is not in the example"));
    }
    let findings = findings(&[file], &workspace, vec![id.to_owned()]);
    let problems: Vec<String> =
        subjects.iter().filter_map(|address| mismatch(address, must_fail(address), &findings)).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}

fn mismatch(address: &str, must_fail: bool, findings: &[Finding]) -> Option<String> {
    let found: Vec<&Finding> =
        findings.iter().filter(|finding| finding.instances.iter().any(|instance| instance == address)).collect();
    let failed = found.iter().any(|finding| finding.verdict == Verdict::Fail);
    let other = found.iter().find(|finding| finding.verdict != Verdict::Fail);
    match (must_fail, failed, other) {
        (_, _, Some(finding)) => Some(format!("{address}: {}: {}", finding.verdict.as_str(), finding.message)),
        (true, false, None) => Some(format!("{address} passes and must fail")),
        (false, true, None) => {
            Some(format!("{address} fails and must pass: {}", found.first().map_or("", |finding| &finding.message)))
        }
        _ => None,
    }
}

fn shared(files: &[&PolicyFile], facts: &Arc<Facts>, configuration: Arc<Configuration>) -> Shared {
    let wanted = Wanted::new(files.iter().map(|file| file.mentions()), facts);
    Shared::new(facts.clone(), Arc::new(wanted), configuration)
}

// A test says what it expects of production, and of every verdict.
fn findings(files: &[&PolicyFile], workspace: &Workspace<'_>, only: Vec<String>) -> Vec<Finding> {
    let settings = Settings {
        fail_level: None,
        environment: Some("production".to_owned()),
        pedantic: true,
        only,
        show_unknown: true,
    };
    engine::evaluate(files, workspace, &settings, &SourceMap::default()).findings
}

/// A `*.policytest.hcl` file.
#[derive(Debug)]
pub struct Mocks {
    /// The files that it tests, as written: relative to its own directory.
    pub targets: Vec<String>,
    blocks: Vec<MockBlock>,
    locals: Vec<(Arc<str>, Expr)>,
    names: Vec<(Arc<str>, Vec<Arc<str>>)>,
}

#[derive(Debug)]
struct MockBlock {
    address: String,
    is_data: bool,
    attrs: Option<Expr>,
    prior_attrs: Option<Expr>,
    meta: Option<Expr>,
    expect_failure: bool,
    skip: bool,
}

/// What became of a mock.
#[derive(Debug)]
pub struct MockResult {
    /// `TYPE.LABEL`
    pub address: String,
    /// Why it failed; none if it passed.
    pub problem: Option<String>,
}

impl Mocks {
    /// Parses a test file.
    ///
    /// # Errors
    ///
    /// Every fault in it.
    pub fn parse(file: FileId, text: &str) -> Result<Self, Vec<Fault>> {
        let body = hcl::parse(text).map_err(|error| {
            let span = hcl::span_of(file, Some(error.offset..error.offset));
            vec![Fault::at(span, error.message)]
        })?;
        let mut names = MockNames { table: Vec::new() };
        let mut compiler = Compiler::new(file, text, &mut names);
        let targets = targets(&body, &mut compiler);
        let mut blocks = Vec::new();
        let mut locals: Vec<(Arc<str>, Expr)> = Vec::new();
        let mut faults = Vec::new();
        for block in body.blocks() {
            match (block.ident.as_str(), block.labels.as_slice()) {
                ("policytest", []) => {}
                ("locals", []) => locals.extend(
                    block
                        .body
                        .attributes()
                        .map(|attribute| (Arc::from(attribute.key.as_str()), compiler.compile(&attribute.value))),
                ),
                ("resource" | "data", [kind, label]) => {
                    blocks.push(mock_block(block, kind.as_str(), label.as_str(), &mut compiler));
                }
                (name, _) => {
                    let message = format!("a test file of resource policies has no block \"{name}\" with these labels");
                    faults.push(Fault::at(hcl::header_span(file, block), message));
                }
            }
        }
        faults.extend(compiler.take_faults());
        let names = names.table;
        if faults.is_empty() { Ok(Self { targets, blocks, locals, names }) } else { Err(faults) }
    }

    /// Runs the mocks under the policies of some files.
    #[must_use]
    pub fn run(&self, files: &[&PolicyFile], facts: &Arc<Facts>) -> Vec<MockResult> {
        let shared = shared(files, facts, Arc::new(Configuration::default()));
        let mut mocks = Vec::new();
        let mut broken = Vec::new();
        for block in &self.blocks {
            match self.mock(block) {
                Ok(mock) => mocks.push(mock),
                Err(fault) => {
                    broken.push(MockResult { address: block.address.clone(), problem: Some(fault.message) });
                }
            }
        }
        let workspace = build::from_mocks(mocks, Arc::from("mocks"), &shared);
        let findings = findings(files, &workspace, Vec::new());
        let judged = self.blocks.iter().filter(|block| !block.skip && !block.is_data);
        let results = judged.filter(|block| broken.iter().all(|result| result.address != block.address));
        let results =
            results.map(|block| MockResult { address: block.address.clone(), problem: problem(block, &findings) });
        let mut all: Vec<MockResult> = results.collect();
        all.extend(broken);
        all
    }

    fn mock(&self, block: &MockBlock) -> Result<Mock, Box<Fault>> {
        let scope = MockScope { mocks: self, open: RefCell::new(Vec::new()) };
        let object = |expr: &Option<Expr>| -> Result<Option<Arc<Object>>, Box<Fault>> {
            let Some(expr) = expr else { return Ok(None) };
            match Evaluator::new(&scope, 0).eval(expr)? {
                Value::Object(object) => Ok(Some(object)),
                Value::Null => Ok(None),
                other => Err(Fault::new(expr.span, format!("an object is asked for, not a {}", other.type_name()))),
            }
        };
        let (attrs, prior_attrs, meta) = (object(&block.attrs)?, object(&block.prior_attrs)?, object(&block.meta)?);
        let meta = meta.unwrap_or_default();
        let text = |name: &str| meta.get(name).and_then(Value::as_str).map(str::to_owned);
        let action = action(&meta, attrs.is_some(), prior_attrs.is_some());
        // An object at rest has one side.
        let attrs = if action == Action::NoOp { attrs.or_else(|| prior_attrs.clone()) } else { attrs };
        Ok(Mock {
            address: block.address.clone(),
            is_data: block.is_data,
            attrs,
            prior_attrs,
            action,
            action_reason: text("action_reason"),
            replace_paths: meta.get("replace_paths").map(paths_as_json),
            importing: meta.get("importing").and_then(Value::as_bool).unwrap_or(false),
            previous_address: text("previous_address"),
        })
    }
}

fn targets(body: &Body, compiler: &mut Compiler<'_>) -> Vec<String> {
    let attribute = body.get_blocks("policytest").next().and_then(|block| block.body.get_attribute("targets"));
    let Some(attribute) = attribute else { return Vec::new() };
    let expr = compiler.compile(&attribute.value);
    let items = expr.as_literal().and_then(Value::as_list).unwrap_or_default();
    items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

fn mock_block(block: &Block, kind: &str, label: &str, compiler: &mut Compiler<'_>) -> MockBlock {
    let is_data = block.ident.as_str() == "data";
    let mut expr = |name: &str| block.body.get_attribute(name).map(|attribute| compiler.compile(&attribute.value));
    let (attrs, prior_attrs, meta) = (expr("attrs"), expr("prior_attrs"), expr("meta"));
    let mut flag = |name: &str| expr(name).is_some_and(|expr| expr.as_literal().and_then(Value::as_bool) == Some(true));
    let (expect_failure, skip) = (flag("expect_failure"), flag("skip"));
    let prefix = if is_data { "data." } else { "" };
    MockBlock { address: format!("{prefix}{kind}.{label}"), is_data, attrs, prior_attrs, meta, expect_failure, skip }
}

fn problem(block: &MockBlock, findings: &[Finding]) -> Option<String> {
    let mut found = findings.iter().filter(|finding| finding.instances.contains(&block.address));
    let failed = found.clone().any(|finding| finding.verdict != Verdict::Unknown);
    match (block.expect_failure, failed) {
        (true, false) => Some("passes, and a failure is expected".to_owned()),
        (false, true) => {
            let finding = found.find(|finding| finding.verdict != Verdict::Unknown)?;
            Some(format!("{} {}: {}", finding.policy, finding.verdict.as_str(), finding.message))
        }
        _ => None,
    }
}

// What Terraform will do: `actions` as in a plan, else `operation`, else what the sides tell.
fn action(meta: &Object, planned: bool, prior: bool) -> Action {
    let names: Vec<&str> =
        meta.get("actions").and_then(Value::as_list).unwrap_or_default().iter().filter_map(Value::as_str).collect();
    if let Some(action) = Action::from_names(&names) {
        return action;
    }
    if meta.get("forget").and_then(Value::as_bool) == Some(true) {
        return Action::Forget;
    }
    match (meta.get("operation").and_then(Value::as_str), planned, prior) {
        (Some("create"), ..) | (None, true, false) => Action::Create,
        (Some("update"), ..) | (None, true, true) => Action::Update,
        (Some("delete"), ..) | (None, false, true) => Action::Delete,
        _ => Action::NoOp,
    }
}

fn paths_as_json(paths: &Value) -> String {
    let step = |step: &Value| match step {
        Value::Number(number) => number.to_string(),
        other => serde_json::Value::from(other.as_str().unwrap_or_default()).to_string(),
    };
    let path = |path: &Value| {
        let steps: Vec<String> = path.as_list().unwrap_or_default().iter().map(step).collect();
        format!("[{}]", steps.join(","))
    };
    let paths: Vec<String> = paths.as_list().unwrap_or_default().iter().map(path).collect();
    format!("[{}]", paths.join(","))
}

struct MockNames {
    table: Vec<(Arc<str>, Vec<Arc<str>>)>,
}

impl Names for MockNames {
    fn resolve(&mut self, head: &str, steps: &[Arc<str>]) -> Result<(Reference, usize), String> {
        let used = if head == "data" { 2 } else { 1 };
        if steps.len() < used {
            return Err(format!("{head} is no mock; a mock is called TYPE.LABEL"));
        }
        self.table.push((Arc::from(head), steps.iter().take(used).cloned().collect()));
        Ok((Reference(u32::try_from(self.table.len() - 1).unwrap_or(u32::MAX)), used))
    }

    fn function(&mut self, namespace: &[&str], name: &str) -> Result<Function, String> {
        let known = matches!(namespace, [] | ["core"]).then(|| builtin(name)).flatten();
        known.ok_or_else(|| format!("there is no function {name} here"))
    }
}

/// Evaluates mocks: each may refer to another.
struct MockScope<'m> {
    mocks: &'m Mocks,
    open: RefCell<Vec<String>>,
}

impl Host for MockScope<'_> {
    fn reference(&self, reference: Reference, span: Span, depth: usize) -> Evaluated {
        let name = self.mocks.names.get(reference.0 as usize);
        let address = name.map(|(head, steps)| format!("{head}.{}", steps.join("."))).unwrap_or_default();
        if self.open.borrow().contains(&address) {
            return Err(Fault::new(span, format!("{address} refers to itself")));
        }
        let attrs = match address.strip_prefix("local.") {
            Some(name) => self.mocks.locals.iter().find(|(known, _)| **known == *name).map(|(_, expr)| expr),
            None => {
                let block = self.mocks.blocks.iter().find(|block| block.address == address);
                block.and_then(|block| block.attrs.as_ref().or(block.prior_attrs.as_ref()))
            }
        };
        let attrs = attrs.ok_or_else(|| Fault::new(span, format!("there is no {address} with attrs")))?;
        self.open.borrow_mut().push(address);
        let value = Evaluator::new(self, depth).eval(attrs);
        self.open.borrow_mut().pop();
        value
    }

    fn attribute(&self, _handle: Handle, _name: &str) -> Option<Value> {
        None
    }

    fn expand(&self, _handle: Handle) -> Value {
        Value::Null
    }

    fn address(&self, _handle: Handle) -> String {
        String::new()
    }

    fn call(&self, _function: u32, _arguments: &[Value], span: Span) -> Evaluated {
        Err(Fault::new(span, "this function means nothing in a mock"))
    }

    fn same(&self, left: &Symbol, right: &Symbol) -> Option<bool> {
        (left == right).then_some(true)
    }

    fn symbol_is(&self, _symbol: &Symbol, _text: &str) -> Option<bool> {
        None
    }

    fn is_never_null(&self, symbol: &Symbol) -> bool {
        matches!(symbol.path.steps(), [Step::Name(name)] if &**name == "id")
    }
}
