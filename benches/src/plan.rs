//! Writes plans of any size, as Terraform 1.11 with the AWS provider would: for benches and budgets.
//!
//! A plan is made of stacks (a network, databases, a load balancer) and of services in them, each a module instance; what
//! is missing to the wished number are parameters in the root module. The same arguments give the same bytes, and no more
//! than one object is held at a time. Start at [`write()`].

use std::io::{self, Write};

use serde_json::Value as Json;

use self::object::{Object, Part};
use self::scope::{Index, Scope, State};
use self::shapes::{Module, Repetition, Shapes, Template};

mod node;
mod object;
mod scope;
mod shapes;

/// What kind of plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// A system in use: nearly everything stays as it is.
    Steady,
    /// Everything is created, and no id is known yet.
    FirstApply,
}

const SERVICES_OF_A_STACK: usize = 20;

/// Writes a plan with so many managed resources.
///
/// # Errors
///
/// What `out` reports.
pub fn write(variant: Variant, resources: usize, out: &mut dyn Write) -> io::Result<()> {
    let shapes = Shapes::read()?;
    let mut plan = Plan::new(&shapes, variant, resources, out);
    plan.write()
}

struct Plan<'p> {
    shapes: &'p Shapes,
    variant: Variant,
    /// The number of services in each stack.
    stacks: Vec<usize>,
    /// The keys of the parameters in the root module.
    settings: Vec<String>,
    out: &'p mut dyn Write,
    is_first: bool,
}

impl<'p> Plan<'p> {
    fn new(shapes: &'p Shapes, variant: Variant, resources: usize, out: &'p mut dyn Write) -> Self {
        let mut plan = Self { shapes, variant, stacks: Vec::new(), settings: Vec::new(), out, is_first: true };
        let mut rest = resources;
        let stack_size = Self::count(&shapes.stack, State::Kept);
        while rest >= stack_size {
            rest -= stack_size;
            let first = plan.stacks.len() * SERVICES_OF_A_STACK;
            let sizes =
                (first..first + SERVICES_OF_A_STACK).map(|number| Self::count(&shapes.service, plan.state(number)));
            let mut services = 0;
            for size in sizes {
                let Some(less) = rest.checked_sub(size) else { break };
                rest = less;
                services += 1;
            }
            plan.stacks.push(services);
        }
        plan.settings = (0..rest).map(|number| format!("setting-{number:03}")).collect();
        plan
    }

    fn state(&self, service: usize) -> State {
        if self.variant == Variant::FirstApply { State::New } else { State::of(service) }
    }

    fn count(module: &Module, state: State) -> usize {
        let managed = module.templates.iter().filter(|template| !template.is_data);
        let there = managed.filter(|template| template.only.is_none_or(|only| only == state));
        there.map(|template| instances(template).len()).sum()
    }

