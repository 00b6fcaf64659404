//! `info_message`: what a policy says of an object on which its condition holds (`spec/policy-language.md` 3).

use planfit::finding::Verdict;
use planfit::policy::inputs::Given;

use crate::support::{create, human, json, judged};

const FILE: &str = r#"resource_policy "t_x" "size" {
  enforce {
    condition    = attrs.size >= 3
    info_message = "${meta.address} has ${attrs.size}."
  }

  enforce {
    condition     = attrs.size >= 5
    info_message  = "at least 5"
    error_message = "${meta.address} has less than 5."
  }
}
"#;

#[track_caller]
fn said(message: &str, attributes: &str, unknown: &str) -> Vec<String> {
    let secret = "input \"s\" {\n  type = string\n  default = \"hunter2\"\n  sensitive = true\n}\n";
    let policy = format!(
        "{secret}resource_policy \"t_x\" \"p\" {{\n  enforce {{\n    condition = true\n    info_message = {message}\n  }}\n}}\n"
    );
    let judged = judged(&policy, &create(attributes, unknown), &Given::default());
    judged.information.into_iter().map(|said| said.message).collect()
}

#[test]
fn it_is_said_where_the_condition_holds_whatever_the_others_do() {
    let judged = judged(FILE, &create(r#"{"size":4}"#, "{}"), &Given::default());
    let said: Vec<_> = judged.information.iter().map(|said| (&*said.policy, &*said.address, &*said.message)).collect();
    assert_eq!(said, [("size", "t_x.a", "t_x.a has 4.")]);
    assert_eq!(judged.findings.iter().map(|finding| finding.verdict).collect::<Vec<_>>(), [Verdict::Fail]);
}

#[test]
fn it_is_not_said_where_the_filter_excludes_the_object() {
    let policy = FILE.replacen("  enforce", "  filter = attrs.size > 10\n  enforce", 1);
    assert_eq!(judged(&policy, &create(r#"{"size":4}"#, "{}"), &Given::default()).information, []);
}

#[test]
fn it_shows_no_secret_and_says_what_is_not_known() {
    let table: [(&str, &[&str]); 6] = [
        ("\"it is ${input.s}\"", &["it is (sensitive)"]),
        ("input.s", &["(sensitive)"]),
        ("\"it is ${attrs.u}\"", &["it is t_x.a.u"]),
        ("\"it is ${attrs.none}\"", &["the info_message cannot be computed: t_x.a has no attribute \"none\""]),
        ("[1]", &["the info_message is a list, not a text"]),
        ("null", &[]),
    ];
    for (message, expected) in table {
        assert_eq!(said(message, r#"{"size":4}"#, r#"{"u":true}"#), expected, "{message}");
    }
}

#[test]
fn people_and_programs_read_it_in_the_report() {
    let judged = judged(FILE, &create(r#"{"size":7}"#, "{}"), &Given::default());
    let text = human(judged.findings.clone(), judged.information.clone(), FILE);
    assert!(text.starts_with("information: 2\n    size: t_x.a: at least 5\n    size: t_x.a has 7.\n"), "{text}");
    let json = json(judged.findings, judged.information, FILE);
    insta::assert_snapshot!(json["information"][1], @r#"{"address":"t_x.a","message":"t_x.a has 7.","operation":"create","policy":"size","policy_file":"t.policy.hcl"}"#);
}
