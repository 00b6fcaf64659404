//! What the source declares and nobody uses, what a refactoring block has done, and what a run says of itself: policies
//! that are about no object, judged through the command.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use std::collections::BTreeMap;

use planfit::workspace::parts::{PartKind, usual_facts};
use serde_json::Value;
use support::Directory;

mod support;

const EMPTY: &str =
    r#"{"format_version":"1.2","terraform_version":"1.11.4","complete":true,"errored":false,"resource_changes":[]}"#;

/// Address, line and verdict of each finding of a policy.
fn found(policy: &str, plan: &str, files: &[(&str, &str)]) -> Vec<String> {
    let directory = Directory::new();
    directory.write("plan.json", plan);
    for (path, text) in files {
        directory.write(path, text);
    }
    let arguments = ["check", "plan.json", "--policy", policy, "--output", "json", "--show-unknown"];
    let output = support::run(&arguments, b"", &[], directory.path());
    let report: Value = serde_json::from_str(&output.stdout).unwrap();
    let mut found: Vec<String> = Vec::new();
    for finding in report.pointer("/findings").and_then(Value::as_array).unwrap() {
        let text = |path: &str| finding.pointer(path).and_then(Value::as_str);
        let line = finding.pointer("/location/start/line").unwrap_or(&Value::Null);
        let place = text("/location/path").unwrap_or("-");
        found.push(format!("{} {place}:{line} {}", text("/address").unwrap(), text("/verdict").unwrap()));
    }
    found.sort();
    found
}

#[test]
fn an_unused_declaration_is_found_at_its_line() {
    let main = "variable \"used\" {}\n\nvariable \"unused\" {}\n\nlocals {\n  unused = 1\n  used   = var.used\n}\n\n\
                resource \"t_x\" \"a\" {\n  name = templatefile(\"a.tpl\", { x = local.used })\n}\n";
    assert_eq!(
        found("declaration_unused", EMPTY, &[("main.tf", main), ("terraform.tfvars", "used = 1\nmissing = 2\n")]),
        ["local.unused main.tf:6 fail", "tfvars.missing terraform.tfvars:2 fail", "var.unused main.tf:3 fail"]
    );
}

#[test]
fn nothing_is_said_of_a_module_that_cannot_be_read_whole() {
    for other in [("other.tf", "resource {{\n"), ("other.tf.json", "{}")] {
        let found = found("declaration_unused", EMPTY, &[("main.tf", "variable \"x\" {}\n"), other]);
        assert_eq!(found, ["var.x main.tf:1 unknown"], "{other:?}");
    }
}

#[test]
fn a_module_that_is_called_twice_is_judged_once() {
    let calls = "module \"a\" {\n  source = \"./m\"\n}\n\nmodule \"b\" {\n  source = \"./m\"\n}\n";
    assert_eq!(
        found("declaration_unused", EMPTY, &[("main.tf", calls), ("m/main.tf", "variable \"x\" {}\n")]),
        ["module.a.var.x m/main.tf:1 fail"]
    );
}

#[test]
fn a_provider_may_be_required_for_a_module() {
    let required = "terraform {\n  required_providers {\n    t = {\n      source = \"a/t\"\n    }\n    u = {\n      source = \"a/u\"\n    }\n  }\n}\n\n\
                    module \"m\" {\n  source = \"./m\"\n}\n";
    let module = [("main.tf", required), ("m/main.tf", "resource \"t_x\" \"a\" {}\n")];
    assert_eq!(found("declaration_unused", EMPTY, &module), ["required_providers.u main.tf:6 fail"]);
    let missing = [("main.tf", required)];
    assert_eq!(
        found("declaration_unused", EMPTY, &missing),
        ["required_providers.t main.tf:3 unknown", "required_providers.u main.tf:6 unknown"]
    );
}

#[test]
fn an_output_of_a_module_below_must_be_read_by_a_caller() {
    let outputs = "output \"read\" {\n  value = 1\n}\n\noutput \"unread\" {\n  value = 2\n}\n";
    let calls = "module \"m\" {\n  source = \"./m\"\n}\n\noutput \"all\" {\n  value = module.m.read\n}\n";
    assert_eq!(
        found("module_or_output_unused", EMPTY, &[("main.tf", calls), ("m/main.tf", outputs)]),
        ["module.m.output.unread m/main.tf:5 fail"]
    );
    let as_a_whole = "module \"m\" {\n  source = \"./m\"\n}\n\noutput \"all\" {\n  value = module.m\n}\n";
    assert_eq!(found("module_or_output_unused", EMPTY, &[("main.tf", as_a_whole), ("m/main.tf", outputs)]), [""; 0]);
}

fn change(address: &str, actions: &str, more: &str) -> String {
    format!(
        r#"{{"address":"{address}","mode":"managed","type":"t_x","name":"n"{more},"change":{{"actions":{actions},"before":{{"id":"i"}},"after":{{"id":"i"}},"after_unknown":{{}}}}}}"#
    )
}

fn plan(changes: &[String]) -> String {
    EMPTY.replace("\"resource_changes\":[]", &format!("\"resource_changes\":[{}]", changes.join(",")))
}

