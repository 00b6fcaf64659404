//! `.planfit.hcl`, the one settings file (`spec/config.md`): what it says, typed and with places.
//!
//! [`parse`] reads a text and tells every fault in it. `schema.rs` is the table of all blocks and keys; [`names`] checks
//! what the file says of policies against those that there are; [`Config::environment`] and [`Config::setting`] answer
//! what holds for one object. Nothing here reads files.

use crate::expr::Fault;
use crate::finding::Severity;
use crate::source::{FileId, Span, hcl};
pub use date::Date;
pub use environment::{Environment, Tags, Whereabouts};
pub use glob::{Pattern, Patterns, Style};
pub use plans::{Audit, Budget, Calendar, Cost, Limits, Manual, Rehearsal, Waiver};
pub use rules::{Named, Rule, Setting};
use section::Section;

mod date;
mod environment;
pub mod glob;
mod literal;
pub mod names;
mod plans;
pub mod root;
mod rules;
pub mod schema;
mod section;

/// The name of the file.
pub const FILE_NAME: &str = ".planfit.hcl";

/// The environment that policies know by name.
pub const PRODUCTION: &str = "production";

/// Something that is written, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At<T> {
    /// What.
    pub value: T,
    /// Where.
    pub span: Span,
}

/// What the file says. A key that is not written is `None`; what holds then, the methods tell.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// `policy_paths`
    pub policy_paths: Vec<At<String>>,
    /// `fail_level`; inside, `None` is `none`.
    pub fail_level: Option<At<Option<Severity>>>,
    /// `pedantic`
    pub pedantic: Option<At<bool>>,
    /// `baseline`
    pub baseline: Option<At<String>>,
    /// `exclude`
    pub exclude: Patterns,
    /// `require_reason`
    pub require_reason: Option<At<bool>>,
    /// `honour_foreign_suppressions`
    pub honour_foreign_suppressions: Option<At<bool>>,
    /// `max_file_size`, in bytes.
    pub max_file_size: Option<At<usize>>,
    /// `environment` blocks, in their order.
    pub environments: Vec<Environment>,
    /// `rule` blocks, in their order.
    pub rules: Vec<Rule>,
    /// `ignore` blocks, in their order.
    pub ignores: Vec<Ignore>,
    /// `cost`
    pub cost: Cost,
    /// `audit`
    pub audit: Audit,
    /// `lightsail.migrated`
    pub lightsail_migrated: bool,
    /// `calendar`
    pub calendar: Calendar,
    /// `rehearsal`
    pub rehearsal: Rehearsal,
}

/// An `ignore` block: findings that are silenced. They stay counted.
#[derive(Clone, Debug)]
pub struct Ignore {
    /// Ids and aliases of policies, with `*`; at least one.
    pub policies: Patterns,
    /// Addresses; none: every address.
    pub addresses: Patterns,
    /// Paths of files, relative to the directory of the settings file; none: every path.
    pub paths: Patterns,
    /// Labels of environments; none: every environment.
    pub environments: Vec<String>,
    /// Why. Not written is a matter of `require_reason`.
    pub reason: Option<String>,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// Where the block's header stands.
    pub span: Span,
    /// The texts of `policies` with their places.
    named: Vec<At<String>>,
}

/// Largest settings file. Hand-written ones are a few kilobytes.
const MAX_SIZE: usize = 1 << 20;

/// Reads a settings file: what is right in it, and every fault. A file with a fault is not to be used.
#[must_use]
pub fn parse(file: FileId, text: &str) -> (Config, Vec<Fault>) {
    let nowhere = hcl::span_of(file, Some(0..0));
    if text.len() > MAX_SIZE {
        let message = format!("a settings file has at most {} MiB, and this is larger", MAX_SIZE >> 20);
        return (Config::default(), vec![Fault::at(nowhere, message)]);
    }
    let body = match hcl::parse(text) {
        Ok(body) => body,
        Err(error) => return (Config::default(), vec![Fault::syntax(file, error)]),
    };
    let mut faults = Vec::new();
    let source = literal::Source { file, text };
    let section = section::read(&body, &schema::FILE, At::new(String::new(), nowhere), source, &mut faults);
    let config = Config::read(&section, &mut faults);
    faults.sort_by_key(|fault| fault.span);
    (config, faults)
}

impl<T> At<T> {
    /// Something at a place.
    pub const fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// Something else at the same place.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> At<U> {
        At { value: change(self.value), span: self.span }
    }
}

