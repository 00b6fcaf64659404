//! What a run says: findings, the remarks about inputs, and the summary.
//!
//! Plain data. The engine makes it, suppressions and baselines mark it, renderers print it and decide nothing.

use std::sync::Arc;

use crate::config::Date;

pub use self::rule::{Rule, Ways};
pub use self::run::{Run, Workflow};
pub use crate::source::Related;
use crate::source::Span;

mod rule;
mod run;

/// How much a problem hurts if nobody acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Low,
    /// Hurts some day.
    Medium,
    /// An outage or loss is a matter of time.
    High,
    /// An outage or loss with the next apply or release.
    Critical,
}

/// What a policy says of one object; *pass* makes no finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The condition is false.
    Fail,
    /// An expression of the policy failed on this object.
    Error,
    /// The condition depends on what is not known yet.
    Unknown,
}

/// `enforcement_level` of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Enforcement {
    /// Never fails a run.
    Advisory,
    /// Fails a run; a baseline may cover it.
    MandatoryOverridable,
    /// Fails a run; only a suppression with a reason covers it.
    Mandatory,
}

/// How loud a finding is (`spec/ci-integration.md` 2). Sorted from quiet to loud.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A remark.
    Notice,
    /// To be looked at; does not fail the run.
    Warning,
    /// Fails the run.
    Error,
}

/// One way to put a finding right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// The option's label in the policy.
    pub id: String,
    /// What to do, in a few words.
    pub title: String,
    /// What is gained.
    pub merits: Vec<String>,
    /// What it costs.
    pub demerits: Vec<String>,
    /// Downtime of making the change (`none`, `minutes`, …).
    pub downtime: String,
    /// `S` one line, `M` a pull request with a rehearsal, `L` a project.
    pub effort: String,
    /// The attributes that it sets, with their values as written, if it does nothing else and all of them are literals.
    pub literals: Vec<(String, String)>,
}

/// One problem of one block: every instance (`count`, `for_each`, module calls) of it under one policy.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The policy's id.
    pub policy: Arc<str>,
    /// The file that the policy stands in; `None` for the pack. Ids are unique within a file only.
    pub policy_file: Option<Arc<str>>,
    /// The policy's category.
    pub category: Arc<str>,
    /// The policy's title: one line on the problem in general.
    pub title: Arc<str>,
    /// How much it hurts.
    pub severity: Severity,
    /// The policy's `enforcement_level`.
    pub enforcement: Enforcement,
    /// How loud it is in this run.
    pub level: Level,
    /// Fail, error or unknown.
    pub verdict: Verdict,
    /// The environment that the instances belong to, if it is known.
    pub environment: Option<Arc<str>>,
    /// Address of the first instance (Terraform's order).
    pub address: String,
    /// Every instance, the first included.
    pub instances: Vec<String>,
    /// `create`, `update`, `delete`, `no-op`.
    pub operation: &'static str,
    /// One sentence about the first instance.
    pub message: String,
    /// Where to change something. `None` without source.
    pub location: Option<Span>,
    /// The expression of the policy that decided: a condition, or the filter.
    pub condition: Option<Span>,
    /// Which parts of it decided, if the run asks for that.
    pub explanation: Option<Explanation>,
    /// Further places (the block inside a remote module, the policy's expression that failed).
    pub related: Vec<Related>,
    /// The provider's default that was judged, because nobody has set the attribute: `multi_az is not set; the default
    /// is false`.
    pub assumed: Option<String>,
    /// The file the object was read from, as reports print it.
    pub input: Arc<str>,
    /// Ways out, the recommended one first.
    pub options: Arc<[Remedy]>,
    /// Policies whose finding on the same object makes this one superfluous.
    pub covered_by: Arc<[String]>,
    /// Other objects of which this finding says the cause, by address: there, too, it stands for what it covers.
    pub covers: Vec<String>,
    /// Stable across line moves.
    pub fingerprint: String,
    /// The directory of the root module, relative to the git root; empty if it is not known.
    pub root: Arc<str>,
    /// Of an object of a plan, whether the plan changes one of the instances.
    pub changes: Option<bool>,
    /// The headers of the blocks around the object, as far as they are ours: its own block first, then the module calls
    /// outwards. They are not printed; a suppression at one of them covers the finding.
    pub enclosing: Vec<Span>,
    /// Why it is counted and not reported.
    pub silence: Option<Silence>,
}

/// Why a finding does not fail a run and is not shown to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Silence {
    /// Somebody has decided so.
    Suppressed(Suppressed),
    /// The baseline knows it.
    Baselined,
}

/// The decision behind a suppressed finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// What kind of text says so.
    pub by: SuppressedBy,
    /// Why.
    pub reason: Option<String>,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// Where it is written.
    pub place: Option<Span>,
}

/// Where a suppression is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SuppressedBy {
    /// A comment `planfit:ignore` in the source.
    Comment,
    /// A comment of another tool.
    ForeignComment,
    /// An `ignore` block of `.planfit.hcl`.
    Configuration,
}

