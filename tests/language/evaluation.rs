//! Verdicts, conversions and locals (chapter 4).

use planfit::finding::Verdict;

use crate::support::{create, error, judge, policy, verdict};

#[test]
fn conversions_are_terraforms() {
    let table = [
        ("\"true\" == true", Some(Verdict::Fail)),
        ("\"1\" == 1", Some(Verdict::Fail)),
        ("\"2\" * \"3\" == 6", None),
        ("\"${1}\" == 1", None),
        ("\"${null}\" == null", None),
        ("\"${[1]}\" == [1]", None),
        ("\"a${1}${true}\" == \"a1true\"", None),
        ("\"10\" > 9", None),
        ("1 / 0 > 5 && -1 / 0 < 5", None),
        ("\"e\\u0301\" == \"\\u00e9\"", None),
        ("null == null && null != 1", None),
    ];
    for (condition, expected) in table {
        assert_eq!(verdict(condition, "{}", "{}"), expected, "{condition}");
    }
}

#[test]
fn errors_say_what_is_wrong() {
    let table = [
        (
            "\"a\" + \"b\" == 1",
            "arithmetic needs numbers, and this is a string; texts are joined in a template: \"${a}${b}\"",
        ),
        ("\"a${null}\" == 1", "a null cannot be put into a text; only strings, numbers and booleans can"),
        ("null.x", "null has no attribute \"x\""),
        ("attrs.x.y", "t_x.a has no attribute \"x\""),
        ("[1][2] == 1", "the list has 1 members, and [2] is asked for"),
        ("0 / 0 == 1", "division by zero"),
        ("1 / 0 - 1 / 0 == 0", "this cannot be computed with infinity"),
        (
            "(true ? [1] : { a = 1 }) == [1]",
            "the branches of a conditional must have one type, and these are a list and an object",
        ),
        (
            "core::templatestring(\"a\", {}) == \"a\"",
            "templatestring takes a template by its name, such as local.template",
        ),
        ("[] == [] ? 1 : 2", "a condition must be true or false, and this is a number"),
        ("null", "a condition must be true or false, and this is null"),
        ("[for x in null : x] == []", "a for expression goes over a list or a map, not a null"),
    ];
    for (condition, message) in table {
        assert_eq!(error(&policy(condition)), message, "{condition}");
    }
}

#[test]
fn locals_may_stand_in_any_order_and_hide_those_of_the_file() {
    let text = "locals {\n  a = local.b + 1\n  b = 1\n}\nresource_policy \"t_x\" \"p\" {\n  locals {\n    b = 10\n    c = local.a + local.b\n  }\n  enforce {\n    condition = local.c == 12\n  }\n}\n";
    assert_eq!(judge(text, &create("{}", "{}")), []);
}

#[test]
fn a_local_that_nobody_reads_is_not_evaluated() {
    let text = format!("locals {{\n  a = 0 / 0\n}}\n{}", policy("true"));
    assert_eq!(judge(&text, &create("{}", "{}")), []);
}

#[test]
fn a_dash_belongs_to_a_name() {
    let text = format!("locals {{\n  a-b = 1\n}}\n{}", policy("local.a-b == 1"));
    assert_eq!(judge(&text, &create("{}", "{}")), []);
}

