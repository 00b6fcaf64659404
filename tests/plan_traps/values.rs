//! Attributes that the provider fills in (8), masks of what is not known (9), numbers and booleans as strings (11).

use serde_json::{Value, json};

use crate::checking::{FOR_EVER, NOTHING, RELEASED, RETENTION, STANDBY, check, told};
use crate::documents::{block, change, create, create_unknown, group, plan, plan_of, reference};

#[test]
fn an_unknown_attribute_that_nobody_wrote_has_the_providers_default() {
    let unknown = create_unknown("aws_db_instance.d", json!({"engine": "postgres"}), json!({"multi_az": true}));
    let written = json!({"engine": {"constant_value": "postgres"}});
    let root = json!({"resources": [block("aws_db_instance.d", written)]});
    let checked = check(&plan_of(&[unknown], root), &[STANDBY]);
    assert_eq!(checked.failing(), ["aws_db_instance.d"]);
    assert_eq!(checked.findings()[0]["assumed"], "multi_az is not set; the default is false");
}

#[test]
fn an_unknown_attribute_that_somebody_wrote_stays_unknown() {
    let unknown = create_unknown("aws_db_instance.d", json!({"engine": "postgres"}), json!({"multi_az": true}));
    let written = json!({"multi_az": reference("aws_x.y.output")});
    let root = json!({"resources": [block("aws_db_instance.d", written)]});
    let checked = check(&plan_of(&[unknown], root), &[STANDBY]);
    assert_eq!((checked.failing().len(), checked.having("unknown")), (0, vec!["aws_db_instance.d"]));
}

#[test]
fn only_true_means_unknown() {
    for noise in [json!(false), json!([]), json!({}), json!([{}]), json!([false]), Value::Null] {
        let change = create_unknown("aws_db_instance.d", json!({"multi_az": true}), json!({"multi_az": noise}));
        assert_eq!(check(&plan(&[change]), &[STANDBY]).messages(), NOTHING, "{noise}");
    }
    for mask in [json!(false), json!({}), json!([]), Value::Null] {
        let change = create_unknown("aws_db_instance.d", json!({"multi_az": false}), mask.clone());
        assert_eq!(check(&plan(&[change]), &[STANDBY]).failing(), ["aws_db_instance.d"], "{mask}");
    }
}

#[test]
fn true_on_top_covers_the_whole_object() {
    let change = create_unknown("aws_x.a", json!({"a": 1}), json!(true));
    assert_eq!(told(&plan(&[change]), "", "core::jsonencode(attrs.a)"), ["(known after apply)"]);
    for mask in [json!(true), json!({"a": true}), json!({"a": {"b": true}})] {
        let details = json!({"after": {"a": {"b": "hunter2-hunter2"}}, "after_sensitive": mask});
        let told = told(&plan(&[change_of(details)]), "", "attrs.a.b");
        assert!(!told[0].contains("hunter2"), "{told:?}");
    }
    for mask in [json!(false), json!({}), json!({"a": {}}), json!({"a": {"b": false, "c": true}}), json!([])] {
        let details = json!({"after": {"a": {"b": "plain"}}, "after_sensitive": mask});
        assert_eq!(told(&plan(&[change_of(details)]), "", "attrs.a.b"), ["plain"]);
    }
}

fn change_of(details: Value) -> Value {
    change("aws_x.a", &["create"], details)
}

#[test]
fn unknown_elements_keep_their_positions_and_unknown_members_have_no_key() {
    let after = json!({"list": ["a", null, "c"], "map": {"x": 1}});
    let change = create_unknown("aws_x.a", after, json!({"list": [false, true, false], "map": {"y": true}}));
    let document = plan(&[change]);
    assert_eq!(told(&document, "", "attrs.list[2]} ${core::length(attrs.list)} ${core::length(attrs.map)"), ["c 3 2"]);
    let elements = told(&document, "", "attrs.list[1]} ${attrs.map.y");
    assert_eq!(elements, ["aws_x.a.list[1] aws_x.a.map.y"], "each is known by its place");
}

#[test]
fn numbers_may_be_strings() {
    for (days, failing) in [("3", true), ("30", false), ("300", false)] {
        let checked = check(&plan(&[create("aws_cloudwatch_log_group.g", group(days))]), &[RETENTION]);
        assert_eq!(!checked.failing().is_empty(), failing, "{days}");
        assert_eq!(checked.having("error"), NOTHING);
    }
}

#[test]
fn booleans_may_be_strings() {
    for (flag, failing) in [("true", false), ("false", true)] {
        let checked = check(&plan(&[create("aws_db_instance.d", json!({"multi_az": flag}))]), &[STANDBY]);
        assert_eq!((!checked.failing().is_empty(), checked.having("error").len()), (failing, 0), "{flag}");
    }
}

#[test]
fn numbers_beyond_what_a_float_holds_survive() {
    let text = r#"{"resource_changes":[{"address":"aws_x.a","change":{"actions":["create"],
        "after":{"a":9007199254740993,"b":0.1,"c":18446744073709551615}}}]}"#;
    let document: Value = serde_json::from_str(text).unwrap();
    let told = told(&document, "", "attrs.a} ${attrs.b + 0.2} ${attrs.c");
    assert_eq!(told, ["9007199254740993 0.3 18446744073709551615"]);
}

#[test]
fn what_never_expires_is_not_too_short() {
    for days in [json!(0), Value::Null] {
        let document = plan(&[create("aws_cloudwatch_log_group.g", group(days.clone()))]);
        assert_eq!(check(&document, &[RETENTION]).messages(), NOTHING, "{days}");
        assert_eq!(check(&document, &[FOR_EVER]).failing().len(), 1, "{days}");
    }
}

#[test]
fn a_released_address_is_said_once_with_the_old_value() {
    let values = json!({"id": "eipalloc-1", "public_ip": "203.0.113.9", "association_id": "eipassoc-1"});
    let document = plan(&[change("aws_eip.e", &["delete"], json!({"before": values}))]);
    let expected = "aws_eip.e is in use and its address 203.0.113.9 is given up for good: whoever reaches you by it no longer does.";
    assert_eq!(check(&document, &[RELEASED]).messages(), [expected]);
}
