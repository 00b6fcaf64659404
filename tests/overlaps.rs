//! One cause, one finding: no two policies report the same cause on the same object of a fixture, and a policy whose
//! finding another one stands for is silent only as long as the other speaks.

#![expect(clippy::disallowed_methods, clippy::panic, clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use planfit::policy::library::{self, Examples};
use planfit::source::SourceMap;
use serde_json::{Value, json};
use support::{Directory, run};

mod support;

/// Pairs that look at the same attribute of an object and say different things of it.
const DIFFERENT: [(&str, &str, &str); 4] = [
    ("ecs_deployment_cannot_progress", "ecs_service_single_task", "a release hangs; a task that stops is missed"),
    ("ecs_deployment_stops_all_tasks", "ecs_service_single_task", "a release is an outage; so is a task that stops"),
    ("log_group_not_persisted", "log_group_retention_too_short", "nothing is left to read; too little to search"),
    ("target_group_without_listener", "target_group_without_targets", "nobody sends to it; nobody answers in it"),
];

/// Attributes that say which object it is: two policies that join by them do not look at the same thing.
const IDENTITY: [&str; 4] = ["id", "name", "arn", "tags_all"];

fn judged(plan: &str) -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = run(&["check", plan, "--output", "json", "--verbose", "--pedantic"], b"", &[], root);
    serde_json::from_str(&output.stdout).unwrap_or_else(|_| panic!("{plan}: {}", output.stderr))
}

/// The attributes of the object that decided, and the types that were looked for beside it.
fn causes(finding: &Value) -> BTreeSet<String> {
    let explanation = |pointer: &str| finding.pointer(&format!("/explanation{pointer}"));
    let steps = explanation("/steps").and_then(Value::as_array).into_iter().flatten();
    let steps = steps.filter_map(|step| step.get("expression"));
    let mut causes = BTreeSet::new();
    for text in steps.chain(explanation("/condition")).filter_map(Value::as_str) {
        for (mark, end) in [("attrs.", '.'), ("getresources(\"", '"'), ("plan::changed(\"", '"')] {
            for (at, _) in text.match_indices(mark) {
                let is_prior = text.get(..at).is_some_and(|before| before.ends_with("prior_"));
                let word = text.get(at + mark.len()..).unwrap_or_default();
                let word =
                    word.split(|sign: char| sign == end || !(sign.is_alphanumeric() || sign == '_')).next().unwrap();
                if !is_prior && !IDENTITY.contains(&word) {
                    causes.insert(word.to_owned());
                }
            }
        }
    }
    causes
}

/// The pairs of policies that fail on one object for one cause, with the first such object.
fn overlaps(report: &Value) -> BTreeMap<(String, String), String> {
    let mut by_object: BTreeMap<&str, Vec<(&str, BTreeSet<String>)>> = BTreeMap::new();
    for finding in report["findings"].as_array().unwrap().iter().filter(|finding| finding["verdict"] == "fail") {
        let causes = causes(finding);
        for instance in finding["instances"].as_array().unwrap() {
            let of = by_object.entry(instance.as_str().unwrap()).or_default();
            of.push((finding["policy"].as_str().unwrap(), causes.clone()));
        }
    }
    let mut pairs = BTreeMap::new();
    for (object, found) in by_object {
        for (number, (policy, causes)) in found.iter().enumerate() {
            for (other, others) in found.iter().skip(number + 1).filter(|(other, _)| other != policy) {
                let common: Vec<&String> = causes.intersection(others).collect();
                if !common.is_empty() {
                    let (first, second) = (policy.min(other), policy.max(other));
                    let told = format!("{object}: {common:?}");
                    pairs.entry((first.to_string(), second.to_string())).or_insert(told);
                }
            }
        }
    }
    pairs
}

