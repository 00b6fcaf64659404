//! What one policy says of one object: the filter, the conditions, the worst of them, the message, the level.

use crate::engine::Settings;
use crate::expr::eval::{Host as _, cause_of, truth};
use crate::expr::{Expr, Fault, Kind, functions};
use crate::finding::{Enforcement, Level, Severity, Verdict};
use crate::policy::scope::{Scope, Subject};
use crate::policy::{Enforce, Environments, Message, Policy};
use crate::source::Span;
use crate::value::{Cause, Path, Value};

/// Where a policy is asked, and what a rule has set for it there.
#[derive(Clone, Copy)]
pub(super) struct Standing<'e> {
    pub(super) environment: Option<&'e str>,
    pub(super) level: Option<Enforcement>,
    pub(super) severity: Option<Severity>,
    /// The number of the judge.
    pub(super) judge: usize,
}

/// One policy's word on one object.
pub(super) struct Ruling<'w> {
    pub(super) policy: &'w Policy,
    pub(super) subject: Subject<'w>,
    pub(super) verdict: Verdict,
    pub(super) severity: Severity,
    pub(super) enforcement: Enforcement,
    /// Whether the policy is for production, and nobody has said whether this is production.
    pub(super) unsaid: bool,
    pub(super) environment: Option<&'w str>,
    pub(super) message: String,
    /// The addresses of other objects of which it says the cause.
    pub(super) covers: Vec<String>,
    pub(super) at: Option<&'w Path>,
    /// The filter or condition that decided.
    pub(super) decided: &'w Expr,
    pub(super) fault: Option<Span>,
    /// Why it is not decided, if it is not. `explaining.rs` makes the message of it.
    pub(super) cause: Option<Cause>,
    /// The number of the judge.
    pub(super) judge: usize,
}

/// What judging one object gives: a ruling unless it passes or is none of the policy's business, and what the policy has
/// to say of the conditions that hold.
#[derive(Default)]
pub(super) struct Word<'w> {
    pub(super) ruling: Option<Ruling<'w>>,
    /// Whether it is the policy's business and all conditions hold.
    pub(super) passes: bool,
    pub(super) information: Vec<String>,
}

/// One policy's word on one object.
pub(super) fn rule<'j, 'w: 'j>(
    policy: &'w Policy,
    scope: &Scope<'j, '_, '_>,
    subject: Subject<'w>,
    standing: Standing<'w>,
) -> Word<'w> {
    let mut word = Word::default();
    let filter = policy.rules.filter.as_ref().map(|filter| (answer(filter, scope), filter));
    let found = match filter {
        Some((Answer::No, _)) => return word,
        Some((Answer::Yes, _)) | None => worst(policy, scope, standing, &mut word.information),
        Some((answer, filter)) => {
            let severity = standing.severity.unwrap_or(policy.about.severity);
            Some(Found { answer, severity, decided: filter, enforce: None })
        }
    };
    let Some(Found { answer, severity, decided, enforce }) = found else {
        word.passes = true;
        return word;
    };
    let (written, answer) = match enforcement(policy, scope) {
        Ok(written) => (written, answer),
        // How strictly it holds is not known: that must be seen, and must not fail a run.
        Err(fault) => (Enforcement::Mandatory, Answer::Fault(fault)),
    };
    let (verdict, message, fault, cause) = match answer {
        Answer::Fault(fault) => (Verdict::Error, fault.message, Some(fault.span), None),
        Answer::Unknown(cause) => (Verdict::Unknown, String::new(), None, Some(cause)),
        Answer::Yes | Answer::No => {
            (Verdict::Fail, enforce.map_or_else(String::new, |enforce| message(enforce, policy, scope)), None, None)
        }
    };
    let covers = enforce.filter(|_| verdict == Verdict::Fail).map_or_else(Vec::new, |enforce| covered(enforce, scope));
    let at = enforce.and_then(|enforce| enforce.at.as_ref());
    let Standing { environment, judge, .. } = standing;
    let unsaid =
        standing.level.is_none() && environment.is_none() && policy.about.environments == Environments::Production;
    let level = standing.level.or_else(|| policy.about.environments.level(written, environment));
    word.ruling = level.map(|enforcement| Ruling {
        policy,
        subject,
        verdict,
        severity,
        enforcement,
        unsaid,
        environment,
        message,
        covers,
        at,
        decided,
        fault,
        cause,
        judge,
    });
    word
}

