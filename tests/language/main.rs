//! The policy language: what a policy file means, and what is said of a wrong one. One file a chapter of its specification.

#![expect(clippy::panic, clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use planfit::finding::Verdict;
use planfit::policy::parse::parse;
use planfit::source::SourceMap;

use support::{judge, verdict};

mod errors;
mod evaluation;
mod explain;
mod graph;
mod information;
mod inputs;
mod joined;
mod kinds;
mod limits;
mod meta;
mod operations;
mod parts;
mod properties;
mod published;
mod replaced;
mod support;
mod undecided;

#[test]
fn conditions_have_three_values_and_short_circuit() {
    let unknown = Some(Verdict::Unknown);
    let fail = Some(Verdict::Fail);
    let table = [
        ("attrs.u == 1", unknown),
        ("attrs.u != 1", unknown),
        ("attrs.f && attrs.u", fail),
        ("attrs.u && attrs.f", fail),
        ("attrs.t || attrs.u", None),
        ("attrs.u || attrs.t", None),
        ("attrs.u || attrs.f", unknown),
        ("!attrs.u", unknown),
        ("attrs.t || attrs.nothing", None),
        ("attrs.f && attrs.nothing", fail),
        ("attrs.nothing", Some(Verdict::Error)),
        ("attrs.t ? attrs.t : attrs.nothing", None),
        ("attrs.u ? true : true", unknown),
        ("core::anytrue([attrs.u, attrs.t])", None),
        ("core::alltrue([attrs.u, attrs.f])", fail),
        ("core::anytrue([attrs.u, attrs.f])", unknown),
        ("core::contains([1, 2], attrs.u)", unknown),
        ("core::contains([attrs.u, 2], 2)", None),
        ("core::try(attrs.nothing, true)", None),
        ("core::try(attrs.u, true)", unknown),
        ("core::can(attrs.nothing) == false", None),
        ("attrs.s", Some(Verdict::Error)),
        ("attrs.null == null", None),
        ("attrs.null", Some(Verdict::Error)),
        ("\"true\" == true", fail),
        ("attrs.n == 3 && attrs.s < 4", None),
        ("1 + \"2\" == 3", None),
        ("0.1 + 0.2 == 0.3", None),
        ("attrs.s + \"x\" == 1", Some(Verdict::Error)),
    ];
    let attributes = r#"{"t":true,"f":false,"n":3,"s":"3","null":null}"#;
    for (condition, expected) in table {
        assert_eq!(verdict(condition, attributes, r#"{"u":true}"#), expected, "{condition}");
    }
}

#[test]
fn functions_compute_as_terraform_does() {
    // The right sides are Terraform 1.11's answers in `terraform console`.
    let table = [
        ("core::length(\"日本\")", "2"),
        ("core::keys({ b = 1, a = 2 })", "[\"a\", \"b\"]"),
        ("core::values({ b = 1, a = 2 })", "[2, 1]"),
        ("core::lookup({ a = 1 }, \"b\", 9)", "9"),
        ("core::coalesce(null, \"\", \"x\")", "\"x\""),
        ("core::merge({ a = 1 }, null, { a = 2, b = 3 })", "{ a = 2, b = 3 }"),
        ("core::flatten([[1, [2]], [], 3])", "[1, 2, 3]"),
        ("core::distinct([1, 2, 1])", "core::tolist([1, 2])"),
        ("core::join(\"-\", [\"a\", \"b\"])", "\"a-b\""),
        ("core::split(\",\", \"a,b,\")", "core::tolist([\"a\", \"b\", \"\"])"),
        ("core::lower(\"ÀB\")", "\"àb\""),
        ("core::regex(\"([a-z]+)(\\\\d)?\", \"ab1\")", "[\"ab\", \"1\"]"),
        ("core::regex(\"(?P<x>a)\", \"a\").x", "\"a\""),
        ("core::regexall(\"a.\", \"abacx\")", "core::tolist([\"ab\", \"ac\"])"),
        ("core::replace(\"a.b.c\", \".\", \"-\")", "\"a-b-c\""),
        ("core::replace(\"hello\", \"/l+/\", \"L\")", "\"heLo\""),
        ("core::tonumber(\"1.50\")", "1.5"),
        ("core::tostring(1.0)", "\"1\""),
        ("core::tobool(\"true\")", "true"),
        ("core::jsondecode(\"{\\\"a\\\":[1,null]}\").a[0]", "1"),
        (
            "core::jsonencode({ b = [1, \"<x>\"], a = null })",
            "\"{\\\"a\\\":null,\\\"b\\\":[1,\\\"\\\\u003cx\\\\u003e\\\"]}\"",
        ),
        ("core::min(3, 1, 2)", "1"),
        ("core::max([3, 5]...)", "5"),
        ("core::abs(-2.5)", "2.5"),
        ("core::ceil(1.2) + core::floor(-1.2)", "0"),
        ("core::one([\"a\"])", "\"a\""),
        ("core::one([])", "null"),
        ("core::element([1, 2, 3], 4)", "2"),
        ("core::index([\"a\", \"b\"], \"b\")", "1"),
        ("core::startswith(\"abc\", \"ab\") && core::endswith(\"abc\", \"bc\")", "true"),
        ("[for k, v in { a = 1, b = 2 } : \"${k}${v}\" if v > 1]", "[\"b2\"]"),
        ("{ for v in [\"a\", \"b\", \"a\"] : v => 1... }", "{ a = [1, 1], b = [1] }"),
        ("[{ a = 1 }, { a = 2 }][*].a", "[1, 2]"),
        ("null[*]", "[]"),
        ("\"%{ for x in [1, 2] }${x},%{ endfor }\"", "\"1,2,\""),
        ("\"%{ if false }a%{ else }b%{ endif }\"", "\"b\""),
        ("7 % 3 - 2 * 2", "-3"),
    ];
    for (expression, expected) in table {
        assert_eq!(verdict(&format!("{expression} == {expected}"), "{}", "{}"), None, "{expression}");
    }
}

const JOIN: &str = r#"
resource_policy "t_group" "used" {
  enforce {
    condition     = core::length(core::getresources("t_listener", { group = attrs.arn })) > 0
    error_message = "${meta.address} is used by nobody."
  }
}
"#;

/// Two groups and two listeners that do not exist yet: `group` of each listener is a reference.
fn listeners(first: &str, second: &str) -> String {
    let object = |kind: &str, name: &str, after: &str, unknown: &str| {
        format!(
            r#"{{"address":"{kind}.{name}","type":"{kind}","name":"{name}",
                "change":{{"actions":["create"],"before":null,"after":{after},"after_unknown":{unknown}}}}}"#
        )
    };
    let listener = |name: &str, reference: &str| {
        format!(
            r#"{{"address":"t_listener.{name}","mode":"managed","type":"t_listener","name":"{name}","expressions":{{"group":{reference}}}}}"#
        )
    };
    format!(
        r#"{{"resource_changes":[{},{},{},{}],"configuration":{{"root_module":{{"resources":[{},{}]}}}}}}"#,
        object("t_group", "a", "{}", r#"{"arn":true}"#),
        object("t_group", "b", "{}", r#"{"arn":true}"#),
        object("t_listener", "x", "{}", r#"{"group":true}"#),
        object("t_listener", "y", "{}", r#"{"group":true}"#),
        listener("x", first),
        listener("y", second),
    )
}

fn reference(name: &str) -> String {
    format!(r#"{{"references":["t_group.{name}.arn","t_group.{name}"]}}"#)
}

#[test]
fn a_join_of_objects_to_come_is_exact() {
    let verdicts = judge(JOIN, &listeners(&reference("a"), &reference("a")));
    assert_eq!(verdicts, [("t_group.b".to_owned(), Verdict::Fail, "t_group.b is used by nobody.".to_owned())]);
}

#[test]
fn one_of_several_is_not_decided_for_these_and_false_for_others() {
    let either = r#"{"references":["t_group.a.arn","t_group.a","t_group.b.arn","t_group.b"]}"#;
    let verdicts = judge(JOIN, &listeners(either, either));
    assert_eq!(verdicts.iter().map(|verdict| verdict.1).collect::<Vec<_>>(), [Verdict::Unknown, Verdict::Unknown]);
    let verdicts = judge(JOIN, &listeners(&reference("a"), either));
    assert_eq!(verdicts.len(), 1, "a is used for certain");
}

#[test]
fn a_dead_end_leaves_everything_open() {
    let verdicts = judge(JOIN, &listeners(r#"{"references":["local.group"]}"#, &reference("a")));
    assert_eq!(verdicts.len(), 1);
    assert_eq!((&*verdicts[0].0, verdicts[0].1), ("t_group.b", Verdict::Unknown));
}

#[test]
fn a_replacement_is_judged_twice() {
    let plan = r#"{"resource_changes":[{"address":"t_x.a","type":"t_x","change":{"actions":["delete","create"],
        "before":{"v":"old"},"after":{"v":"new"},"after_unknown":{}}}]}"#;
    let policy = |operation: &str, condition: &str| {
        format!(
            "resource_policy \"t_x\" \"p\" {{\n  operations = [\"{operation}\"]\n  enforce {{\n    condition = {condition}\n    \
             error_message = \"${{meta.operation}}: ${{plan::before(\"v\")}} becomes ${{plan::after(\"v\")}}\"\n  }}\n}}\n"
        )
    };
    let create = judge(&policy("create", "attrs.v == \"old\""), plan);
    assert_eq!(create[0].2, "create: old becomes new");
    let delete = judge(&policy("delete", "prior_attrs.v == \"new\" || attrs.v != null"), plan);
    assert_eq!(delete[0].2, "delete: old becomes new");
}

/// The faults of a file, as `line:column message`.
fn faults(policy: &str) -> Vec<String> {
    let mut sources = SourceMap::default();
    let file = sources.add("t.policy.hcl", policy);
    let parsed = parse("t.policy.hcl", file, policy, "custom");
    let shown = parsed.faults.iter().map(|fault| {
        let start = sources.start(fault.span);
        format!("{}:{} {}", start.line, start.column, fault.message)
    });
    shown.collect()
}

#[test]
fn every_error_of_a_file_is_named_with_its_place() {
    let policy = r#"
locals {
  a = local.b
  b = local.a
}
resource_policy "t_x" "one" {
  operations = ["delete", "create"]
  enforce {
    condition = core::lenght(attrs.x) == input.nothing
    at        = core::length([])
  }
}
resource_policy "t_x" "two" {
  filtre = true
  enforce {
    condition = prior_attrs.x == local.c && meta.adress == "x" && attr.x
  }
}
resource_polcy "t_x" "three" {}
"#;
    insta::assert_snapshot!(faults(policy).join("\n"), @r#"
3:7 locals that refer to each other: local.a → local.b → local.a
7:17 delete cannot stand with create: a deleted object has no attrs
9:23 there is no function core::lenght; did you mean core::length?
9:42 there is no input "nothing" in this file
10:17 at names an attribute with constant steps, as in attrs.a.b[0].c
13:1 a policy that reads prior_attrs must say its operations: update, delete or both
14:3 a resource_policy has no "filtre"; did you mean filter?
16:34 there is no local "c" here
16:45 there is no meta.adress; did you mean meta.address?
16:67 there is no "attr" in a policy; the roots are attrs, prior_attrs, meta, input and local; did you mean attrs?
19:1 there is no block "resource_polcy"; did you mean resource_policy?
"#);
}

#[test]
fn a_policy_with_a_fault_does_not_take_the_others_with_it() {
    let policy = "resource_policy \"t_x\" \"bad\" {\n enforce {\n condition = nothing\n }\n}\nresource_policy \"t_x\" \"good\" {\n enforce {\n condition = true\n }\n}\n";
    let mut sources = SourceMap::default();
    let file = sources.add("t.policy.hcl", policy);
    let parsed = parse("t.policy.hcl", file, policy, "custom");
    assert_eq!(parsed.faults.len(), 1);
    assert_eq!(parsed.file.policies.iter().map(|policy| &*policy.id).collect::<Vec<_>>(), ["good"]);
}

#[test]
fn a_sensitive_value_never_reaches_a_message() {
    let policy = r#"
resource_policy "t_x" "p" {
  enforce {
    condition     = attrs.password == "other"
    error_message = "The password is ${attrs.password}."
  }
}
"#;
    let plan = r#"{"resource_changes":[{"address":"t_x.a","type":"t_x","change":{"actions":["create"],"before":null,
        "after":{"password":"hunter2222"},"after_unknown":{},"after_sensitive":{"password":true}}}]}"#;
    let verdicts = judge(policy, plan);
    assert_eq!(verdicts[0].1, Verdict::Fail);
    assert!(!verdicts[0].2.contains("hunter"), "{}", verdicts[0].2);
}