    fn write(&mut self) -> io::Result<()> {
        self.text(r#"{"format_version":"1.2","terraform_version":"1.11.4","variables":{"db_password":{"value":"not-a-real-password"},"region":{"value":"ap-northeast-1"},"zones":{"value":["ap-northeast-1a","ap-northeast-1c","ap-northeast-1d"]}},"planned_values":{"root_module":"#)?;
        self.modules(Part::PlannedValues)?;
        self.text(r#"},"resource_changes":["#)?;
        self.is_first = true;
        self.changes()?;
        self.text(r#"],"prior_state":{"format_version":"1.0","terraform_version":"1.11.4","values":{"root_module":"#)?;
        self.modules(Part::PriorState)?;
        self.text(r#"}},"configuration":"#)?;
        let configuration = self.configuration();
        self.text(&configuration)?;
        self.text(r#","relevant_attributes":[{"resource":"data.aws_route53_zone.main","attribute":["zone_id"]}],"timestamp":"2026-01-01T00:00:00Z","applyable":true,"complete":true,"errored":false}"#)?;
        self.text("\n")
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())
    }

    fn scope(&self, stack: Option<usize>, service: Option<usize>) -> Scope {
        let is_first_apply = self.variant == Variant::FirstApply;
        let in_use = if is_first_apply { State::New } else { State::Kept };
        Scope { stack, service, state: service.map_or(in_use, |service| self.state(service)), is_first_apply }
    }

    /// Every module instance from the root: its resources, and its children between the two texts.
    fn modules(&mut self, part: Part) -> io::Result<()> {
        let shapes = self.shapes;
        self.text("{")?;
        self.resources(&shapes.root, self.scope(None, None), part)?;
        self.text(",\"child_modules\":[")?;
        for stack in 0..self.stacks.len() {
            self.text(if stack == 0 { "{" } else { ",{" })?;
            let scope = self.scope(Some(stack), None);
            self.resources(&shapes.stack, scope, part)?;
            self.text(&format!(",\"address\":{},\"child_modules\":[", Json::from(scope.module())))?;
            for (position, service) in self.services(stack).enumerate() {
                self.text(if position == 0 { "{" } else { ",{" })?;
                let scope = self.scope(Some(stack), Some(service));
                self.resources(&shapes.service, scope, part)?;
                self.text(&format!(",\"address\":{}}}", Json::from(scope.module())))?;
            }
            self.text("]}")?;
        }
        self.text("]}")
    }

    fn services(&self, stack: usize) -> std::ops::Range<usize> {
        let first = stack * SERVICES_OF_A_STACK;
        first..first + self.stacks.get(stack).copied().unwrap_or_default()
    }

    fn resources(&mut self, module: &Module, scope: Scope, part: Part) -> io::Result<()> {
        self.text("\"resources\":[")?;
        self.is_first = true;
        self.objects(module, scope, part)?;
        self.text("]")
    }

    fn changes(&mut self) -> io::Result<()> {
        let shapes = self.shapes;
        self.objects(&shapes.root, self.scope(None, None), Part::ResourceChanges)?;
        for stack in 0..self.stacks.len() {
            self.objects(&shapes.stack, self.scope(Some(stack), None), Part::ResourceChanges)?;
            for service in self.services(stack) {
                self.objects(&shapes.service, self.scope(Some(stack), Some(service)), Part::ResourceChanges)?;
            }
        }
        Ok(())
    }

    fn objects(&mut self, module: &Module, scope: Scope, part: Part) -> io::Result<()> {
        let made = made(module, scope);
        let settings = std::mem::take(&mut self.settings);
        for template in module.templates.iter().filter(|template| template.only.is_none_or(|only| only == scope.state))
        {
            let indexes = if scope.stack.is_none() && !template.is_data {
                settings.iter().map(|key| Index::Key(key)).collect()
            } else {
                instances(template)
            };
            for index in indexes {
                let object = Object::new(template, scope, index, &made);
                if let Some(entry) = object.entry(part) {
                    let is_first = std::mem::take(&mut self.is_first);
                    self.text(if is_first { "" } else { "," })?;
                    self.text(&entry)?;
                }
            }
        }
        self.settings = settings;
        Ok(())
    }

    fn configuration(&self) -> String {
        let service = config_module(&self.shapes.service, self.scope(Some(0), Some(0)), "");
        let arguments = &self.shapes.service.inputs;
        let call = format!(
            r#","module_calls":{{"service":{{"source":"./modules/service","expressions":{arguments},"for_each_expression":{{"references":["var.services"]}},"module":{{{service}}}}}}}"#,
        );
        let stack = config_module(&self.shapes.stack, self.scope(Some(0), None), &call);
        let calls = (0..self.stacks.len()).map(|number| {
            let mut arguments = self.shapes.stack.inputs.clone();
            if let Json::Object(arguments) = &mut arguments {
                arguments
                    .insert("name".to_owned(), serde_json::json!({"constant_value": format!("stack-{number:03}")}));
                arguments.insert("services".to_owned(), serde_json::json!({"references": ["local.services"]}));
            }
            format!(
                r#""stack_{number:03}":{{"source":"./modules/stack","expressions":{arguments},"module":{{{stack}}}}}"#
            )
        });
        let calls = format!(",\"module_calls\":{{{}}}", calls.collect::<Vec<_>>().join(","));
        let root = config_module(&self.shapes.root, self.scope(None, None), &calls);
        format!(
            r#"{{"provider_config":{{"aws":{{"name":"aws","full_name":"registry.terraform.io/hashicorp/aws","version_constraint":"~> 6.0","expressions":{{"region":{{"references":["var.region"]}}}}}}}},"root_module":{{{root}}}}}"#,
        )
    }
}

fn instances(template: &Template) -> Vec<Index<'_>> {
    match &template.repetition {
        Repetition::Once => vec![Index::None],
        Repetition::Count(count) => (0..*count).map(Index::Number).collect(),
        Repetition::ForEach(keys) => keys.iter().map(|key| Index::Key(key)).collect(),
    }
}

// Which blocks make new objects. A data source is read during apply if it needs one of them.
fn made(module: &Module, scope: Scope) -> Vec<bool> {
    let resources = module.templates.iter().map(|template| !template.is_data && template.change(scope.state).makes());
    let mut made: Vec<bool> = resources.collect();
    let deferred: Vec<bool> = module
        .templates
        .iter()
        .map(|template| template.is_data && Object::new(template, scope, Index::None, &made).is_deferred)
        .collect();
    made.iter_mut().zip(deferred).for_each(|(made, deferred)| *made |= deferred);
    made
}

fn config_module(module: &Module, scope: Scope, calls: &str) -> String {
    let none = vec![false; module.templates.len()];
    let written = module.templates.iter().filter(|template| template.only.is_none());
    let resources = written.map(|template| Object::new(template, scope, Index::None, &none).configuration());
    let resources = resources.collect::<Vec<_>>().join(",");
    let names = module.inputs.as_object().into_iter().flatten().map(|(name, _)| format!("\"{name}\":{{}}"));
    let variables = names.collect::<Vec<_>>().join(",");
    format!(r#""outputs":{},"resources":[{resources}]{calls},"variables":{{{variables}}}"#, module.outputs)
}
