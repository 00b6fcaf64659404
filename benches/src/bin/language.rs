//! The cost of the language: `cargo run --release --package planfit-benches --bin language`, or `-- pack`, `-- evaluation`, `-- each`
//! (`-- each 5`: one condition), `-- joins` (`-- joins 10000`: of so many objects). Ends with 1 if a budget is far from kept.
//!
//! - *Pack*: loading it as a run starts, and reading all of its rules, which a plan of every type would need, against
//!   parsing its texts. The shares are held, so that a start does not grow back to all that the pack says.
//! - *Evaluation*: 60 conditions on 100,000 objects, by the engine, against the same conditions written by hand in Rust
//!   over the same opened values. One thread; the values are opened before, because reading them is not evaluation.
//! - *Joins*: each of 20,000 target groups looks for its listeners among 20,000, by a filter and by the graph, by symbol
//!   (a first apply) and by text (a stack that exists), against half as many of both: twice the objects, about twice the
//!   time, and more only as far as a hash join by hand takes more.
//!
//! What counts is the CPU time of this thread, in rounds of both sides in turn, and of each side the fastest round: other
//! work on the machine only ever adds.

#![expect(clippy::print_stdout, reason = "a program of its own")]
#![expect(clippy::panic, reason = "its own plans and policies are valid")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::process::ExitCode;
use std::sync::Arc;

use cpu_time::ThreadTime;
use planfit::engine::{self, Settings};
use planfit::policy::PolicyFile;
use planfit::policy::library::{self, Examples};
use planfit::policy::parse::parse;
use planfit::source::SourceMap;
use planfit::terraform::config::Configuration;
use planfit::terraform::input::{self, Text};
use planfit::value::{Handle, Side, Unknown, Value};
use planfit::workspace::{Workspace, text};
use planfit_benches::budgets::Budgets;
use rustc_hash::FxHashSet;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Loading the pack against parsing its texts: with what every run needs, and with all rules.
const LOADING: f64 = 0.2;
const READING: f64 = 0.8;

/// Rounds of loading, which takes some milliseconds.
const LOADING_ROUNDS: usize = 15;

/// Evaluation against conditions written by hand.
const EVALUATION: f64 = 2.0;

/// Joins when there are twice as many objects.
const DOUBLE: f64 = 2.2;

/// How often the rounds are repeated until a budget is kept.
const ATTEMPTS: usize = 4;

/// Rounds of the evaluation.
const ROUNDS: usize = 9;

/// Objects of each of the two types that are joined.
const PAIRS: usize = 20_000;

/// Rounds of the joins, which take some tens of milliseconds each.
const JOIN_ROUNDS: usize = 15;

fn main() -> ExitCode {
    let Ok(pool) = rayon::ThreadPoolBuilder::new().num_threads(1).stack_size(64 << 20).build() else {
        return ExitCode::from(2);
    };
    let wanted = std::env::args().nth(1).filter(|argument| !argument.starts_with('-'));
    let is_wanted = |part: &str| wanted.as_deref().is_none_or(|wanted| wanted == part);
    let budgets = pool.install(|| {
        let number = std::env::args().nth(2).and_then(|number| number.parse::<usize>().ok());
        if wanted.as_deref() == Some("each") {
            for (_, condition) in
                CONDITIONS.iter().enumerate().filter(|(at, _)| number.is_none_or(|number| number == *at))
            {
                println!("{}", condition.0);
                evaluation(20_000, &[*condition; 10]);
            }
        }
        let mut budgets = Budgets::default();
        if is_wanted("pack") {
            let [loading, reading] = pack();
            budgets.time("loading the pack against parsing its texts", loading, LOADING);
            budgets.time("the same with all rules", reading, READING);
        }
        if is_wanted("evaluation") {
            let ratio = evaluation(100_000, &CONDITIONS);
            budgets.time("evaluation against conditions by hand", ratio, EVALUATION);
        }
        let joined =
            [("joins by symbol", FILTER, first_apply as fn(usize) -> String), ("joins by text", FILTER, existing)];
        let graphs =
            [("graph by symbol", GRAPH, first_apply as fn(usize) -> String), ("graph by text", GRAPH, existing)];
        for (name, condition, plan) in joined.into_iter().chain(graphs).filter(|_| is_wanted("joins")) {
            budgets.growth(name, joins(name, condition, number.unwrap_or(PAIRS), plan), DOUBLE);
        }
        budgets
    });
    budgets.exit_code()
}