impl Config {
    fn read(file: &Section, faults: &mut Vec<Fault>) -> Self {
        let config = Self {
            policy_paths: file.texts("policy_paths"),
            fail_level: file.text("fail_level").map(|level| level.map(|word| Severity::parse(&word))),
            pedantic: file.bool("pedantic"),
            baseline: file.text("baseline"),
            exclude: file.patterns("exclude"),
            require_reason: file.bool("require_reason"),
            honour_foreign_suppressions: file.bool("honour_foreign_suppressions"),
            max_file_size: file.get("max_file_size").and_then(|literal| {
                let bytes = literal.as_number()?.as_usize()?;
                Some(At::new(bytes, literal.span))
            }),
            environments: file.blocks("environment").map(Environment::read).collect(),
            rules: file.blocks("rule").map(|rule| Rule::read(rule, faults)).collect(),
            ignores: file.blocks("ignore").map(|ignore| Ignore::read(ignore, faults)).collect(),
            cost: file.blocks("cost").next().map_or_else(Cost::default, |cost| Cost::read(cost, faults)),
            audit: file.blocks("audit").next().map_or_else(Audit::default, Audit::read),
            lightsail_migrated: file
                .blocks("lightsail")
                .next()
                .and_then(|block| block.bool("migrated"))
                .is_some_and(|migrated| migrated.value),
            calendar: file.blocks("calendar").next().map_or_else(Calendar::default, Calendar::read),
            rehearsal: file.blocks("rehearsal").next().map_or_else(Rehearsal::default, Rehearsal::read),
        };
        config.check_environments(file, faults);
        config
    }

    // An environment that no block names would never match.
    fn check_environments(&self, file: &Section, faults: &mut Vec<Fault>) {
        let labels: Vec<&str> = self.environments.iter().map(|environment| &*environment.label).collect();
        let budgets = file.blocks("cost").flat_map(|cost| cost.blocks("budget"));
        let concerned = file.blocks("rule").chain(file.blocks("ignore")).chain(budgets);
        for name in concerned.flat_map(|section| section.texts("environments")) {
            if !labels.contains(&name.value.as_str()) {
                let near = names::did_you_mean(&name.value, labels.iter().copied());
                let message = format!("no environment block has the name \"{}\"{near}", name.value);
                faults.push(Fault::at(name.span, message));
            }
        }
    }

    /// Whether a suppression needs a reason.
    #[must_use]
    pub fn requires_reason(&self) -> bool {
        self.require_reason.as_ref().is_none_or(|written| written.value)
    }

    /// Whether comments for other tools suppress findings.
    #[must_use]
    pub fn honours_foreign_suppressions(&self) -> bool {
        self.honour_foreign_suppressions.as_ref().is_some_and(|written| written.value)
    }

    /// Whether policies that are off by default run.
    #[must_use]
    pub fn is_pedantic(&self) -> bool {
        self.pedantic.as_ref().is_some_and(|written| written.value)
    }

    /// Whether a directory, relative to that of the file, is never judged.
    #[must_use]
    pub fn excludes(&self, directory: &str) -> bool {
        self.exclude.matches(directory)
    }

    /// The largest HCL file that is read, in bytes.
    #[must_use]
    pub fn max_file_size(&self) -> usize {
        self.max_file_size.as_ref().map_or(hcl::MAX_FILE_SIZE, |written| written.value)
    }
}

impl Ignore {
    fn read(section: &Section, faults: &mut Vec<Fault>) -> Self {
        let policies = section.patterns("policies");
        if section.get("policies").is_some() && policies.is_empty() {
            faults.push(Fault::at(section.label.span, "this names no policy; \"*\" stands for all"));
        }
        Self {
            policies,
            addresses: section.patterns("addresses"),
            paths: section.patterns("paths"),
            environments: section.words("environments"),
            reason: section.text("reason").map(|reason| reason.value),
            until: section.date("until"),
            named: section.texts("policies"),
            span: section.label.span,
        }
    }

    /// Whether the block names a policy, by its id or one of its aliases.
    #[must_use]
    pub fn names(&self, id: &str, aliases: &[String]) -> bool {
        self.policies.matches(id) || aliases.iter().any(|alias| self.policies.matches(alias))
    }

    /// Whether the block holds in an environment; one that is not known belongs to none.
    #[must_use]
    pub fn holds_in(&self, environment: Option<&str>) -> bool {
        self.environments.is_empty()
            || environment.is_some_and(|name| self.environments.iter().any(|label| label == name))
    }
}
