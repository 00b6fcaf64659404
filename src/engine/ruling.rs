//! What one policy says of one object: the filter, the conditions, the worst of them, the message, the level.

use crate::engine::Settings;
use crate::expr::eval::{cause_of, truth};
use crate::expr::{Expr, Fault, Kind, functions};
use crate::finding::{Enforcement, Level, Severity, Verdict};
use crate::policy::scope::{Scope, Subject};
use crate::policy::{Enforce, Environments, Policy};
use crate::source::Span;
use crate::value::{Cause, Path, Value};

/// One policy's word on one object.
pub(super) struct Ruling<'w> {
    pub(super) policy: &'w Policy,
    pub(super) subject: Subject<'w>,
    pub(super) verdict: Verdict,
    pub(super) severity: Severity,
    pub(super) enforcement: Enforcement,
    pub(super) message: String,
    pub(super) at: Option<&'w Path>,
    /// The filter or condition that decided.
    pub(super) decided: &'w Expr,
    pub(super) fault: Option<Span>,
    /// The number of the policy's file.
    pub(super) file: usize,
}

/// What judging one object gives: a ruling unless it passes or is none of the policy's business, and what the policy has
/// to say of the conditions that hold.
#[derive(Default)]
pub(super) struct Word<'w> {
    pub(super) ruling: Option<Ruling<'w>>,
    pub(super) information: Vec<String>,
}

/// One policy's word on one object. `file` is the number of the policy's file.
pub(super) fn rule<'w>(
    policy: &'w Policy,
    scope: &Scope<'_, '_, '_>,
    subject: Subject<'w>,
    file: usize,
    settings: &Settings,
) -> Word<'w> {
    let environment = settings.environment.as_deref();
    let mut word = Word::default();
    if policy.about.environments.level(Enforcement::Mandatory, environment).is_none() {
        return word;
    }
    let ruling = |verdict, severity, message, at, decided: &'w Expr, fault| {
        let (written, verdict, message, fault) = match enforcement(policy, scope) {
            Ok(written) => (written, verdict, message, fault),
            // How strictly it holds is not known: that must be seen, and must not fail a run.
            Err(fault) => (Enforcement::Mandatory, Verdict::Error, fault.message, Some(fault.span)),
        };
        let enforcement = policy.about.environments.level(written, environment)?;
        Some(Ruling { policy, subject, verdict, severity, enforcement, message, at, decided, fault, file })
    };
    let severity = policy.about.severity;
    if let Some(filter) = &policy.filter {
        let open = match answer(filter, scope) {
            Answer::Yes => None,
            Answer::No => return word,
            Answer::Unknown(reason) => Some((Verdict::Unknown, reason, None)),
            Answer::Fault(fault) => Some((Verdict::Error, fault.message, Some(fault.span))),
        };
        if let Some((verdict, message, fault)) = open {
            word.ruling = ruling(verdict, severity, message, None, filter, fault);
            return word;
        }
    }
    let mut worst: Option<(Verdict, Severity, &'w Enforce, String, Option<Span>)> = None;
    for enforce in &policy.enforce {
        let severity = enforce.severity.unwrap_or(severity);
        let found = match answer(&enforce.condition, scope) {
            Answer::Yes => {
                word.information.extend(enforce.info_message.as_ref().and_then(|expr| information(expr, scope)));
                continue;
            }
            Answer::No => (Verdict::Fail, severity, enforce, String::new(), None),
            Answer::Unknown(reason) => (Verdict::Unknown, severity, enforce, reason, None),
            Answer::Fault(fault) => (Verdict::Error, severity, enforce, fault.message, Some(fault.span)),
        };
        let rank = |verdict: Verdict, severity: Severity| (std::cmp::Reverse(verdict), severity);
        if worst.as_ref().is_none_or(|worst| rank(found.0, found.1) > rank(worst.0, worst.1)) {
            worst = Some(found);
        }
    }
    if let Some((verdict, severity, enforce, text, span)) = worst {
        let text = if verdict == Verdict::Fail { message(enforce, policy, scope) } else { text };
        word.ruling = ruling(verdict, severity, text, enforce.at.as_ref(), &enforce.condition, span);
    }
    word
}

/// What a condition says of an object.
enum Answer {
    Yes,
    No,
    /// Not decided, with the reason.
    Unknown(String),
    /// The expression fails.
    Fault(Box<Fault>),
}

