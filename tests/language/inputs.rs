//! Inputs: types, values and where these come from (chapters 2 and 7).

use planfit::expr::constant::read_values;
use planfit::finding::Verdict;
use planfit::policy::inputs::Given;
use planfit::policy::parse::parse;
use planfit::source::SourceMap;
use planfit::value::Value;

use crate::support::{create, judge_with, messages};

fn policy(input: &str, condition: &str) -> String {
    format!("{input}\nresource_policy \"t_x\" \"p\" {{\n  enforce {{\n    condition = {condition}\n  }}\n}}\n")
}

#[track_caller]
fn passes(input: &str, condition: &str, given: &Given) -> bool {
    judge_with(&policy(input, condition), &create("{}", "{}"), given).is_empty()
}

fn argument(name: &str, text: &str) -> Given {
    let mut given = Given::default();
    given.argument(name, text);
    given
}

/// What is wrong with the values of a file's inputs.
fn refused(input: &str, given: &Given) -> Vec<String> {
    let mut sources = SourceMap::default();
    let text = policy(input, "true");
    let file = sources.add("t.policy.hcl", text.as_str());
    let mut parsed = parse("t.policy.hcl", file, &text, "custom");
    given.fill(&mut parsed.file).into_iter().map(|fault| fault.message).collect()
}

#[test]
fn a_default_is_converted_to_the_type() {
    let input = "input \"max-size\" {\n  type    = number\n  default = \"3\"\n}";
    assert!(passes(input, "input.max-size == 3", &Given::default()));
}

#[test]
fn optional_attributes_have_their_defaults() {
    let input = "input \"o\" {\n  type    = object({ a = string, b = optional(number, 3), c = optional(bool) })\n  default = { a = 1 }\n}";
    assert!(passes(input, "input.o == { a = \"1\", b = 3, c = null }", &Given::default()));
}

#[test]
fn primitive_values_are_plain_text_and_others_are_expressions() {
    let of = |kind: &str| format!("input \"i\" {{\n  type = {kind}\n}}");
    let table = [
        ("string", "a b", "input.i == \"a b\""),
        ("string", "\"q\"", "input.i == \"\\\"q\\\"\""),
        ("number", "5", "input.i == 5"),
        ("bool", "true", "input.i == true"),
        ("list(string)", "[\"a\", 1]", "input.i == core::tolist([\"a\", \"1\"])"),
        ("map(number)", "{ a = \"1\" }", "input.i.a == 1"),
        ("any", "{ a = [1] }", "input.i.a[0] == 1"),
        ("set(string)", "[\"b\", \"a\", \"b\"]", "input.i == core::toset([\"a\", \"b\"])"),
        ("tuple([string, bool])", "[1, \"false\"]", "input.i == [\"1\", false]"),
    ];
    for (kind, text, condition) in table {
        assert!(passes(&of(kind), condition, &argument("i", text)), "{kind} {text}");
    }
}

#[test]
fn the_strongest_source_wins_and_of_one_source_the_last() {
    let input = "input \"i\" {\n  type    = string\n  default = \"default\"\n}";
    let mut given = Given::default();
    assert!(passes(input, "input.i == \"default\"", &given));
    given.file("i", Value::string("file"));
    assert!(passes(input, "input.i == \"file\"", &given));
    given.environment("i", "environment");
    assert!(passes(input, "input.i == \"environment\"", &given));
    given.argument("i", "first");
    given.argument("i", "last");
    assert!(passes(input, "input.i == \"last\"", &given));
}

#[test]
fn values_that_do_not_fit_are_named_without_being_shown() {
    let list = "input \"i\" {\n  type = list(number)\n}";
    assert_eq!(
        refused(list, &argument("i", "[\"secret\"]")),
        ["t.policy.hcl: --input i: the value does not fit: [0]: a number is required"]
    );
    assert_eq!(
        refused(list, &argument("i", "secret(")),
        ["t.policy.hcl: --input i: this is no constant value in Terraform's syntax"]
    );
}

#[test]
fn an_input_without_a_value_is_refused_unless_it_is_nullable() {
    assert_eq!(
        refused("input \"i\" {\n  type = string\n}", &Given::default()),
        ["t.policy.hcl: the input \"i\" has no value; give one with --input i=… or --input-file, or write a default"]
    );
    assert!(passes("input \"i\" {\n  type     = string\n  nullable = true\n}", "input.i == null", &Given::default()));
}

#[test]
fn null_stands_for_the_default_of_an_input_that_is_not_nullable() {
    let mut given = Given::default();
    given.file("i", Value::Null);
    assert!(passes("input \"i\" {\n  type    = string\n  default = \"d\"\n}", "input.i == \"d\"", &given));
    let nullable = "input \"i\" {\n  type     = string\n  default  = \"d\"\n  nullable = true\n}";
    assert!(passes(nullable, "input.i == null", &given));
}

#[test]
fn a_sensitive_value_is_never_shown() {
    let input = "input \"i\" {\n  type      = string\n  sensitive = true\n}";
    let text = format!(
        "{input}\nresource_policy \"t_x\" \"p\" {{\n  enforce {{\n    condition     = input.i == \"x\"\n    error_message = \"It is ${{input.i}}.\"\n  }}\n}}\n"
    );
    let verdicts = judge_with(&text, &create("{}", "{}"), &argument("i", "hunter2222"));
    assert_eq!(verdicts[0].1, Verdict::Fail);
    assert!(!verdicts[0].2.contains("hunter"), "{}", verdicts[0].2);
}