/// What keeps an object from passing.
struct Found<'w> {
    answer: Answer,
    severity: Severity,
    /// The filter or condition that gave the answer.
    decided: &'w Expr,
    enforce: Option<&'w Enforce>,
}

impl Found<'_> {
    // A failure is worse than an error, and that is worse than an unknown.
    fn rank(&self) -> (u8, Severity) {
        let rank = match self.answer {
            Answer::Yes => 0,
            Answer::Unknown(_) => 1,
            Answer::Fault(_) => 2,
            Answer::No => 3,
        };
        (rank, self.severity)
    }
}

// The worst of the conditions, the first of equals; what the others have to say goes to `information`.
fn worst<'w>(
    policy: &'w Policy,
    scope: &Scope<'_, '_, '_>,
    standing: Standing<'_>,
    information: &mut Vec<String>,
) -> Option<Found<'w>> {
    let mut worst: Option<Found<'w>> = None;
    for enforce in &policy.rules.enforce {
        let answer = answer(&enforce.condition, scope);
        if matches!(answer, Answer::Yes) {
            information.extend(enforce.info_message.as_ref().and_then(|expr| told(expr, scope)));
            continue;
        }
        let severity = standing.severity.or(enforce.severity).unwrap_or(policy.about.severity);
        let found = Found { answer, severity, decided: &enforce.condition, enforce: Some(enforce) };
        if worst.as_ref().is_none_or(|worst| found.rank() > worst.rank()) {
            worst = Some(found);
        }
    }
    worst
}

/// What a condition says of an object.
enum Answer {
    Yes,
    No,
    /// Not decided, with the reason.
    Unknown(Cause),
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
        Ok(None) => Answer::Unknown(cause_of(&[&value])),
        Err(message) => Answer::Fault(Fault::new(expr.span, message)),
    }
}

fn enforcement(policy: &Policy, scope: &Scope<'_, '_, '_>) -> Result<Enforcement, Box<Fault>> {
    let Some(expr) = &policy.rules.enforcement else { return Ok(Enforcement::Mandatory) };
    let word = scope.eval(expr)?;
    let wrong =
        "an enforcement_level is \"mandatory\", \"mandatory_overridable\" or \"advisory\", and this is something else";
    word.as_str().and_then(Enforcement::parse).ok_or_else(|| Fault::new(expr.span, wrong))
}

// A message that cannot be built, or that would show a secret, is replaced by what is always known.
fn message<'j>(enforce: &'j Enforce, policy: &Policy, scope: &Scope<'j, '_, '_>) -> String {
    let message: Option<&'j Message> = enforce.error_message.as_deref().map(|late| &**late);
    let value = message.and_then(|message| Some((&message.expr, scope.tell(message).ok()?)));
    let details = match value.map(|(expr, value)| sentence(expr, &value, scope)) {
        Some(Sentence::Text(text)) => return text,
        Some(Sentence::Secret) => " (the details are sensitive)",
        Some(Sentence::None) | None => "",
    };
    format!("{}: {}{details}", scope.subject(), policy.about.title)
}

// Nothing is wrong with the object, so nothing that goes wrong here is a verdict; but it is said.
fn told(expr: &Expr, scope: &Scope<'_, '_, '_>) -> Option<String> {
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

// What is not known to be there is not covered: two findings are better than none.
fn covered(enforce: &Enforce, scope: &Scope<'_, '_, '_>) -> Vec<String> {
    let value = enforce.covers.as_ref().and_then(|expr| scope.eval(expr).ok());
    let objects = value.as_ref().and_then(Value::as_list).unwrap_or_default();
    let address = |object: &Value| match object {
        Value::Handle(handle) => Some(scope.address(*handle)),
        _ => None,
    };
    objects.iter().filter_map(address).collect()
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
    match ruling.enforcement {
        Enforcement::Advisory => Level::Notice,
        _ if fails && !ruling.unsaid => Level::Error,
        _ if ruling.severity >= Severity::Medium => Level::Warning,
        _ => Level::Notice,
    }
}
