//! Whom `core::getresources`, `core::getdatasource` and `plan::configured` find (chapters 4.1, 4.2, 5.1 and 5.4), and what
//! of an unknown value is known all the same.

use planfit::finding::{Enforcement, Verdict};
use planfit::policy::inputs::Given;

use crate::support::{create, judge, judged, messages, policy, verdict};

/// `t_x.a` is judged. Two `t_y` stay, one goes, one is read; a data source has been read.
const PLAN: &str = r#"{"format_version":"1.2","terraform_version":"1.11.4",
  "resource_changes":[
    {"address":"t_x.a","mode":"managed","type":"t_x","name":"a","change":{"actions":["create"],"before":null,
      "after":{"name":"n","written":null,"block":[{"in":1}]},"after_unknown":{"id":true,"computed":true}}},
    {"address":"t_y.one","mode":"managed","type":"t_y","name":"one","change":{"actions":["no-op"],
      "before":{"group":"g","set":null,"block":[{"deep":{"k":"v"}},{"deep":null}]},
      "after":{"group":"g","set":null,"block":[{"deep":{"k":"v"}},{"deep":null}]},"after_unknown":{}}},
    {"address":"t_y.two","mode":"managed","type":"t_y","name":"two","change":{"actions":["update"],
      "before":{"group":"g","set":1},"after":{"group":"h","set":1},"after_unknown":{}}},
    {"address":"t_y.gone","mode":"managed","type":"t_y","name":"gone","change":{"actions":["delete"],
      "before":{"group":"g","set":2},"after":null,"after_unknown":{}}},
    {"address":"data.t_y.read","mode":"data","type":"t_y","name":"read","change":{"actions":["read"],
      "before":null,"after":{"group":"g"},"after_unknown":{}}}],
  "prior_state":{"format_version":"1.0","values":{"root_module":{"resources":[
    {"address":"data.t_d.known","mode":"data","type":"t_d","name":"known","provider_name":"p","schema_version":0,
      "values":{"name":"n","tags":{"k":"v"}},"sensitive_values":{}}]}}},
  "configuration":{"root_module":{"resources":[
    {"address":"t_x.a","mode":"managed","type":"t_x","name":"a","expressions":{"name":{"constant_value":"n"},
      "block":[{"in":{"constant_value":1}}]}}]}}}"#;

#[track_caller]
fn of(condition: &str) -> Option<Verdict> {
    judge(&policy(condition), PLAN).into_iter().find(|(address, ..)| address == "t_x.a").map(|(_, verdict, _)| verdict)
}