/// Loading the pack, without and with all rules, against parsing its texts.
fn pack() -> [f64; 2] {
    let texts = library::files(".policy.hcl");
    let load = || library::load(&mut SourceMap::default(), Examples::Skip);
    let read = || {
        let policies = load().into_iter().flat_map(|parsed| parsed.file.policies);
        policies.map(|policy| policy.rules.enforce.len()).sum::<usize>()
    };
    let parse = || texts.iter().filter(|file| hcl_edit::parser::parse_body(file.text).is_ok()).count();
    let is_enough =
        |[loading, reading, parsing]: [f64; 3]| loading <= LOADING * parsing && reading <= READING * parsing;
    let [loading, reading, parsing] = fastest(LOADING_ROUNDS, is_enough, || {
        [millis(|| drop(load())), millis(|| _ = black_box(read())), millis(|| _ = black_box(parse()))]
    });
    let (load, read) = (loading / parsing, reading / parsing);
    println!(
        "pack: loading {loading:.1} ms, with all rules {reading:.1} ms, parsing {parsing:.1} ms: {load:.2}×, {read:.2}×"
    );
    [load, read]
}

/// A policy file with what it takes to judge a plan under it.
struct Bench {
    file: PolicyFile,
    sources: SourceMap,
}

impl Bench {
    fn new(policy: &str) -> Self {
        let mut sources = SourceMap::default();
        let id = sources.add("bench.policy.hcl", policy);
        let parsed = parse("bench.policy.hcl", id, policy, "bench");
        assert!(parsed.faults.is_empty(), "{:?}", parsed.faults);
        Self { file: parsed.file, sources }
    }

    fn workspace<'t>(&self, text: &'t Text) -> Workspace<'t> {
        let mentions = std::iter::once(self.file.mentions());
        let shared = text::shared(mentions, library::facts().unwrap_or_default(), Configuration::default());
        text::workspace(text, "plan.json", &shared).unwrap_or_else(|error| panic!("{error}"))
    }

    /// How many objects fail.
    fn judge(&self, workspace: &Workspace<'_>) -> usize {
        let judged = engine::evaluate(&[&self.file], workspace, &Settings::default(), &self.sources);
        judged.findings.iter().map(|finding| finding.instances.len()).sum()
    }
}

fn text(plan: String) -> Text {
    input::decode(plan.into_bytes())
}

/// The CPU time that a run takes of this thread, in milliseconds.
fn millis(run: impl FnOnce()) -> f64 {
    let start = ThreadTime::now();
    run();
    start.elapsed().as_secs_f64() * 1e3
}

/// The fastest round of each of several sides, which run in turn. Where that is not enough, there are more rounds: a
/// neighbour of the machine goes away, a slow program stays slow.
fn fastest<const SIDES: usize>(
    rounds: usize,
    is_enough: impl Fn([f64; SIDES]) -> bool,
    mut round: impl FnMut() -> [f64; SIDES],
) -> [f64; SIDES] {
    let mut fastest = [f64::INFINITY; SIDES];
    for _ in 0..ATTEMPTS {
        for _ in 0..rounds {
            for (least, taken) in fastest.iter_mut().zip(round()) {
                *least = least.min(taken);
            }
        }
        if is_enough(fastest) {
            break;
        }
    }
    fastest
}

/// A condition in the language, and by hand.
type Condition = (&'static str, fn(&Object<'_>) -> Option<bool>);

/// The attributes of one object, as a rule written in Rust would read them.
struct Object<'w>(&'w Workspace<'w>, Handle);