const REFACTORING: &str = "moved {\n  from = t_x.old\n  to   = t_x.new\n}\n\nimport {\n  to = t_x.taken\n  id = \"i\"\n}\n\n\
                           removed {\n  from = t_x.gone\n\n  lifecycle {\n    destroy = false\n  }\n}\n\n\
                           resource \"t_x\" \"new\" {}\n\nresource \"t_x\" \"taken\" {}\n";

#[test]
fn a_refactoring_block_has_done_its_work_when_the_state_says_so() {
    let changes = [change("t_x.new", r#"["no-op"]"#, ""), change("t_x.taken", r#"["no-op"]"#, "")];
    assert_eq!(
        found("refactoring_block_applied", &plan(&changes), &[("main.tf", REFACTORING)]),
        ["import.t_x.taken main.tf:6 fail", "moved.t_x.old main.tf:1 fail", "removed.t_x.gone main.tf:11 fail"]
    );
}

#[test]
fn a_refactoring_block_that_this_plan_needs_stays() {
    let importing =
        r#"{"actions":["no-op"],"importing":{"id":"i"},"before":{"id":"i"},"after":{"id":"i"},"after_unknown":{}}"#;
    let changes = [
        change("t_x.new", r#"["no-op"]"#, r#","previous_address":"t_x.old""#),
        format!(r#"{{"address":"t_x.taken","mode":"managed","type":"t_x","name":"n","change":{importing}}}"#),
        change("t_x.gone", r#"["forget"]"#, ""),
    ];
    assert_eq!(found("refactoring_block_applied", &plan(&changes), &[("main.tf", REFACTORING)]), [""; 0]);
}

#[test]
fn before_the_first_apply_no_refactoring_block_is_judged() {
    let verdicts = found("refactoring_block_applied", EMPTY, &[("main.tf", REFACTORING)]);
    assert!(verdicts.len() == 3 && verdicts.iter().all(|verdict| verdict.ends_with("unknown")), "{verdicts:?}");
}

#[test]
fn a_plan_that_is_not_whole_is_not_trusted() {
    let tell = |plan: &str| found("plan_not_trustworthy", plan, &[("main.tf", "")]);
    assert_eq!(tell(EMPTY), [""; 0]);
    assert_eq!(tell(&EMPTY.replace("\"complete\":true", "\"complete\":false")), ["plan -:null fail"]);
    assert_eq!(tell(&EMPTY.replace("\"errored\":false", "\"errored\":true")), ["plan -:null fail"]);
    let put_off = EMPTY.replace("\"complete\":true", "\"complete\":false,\"deferred_changes\":[{}]");
    assert_eq!(tell(&put_off), ["plan -:null fail"]);
    let drift = |kind: &str, action: &str| {
        let drift = format!(
            r#""resource_drift":[{{"address":"{kind}.a","type":"{kind}","change":{{"actions":["{action}"]}}}}],"resource_changes""#
        );
        tell(&EMPTY.replace("\"resource_changes\"", &drift))
    };
    assert_eq!(drift("aws_lb", "delete"), ["plan -:null fail"]);
    assert_eq!(drift("aws_lb", "update"), ["plan -:null fail"]);
    assert_eq!(drift("aws_iam_role", "update"), [""; 0]);
}

#[test]
fn a_left_over_object_of_a_failed_replacement_is_told() {
    let deposed = change("t_x.new", r#"["delete"]"#, r#","deposed":"0a1b2c3d""#);
    assert_eq!(found("terraform_leftover", &plan(&[deposed]), &[("main.tf", "")]), ["plan -:null fail"]);
    assert_eq!(
        found("terraform_leftover", &plan(&[change("t_x.new", r#"["no-op"]"#, "")]), &[("main.tf", "")]),
        [""; 0]
    );
}

/// What a test of a policy may say of them is what a run says.
#[test]
fn mocks_have_the_facts_that_a_run_tells() {
    let directory = Directory::new();
    let subjects = ["plan", "declaration", "suppression"];
    let policy = |subject: &&str| {
        format!(
            "workspace_policy \"{subject}\" \"{subject}_facts\" {{\n  enforce {{\n    condition     = false\n    \
             error_message = core::join(\" \", core::keys(attrs))\n  }}\n}}\n"
        )
    };
    directory.write("p/p.policy.hcl", subjects.iter().map(policy).collect::<String>());
    directory.write("plan.json", EMPTY);
    directory.write("main.tf", "# planfit:ignore log_group_never_expires reason=\"x\"\nvariable \"x\" {}\n");
    let arguments = ["check", "plan.json", "--policies", "p", "--output", "json"];
    let output = support::run(&arguments, b"", &[], directory.path());
    let report: Value = serde_json::from_str(&output.stdout).unwrap();
    let findings = report.pointer("/findings").and_then(Value::as_array).unwrap();
    let text = |finding: &Value, name: &str| finding.get(name).and_then(Value::as_str).unwrap().to_owned();
    let told: BTreeMap<String, String> =
        findings.iter().map(|finding| (text(finding, "policy"), text(finding, "message"))).collect();
    for subject in subjects {
        let facts = usual_facts(PartKind::of_subject(subject).unwrap());
        let names: Vec<&str> = facts.iter().map(|(name, _)| &**name).collect();
        assert_eq!(told.get(&format!("{subject}_facts")), Some(&names.join(" ")), "{output:?}");
    }
}