#[test]
fn no_cause_is_reported_twice_on_an_object_of_a_fixture() {
    let mut found: BTreeMap<(String, String), String> = BTreeMap::new();
    let mut plans = 0;
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")).unwrap() {
        let plan = format!("fixtures/{}/tfplan.json", entry.unwrap().file_name().to_str().unwrap());
        if Path::new(env!("CARGO_MANIFEST_DIR")).join(&plan).is_file() {
            plans += 1;
            found.extend(overlaps(&judged(&plan)));
        }
    }
    assert!(plans >= 5, "the plans of the fixtures are gone");
    let different: BTreeSet<(String, String)> =
        DIFFERENT.iter().map(|(first, second, _)| ((*first).to_owned(), (*second).to_owned())).collect();
    let twice: Vec<_> = found.iter().filter(|(pair, _)| !different.contains(*pair)).collect();
    assert!(
        twice.is_empty(),
        "one of each pair says in covered_by or by its filter that the other one speaks: {twice:#?}"
    );
    let gone: Vec<_> = different.iter().filter(|pair| !found.contains_key(*pair)).collect();
    assert!(gone.is_empty(), "these do not meet any more: {gone:#?}");
}

#[test]
fn what_covers_a_policy_of_the_pack_is_in_the_pack_and_not_covered_by_it() {
    let pack = library::load(&mut SourceMap::default(), Examples::Skip);
    let policies: Vec<_> = pack.iter().flat_map(|parsed| &parsed.file.policies).collect();
    let covered: BTreeSet<(&str, &str)> = policies
        .iter()
        .flat_map(|policy| policy.about.covered_by.iter().map(|by| (&*policy.id, by.as_str())))
        .collect();
    assert!(covered.len() >= 6, "{covered:?}");
    for (policy, by) in &covered {
        assert!(policies.iter().any(|other| *other.id == **by), "{policy} is covered by {by}, which there is not");
        assert!(!covered.contains(&(*by, *policy)), "{policy} and {by} cover each other");
    }
}

// A database without a standby that takes its minor versions by itself, in production.
fn database(comment: &str, settings: &str) -> Vec<String> {
    let directory = Directory::new();
    let change = json!({"address": "aws_db_instance.d", "mode": "managed", "type": "aws_db_instance", "name": "d",
        "change": {"actions": ["update"],
            "before": {"identifier": "d", "engine": "postgres", "multi_az": true, "auto_minor_version_upgrade": true},
            "after": {"identifier": "d", "engine": "postgres", "multi_az": false, "auto_minor_version_upgrade": true},
            "after_unknown": {}, "before_sensitive": {}, "after_sensitive": {}}});
    let plan = json!({"format_version": "1.2", "terraform_version": "1.11.4", "complete": true, "errored": false,
        "resource_changes": [change]});
    directory.write("plan.json", plan.to_string());
    let head = format!("{comment}resource \"aws_db_instance\" \"d\" {{\n");
    directory.write("main.tf", head + "  engine   = \"postgres\"\n  multi_az = false\n}\n");
    directory.write(".planfit.hcl", settings);
    let mut arguments = vec!["check", "plan.json", "--output", "json"];
    let three = ["redundancy_lowered_by_change", "rds_instance_without_standby", "auto_minor_upgrade_without_standby"];
    arguments.extend(three.iter().flat_map(|policy| ["--policy", *policy]));
    let output = run(&arguments, b"", &[], directory.path());
    let report: Value = serde_json::from_str(&output.stdout).unwrap_or_else(|_| panic!("{}", output.stderr));
    let findings = report.get("findings").and_then(Value::as_array).unwrap().iter();
    findings
        .filter(|finding| finding["suppressed"].is_null())
        .map(|finding| format!("{} {}", finding["level"].as_str().unwrap(), finding["policy"].as_str().unwrap()))
        .collect()
}

const PRODUCTION: &str = "environment \"production\" {\n  paths = [\"**\"]\n}\n";

#[test]
fn the_first_cause_stands_for_what_follows_from_it() {
    assert_eq!(database("", PRODUCTION), ["error redundancy_lowered_by_change"]);
}

#[test]
fn what_is_silenced_covers_nothing() {
    let comment = "# planfit:ignore redundancy_lowered_by_change reason=\"a test\"\n";
    assert_eq!(database(comment, PRODUCTION), ["error rds_instance_without_standby"]);
    let comment = "# planfit:ignore redundancy_lowered_by_change, rds_instance_without_standby reason=\"a test\"\n";
    assert_eq!(database(comment, PRODUCTION), ["notice auto_minor_upgrade_without_standby"]);
}