impl Object<'_> {
    fn get(&self, name: &str) -> Option<Value> {
        self.0.attribute(self.1, name)
    }

    fn truth(&self, name: &str) -> Option<bool> {
        self.get(name)?.as_bool()
    }

    fn number(&self, name: &str) -> Option<i64> {
        match self.get(name)?.unmark().0 {
            Value::Number(number) => number.as_i64(),
            _ => None,
        }
    }

    fn with_text<T>(&self, name: &str, test: impl FnOnce(&str) -> T) -> Option<T> {
        self.get(name)?.as_str().map(test)
    }

    fn with_list<T>(&self, name: &str, test: impl FnOnce(&[Value]) -> T) -> Option<T> {
        self.get(name)?.as_list().map(test)
    }
}

const CONDITIONS: [Condition; 10] = [
    ("attrs.multi_az == true", |object| object.truth("multi_az")),
    ("attrs.backup_retention_period >= 7", |object| Some(object.number("backup_retention_period")? >= 7)),
    (r#"core::contains(["gp3", "io2"], attrs.storage_type)"#, |object| {
        object.with_text("storage_type", |kind| ["gp3", "io2"].contains(&kind))
    }),
    (r#"core::startswith(attrs.identifier, "db-")"#, |object| {
        object.with_text("identifier", |name| name.starts_with("db-"))
    }),
    (r#"core::try(attrs.tags["env"], "") == "prod" || attrs.deletion_protection"#, |object| {
        let tags = object.get("tags")?;
        let env = match tags.unmark().0 {
            Value::Object(tags) => tags.get("env").and_then(Value::as_str).map(|env| env == "prod"),
            _ => Some(false),
        };
        if env == Some(true) { Some(true) } else { object.truth("deletion_protection") }
    }),
    ("core::length(attrs.vpc_security_group_ids) > 0", |object| {
        object.with_list("vpc_security_group_ids", |groups| !groups.is_empty())
    }),
    ("!attrs.publicly_accessible && attrs.port != 22", |object| {
        Some(!object.truth("publicly_accessible")? && object.number("port")? != 22)
    }),
    ("attrs.max_allocated_storage == null || attrs.max_allocated_storage > attrs.allocated_storage", |object| {
        match object.get("max_allocated_storage")? {
            Value::Null => Some(true),
            _ => Some(object.number("max_allocated_storage")? > object.number("allocated_storage")?),
        }
    }),
    (r#"core::alltrue([for group in attrs.vpc_security_group_ids : core::startswith(group, "sg-")])"#, |object| {
        object.with_list("vpc_security_group_ids", |groups| {
            groups.iter().all(|group| group.as_str().is_some_and(|group| group.starts_with("sg-")))
        })
    }),
    (r#"core::contains(attrs.enabled_cloudwatch_logs_exports, "error") ? attrs.iops == null : true"#, |object| {
        let exports = object.with_list("enabled_cloudwatch_logs_exports", |exports| {
            exports.iter().any(|export| export.as_str() == Some("error"))
        });
        if exports? { object.get("iops").map(|iops| matches!(iops, Value::Null)) } else { Some(true) }
    }),
];

/// Policies that the conditions are spread over.
const POLICIES: usize = 6;

