//! What a run in full says of a condition that does not hold: the parts that decided, and no secret.

use planfit::policy::inputs::Given;

use crate::support::{create, judged, policy};

#[track_caller]
fn steps(policy: &str, attributes: &str, unknown: &str) -> Vec<String> {
    let judged = judged(policy, &create(attributes, unknown), &Given::default());
    let explanation = judged.findings.into_iter().next().and_then(|finding| finding.explanation).unwrap();
    explanation
        .steps
        .into_iter()
        .map(|step| format!("{}{} = {}", " ".repeat(step.depth), step.text, step.value))
        .collect()
}

#[test]
fn only_what_decided_is_shown() {
    let table: [(&str, &[&str]); 4] = [
        ("attrs.a == 1 && attrs.b == 1", &["attrs.b = 2"]),
        ("attrs.b == 1 || attrs.a == 3", &["attrs.b = 2", "attrs.a = 1"]),
        ("attrs.a == 1 ? attrs.b == 1 : attrs.c == 1", &["attrs.a = 1", "attrs.b = 2"]),
        ("attrs.a == 1 && attrs.u == 1", &["attrs.u = (known after apply: t_x.a.u)"]),
    ];
    for (condition, expected) in table {
        assert_eq!(steps(&policy(condition), r#"{"a":1,"b":2,"c":3}"#, r#"{"u":true}"#), expected, "{condition}");
    }
}

#[test]
fn secrets_stay_hidden_at_any_depth() {
    let text = "input \"s\" {\n  type = string\n  default = \"hunter2\"\n  sensitive = true\n}\n\
                locals {\n  nested = { deep = [input.s] }\n}\n";
    let conditions = [
        "local.nested == attrs.a",
        "[input.s] == attrs.a",
        "core::upper(input.s) == attrs.a",
        "core::length([input.s]) == 5",
    ];
    for condition in conditions {
        let shown = steps(&format!("{text}{}", policy(condition)), r#"{"a":"x"}"#, "{}").join("; ");
        assert!(!shown.to_lowercase().contains("hunter2"), "{condition}: {shown}");
        assert!(shown.contains("(sensitive)"), "{condition}: {shown}");
    }
}