#[test]
fn a_level_may_come_from_an_input_and_must_be_one() {
    let text = "input \"level\" {\n  type = string\n}\nresource_policy \"t_x\" \"p\" {\n  enforcement_level = input.level\n  enforce {\n    condition = false\n  }\n}\n";
    let fails = judge_with(text, &create("{}", "{}"), &argument("level", "advisory"));
    assert_eq!(fails[0].1, Verdict::Fail);
    let strange = judge_with(text, &create("{}", "{}"), &argument("level", "strict"));
    assert_eq!(strange[0].1, Verdict::Error);
    assert!(strange[0].2.starts_with("an enforcement_level is"), "{}", strange[0].2);
}

#[test]
fn a_file_of_values_holds_constants() {
    let mut sources = SourceMap::default();
    let file = sources.add("v.tfvars", "");
    let values = read_values(file, "a = \"x\"\nb = [1, { c = null }]\n").unwrap();
    assert_eq!(values.iter().map(|(name, _)| &**name).collect::<Vec<_>>(), ["a", "b"]);
    let faults = read_values(file, "a = var.x\nb = upper(\"x\")\nc {}\n").unwrap_err();
    assert_eq!(faults.len(), 3);
}

#[test]
fn what_is_wrong_with_a_declaration_is_said() {
    let table = [
        ("input \"i\" {\n}", "the input \"i\" needs a type, as in type = string"),
        ("input \"i\" {\n  type = strng\n}", "there is no type \"strng\"; did you mean string?"),
        ("input \"i\" {\n  type = set\n}", "the type set needs to know of what, as in set(string)"),
        ("input \"i\" {\n  type = list()\n}", "the type list takes one argument, as in list(string)"),
        ("input \"i\" {\n  type = string(1)\n}", "the type string takes no argument"),
        ("input \"i\" {\n  type = object([])\n}", "the type object is written object({ name = string })"),
        ("input \"i\" {\n  type = optional(string)\n}", "optional(…) belongs to an attribute of an object type"),
        (
            "input \"i\" {\n  type = object({ a = optional(number, \"x\") })\n}",
            "the default does not fit: a number is required",
        ),
        (
            "input \"i\" {\n  type    = list(number)\n  default = [\"a\"]\n}",
            "the default does not fit the type: [0]: a number is required",
        ),
        (
            "input \"i\" {\n  type    = string\n  default = attrs.x\n}",
            "attrs is not known here; this may read input and local",
        ),
        ("input \"i\" {\n  type     = string\n  nullable = 1\n}", "\"nullable\" is true or false"),
        ("input \"i\" {\n  type   = string\n  defualt = 1\n}", "an input has no \"defualt\"; did you mean default?"),
        ("input {\n  type = string\n}", "\"input\" has one label, its name; here it has 0"),
    ];
    for (input, message) in table {
        assert_eq!(messages(&policy(input, "true")), [message], "{input}");
    }
}

#[test]
fn names_on_the_command_line_that_nobody_declares_are_found() {
    let mut sources = SourceMap::default();
    let text = policy("input \"maximum\" {\n  type = number\n}", "true");
    let file = sources.add("t.policy.hcl", text.as_str());
    let parsed = parse("t.policy.hcl", file, &text, "custom");
    let mut given = argument("maximun", "1");
    given.environment("other", "1");
    given.file("another", Value::Null);
    assert_eq!(given.undeclared([parsed.file].iter()), [("maximun".to_owned(), Some("maximum".to_owned()))]);
}

#[test]
fn input_is_a_value_as_well() {
    let inputs = "input \"b-c\" {\n  type = string\n  default = \"x\"\n}\n\
                  input \"a\" {\n  type = string\n  default = \"hunter2\"\n  sensitive = true\n}";
    let table = [
        "core::keys(input) == [\"a\", \"b-c\"]",
        "core::lookup(input, \"b-c\", \"\") == \"x\"",
        "input[\"b-c\"] == \"x\"",
        "[for name in [\"b-c\"] : input[name]] == [\"x\"]",
        "core::issensitive(input.a) && core::length(input) == 2",
    ];
    for condition in table {
        assert!(passes(inputs, condition, &Given::default()), "{condition}");
    }
    // Of a whole that has a secret in it nothing is shown.
    let text = policy(inputs, "false").replacen(
        "condition = false",
        "condition = false\n    error_message = \"${core::jsonencode(input)}\"",
        1,
    );
    let verdicts = judge_with(&text, &create("{}", "{}"), &Given::default());
    assert!(!verdicts[0].2.contains("hunter2"), "{verdicts:?}");
}

#[test]
fn a_level_may_ask_where_it_is_judged() {
    let level = "meta.module_path == \".\" && core::lookup(meta.tfe_workspace.tags, \"env\", \"\") == \"\" ? \"advisory\" : \"mandatory\"";
    let text = format!(
        "resource_policy \"t_x\" \"p\" {{\n  enforcement_level = {level}\n  enforce {{\n    condition = false\n  }}\n}}\n"
    );
    let judged = crate::support::judged(&text, &create("{}", "{}"), &Given::default());
    assert_eq!(judged.findings[0].enforcement, planfit::finding::Enforcement::Advisory);
}