/// How many times as long as conditions by hand the engine takes.
fn evaluation(objects: usize, conditions: &[Condition]) -> f64 {
    let mut policies = String::new();
    for policy in 0..POLICIES {
        let enforce = |(condition, _): &Condition| format!("  enforce {{\n    condition = {condition}\n  }}\n");
        let enforce: String = conditions.iter().map(enforce).collect();
        let _ = write!(policies, "resource_policy \"aws_db_instance\" \"p{policy}\" {{\n{enforce}}}\n");
    }
    let bench = Bench::new(&policies);
    let text = text(plan(objects, "no-op", |number, out| {
        let _ = write!(
            out,
            r#""aws_db_instance","d{number}",{{"multi_az":true,"backup_retention_period":{},"storage_type":"gp3","identifier":"db-{number}","tags":{{"env":"prod","team":"web"}},"deletion_protection":true,"vpc_security_group_ids":["sg-{number}","sg-0"],"publicly_accessible":false,"port":5432,"allocated_storage":20,"max_allocated_storage":100,"enabled_cloudwatch_logs_exports":["error","slow"],"iops":null}},{{}}"#,
            7 + number % 20
        );
    }));
    let workspace = bench.workspace(&text);
    assert_eq!(bench.judge(&workspace), 0, "every object passes, so every condition is looked at");
    let by_hand = || {
        let mut failed = 0;
        for id in 0..u32::try_from(objects).unwrap_or(u32::MAX) {
            let object = Object(&workspace, Handle::new(id, Side::Planned));
            for _ in 0..POLICIES {
                failed += conditions.iter().filter(|(_, by_hand)| by_hand(black_box(&object)) != Some(true)).count();
            }
        }
        assert_eq!(black_box(failed), 0);
    };
    let round = || [millis(|| _ = black_box(bench.judge(&workspace))), millis(by_hand)];
    let [by_engine, by_hand] = fastest(ROUNDS, |[engine, hand]| engine / hand <= EVALUATION, round);
    let ratio = by_engine / by_hand;
    let conditions = objects * POLICIES * conditions.len();
    println!("evaluation of {conditions} conditions: {by_engine:.0} ms, by hand {by_hand:.0} ms, × {ratio:.2}");
    ratio
}

/// The listeners of a target group, by a filter.
const FILTER: &str = r#"core::getresources("aws_lb_listener", { default_action = { target_group_arn = attrs.arn } })"#;

/// The same by the graph of references.
const GRAPH: &str = r#"graph::referrers("aws_lb_listener")"#;

/// How many times as long twice the objects take; less what a join by hand takes more than twice as long.
fn joins(name: &str, listeners: &str, pairs: usize, plan: fn(usize) -> String) -> f64 {
    let bench = Bench::new(&format!(
        "resource_policy \"aws_lb_target_group\" \"used\" {{\n  enforce {{\n    condition = core::length({listeners}) == 1\n  }}\n}}\n"
    ));
    let (half, whole) = (text(plan(pairs / 2)), text(plan(pairs)));
    // An index belongs to its workspace, so each round has a new one, which is made outside of the measured time.
    let judged = |text: &Text| {
        let workspace = bench.workspace(text);
        millis(|| assert_eq!(black_box(bench.judge(&workspace)), 0, "every target group has its listener"))
    };
    let by_hand = |text: &Text, pairs: usize| {
        let workspace = bench.workspace(text);
        millis(|| assert_eq!(black_box(pairs_by_hand(&workspace)), pairs, "every target group has its listener"))
    };
    // Twice as many objects fit less well into the caches, by hand as well.
    let growth = |[half_hand, whole_hand, half, whole]: [f64; 4]| {
        let (ratio, hand) = (whole / half, whole_hand / half_hand);
        ratio / (hand / 2.0).max(1.0)
    };
    let round = || [by_hand(&half, pairs / 2), by_hand(&whole, pairs), judged(&half), judged(&whole)];
    let taken = fastest(JOIN_ROUNDS, |taken| growth(taken) <= DOUBLE, round);
    let [half_hand, whole_hand, half, whole] = taken;
    let (ratio, hand) = (whole / half, whole_hand / half_hand);
    println!("{name}, {pairs} × {pairs}: {whole:.1} ms, half as many {half:.1} ms, × {ratio:.2}; by hand × {hand:.2}");
    growth(taken)
}

/// What a listener names, and a target group is named by.
#[derive(PartialEq, Eq, Hash)]
enum Named {
    Text(Arc<str>),
    Object(u32),
}

impl Named {
    fn by(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(Self::Text(text.clone())),
            Value::Unknown(unknown) => match &**unknown {
                Unknown::Symbol(symbol) => Some(Self::Object(symbol.object)),
                _ => None,
            },
            _ => None,
        }
    }
}