#[test]
fn what_is_quieter_covers_nothing() {
    let rule = "rule {\n  policies = [\"redundancy_lowered_by_change\"]\n  level    = \"advisory\"\n}\n";
    let told = database("", &format!("{PRODUCTION}{rule}"));
    assert_eq!(told, ["error rds_instance_without_standby", "notice redundancy_lowered_by_change"]);
}

/// The findings of a plan as `address policy`, under what lowers redundancy and what lacks it.
fn across(changes: &[Value], comment: &str) -> Vec<String> {
    let directory = Directory::new();
    let plan = json!({"format_version": "1.2", "terraform_version": "1.11.4", "complete": true, "errored": false,
        "resource_changes": changes});
    directory.write("plan.json", plan.to_string());
    let source = "resource \"aws_rds_cluster\" \"c\" {}\nresource \"aws_rds_cluster_instance\" \"a\" {}\n".to_owned();
    directory.write("main.tf", source + comment + "resource \"aws_appautoscaling_target\" \"t\" {}\n");
    directory.write(".planfit.hcl", PRODUCTION);
    let mut arguments = vec!["check", "plan.json", "--output", "json"];
    let three = ["redundancy_lowered_by_change", "db_cluster_single_instance", "ecs_service_single_task"];
    arguments.extend(three.iter().flat_map(|policy| ["--policy", *policy]));
    let output = run(&arguments, b"", &[], directory.path());
    let report: Value = serde_json::from_str(&output.stdout).unwrap_or_else(|_| panic!("{}", output.stderr));
    let findings = report.get("findings").and_then(Value::as_array).unwrap().iter();
    let text = |finding: &Value, name: &str| finding[name].as_str().unwrap().to_owned();
    findings
        .filter(|finding| finding["suppressed"].is_null())
        .map(|finding| format!("{} {}", text(finding, "address"), text(finding, "policy")))
        .collect()
}

fn change(kind: &str, name: &str, before: &Value, after: &Value) -> Value {
    let actions = match (before, after) {
        (_, Value::Null) => json!(["delete"]),
        (before, after) if before == after => json!(["no-op"]),
        _ => json!(["update"]),
    };
    json!({"address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name,
        "change": {"actions": actions, "before": before, "after": after, "after_unknown": {}, "before_sensitive": {},
            "after_sensitive": {}}})
}

#[test]
fn a_cause_on_one_object_stands_for_what_follows_on_another() {
    let cluster = json!({"id": "c", "cluster_identifier": "c", "engine": "aurora-postgresql"});
    let member = |id: &str| json!({"id": id, "identifier": id, "cluster_identifier": "c"});
    let mut changes = vec![
        change("aws_rds_cluster", "c", &cluster, &cluster),
        change("aws_rds_cluster_instance", "a", &member("a"), &member("a")),
    ];
    assert_eq!(across(&changes, ""), ["aws_rds_cluster.c db_cluster_single_instance"], "it has been so before");
    changes.push(change("aws_rds_cluster_instance", "b", &member("b"), &Value::Null));
    assert_eq!(across(&changes, ""), ["aws_rds_cluster_instance.b redundancy_lowered_by_change"]);
}

#[test]
fn what_is_silenced_on_one_object_leaves_the_other_to_be_seen() {
    let service = |id: &str| {
        let values = json!({"id": id, "name": "api", "cluster": id, "desired_count": 1,
            "load_balancer": [{"target_group_arn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/1"}]});
        change("aws_ecs_service", id, &values, &values)
    };
    let target = |least: u32| {
        json!({"id": "service/one/api", "resource_id": "service/one/api", "min_capacity": least, "max_capacity": 4,
            "scalable_dimension": "ecs:service:DesiredCount", "service_namespace": "ecs"})
    };
    let lowered = change("aws_appautoscaling_target", "t", &target(2), &target(1));
    let (cause, effect) = (
        "aws_appautoscaling_target.t redundancy_lowered_by_change".to_owned(),
        "aws_ecs_service.one ecs_service_single_task".to_owned(),
    );
    assert_eq!(across(&[service("one"), lowered.clone()], ""), [cause.as_str()]);
    let comment = "# planfit:ignore redundancy_lowered_by_change reason=\"a test\"\n";
    assert_eq!(across(&[service("one"), lowered.clone()], comment), [effect.as_str()]);
    let two = across(&[service("one"), service("two"), lowered], "");
    assert!(two.contains(&cause) && two.contains(&effect), "which of two namesakes it is, is not known: {two:?}");
}

