//! Names of an object that is replaced, or gets a new one in place: what it was called says nothing of what it will be
//! called (chapter 4.2).

use planfit::finding::Verdict;

use crate::support::{judge, policy};

/// `t_x.a` with an old name in each identity attribute and a new one in none; `t_y.b` has the old one written down, the
/// attribute of `t_y.c` is a reference.
fn plan(actions: &str, after: &str, unknown: &str) -> String {
    format!(
        r#"{{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[
          {{"address":"t_x.a","mode":"managed","type":"t_x","name":"a","change":{{"actions":[{actions}],
            "before":{{"id":"x-1","arn":"arn:x-1","name":"old","size":1}},"after":{after},"after_unknown":{unknown}}}}},
          {{"address":"t_y.b","mode":"managed","type":"t_y","name":"b","change":{{"actions":["no-op"],
            "before":{{"x":"x-1"}},"after":{{"x":"x-1"}},"after_unknown":{{}}}}}},
          {{"address":"t_y.c","mode":"managed","type":"t_y","name":"c","change":{{"actions":["update"],
            "before":{{"x":"x-1"}},"after":{{}},"after_unknown":{{"x":true}}}}}}],
        "configuration":{{"root_module":{{"resources":[
          {{"address":"t_x.a","mode":"managed","type":"t_x","name":"a","expressions":{{}}}},
          {{"address":"t_y.c","mode":"managed","type":"t_y","name":"c","expressions":{{
            "x":{{"references":["t_x.a.id","t_x.a"]}}}}}}]}}}}}}"#
    )
}

fn replaced() -> String {
    plan(r#""delete","create""#, r#"{"size":2}"#, r#"{"id":true,"arn":true,"name":true}"#)
}

/// What a condition on `t_x.a` gives for one half of its change; `None` is pass, or that there is no such half.
#[track_caller]
fn half(operation: &str, condition: &str, plan: &str) -> Option<Verdict> {
    let text = policy(condition).replacen("  enforce", &format!("  operations = [\"{operation}\"]\n  enforce"), 1);
    judge(&text, plan).into_iter().find(|(address, ..)| address == "t_x.a").map(|(_, verdict, _)| verdict)
}

#[track_caller]
fn verdicts(condition: &str, plan: &str) -> [Option<Verdict>; 3] {
    ["create", "update", "delete"].map(|operation| half(operation, condition, plan))
}

#[test]
fn an_old_name_says_nothing_of_a_new_one() {
    let unknown = Some(Verdict::Unknown);
    for attribute in ["name", "id", "arn"] {
        for condition in [
            format!("plan::before(\"{attribute}\") == plan::after(\"{attribute}\")"),
            format!("plan::before(\"{attribute}\") != plan::after(\"{attribute}\")"),
            format!("plan::changed(\"{attribute}\")"),
            format!("!plan::changed(\"{attribute}\")"),
        ] {
            assert_eq!(verdicts(&condition, &replaced()), [unknown, None, unknown], "{condition}");
        }
    }
    let known = "plan::before(\"size\") == 1 && plan::after(\"size\") == 2 && plan::changed(\"size\")";
    assert_eq!(verdicts(known, &replaced()), [None, None, None]);
}

#[test]
fn a_name_that_is_kept_is_known_to_be_kept() {
    let kept = plan(r#""delete","create""#, r#"{"size":2,"name":"old"}"#, r#"{"id":true,"arn":true}"#);
    assert_eq!(verdicts("!plan::changed(\"name\")", &kept), [None, None, None]);
    // What names an object is one value: where the name is known, the id is that.
    assert_eq!(verdicts("plan::after(\"id\") == \"old\"", &kept), [None, None, None]);
    assert_eq!(half("create", "plan::after(\"id\") == \"x-1\"", &kept), Some(Verdict::Unknown));
}

#[test]
fn a_change_in_place_may_keep_the_name_or_not() {
    let updated = plan(r#""update""#, r#"{"id":"x-1","size":2}"#, r#"{"arn":true,"name":true}"#);
    let unknown = Some(Verdict::Unknown);
    assert_eq!(verdicts("plan::changed(\"arn\")", &updated), [None, unknown, None]);
    assert_eq!(verdicts("plan::before(\"name\") == plan::after(\"name\")", &updated), [None, unknown, None]);
    assert_eq!(half("update", "prior_attrs.name == attrs.name", &updated), unknown);
    assert_eq!(verdicts("!plan::changed(\"id\")", &updated), [None, None, None]);
}

#[test]
fn a_join_by_an_old_name_is_not_decided() {
    let joined = |filter: &str, names: &str| {
        format!("[for y in core::getresources(\"t_y\", {{ x = {filter} }}) : y._address] == {names}")
    };
    // The reference leads to the new object for certain; what is written down may.
    let condition = joined("attrs.id", "[\"t_y.c\"]");
    assert_eq!(half("create", &condition, &replaced()), Some(Verdict::Unknown));
    let certain = "core::contains([for y in core::getresources(\"t_y\", { x = attrs.id }) : y._address], \"t_y.c\")";
    assert_eq!(half("create", certain, &replaced()), None);
    let perhaps = "core::contains([for y in core::getresources(\"t_y\", { x = attrs.id }) : y._address], \"t_y.b\")";
    assert_eq!(half("create", perhaps, &replaced()), Some(Verdict::Unknown));
    // And the other way round: the old name is that of `t_y.b` for certain.
    let old =
        "core::contains([for y in core::getresources(\"t_y\", { x = prior_attrs.id }) : y._address], \"t_y.NAME\")";
    assert_eq!(half("delete", &old.replace("NAME", "b"), &replaced()), None);
    assert_eq!(half("delete", &old.replace("NAME", "c"), &replaced()), Some(Verdict::Unknown));
}