/// Why a condition is what it is on the first instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The condition as written, on one line.
    pub condition: String,
    /// Where it stands.
    pub span: Span,
    /// The parts that decided, in the order of the text.
    pub steps: Vec<Step>,
    /// How many more parts decided and are left out; counted up to [`MAX_OMITTED`].
    pub omitted: usize,
}

/// Where the parts that an explanation leaves out are no longer counted.
pub const MAX_OMITTED: usize = 1_000;

/// A part of a condition, with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The part as written, on one line.
    pub text: String,
    /// Its value, short; nothing that is sensitive.
    pub value: String,
    /// 0 for parts of the condition, 1 for what these are made of, and so on.
    pub depth: usize,
}

/// What a policy says of an object that is as it should be: an `info_message`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Information {
    /// The policy's id.
    pub policy: Arc<str>,
    /// The file that the policy stands in; `None` for the pack.
    pub policy_file: Option<Arc<str>>,
    /// The object.
    pub address: String,
    /// `create`, `update`, `delete`, `no-op`.
    pub operation: &'static str,
    /// One sentence.
    pub message: String,
}

/// A remark about an input or a policy file: not about the infrastructure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// How loud.
    pub level: Level,
    /// What happened and what to do.
    pub message: String,
    /// Where, if there is a place.
    pub span: Option<Span>,
    /// Further places: the first of two declarations.
    pub related: Vec<Related>,
}

impl Remark {
    /// A remark without further places.
    #[must_use]
    pub fn new(level: Level, message: impl Into<String>, span: Option<Span>) -> Self {
        Self { level, message: message.into(), span, related: Vec::new() }
    }
}

/// What could not be judged, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotEvaluated {
    /// An address or a path.
    pub subject: String,
    /// Why.
    pub reason: String,
}

/// Counts of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Managed resources judged.
    pub resources: usize,
    /// Policies that ran.
    pub policies: usize,
    /// Findings of level error.
    pub errors: usize,
    /// Findings of level warning.
    pub warnings: usize,
    /// Findings of level notice.
    pub notices: usize,
    /// Verdicts that stayed unknown (policy × object).
    pub unknown: usize,
    /// Findings silenced in the source or the configuration.
    pub suppressed: usize,
    /// Findings covered by the baseline.
    pub baselined: usize,
    /// Findings outside of what the change touches, where only that is asked for.
    pub existing: usize,
    /// Modules that are called and not at hand.
    pub modules_not_found: usize,
    /// Blocks of HCL whose `count` or `for_each` is not known.
    pub uncounted: usize,
    /// Files of HCL that could not be read or parsed.
    pub files_not_read: usize,
}

/// How a run ended. The numbers are a promise to scripts; nothing else in the crate knows them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// No finding of level error.
    #[default]
    Pass,
    /// At least one finding of level error.
    Findings,
    /// Something that was asked for could not be read or judged.
    CouldNotRun,
}

/// Everything a renderer prints.
#[derive(Debug, Default)]
pub struct Report {
    /// What was judged.
    pub run: Run,
    /// The policies that took part, sorted by category and id.
    pub rules: Vec<Rule>,
    /// Sorted: level, severity, path, line, column, policy, address.
    pub findings: Vec<Finding>,
    /// What policies say of objects that are as they should be, sorted.
    pub information: Vec<Information>,
    /// Findings that are suppressed or in the baseline, sorted alike; only reports for programs print them.
    pub silenced: Vec<Finding>,
    /// Remarks about inputs, in the order in which they were found.
    pub remarks: Vec<Remark>,
    /// What was not judged, sorted.
    pub not_evaluated: Vec<NotEvaluated>,
    /// Counts.
    pub summary: Summary,
    /// How the run ends.
    pub outcome: Outcome,
}

impl Summary {
    /// Findings of a level.
    #[must_use]
    pub const fn of(&self, level: Level) -> usize {
        match level {
            Level::Error => self.errors,
            Level::Warning => self.warnings,
            Level::Notice => self.notices,
        }
    }
}

impl Severity {
    /// The word used in policies, flags and reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// Reads the word used in policies and flags.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Low, Self::Medium, Self::High, Self::Critical].into_iter().find(|severity| severity.as_str() == text)
    }
}

impl SuppressedBy {
    /// The word used in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::ForeignComment => "foreign_comment",
            Self::Configuration => "configuration",
        }
    }
}

impl Verdict {
    /// The word used in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Error => "error",
            Self::Unknown => "unknown",
        }
    }
}

impl Enforcement {
    /// The word used in policies and reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Advisory => "advisory",
            Self::MandatoryOverridable => "mandatory_overridable",
            Self::Mandatory => "mandatory",
        }
    }

    /// Reads the word used in policies.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Advisory, Self::MandatoryOverridable, Self::Mandatory].into_iter().find(|level| level.as_str() == text)
    }
}

impl Level {
    /// The word used in reports; also the name of GitHub's workflow command.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl Outcome {
    /// The word used in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Findings => "findings",
            Self::CouldNotRun => "error",
        }
    }

    /// The exit code.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Pass => 0,
            Self::Findings => 1,
            Self::CouldNotRun => 2,
        }
    }
}

impl From<Outcome> for std::process::ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(outcome.code())
    }
}
