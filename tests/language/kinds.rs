//! Lists, tuples and sets, maps and objects (chapter 4.3): what an expression makes has a type as in Terraform; what a
//! document holds has none, and a policy must not fail for one that nobody knows.

use planfit::finding::Verdict;
use planfit::policy::inputs::Given;

use crate::support::{create, error, judge, judge_with, policy, verdict};

const ATTRIBUTES: &str = r#"{"zones":["b","a"],"sorted":["a","b"],"twice":["a","a"],"none":[],"tags":{"k":"v"},"empty":{},
    "rules":[{"port":2},{"port":1}]}"#;

#[track_caller]
fn passes(condition: &str) {
    assert_eq!(verdict(condition, ATTRIBUTES, r#"{"open":true,"some":[false,true]}"#), None, "{condition}");
}

#[track_caller]
fn is(condition: &str, expected: Verdict) {
    assert_eq!(verdict(condition, ATTRIBUTES, r#"{"open":true,"some":[false,true]}"#), Some(expected), "{condition}");
}

#[test]
fn what_a_document_holds_equals_a_list_a_tuple_and_a_set_of_the_same_members() {
    for condition in [
        r#"attrs.zones == ["b", "a"]"#,
        r#"attrs.zones == core::tolist(["b", "a"])"#,
        // A set is in no order, so neither must the document be.
        r#"attrs.zones == core::toset(["a", "b"])"#,
        r#"core::toset(["a", "b"]) == attrs.zones"#,
        "attrs.none == []",
        "attrs.none == core::tolist([])",
        "attrs.none == core::toset([])",
        r#"attrs.tags == { k = "v" }"#,
        r#"attrs.tags == core::tomap({ k = "v" })"#,
        "attrs.empty == {} && attrs.empty == core::tomap({})",
        "attrs.rules == core::toset([{ port = 1 }, { port = 2 }])",
        "attrs.rules == [{ port = 2 }, { port = 1 }]",
        // A part of a document is one, whatever is made around it.
        r#"[attrs.zones, 1] == [core::tolist(["b", "a"]), 1]"#,
        r#"{ zones = attrs.zones } == { zones = core::toset(["a", "b"]) }"#,
        r#"core::contains([core::toset(["a", "b"])], attrs.zones)"#,
    ] {
        passes(condition);
    }
    is(r#"attrs.sorted == ["b", "a"]"#, Verdict::Fail);
    is(r#"attrs.twice == core::toset(["a"])"#, Verdict::Fail);
    is(r#"attrs.zones == core::toset(["a", "c"])"#, Verdict::Fail);
}

#[test]
fn what_an_expression_makes_has_a_type_and_unlike_types_are_never_equal() {
    for condition in [
        r#"core::tolist(["a"]) == ["a"]"#,
        r#"core::toset(["a"]) == ["a"]"#,
        r#"core::toset(["a"]) == core::tolist(["a"])"#,
        r#"core::split(",", "a") == ["a"]"#,
        r#"core::tomap({ a = "x" }) == { a = "x" }"#,
        r#"[1, "a"] == ["1", "a"]"#,
        r#"core::jsondecode("[1]") == core::tolist([1])"#,
    ] {
        is(condition, Verdict::Fail);
    }
}

#[test]
fn what_functions_make_of_a_document_is_as_open_as_the_document() {
    for condition in [
        r#"core::reverse(attrs.zones) == ["a", "b"] && core::reverse(attrs.zones) == core::tolist(["a", "b"])"#,
        r#"core::slice(attrs.zones, 0, 1) == ["b"] && core::slice(attrs.zones, 0, 1) == core::tolist(["b"])"#,
        r#"core::keys(attrs.tags) == ["k"] && core::keys(attrs.tags) == core::tolist(["k"])"#,
        r#"core::values(attrs.tags) == ["v"] && core::values(attrs.tags) == core::tolist(["v"])"#,
        r#"core::concat(attrs.zones, attrs.none) == core::tolist(["b", "a"])"#,
        r#"core::merge(attrs.tags, attrs.empty) == core::tomap({ k = "v" })"#,
        "attrs.rules[*].port == [2, 1] && attrs.rules[*].port == core::tolist([2, 1])",
        r#"core::tolist(attrs.zones) == core::tolist(["b", "a"])"#,
        r#"core::toset(attrs.zones) == core::toset(["a", "b"])"#,
        // The reference forbids an index into a set; of a document nobody knows that it is one.
        r#"attrs.zones[0] == "b" && core::element(attrs.zones, 1) == "a""#,
    ] {
        passes(condition);
    }
    is(r#"core::concat(attrs.zones, ["c"]) == core::tolist(["b", "a", "c"])"#, Verdict::Fail);
}

#[test]
fn a_set_has_no_index() {
    let table = [
        ("core::toset([\"a\"])[0] == \"a\"", "the members of a set have no index; tolist(…) makes a list of it"),
        ("core::toset([\"a\"]).0 == \"a\"", "the members of a set have no index; tolist(…) makes a list of it"),
        ("core::toset([\"a\"]).a == \"a\"", "a set has no attribute \"a\"; go over its members, as in [*].a"),
        (
            "core::element(core::toset([\"a\"]), 0) == \"a\"",
            "argument 1 must be a list, not a set; tolist(…) makes one of it",
        ),
        (
            "core::concat([\"a\"], core::toset([\"b\"]))[0] == \"a\"",
            "argument 2 must be a list, not a set; tolist(…) makes one of it",
        ),
    ];
    for (condition, message) in table {
        assert_eq!(error(&policy(condition)), message, "{condition}");
    }
    passes(r#"core::try(core::toset(["a"])[0], "none") == "none" && !core::can(core::toset(["a"])[0])"#);
}

#[test]
fn the_key_of_a_sets_member_is_the_member_wherever_the_set_comes_from() {
    for condition in [
        r#"[for k, v in core::toset(["b", "a"]) : "${k}${v}"] == ["aa", "bb"]"#,
        r#"[for k, v in local.set : k] == ["a", "b"]"#,
        r#"[for k, v in input.set : k] == ["a", "b"]"#,
        r#"[for k, v in core::setunion(["a"], ["b"]) : k] == ["a", "b"]"#,
        "[for k, v in attrs.zones : k] == [0, 1]",
        r#""%{ for k, v in local.set }${k}${v} %{ endfor }" == "aa bb ""#,
        r#"local.set[*] == core::tolist(["a", "b"])"#,
        r#"core::sort(local.set) == core::tolist(["a", "b"]) && core::join(",", local.set) == "a,b""#,
    ] {
        let text = format!(
            "input \"set\" {{\n  type    = set(string)\n  default = [\"b\", \"a\", \"b\"]\n}}\nlocals {{\n  set = core::toset([\"b\", \"a\"])\n}}\n{}",
            policy(condition)
        );
        assert_eq!(judge(&text, &create(ATTRIBUTES, "{}")), [], "{condition}");
    }
}

#[test]
fn an_input_has_the_type_that_is_declared() {
    let text = |kind: &str, condition: &str| {
        format!("input \"i\" {{\n  type    = {kind}\n  default = [\"b\", \"a\"]\n}}\n{}", policy(condition))
    };
    let table = [
        ("list(string)", "input.i == core::tolist([\"b\", \"a\"])"),
        ("set(string)", "input.i == core::toset([\"b\", \"a\"])"),
        ("tuple([string, string])", "input.i == [\"b\", \"a\"]"),
        ("list(string)", "input.i == attrs.zones"),
        ("set(string)", "input.i == attrs.zones && input.i == attrs.sorted"),
    ];
    for (kind, condition) in table {
        assert_eq!(judge_with(&text(kind, condition), &create(ATTRIBUTES, "{}"), &Given::default()), [], "{condition}");
    }
}

#[test]
fn a_set_with_a_member_to_come_is_decided_by_the_others() {
    // `some` has an unknown second member; the first is null.
    is(r#"core::toset(["a", attrs.open]) == core::toset(["a", "b"])"#, Verdict::Unknown);
    is(r#"core::toset(["c", attrs.open]) == core::toset(["a", "b"])"#, Verdict::Fail);
    is(r#"core::toset(["a", "b"]) == core::toset(["c", attrs.open, attrs.open])"#, Verdict::Fail);
    passes("core::toset([attrs.open]) == core::toset([attrs.open])");
    is(r#"attrs.some == core::toset(["a", "b"])"#, Verdict::Fail);
}

#[test]
fn branches_of_a_conditional_share_a_type() {
    for condition in [
        r#"(true ? [] : core::toset(["a"])) == core::toset([])"#,
        r#"(true ? ["b", "a"] : core::toset(["c"])) == core::toset(["a", "b"])"#,
        r#"(true ? [1] : ["a"]) == ["1"]"#,
        r#"(true ? [1] : ["a", "b"]) == core::tolist(["1"])"#,
        "(true ? { a = 1 } : {}) == core::tomap({ a = 1 })",
        r#"(true ? 1 : "a") == "1""#,
        "(true ? 1 : null) == 1",
        // The type of an attribute is not known, so that of the other branch is not either.
        r#"(true ? ["a"] : attrs.zones) == core::tolist(["a"]) && (true ? ["a"] : attrs.zones) == ["a"]"#,
        "(true ? {} : attrs.tags) == core::tomap({}) && (true ? {} : attrs.tags) == {}",
        r#"(true ? attrs.rules[0].port : "none") == "2" && (true ? "none" : attrs.rules) == "none""#,
        // Branches that are certainly of unlike types are a mistake; of those that perhaps are, each keeps its own.
        "!core::can(true ? { a = 1 } : [1]) && !core::can(false ? true : 1)",
        r#"!core::can(true ? [{ a = 1 }] : ["x"]) && !core::can(true ? core::length([1]) : false)"#,
        "(true ? attrs.zones : 1) == attrs.zones && (true ? attrs.tags : []) == attrs.tags",
    ] {
        passes(condition);
    }
}

#[test]
fn an_explanation_shows_the_type_of_what_is_compared() {
    let text = policy("core::split(\",\", \"a,b\") == core::toset([\"a\"])");
    let judged = crate::support::judged(&text, &create("{}", "{}"), &Given::default());
    let shown = crate::support::human(judged.findings, judged.information, &text);
    assert!(shown.contains("tolist([\"a\", \"b\"])") && shown.contains("toset([\"a\"])"), "{shown}");
}
