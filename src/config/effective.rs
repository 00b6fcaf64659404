//! What holds in the end for a directory, a file or an address, and which line says so: `planfit config show`.

use serde_json::{Number, Value as Json};

use super::rules::{Named, Setting};
use super::schema::FILE;
use super::{Config, Ignore, Whereabouts};
use crate::expr::{Expr, Kind};
use crate::finding::Enforcement;
use crate::policy::{Environments, Input, Policy, PolicyFile};
use crate::source::Span;
use crate::value::Value;

/// Whom somebody asks about.
#[derive(Clone, Copy, Debug, Default)]
pub struct Question<'q> {
    /// The run.
    pub run: Whereabouts<'q>,
    /// A file, relative to the directory of the settings file.
    pub file: Option<&'q str>,
    /// An address and its resource type.
    pub address: Option<(&'q str, &'q str)>,
}

/// A value and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What it is about.
    pub name: String,
    /// The value.
    pub value: Json,
    /// The line that says so; `None` is a default.
    pub from: Option<Span>,
}

/// What holds for a policy.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Its id.
    pub id: String,
    /// Its category.
    pub category: String,
    /// Whether it runs.
    pub enabled: Line,
    /// Why it does not, if nobody has switched it off.
    pub reason: Option<&'static str>,
    /// How strictly it holds.
    pub level: Line,
    /// How much it hurts.
    pub severity: Line,
    /// The inputs of its file.
    pub inputs: Vec<Line>,
}

/// The answer.
#[derive(Clone, Debug, Default)]
pub struct Effective {
    /// The environment, if the run says it.
    pub environment: Option<Line>,
    /// Whether the tags of each resource can say another.
    pub tags_decide: bool,
    /// The keys of the top level.
    pub settings: Vec<Line>,
    /// The policies, by category and id.
    pub policies: Vec<Terms>,
    /// The `ignore` blocks that can concern what is asked about.
    pub ignores: Vec<Ignore>,
}

impl Terms {
    /// Whether a line of the file has a part in it.
    #[must_use]
    pub fn is_touched(&self) -> bool {
        let lines = [&self.enabled, &self.level, &self.severity];
        lines.into_iter().chain(&self.inputs).any(|line| line.from.is_some())
    }
}

/// What holds for whom somebody asks about.
#[must_use]
pub fn effective(config: &Config, files: &[&PolicyFile], question: Question<'_>) -> Effective {
    let found = config.environment_of_run(question.run);
    let environment = found.map(|found| &*found.label);
    let mut policies: Vec<Terms> = Vec::new();
    for file in files {
        for policy in file.policies.iter().filter(|policy| concerns(policy, question)) {
            // The blocks of one id share all of it.
            let is_new =
                policies.iter().all(|known| known.id != *policy.id || known.category != *policy.about.category);
            if is_new {
                policies.push(terms(config, file, policy, environment, question));
            }
        }
    }
    policies.sort_by(|one, other| (&one.category, &one.id).cmp(&(&other.category, &other.id)));
    let line = |label: &str, span| Line { name: "environment".to_owned(), value: Json::from(label), from: Some(span) };
    Effective {
        environment: found.map(|found| line(&found.label, found.span)),
        tags_decide: config.asks_for_tags(question.run),
        settings: settings(config),
        policies,
        ignores: config.ignores.iter().filter(|ignore| may_concern(ignore, environment, question)).cloned().collect(),
    }
}

fn concerns(policy: &Policy, question: Question<'_>) -> bool {
    question.address.is_none_or(|(_, kind)| policy.concerns(kind))
}

fn may_concern(ignore: &Ignore, environment: Option<&str>, question: Question<'_>) -> bool {
    let by_address = |(address, _): (&str, &str)| ignore.addresses.is_empty() || ignore.addresses.matches(address);
    let by_file = |file: &str| ignore.paths.is_empty() || ignore.paths.matches(file);
    question.address.is_none_or(by_address) && question.file.is_none_or(by_file) && ignore.holds_in(environment)
}

