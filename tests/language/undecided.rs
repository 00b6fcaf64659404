//! What a report says of a condition that is not decided: the part that is not known, and where it comes from or why
//! (chapter 4.1). One case for each way in which a value becomes unknown.

use planfit::finding::Verdict;
use planfit::policy::inputs::Given;

use crate::support::{judge, judged_beside};

/// `t_x.a` is new. Its `owner` is made of one object to come, its `either` of two, `computed` is nobody's, and whether
/// `t_y.open` belongs to a group is the provider's business.
const PLAN: &str = r#"{"format_version":"1.2","terraform_version":"1.7.0",
  "resource_changes":[
    {"address":"t_x.a","mode":"managed","type":"t_x","name":"a","change":{"actions":["create"],"before":null,
      "after":{"name":"n","sizes":[1,2],"text":null},
      "after_unknown":{"owner":true,"either":true,"computed":true,"written":true,"block":[{"id":true}]}}},
    {"address":"t_y.b","mode":"managed","type":"t_y","name":"b","change":{"actions":["create"],"before":null,
      "after":{"group":"g"},"after_unknown":{"id":true}}},
    {"address":"t_y.c","mode":"managed","type":"t_y","name":"c","change":{"actions":["create"],"before":null,
      "after":{"group":"h"},"after_unknown":{"id":true}}},
    {"address":"t_y.open","mode":"managed","type":"t_y","name":"open","change":{"actions":["create"],"before":null,
      "after":{},"after_unknown":{"id":true,"group":true}}}],
  "configuration":{
    "provider_config":{"p":{"name":"p","full_name":"registry.terraform.io/acme/p","expressions":{
      "role":{"references":["var.role"]},"lost":{}}}},
    "root_module":{"resources":[
      {"address":"t_x.a","mode":"managed","type":"t_x","name":"a","expressions":{
        "owner":{"references":["t_y.b.id","t_y.b"]},"written":{"references":["var.w"]},
        "either":{"references":["t_y.b.id","t_y.b","t_y.c.id","t_y.c"]}}},
      {"address":"t_y.b","mode":"managed","type":"t_y","name":"b","expressions":{"group":{"constant_value":"g"}}},
      {"address":"t_y.c","mode":"managed","type":"t_y","name":"c","expressions":{"group":{"constant_value":"h"}}},
      {"address":"t_y.open","mode":"managed","type":"t_y","name":"open","expressions":{}}]}}}"#;

#[track_caller]
fn said(kind: &str, label: &str, condition: &str) -> String {
    let policy = format!("{kind} \"{label}\" \"p\" {{\n  enforce {{\n    condition = {condition}\n  }}\n}}\n");
    match judge(&policy, PLAN).as_slice() {
        [(_, Verdict::Unknown, message)] => message.clone(),
        other => panic!("{condition}: not decided is expected, not {other:?}"),
    }
}

#[track_caller]
fn table(kind: &str, label: &str, table: &[(&str, &str)]) {
    let told: Vec<(&str, String)> =
        table.iter().map(|(condition, _)| (*condition, said(kind, label, condition))).collect();
    let expected: Vec<(&str, String)> =
        table.iter().map(|(condition, expected)| (*condition, (*expected).to_owned())).collect();
    assert_eq!(told, expected);
}

#[test]
fn an_attribute_says_where_it_comes_from() {
    table(
        "resource_policy",
        "t_x",
        &[
            ("attrs.written == 1", "t_x.a.written is not known until apply"),
            (
                "attrs.computed == 1",
                "t_x.a.computed is not set, and what the provider makes of it is known after apply only",
            ),
            (
                "attrs.block[0].id == 1",
                "t_x.a.block[0].id is not set, and what the provider makes of it is known after apply only",
            ),
            (
                "attrs.owner == \"y\"",
                "attrs.owner is not known: it comes from t_y.b.id, which nobody sets and the provider computes",
            ),
            (
                "attrs.either == \"y\"",
                "attrs.either is not known: it comes from one of t_y.b.id, t_y.c.id, known after apply only",
            ),
            ("\"${attrs.written}/x\" == \"a/x\"", "t_x.a.written is not known until apply"),
            (
                "core::jsondecode(core::jsonencode({ a = attrs.written })).a == 1",
                "t_x.a.written is not known until apply",
            ),
            (
                "core::length([for size in attrs.sizes : size if size == attrs.written]) == 1",
                "t_x.a.written is not known until apply",
            ),
            ("attrs.name == \"n\" && (attrs.written == 1 || false)", "t_x.a.written is not known until apply"),
            (
                "plan::changed(\"written\")",
                "plan::changed(\"written\") is not known: it comes from t_x.a.written, which is known after apply only",
            ),
        ],
    );
}

#[test]
fn a_join_names_the_object_of_which_it_is_not_known() {
    let expected = "core::getresources(\"t_y\", { group = \"g\" }) is not known: whether t_y.open belongs to it is known \
                    after apply only";
    let condition = "core::length(core::getresources(\"t_y\", { group = \"g\" })) == 1";
    assert_eq!(said("resource_policy", "t_x", condition), expected);
    let condition = "core::getresources(\"t_y\", { group = attrs.written })[0].group == \"g\"";
    assert_eq!(said("resource_policy", "t_x", condition), "t_x.a.written is not known until apply");
}