/// The addresses of what is found in a source, under the policies of an entrance that leads nowhere.
fn entrance(directory: &Directory, source: &str) -> Vec<String> {
    directory.write("main.tf", source);
    let three = ["load_balancer_without_service", "public_listener_without_service", "target_group_without_targets"];
    let arguments: Vec<String> = three.iter().map(|id| format!("--policy={id}")).collect();
    let arguments = ["check", ".", "--output", "json"].into_iter().chain(arguments.iter().map(String::as_str));
    let output = run(&arguments.collect::<Vec<_>>(), b"", &[], directory.path());
    let report: Value = serde_json::from_str(&output.stdout).unwrap_or_else(|_| panic!("{}", output.stderr));
    let findings = report.get("findings").and_then(Value::as_array).unwrap().iter();
    findings.map(|finding| finding["address"].as_str().unwrap().to_owned()).collect()
}

/// A listener, or a rule of one, that forwards to the group of a name.
fn forwards(kind: &str, name: &str, owner: &str, block: &str, group: &str) -> String {
    format!(
        "resource \"{kind}\" \"{name}\" {{\n  {owner}\n  {block} {{\n    type             = \"forward\"\n    \
         target_group_arn = aws_lb_target_group.{group}.arn\n  }}\n}}\n"
    )
}

fn listener(name: &str, group: &str) -> String {
    forwards("aws_lb_listener", name, "load_balancer_arn = aws_lb.l.arn", "default_action", group)
}

#[test]
fn a_load_balancer_that_leads_nowhere_stands_for_its_listeners_rules_and_groups() {
    let directory = Directory::new();
    let group = "resource \"aws_lb_target_group\" \"g\" {\n  name = \"g\"\n}\n";
    let balancer = "resource \"aws_lb\" \"l\" {\n  name = \"l\"\n}\n";
    let rule = forwards("aws_lb_listener_rule", "r", "listener_arn = aws_lb_listener.h.arn", "action", "g");
    let all = format!("{group}{balancer}{}{rule}", listener("h", "g"));
    assert_eq!(entrance(&directory, group), ["aws_lb_target_group.g"]);
    assert_eq!(entrance(&directory, &all), ["aws_lb.l"]);
    let kept = "# planfit:ignore load_balancer_without_service reason=\"a test\"\n";
    let told = entrance(&directory, &all.replace(balancer, &format!("{kept}{balancer}")));
    assert_eq!(told, ["aws_lb_listener.h", "aws_lb_listener_rule.r", "aws_lb.l"], "the group is said by the first two");
}

#[test]
fn a_listener_that_leads_nowhere_stands_for_its_empty_target_group() {
    let directory = Directory::new();
    let groups = "resource \"aws_lb_target_group\" \"g\" {\n  name = \"g\"\n}\nresource \"aws_lb_target_group\" \"old\" {\n  \
                  name = \"old\"\n}\nresource \"aws_lb\" \"l\" {\n  name = \"l\"\n}\n";
    let service = "resource \"aws_ecs_service\" \"s\" {\n  name          = \"s\"\n  desired_count = 2\n  load_balancer {\n    \
                   target_group_arn = aws_lb_target_group.g.arn\n    container_name   = \"s\"\n    container_port   = 80\n  }\n}\n";
    let source = format!("{groups}{service}{}{}", listener("live", "g"), listener("old", "old"));
    assert_eq!(entrance(&directory, &source), ["aws_lb_listener.old"]);
}
