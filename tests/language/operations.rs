//! `operations`: what is judged, and what cannot stand together (chapter 3).

use planfit::finding::Verdict;

use crate::support::{judge, messages};

fn plan(actions: &str, before: &str, after: &str, more: &str) -> String {
    format!(
        r#"{{"resource_changes":[{{"address":"t_x.a","type":"t_x","change":{{"actions":{actions},"before":{before},
            "after":{after},"after_unknown":{{}}{more}}}}}]}}"#
    )
}

fn text(operations: &str, condition: &str) -> String {
    format!(
        "resource_policy \"t_x\" \"p\" {{\n{operations}\n  enforce {{\n    condition     = {condition}\n    \
         error_message = \"${{meta.operation}} ${{meta.forget}} ${{meta.importing}}\"\n  }}\n}}\n"
    )
}

fn said(operations: &str, plan: &str) -> Vec<String> {
    judge(&text(operations, "false"), plan).into_iter().map(|(_, _, message)| message).collect()
}

const OLD: &str = r#"{"v":"old"}"#;
const NEW: &str = r#"{"v":"new"}"#;

#[test]
fn without_operations_everything_is_judged_but_deletes() {
    let of = |actions: &str| said("", &plan(actions, OLD, NEW, ""));
    assert_eq!(of(r#"["create"]"#), ["create false false"]);
    assert_eq!(of(r#"["update"]"#), ["update false false"]);
    assert_eq!(of(r#"["no-op"]"#), ["no-op false false"]);
    assert_eq!(of(r#"["delete"]"#), Vec::<String>::new());
    assert_eq!(of(r#"["read"]"#), Vec::<String>::new());
}

#[test]
fn an_empty_list_is_the_default() {
    assert_eq!(said("  operations = []", &plan(r#"["no-op"]"#, OLD, OLD, "")), ["no-op false false"]);
}

#[test]
fn only_what_is_listed_is_judged() {
    assert_eq!(said("  operations = [\"update\"]", &plan(r#"["create"]"#, "null", NEW, "")), Vec::<String>::new());
    assert_eq!(said("  operations = [\"delete\"]", &plan(r#"["delete"]"#, OLD, "null", "")), ["delete false false"]);
}

#[test]
fn forgetting_is_a_delete_that_says_so() {
    assert_eq!(said("  operations = [\"delete\"]", &plan(r#"["forget"]"#, OLD, "null", "")), ["delete true false"]);
}

#[test]
fn of_a_replacement_that_forgets_only_the_old_half_is_forgotten() {
    let plan = plan(r#"["create","forget"]"#, OLD, NEW, "");
    assert_eq!(said("  operations = [\"delete\"]", &plan), ["delete true false"]);
    assert_eq!(said("  operations = [\"create\"]", &plan), ["create false false"]);
}

#[test]
fn an_import_is_its_own_action_with_a_mark() {
    let importing = r#","importing":{"id":"x"}"#;
    assert_eq!(said("", &plan(r#"["no-op"]"#, OLD, OLD, importing)), ["no-op false true"]);
    assert_eq!(said("", &plan(r#"["update"]"#, OLD, NEW, importing)), ["update false true"]);
}

#[test]
fn the_sides_are_null_where_there_is_nothing() {
    let verdict = |operations: &str, condition: &str, plan: &str| judge(&text(operations, condition), plan).pop();
    let delete = plan(r#"["delete"]"#, OLD, "null", "");
    assert_eq!(verdict("  operations = [\"delete\"]", "attrs.v == null && prior_attrs.v == \"old\"", &delete), None);
    let update = plan(r#"["update"]"#, OLD, NEW, "");
    assert_eq!(verdict("  operations = [\"update\"]", "attrs.v == \"new\" && prior_attrs.v == \"old\"", &update), None);
}

#[test]
fn a_missing_attribute_is_an_error_and_not_null() {
    let verdicts = judge(&text("", "attrs.nothing == null"), &plan(r#"["create"]"#, "null", NEW, ""));
    assert_eq!(verdicts[0].1, Verdict::Error);
}

#[test]
fn a_policy_that_reads_prior_attrs_must_list_update_or_delete() {
    let asked_for = "a policy that reads prior_attrs must say its operations: update, delete or both";
    assert_eq!(messages(&text("", "prior_attrs.v == 1")), [asked_for]);
    assert_eq!(messages(&text("  operations = []", "prior_attrs.v == 1")), [asked_for]);
    assert_eq!(messages(&text("  operations = [\"update\", \"delete\"]", "prior_attrs.v == 1")), Vec::<String>::new());
}

#[test]
fn prior_attrs_may_be_read_through_locals() {
    let locals = "locals {\n  old   = prior_attrs.v\n  older = local.old\n}\n";
    let policy = format!("{locals}{}", text("", "local.older == 1"));
    assert_eq!(messages(&policy).len(), 1);
}

#[test]
fn what_plan_before_says_is_no_reading_of_prior_attrs() {
    assert_eq!(messages(&text("", "plan::before(\"v\") == 1")), Vec::<String>::new());
}

#[test]
fn wrong_lists_are_errors() {
    let table = [
        ("\"create\"", "operations is a list, as in [\"create\", \"update\"]"),
        ("[1]", "an operation is a text: \"create\", \"update\", \"delete\" or \"no-op\""),
        (
            "[\"updat\"]",
            "there is no operation \"updat\"; there are create, update, delete and no-op; did you mean update?",
        ),
        ("[\"update\", \"update\"]", "the operation \"update\" is named twice"),
        ("[\"no-op\", \"delete\"]", "delete cannot stand with no-op: a deleted object has no attrs"),
    ];
    for (list, message) in table {
        assert_eq!(messages(&text(&format!("  operations = {list}"), "true")), [message], "{list}");
    }
}

#[test]
fn only_resources_have_operations() {
    let policy =
        "module_policy \"*\" \"p\" {\n  operations = [\"create\"]\n  enforce {\n    condition = true\n  }\n}\n";
    assert_eq!(
        messages(policy),
        ["only a resource_policy has operations: nothing else is created, updated or deleted"]
    );
}