/// The join as a rule written in Rust would make it: how many target groups have a listener.
fn pairs_by_hand(workspace: &Workspace<'_>) -> usize {
    let planned = |id: &u32| Handle::new(*id, Side::Planned);
    let listeners = workspace.of_type("aws_lb_listener").iter().map(planned);
    let named: FxHashSet<Named> = listeners
        .filter_map(|listener| {
            let actions = workspace.attribute(listener, "default_action")?;
            match actions.as_list()?.first()? {
                Value::Object(action) => Named::by(action.get("target_group_arn")?),
                _ => None,
            }
        })
        .collect();
    let groups = workspace.of_type("aws_lb_target_group").iter().map(planned);
    let arns = groups.filter_map(|group| Named::by(&workspace.attribute(group, "arn")?));
    arns.filter(|arn| named.contains(arn)).count()
}

/// A plan of some objects; `object` writes `"TYPE","NAME",AFTER,UNKNOWN`.
fn plan(objects: usize, action: &str, object: impl Fn(usize, &mut String)) -> String {
    let mut changes = String::new();
    for number in 0..objects {
        let mut parts = String::new();
        object(number, &mut parts);
        let mut parts = parts.splitn(3, ',');
        let (kind, name, rest) =
            (parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let at = rest.rfind(",{").unwrap_or(rest.len());
        let (after, unknown) = rest.split_at_checked(at).unwrap_or_default();
        let unknown = unknown.trim_start_matches(',');
        let (before, comma) = (if action == "create" { "null" } else { after }, if number == 0 { "" } else { "," });
        let address = format!("{}.{}", kind.trim_matches('"'), name.trim_matches('"'));
        let _ = write!(
            changes,
            r#"{comma}{{"address":"{address}","mode":"managed","type":{kind},"name":{name},"change":{{"actions":["{action}"],"before":{before},"after":{after},"after_unknown":{unknown}}}}}"#
        );
    }
    format!(r#"{{"format_version":"1.2","resource_changes":[{changes}],"configuration":{{"root_module":{{CONFIG}}}}}}"#)
        .replacen("CONFIG", "", 1)
}

/// Every ARN is known.
fn existing(pairs: usize) -> String {
    plan(pairs * 2, "no-op", |number, out| {
        let pair = number / 2;
        let _ = if number % 2 == 0 {
            write!(out, r#""aws_lb_target_group","g{pair}",{{"arn":"arn:aws:tg/{pair}"}},{{}}"#)
        } else {
            write!(
                out,
                r#""aws_lb_listener","l{pair}",{{"default_action":[{{"type":"forward","target_group_arn":"arn:aws:tg/{pair}"}}]}},{{}}"#
            )
        };
    })
}

/// No ARN is known; the configuration says which is which.
fn first_apply(pairs: usize) -> String {
    let plan = plan(pairs * 2, "create", |number, out| {
        let pair = number / 2;
        let _ = if number % 2 == 0 {
            write!(out, r#""aws_lb_target_group","g{pair}",{{"name":"g{pair}"}},{{"arn":true,"id":true}}"#)
        } else {
            write!(
                out,
                r#""aws_lb_listener","l{pair}",{{"default_action":[{{"type":"forward"}}]}},{{"default_action":[{{"target_group_arn":true}}]}}"#
            )
        };
    });
    let mut resources = String::new();
    for pair in 0..pairs {
        let comma = if pair == 0 { "" } else { "," };
        let _ = write!(
            resources,
            r#"{comma}{{"address":"aws_lb_target_group.g{pair}","expressions":{{"name":{{"constant_value":"g{pair}"}}}}}},{{"address":"aws_lb_listener.l{pair}","expressions":{{"default_action":[{{"target_group_arn":{{"references":["aws_lb_target_group.g{pair}.arn","aws_lb_target_group.g{pair}"]}}}}]}}}}"#
        );
    }
    plan.replacen(r#""root_module":{"#, &format!(r#""root_module":{{"resources":[{resources}]"#), 1)
}
