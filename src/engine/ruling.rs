//! What one policy says of one object: the filter, the conditions, the worst of them, the message, the level.

use crate::engine::Settings;
use crate::expr::eval::{cause_of, truth};
use crate::expr::explain::{Part, explain};
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
    pub(super) condition: Option<Span>,
    pub(super) fault: Option<Span>,
    /// Which parts of the filter or condition decided, if somebody asked.
    pub(super) parts: Vec<Part>,
}

/// One policy's word on one object; none if the object passes or does not concern it.
pub(super) fn rule<'w>(
    policy: &'w Policy,
    scope: &Scope<'_, '_, '_>,
    subject: Subject<'w>,
    settings: &Settings,
) -> Option<Ruling<'w>> {
    let ruling = |verdict, severity, message, at, decided: Option<&Expr>, fault| {
        let (written, verdict, message, fault) = match enforcement(policy, scope) {
            Ok(written) => (written, verdict, message, fault),
            // How strictly it holds is not known: that must be seen, and must not fail a run.
            Err(fault) => (Enforcement::Mandatory, Verdict::Error, fault.message, Some(fault.span)),
        };
        let enforcement = policy.about.environments.level(written, settings.environment.as_deref())?;
        let asked = settings.explain && (verdict != Verdict::Unknown || settings.show_unknown);
        let parts = decided.filter(|_| asked).map_or_else(Vec::new, |expr| explain(scope, scope, expr));
        let condition = decided.map(|expr| expr.span);
        Some(Ruling { policy, subject, verdict, severity, enforcement, message, at, condition, fault, parts })
    };
    let severity = policy.about.severity;
    let filter = policy.filter.as_ref();
    match policy.filter.as_ref().map_or(Answer::Yes, |filter| answer(filter, scope)) {
        Answer::Yes => {}
        Answer::No => return None,
        Answer::Unknown(reason) => return ruling(Verdict::Unknown, severity, reason, None, filter, None),
        Answer::Fault(fault) => return ruling(Verdict::Error, severity, fault.message, None, filter, Some(fault.span)),
    }
    let mut worst: Option<(Verdict, Severity, &Enforce, String, Option<Span>)> = None;
    for enforce in &policy.enforce {
        let severity = enforce.severity.unwrap_or(severity);
        let found = match answer(&enforce.condition, scope) {
            Answer::Yes => continue,
            Answer::No => (Verdict::Fail, severity, enforce, String::new(), None),
            Answer::Unknown(reason) => (Verdict::Unknown, severity, enforce, reason, None),
            Answer::Fault(fault) => (Verdict::Error, severity, enforce, fault.message, Some(fault.span)),
        };
        let rank = |verdict: Verdict, severity: Severity| (std::cmp::Reverse(verdict), severity);
        if worst.as_ref().is_none_or(|worst| rank(found.0, found.1) > rank(worst.0, worst.1)) {
            worst = Some(found);
        }
    }
    let (verdict, severity, enforce, text, span) = worst?;
    let text = if verdict == Verdict::Fail { message(enforce, policy, scope) } else { text };
    ruling(verdict, severity, text, enforce.at.as_ref(), Some(&enforce.condition), span)
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
    let value = enforce.error_message.as_ref().and_then(|expr| scope.eval(expr).ok());
    match value {
        Some(Value::String(text)) => text.to_string(),
        Some(value @ (Value::Number(_) | Value::Bool(_))) => functions::text(&value).unwrap_or_default().to_string(),
        Some(Value::Sensitive(_)) => {
            let redacted = enforce.error_message.as_ref().and_then(|expr| redacted(expr, scope));
            redacted
                .unwrap_or_else(|| format!("{}: {} (the details are sensitive)", scope.subject(), policy.about.title))
        }
        Some(value @ Value::Unknown(_)) => scope.partly_known(&value),
        _ => format!("{}: {}", scope.subject(), policy.about.title),
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
        Cause::Attribute(symbol) if symbol.is_variable() => {
            format!("{} has no value here; --var or a .tfvars file gives it one", scope.symbol_name(symbol))
        }
        Cause::Attribute(symbol) => format!("{} is not known until apply", scope.symbol_name(symbol)),
        Cause::Reason(text) => text.to_string(),
    }
}