#[test]
fn the_worst_of_several_enforce_blocks_counts() {
    let text = "resource_policy \"t_x\" \"p\" {\n  enforce {\n    condition = attrs.u == 1\n  }\n  enforce {\n    condition     = false\n    error_message = \"second\"\n  }\n  enforce {\n    condition = true\n  }\n}\n";
    let verdicts = judge(text, &create("{}", r#"{"u":true}"#));
    assert_eq!(verdicts, [("t_x.a".to_owned(), Verdict::Fail, "second".to_owned())]);
}

#[test]
fn a_filter_has_three_values() {
    let text = |filter: &str| {
        format!(
            "resource_policy \"t_x\" \"p\" {{\n  filter = {filter}\n  enforce {{\n    condition = false\n  }}\n}}\n"
        )
    };
    let verdict = |filter: &str| judge(&text(filter), &create("{}", r#"{"u":true}"#)).pop().map(|found| found.1);
    assert_eq!(verdict("true"), Some(Verdict::Fail));
    assert_eq!(verdict("false"), None);
    assert_eq!(verdict("attrs.u == 1"), Some(Verdict::Unknown));
    assert_eq!(verdict("attrs.nothing"), Some(Verdict::Error));
}

#[test]
fn types_are_named_by_prefix() {
    for (kind, judged) in [("t_x", 1), ("t_*", 1), ("*", 1), ("t_", 0), ("T_x", 0), ("u_*", 0)] {
        let text = policy("false").replacen("t_x", kind, 1);
        assert_eq!(judge(&text, &create("{}", "{}")).len(), judged, "{kind}");
    }
}

#[test]
fn a_star_in_a_type_stands_for_any_text() {
    let patterns = [("*_x", 1), ("t*x", 1), ("t_*x", 1), ("*t*_*x*", 1), ("t_*_x", 0), ("*_y", 0), ("*T_x", 0)];
    for (kind, judged) in patterns {
        let text = policy("false").replacen("t_x", kind, 1);
        assert_eq!(judge(&text, &create("{}", "{}")).len(), judged, "{kind}");
        let joined = policy(&format!("core::length(core::getresources(\"{kind}\", {{}})) == {judged}"));
        assert_eq!(judge(&joined, &create("{}", "{}")), [], "{kind} in a join");
    }
}

#[test]
fn a_policy_that_reads_a_faulty_local_does_not_run() {
    let text = format!(
        "locals {{\n  bad  = nothing\n  good = 1\n}}\n{}{}",
        policy("local.bad == null"),
        policy("local.good == 1").replacen("\"p\"", "\"q\"", 1)
    );
    let mut sources = planfit::source::SourceMap::default();
    let file = sources.add("t.policy.hcl", text.as_str());
    let parsed = planfit::policy::parse::parse("t.policy.hcl", file, &text, "custom");
    assert_eq!(parsed.file.policies.iter().map(|policy| &*policy.id).collect::<Vec<_>>(), ["q"]);
}

#[test]
fn a_file_for_another_version_of_terraform_is_skipped_with_a_note() {
    let text = |version: &str| {
        format!("policy {{\n  terraform_config {{\n    required_version = \"{version}\"\n  }}\n}}\n{}", policy("false"))
    };
    let plan = create("{}", "{}").replacen('{', r#"{"terraform_version":"1.11.4","#, 1);
    let judged =
        |version: &str| crate::support::judged(&text(version), &plan, &planfit::policy::inputs::Given::default());
    assert_eq!(judged(">= 1.5").findings.len(), 1);
    let skipped = judged(">= 1.12, < 2.0");
    assert_eq!((skipped.findings.len(), skipped.policies), (0, 0));
    let reasons: Vec<&str> = skipped.skipped.iter().map(|(reason, _)| reason.as_str()).collect();
    assert_eq!(
        reasons,
        ["these policies are for Terraform >= 1.12, < 2.0, and the input is of 1.11.4: they are skipped"]
    );
}

// What Terraform 1.11 makes of the same heredocs, with true blanks and line breaks.
#[test]
fn heredocs_lose_the_blanks_that_terraforms_lose() {
    let table = [
        ("<<-E\n      a\n        b\n    E", r"a\n  b\n"),
        (
            "<<-E\n    x %{ for i, t in [\"a\", \"b\"] ~}\n    ${i > 0 ? \", \" : \"\"}${t}%{ endfor }\n    end\n  E",
            r"x     a    , b\nend\n",
        ),
        (
            "<<-E\n    %{ for t in [\"a\", \"b\"] }\n      - ${t}\n    %{ endfor }\n    end\n  E",
            r"\n  - a\n\n  - b\n\nend\n",
        ),
        (
            "<<-E\n    a\n      %{~ if true ~}\n      b\n      %{~ else ~}\n      c\n      %{~ endif ~}\n      d ${~ \"x\" ~}   e\n  \n  E",
            r"    a\n      b\n      dxe\n  \n",
        ),
        (
            "<<E\n%{ for t in [\"a\", \"b\"] ~}\n\n   server ${t}\n%{ endfor ~}\n   end\nE",
            r"\n   server a\n\n   server b\n   end\n",
        ),
        ("<<-E\n    $${x} %%{if} \\n\n  E", r"${x} %{if} \\n\n"),
        ("<<-E\r\n      a\r\n      ${1} x\r\n    E", r"a\r\n1 x\r\n"),
    ];
    for (heredoc, expected) in table {
        let text = format!(
            "locals {{\n  text = {heredoc}\n}}\nresource_policy \"t_x\" \"p\" {{\n  enforce {{\n    condition     = false\n    error_message = core::jsonencode(local.text)\n  }}\n}}\n"
        );
        let messages: Vec<String> = judge(&text, &create("{}", "{}")).into_iter().map(|found| found.2).collect();
        assert_eq!(messages, [format!("\"{expected}\"")], "{heredoc}");
    }
}

#[test]
fn of_a_message_only_what_is_sensitive_is_hidden() {
    let policy = "resource_policy \"t_x\" \"p\" {\n  enforce {\n    condition     = false\n    \
                  error_message = \"${meta.address} has ${core::sensitive(\"hunter2\")} and ${attrs.size}\"\n  }\n}\n";
    let verdicts = judge(policy, &create(r#"{"size": 3}"#, "{}"));
    assert_eq!(verdicts[0].2, "t_x.a has (sensitive) and 3");
}

#[test]
fn one_call_may_be_given_many_patterns() {
    let found = "[for pattern in [\"^a\", \"^b\", \"(\", \"^a\"] : core::can(core::regex(pattern, \"abc\"))]";
    assert_eq!(verdict(&format!("{found} == [true, false, false, true]"), "{}", "{}"), None);
}

#[test]
fn a_pattern_may_stand_in_either_place() {
    let policy = |condition: &str| {
        format!(
            "input \"pattern\" {{\n  type = string\n  default = \"^n+$\"\n}}\nlocals {{\n  patterns = [\"^x$\", input.pattern]\n  \
             pattern = local.patterns[1]\n}}\nresource_policy \"t_x\" \"p\" {{\n  locals {{\n    name = core::lower(attrs.name)\n  }}\n  \
             enforce {{\n    condition = {condition}\n  }}\n}}\n"
        )
    };
    let table = [
        ("core::regex_match(\"^n+$\", attrs.name)", true),
        ("core::regex_match(attrs.name, \"^n+$\")", true),
        ("core::regex_match(attrs.name, local.pattern)", true),
        ("core::regex_match(local.pattern, local.name)", true),
        ("core::regex_match(local.name, input.pattern)", true),
        ("core::anytrue([for p in local.patterns : core::regex_match(attrs.name, p)])", true),
        ("core::anytrue([for p in local.patterns : core::regex_match(p, attrs.name)])", true),
        ("core::alltrue([for n in [attrs.name] : core::regex_match(n, local.pattern)])", true),
        (
            "core::alltrue([for n in [attrs.name] : core::alltrue([for p in [local.pattern] : core::regex_match(n, p)])])",
            true,
        ),
        ("core::regex_match(attrs.name, \"^x$\")", false),
        ("core::regex_match(\"^x$\", attrs.name)", false),
        // Both are fixed, or neither is: the first one is the pattern.
        ("core::regex_match(\"^a$\", \"a\")", true),
        ("core::regex_match(attrs.pattern, attrs.name)", true),
    ];
    let plan = create(r#"{"name":"nnn","pattern":"^nnn$"}"#, "{}");
    for (condition, passes) in table {
        assert_eq!(judge(&policy(condition), &plan).is_empty(), passes, "{condition}");
    }
}

#[test]
fn a_message_with_directives_is_told_on_one_line() {
    let table = [
        (
            "<<-EOT\n      Bad: ${attrs.a}\n      %{~ if attrs.b }\n      And: ${attrs.a}\n      %{~ endif }\n    EOT",
            "Bad: x And: x",
        ),
        (
            "<<-EOT\n    Bad:\n    %{ for v in [1, 2] ~}\n      - ${v}\n    %{ endfor ~}\n    end\n    EOT",
            "Bad: - 1 - 2 end",
        ),
        ("attrs.b ? \"one\\n  two\" : \"three\"", "one two"),
        ("\"a  b${attrs.b ? \" c \" : \"\"}\"", "a  b c "),
    ];
    for (message, expected) in table {
        let text = format!(
            "resource_policy \"t_x\" \"p\" {{\n  enforce {{\n    condition     = false\n    error_message = {message}\n  }}\n}}\n"
        );
        let messages: Vec<String> =
            judge(&text, &create(r#"{"a":"x","b":true}"#, "{}")).into_iter().map(|found| found.2).collect();
        assert_eq!(messages, [expected], "{message}");
    }
}
