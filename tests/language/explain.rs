//! What a run in full says of a condition that does not hold: the parts that decided, and no secret.

use planfit::policy::inputs::Given;

use crate::support::{create, human, json, judged, policy};

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

const FILE: &str = r#"input "least" {
  type    = number
  default = 3
}

locals {
  others = core::getresources("t_x", { kind = "other" })
}

resource_policy "t_x" "p" {
  locals {
    size = core::try(attrs.size, input.least)
  }

  enforce {
    condition     = attrs.kind == "x" && (local.size >= input.least || core::length(local.others) > 0)
    error_message = "${meta.address} is too small."
  }
}
"#;

// Read by hand: of `&&` the left side holds, so it does not decide; of `||` neither side does.
#[test]
fn people_read_the_condition_and_what_decided_it() {
    let judged = judged(FILE, &create(r#"{"kind":"x","size":2}"#, "{}"), &Given::default());
    insta::assert_snapshot!("explanation_for_people", human(judged.findings, Vec::new(), FILE));
}

#[test]
fn programs_read_the_same() {
    let judged = judged(FILE, &create(r#"{"kind":"x","size":2}"#, "{}"), &Given::default());
    let json = json(judged.findings, Vec::new(), FILE);
    let explanation = serde_json::to_string_pretty(&json["findings"][0]["explanation"]).unwrap();
    insta::assert_snapshot!("explanation_for_programs", explanation);
}

fn many(parts: usize) -> String {
    let sides: Vec<String> = (0..parts).map(|number| format!("attrs.a{number}")).collect();
    policy(&format!("[{}] == []", sides.join(", ")))
}

fn attributes(parts: usize) -> String {
    let entries: Vec<String> = (0..parts).map(|number| format!("\"a{number}\":{number}")).collect();
    format!("{{{}}}", entries.join(","))
}

#[test]
fn what_is_left_out_is_counted() {
    for (parts, shown, told) in [
        (40, 40, ""),
        (41, 40, "\n      … and 1 more part\n"),
        (45, 40, "\n      … and 5 more parts\n"),
        (2_000, 40, "\n      … and at least 1000 more parts\n"),
    ] {
        let policy = many(parts);
        let judged = judged(&policy, &create(&attributes(parts), "{}"), &Given::default());
        let explanation = judged.findings[0].explanation.as_ref().unwrap();
        assert_eq!(explanation.steps.len(), shown, "{parts}");
        assert_eq!(explanation.omitted, (parts - shown).min(1_000), "{parts}");
        let text = human(judged.findings.clone(), Vec::new(), &policy);
        assert!(text.contains(told) && text.contains("more part") != told.is_empty(), "{parts}: {text}");
        let json = json(judged.findings, Vec::new(), &policy);
        assert_eq!(json["findings"][0]["explanation"]["omitted"], (parts - shown).min(1_000), "{parts}");
    }
}

#[test]
fn instances_of_one_block_share_the_explanation_of_the_first() {
    let change = |key: &str, size: usize| {
        format!(
            r#"{{"address":"t_x.a[\"{key}\"]","type":"t_x","name":"a","index":"{key}",
                "change":{{"actions":["create"],"before":null,"after":{{"size":{size}}},"after_unknown":{{}}}}}}"#
        )
    };
    let plan = format!(r#"{{"format_version":"1.2","resource_changes":[{},{}]}}"#, change("b", 2), change("a", 1));
    let judged = judged(&policy("attrs.size > 5"), &plan, &Given::default());
    let [finding] = judged.findings.as_slice() else { panic!("one finding is expected: {:?}", judged.findings) };
    assert_eq!(finding.instances, ["t_x.a[\"a\"]", "t_x.a[\"b\"]"]);
    let steps = &finding.explanation.as_ref().unwrap().steps;
    assert_eq!(steps.iter().map(|step| step.value.as_str()).collect::<Vec<_>>(), ["1"]);
}