#[test]
fn getresources_sees_what_is_managed_and_stays_with_its_attributes_on_top() {
    let names =
        |filter: &str, names: &str| format!("[for y in core::getresources(\"t_y\"{filter}) : y._address] == {names}");
    let table = [
        names("", r#"["t_y.one", "t_y.two"]"#),
        names(", null", r#"["t_y.one", "t_y.two"]"#),
        names(", {}", r#"["t_y.one", "t_y.two"]"#),
        names(", { group = \"g\" }", r#"["t_y.one"]"#),
        names(", { group = \"h\", set = 1 }", r#"["t_y.two"]"#),
        names(", { set = null }", r#"["t_y.one"]"#),
        names(", { block = { deep = { k = \"v\" } } }", r#"["t_y.one"]"#),
        names(", { group = \"nobody\" }", "[]"),
        r#"core::getresources("t_y", { group = "g" })[0].group == "g""#.to_owned(),
        r#"core::length(core::getresources("${"t"}_y", {})) == 2 && core::length(core::getresources("t_z")) == 0"#
            .to_owned(),
    ];
    for condition in table {
        assert_eq!(of(&condition), None, "{condition}");
    }
    assert_eq!(of("core::getresources(\"t_y\")[0].nothing == 1"), Some(Verdict::Error));
}

#[test]
fn what_may_be_any_of_hundreds_is_neither_one_nor_none() {
    let of = |filter: &str, condition: &str| {
        let others = (0..300).map(|number| {
            format!(
                r#",{{"address":"t_y.y[{number}]","mode":"managed","type":"t_y","name":"y","index":{number},
                   "change":{{"actions":["no-op"],"before":{{"group":"g","set":1}},"after":{{"group":"g","set":1}},"after_unknown":{{}}}}}}"#
            )
        });
        let plan =
            PLAN.replacen("],\n  \"prior_state\"", &format!("{}],\n  \"prior_state\"", others.collect::<String>()), 1);
        assert_ne!(plan, PLAN);
        let found = format!("core::getresources(\"t_y\", {{ {filter} }})");
        let judged = judge(&policy(&condition.replace("found", &found)), &plan);
        judged.into_iter().find(|(address, ..)| address == "t_x.a").map(|(_, verdict, _)| verdict)
    };
    // `computed` names no object, so each may have it.
    for filter in ["group = attrs.computed", "group = attrs.computed, set = 1", "group = attrs.id, set = 1"] {
        assert_eq!(of(filter, "core::length(found) > 0"), Some(Verdict::Unknown), "{filter}");
        assert_eq!(of(filter, "core::length(found) == 0"), Some(Verdict::Unknown), "{filter}");
        assert_eq!(of(filter, "core::length(found) >= 0"), None, "{filter}");
    }
    assert_eq!(of("group = \"g\", set = 1", "core::length(found) == 300"), None);
}

#[test]
fn getdatasource_answers_from_the_plan_and_asks_no_provider() {
    assert_eq!(of(r#"core::getdatasource("t_d", { name = "n" }).tags.k == "v""#), None);
    assert_eq!(of(r#"core::getdatasource("t_d", { name = "other" }).tags.k == "v""#), Some(Verdict::Unknown));
    assert_eq!(of(r#"core::getdatasource("t_e", {}).id == 1"#), Some(Verdict::Unknown));
}

#[test]
fn configured_is_what_somebody_has_written() {
    for condition in [
        "plan::configured(\"name\")",
        "plan::configured(\"block\")",
        "plan::configured(\"block[0].in\")",
        "!plan::configured(\"written\")",
        "!plan::configured(\"computed\")",
    ] {
        assert_eq!(of(condition), None, "{condition}");
    }
    // Neither the plan nor the source says it.
    assert_eq!(verdict("plan::configured(\"name\")", r#"{"name":"n"}"#, "{}"), Some(Verdict::Unknown));
}

#[test]
fn of_an_unknown_value_that_names_the_object_more_is_known() {
    for condition in [
        "attrs.id == attrs.id",
        "attrs.id != null",
        "attrs.computed == attrs.computed",
        r#"core::startswith("arn:x:${attrs.id}", "arn:x:")"#,
        r#"core::endswith("${attrs.computed}/y", "/y")"#,
        r#""arn:${attrs.id}" != "urn:1" && "${attrs.id}-a" == "${attrs.id}-a" && "${attrs.id}-a" != "${attrs.id}-b""#,
        r#""x-${attrs.computed}" != null"#,
    ] {
        assert_eq!(of(condition), None, "{condition}");
    }
    for condition in [
        "attrs.computed != null",
        "attrs.id == \"x-1\"",
        r#"core::startswith("arn:${attrs.id}", "arn:x:")"#,
        r#""arn:${attrs.id}" == "arn:1""#,
        "attrs.id == attrs.computed",
    ] {
        assert_eq!(of(condition), Some(Verdict::Unknown), "{condition}");
    }
}

#[test]
fn try_gives_null_and_what_is_unknown_as_they_are() {
    for condition in ["core::try(attrs.written, 1) == null", "core::try(null, 1) == null", "core::can(attrs.computed)"]
    {
        assert_eq!(of(condition), None, "{condition}");
    }
    assert_eq!(of("core::try(attrs.computed, \"x\") == \"x\""), Some(Verdict::Unknown));
    assert_eq!(of("core::try(attrs.nothing, attrs.neither)"), Some(Verdict::Error));
}

#[test]
fn a_level_is_mandatory_unless_it_is_said() {
    let level = |line: &str| {
        let text = policy("false").replacen("  enforce", &format!("{line}  enforce"), 1);
        judged(&text, &create("{}", "{}"), &Given::default()).findings.first().map(|finding| finding.enforcement)
    };
    assert_eq!(level(""), Some(Enforcement::Mandatory));
    assert_eq!(level("  enforcement_level = \"mandatory\"\n"), Some(Enforcement::Mandatory));
    assert_eq!(level("  enforcement_level = \"mandatory_overridable\"\n"), Some(Enforcement::MandatoryOverridable));
    assert_eq!(level("  enforcement_level = true ? \"advisory\" : \"mandatory\"\n"), Some(Enforcement::Advisory));
}

#[test]
fn every_file_is_a_unit() {
    let text = policy("local.of_another_file == input.of-another-file");
    assert_eq!(
        messages(&text),
        [
            "there is no local \"of_another_file\" here".to_owned(),
            "there is no input \"of-another-file\" in this file".to_owned()
        ]
    );
}

#[test]
fn a_word_may_be_the_key_of_an_object() {
    for condition in
        ["{ null = 1 }[\"null\"] == 1", "{ true = 1, false = 2 }[\"true\"] == 1", "{ in = 1, if = 2 }.if == 2"]
    {
        assert_eq!(of(condition), None, "{condition}");
    }
}