fn settings(config: &Config) -> Vec<Line> {
    let line = |key: &super::schema::Key| {
        let written = config.written.iter().find(|(name, _)| *name == key.name);
        let default = || serde_json::from_str(key.default).unwrap_or(Json::Null);
        Line {
            name: key.name.to_owned(),
            value: written.map_or_else(default, |(_, written)| json(&written.value)),
            from: written.map(|(_, written)| written.span),
        }
    };
    FILE.keys.iter().map(line).collect()
}

fn terms(
    config: &Config,
    file: &PolicyFile,
    policy: &Policy,
    environment: Option<&str>,
    question: Question<'_>,
) -> Terms {
    let paths: Vec<&str> = question.run.directory.into_iter().chain(question.file).collect();
    let holds = |number: usize| {
        config.rules.get(number).is_some_and(|rule| rule.holds(environment, question.run.target, &paths))
    };
    let setting = config.setting(Named::of(policy), holds);
    let line = |name: &str, value: Json, from: Option<Span>| Line { name: name.to_owned(), value, from };
    let about = &policy.about;
    let (level, from) = match &setting.level {
        Some(level) => (Json::from(level.value.as_str()), Some(level.span)),
        None => (written_level(policy, environment), None),
    };
    let (enabled, reason) = enabled(config, policy, &setting, environment);
    let severity = setting.severity.as_ref();
    Terms {
        id: policy.id.to_string(),
        category: about.category.to_string(),
        enabled,
        reason,
        level: line("level", level, from),
        severity: line(
            "severity",
            Json::from(severity.map_or(about.severity, |severity| severity.value).as_str()),
            severity.map(|severity| severity.span),
        ),
        inputs: file.inputs.iter().map(|input| input_line(input, &setting)).collect(),
    }
}

fn enabled(
    config: &Config,
    policy: &Policy,
    setting: &Setting,
    environment: Option<&str>,
) -> (Line, Option<&'static str>) {
    let line = |value: bool, from| Line { name: "enabled".to_owned(), value: Json::from(value), from };
    let by_default = !policy.about.pedantic || config.is_pedantic();
    let from = setting.enabled.as_ref().map(|enabled| enabled.span);
    let on = setting.enabled.as_ref().map_or(by_default, |enabled| enabled.value);
    let skipped =
        setting.level.is_none() && policy.about.environments.level(Enforcement::Mandatory, environment).is_none();
    match (on, skipped) {
        (false, _) => (line(false, from), from.is_none().then_some("off by default")),
        (true, true) => {
            let reason = match policy.about.environments {
                Environments::NonProduction => "not for production",
                _ => "for production only",
            };
            (line(false, None), Some(reason))
        }
        (true, false) => (line(true, from), None),
    }
}

// The level that the policy writes, in the environment.
fn written_level(policy: &Policy, environment: Option<&str>) -> Json {
    let written = match &policy.rules.enforcement {
        None => Some(Enforcement::Mandatory),
        Some(Expr { kind: Kind::Literal(value), .. }) => value.as_str().and_then(Enforcement::parse),
        Some(_) => None,
    };
    match written {
        Some(written) => Json::from(policy.about.environments.level(written, environment).unwrap_or(written).as_str()),
        None => Json::from("(computed by the policy)"),
    }
}

fn input_line(input: &Input, setting: &Setting) -> Line {
    let given = setting.inputs.iter().find(|(name, _)| *name == input.name).map(|(_, given)| given);
    let value = given.map(|given| &given.value).or(input.value.as_ref()).or(input.default.as_ref());
    let shown = match value {
        Some(_) if input.sensitive => Json::from("(sensitive)"),
        Some(value) => json(value),
        None => Json::from("(no value)"),
    };
    Line { name: input.name.to_string(), value: shown, from: given.map(|given| given.span) }
}

fn json(value: &Value) -> Json {
    match value {
        Value::Bool(truth) => Json::from(*truth),
        Value::Number(number) => {
            number.to_string().parse::<Number>().map_or_else(|_| Json::from(number.to_string()), Json::Number)
        }
        Value::String(text) => Json::from(&**text),
        Value::List(items) => items.iter().map(json).collect(),
        Value::Object(object) => object.iter().map(|(name, value)| (name.to_string(), json(value))).collect(),
        Value::Sensitive(_) => Json::from("(sensitive)"),
        _ => Json::Null,
    }
}