#[test]
fn a_function_that_is_not_run_says_so() {
    table(
        "resource_policy",
        "t_x",
        &[
            (
                "plugin::tools::check(attrs.name)",
                "plugin::tools::check(attrs.name) is not known: plugin functions are not run",
            ),
            (
                "core::gethttprequest(\"https://example.com\").statusCode == 200",
                "core::gethttprequest(\"https://example.com\") is not known: HTTP requests are not made",
            ),
            (
                "core::getdatasource(\"t_d\", { name = \"n\" }).id == 1",
                "core::getdatasource(\"t_d\", { name = \"n\" }) is not known: the plan holds no such data source, and none is read here",
            ),
            ("cost::monthly() < 5", "cost::monthly() is not known: planfit does not price resources yet"),
            ("metrics::sum(\"m\", 7) > 5", "metrics::sum(\"m\", 7) is not known: no export of metrics is given"),
            ("core::uuid() == \"\"", "core::uuid() is not known: uuid gives another id at each call"),
            ("core::bcrypt(\"a\") == \"\"", "core::bcrypt(\"a\") is not known: bcrypt gives another hash at each call"),
            ("core::timestamp() == \"\"", "core::timestamp() is not known: the time of the run is not given"),
            (
                "core::textencodebase64(\"a\", \"IBM037\") == \"\"",
                "core::textencodebase64(\"a\", \"IBM037\") is not known: the encoding IBM037 is not known to planfit",
            ),
            (
                "meta.lifecycle.prevent_destroy",
                "meta.lifecycle.prevent_destroy is not known: lifecycle is in the source only, and no source is at hand",
            ),
        ],
    );
}

#[test]
fn parts_of_the_plan_say_what_the_plan_does_not_keep() {
    table(
        "provider_policy",
        "p",
        &[
            ("attrs.role == 1", "attrs.role is not known: it is made of var.role, and the plan does not keep how"),
            ("attrs.lost == 1", "attrs.lost is not known: the plan does not keep the expression that sets it"),
        ],
    );
    table(
        "workspace_policy",
        "plan",
        &[
            (
                "attrs.complete",
                "attrs.complete is not known: Terraform before 1.8 does not say whether a plan is whole",
            ),
            ("attrs.cost < 1", "attrs.cost is not known: the cost of the plan is not estimated"),
        ],
    );
}

#[test]
fn a_filter_that_is_not_decided_says_what_it_lacks() {
    let policy =
        "resource_policy \"t_x\" \"p\" {\n  filter = attrs.written == 1\n  enforce {\n    condition = false\n  }\n}\n";
    assert_eq!(judge(policy, PLAN)[0].2, "t_x.a.written is not known until apply");
}

#[test]
fn a_local_is_followed_to_the_attribute() {
    let policy = "resource_policy \"t_x\" \"p\" {\n  locals {\n    size = attrs.written\n  }\n  enforce {\n    condition = local.size == 1\n  }\n}\n";
    assert_eq!(judge(policy, PLAN)[0].2, "t_x.a.written is not known until apply");
}

#[test]
fn with_the_source_a_value_is_followed_and_a_dead_end_is_named() {
    let source = r#"
resource "t_x" "a" {
  owner   = "${path.module}/${t_y.b.id}"
  either  = var.flag ? t_y.b.id : t_y.c.id
  written = path.root
  block {
    id = local.none
  }
}

resource "t_y" "b" {
  group = "g"
}

resource "t_y" "c" {
  group = "h"
}

variable "flag" {}
"#;
    let table = [
        (
            "attrs.owner == 1",
            "attrs.owner is not known: it comes from t_y.b.id, which nobody sets and the provider computes",
        ),
        ("attrs.written == 1", "attrs.written is not known: path.root is not in the plan"),
        ("attrs.block[0].id == 1", "t_x.a.block[0].id is not known until apply"),
        ("meta.lifecycle.prevent_destroy == 1", ""),
    ];
    for (condition, expected) in table {
        let policy = format!("resource_policy \"t_x\" \"p\" {{\n  enforce {{\n    condition = {condition}\n  }}\n}}\n");
        let judged = judged_beside(source, &policy, PLAN, &Given::default());
        let said: Vec<&str> = judged
            .findings
            .iter()
            .filter(|finding| finding.verdict == Verdict::Unknown)
            .map(|finding| &*finding.message)
            .collect();
        assert_eq!(said.concat(), expected, "{condition}");
    }
}

#[test]
fn whether_a_value_is_known_is_always_decided() {
    let verdict = |condition: &str| {
        let policy = format!("resource_policy \"t_x\" \"p\" {{\n  enforce {{\n    condition = {condition}\n  }}\n}}\n");
        judge(&policy, PLAN).into_iter().next().map(|(_, verdict, _)| verdict)
    };
    for known in ["attrs.name", "attrs.sizes", "attrs.text", "[1, null]"] {
        assert_eq!(verdict(&format!("plan::known({known})")), None, "{known}");
    }
    for open in
        ["attrs.owner", "attrs.either", "attrs.computed", "attrs.block", "[1, attrs.written]", "\"${attrs.owner}:1\""]
    {
        assert_eq!(verdict(&format!("plan::known({open})")), Some(Verdict::Fail), "{open}");
    }
}