fn answer(expr: &Expr, scope: &Scope<'_, '_, '_>) -> Answer {
    // Nearly all conditions are decided, and then nobody asks for more.
    let decided = scope.decide(expr);
    debug_assert!(
        decided.is_none() || decided == scope.eval(expr).ok().and_then(|value| truth(&value).ok().flatten()),
        "the short way and the long way of a condition agree"
    );
    match decided {
        Some(true) => return Answer::Yes,
        Some(false) => return Answer::No,
        None => {}
    }
    let value = match scope.eval(expr) {
        Ok(value) => value,
        Err(fault) => return Answer::Fault(fault),
    };
    match truth(&value) {
        Ok(Some(true)) => Answer::Yes,
        Ok(Some(false)) => Answer::No,
        Ok(None) => Answer::Unknown(reason(scope, &cause_of(&[&value]))),
        Err(message) => Answer::Fault(Fault::new(expr.span, message)),
    }
}

fn enforcement(policy: &Policy, scope: &Scope<'_, '_, '_>) -> Result<Enforcement, Box<Fault>> {
    let Some(expr) = &policy.enforcement else { return Ok(Enforcement::Mandatory) };
    let word = scope.eval(expr)?;
    let wrong =
        "an enforcement_level is \"mandatory\", \"mandatory_overridable\" or \"advisory\", and this is something else";
    word.as_str().and_then(Enforcement::parse).ok_or_else(|| Fault::new(expr.span, wrong))
}

// A message that cannot be built, or that would show a secret, is replaced by what is always known.
fn message(enforce: &Enforce, policy: &Policy, scope: &Scope<'_, '_, '_>) -> String {
    let expr = enforce.error_message.as_ref();
    let value = expr.and_then(|expr| Some((expr, scope.eval(expr).ok()?)));
    let details = match value.map(|(expr, value)| sentence(expr, &value, scope)) {
        Some(Sentence::Text(text)) => return text,
        Some(Sentence::Secret) => " (the details are sensitive)",
        Some(Sentence::None) | None => "",
    };
    format!("{}: {}{details}", scope.subject(), policy.about.title)
}

// Nothing is wrong with the object, so nothing that goes wrong here is a verdict; but it is said.
fn information(expr: &Expr, scope: &Scope<'_, '_, '_>) -> Option<String> {
    let value = match scope.eval(expr) {
        Ok(value) => value,
        Err(fault) => return Some(format!("the info_message cannot be computed: {}", fault.message)),
    };
    match sentence(expr, &value, scope) {
        Sentence::Text(text) => Some(text),
        Sentence::Secret => Some("(sensitive)".to_owned()),
        Sentence::None if matches!(value, Value::Null) => None,
        Sentence::None => Some(format!("the info_message is a {}, not a text", value.type_name())),
    }
}

/// A message as it can be printed.
enum Sentence {
    Text(String),
    /// All of it must stay hidden.
    Secret,
    /// It is no text.
    None,
}

fn sentence(expr: &Expr, value: &Value, scope: &Scope<'_, '_, '_>) -> Sentence {
    match value {
        Value::String(text) => Sentence::Text(text.to_string()),
        Value::Number(_) | Value::Bool(_) => Sentence::Text(functions::text(value).unwrap_or_default().to_string()),
        Value::Sensitive(_) => redacted(expr, scope).map_or(Sentence::Secret, Sentence::Text),
        Value::Unknown(_) => Sentence::Text(scope.partly_known(value)),
        _ => Sentence::None,
    }
}

// A text with what must not be shown replaced; `None` if all of it must not be.
fn redacted(expr: &Expr, scope: &Scope<'_, '_, '_>) -> Option<String> {
    let Kind::Template(parts) = &expr.kind else { return None };
    let part = |part: &Expr| {
        let value = scope.eval(part).ok()?;
        if value.has_sensitive() {
            return Some("(sensitive)".to_owned());
        }
        Some(functions::text(&value).map_or_else(|_| "(known after apply)".to_owned(), |text| text.to_string()))
    };
    parts.iter().map(part).collect()
}

/// How loud a ruling is (`spec/ci-integration.md` 2). A policy that holds for production only never fails a run of which
/// nobody has said that it is production.
pub(super) fn level(ruling: &Ruling<'_>, settings: &Settings) -> Level {
    match ruling.verdict {
        Verdict::Unknown => return Level::Notice,
        Verdict::Error => return Level::Warning,
        Verdict::Fail => {}
    }
    let fails = settings.fail_level.is_some_and(|level| ruling.severity >= level);
    let unsaid = settings.environment.is_none() && ruling.policy.about.environments == Environments::Production;
    match ruling.enforcement {
        Enforcement::Advisory => Level::Notice,
        _ if fails && !unsaid => Level::Error,
        _ if ruling.severity >= Severity::Medium => Level::Warning,
        _ => Level::Notice,
    }
}

fn reason(scope: &Scope<'_, '_, '_>, cause: &Cause) -> String {
    match cause {
        Cause::Attribute(symbol) => format!("{} is not known until apply", scope.symbol_name(symbol)),
        Cause::Reason(text) => text.to_string(),
    }
}
