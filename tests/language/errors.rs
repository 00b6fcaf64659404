//! What is said of a wrong file: every fault, with its place and the place that it collides with.

use crate::support::{create, judge, messages, picture, policy};

#[test]
fn an_attribute_that_is_set_twice_shows_both_places() {
    insta::assert_snapshot!(picture("locals {\n  a = 1\n  b = { a = 2 }\n  a = 3\n}\n"), @r#"
     × this attribute is set twice in one block
      ╭─[t.policy.hcl:4:3]
    3 │   b = { a = 2 }
    4 │   a = 3
      ·   ─
    5 │ }
      ╰────
     ☞ first set here
      ╭─[t.policy.hcl:2:3]
    2 │   a = 1
      ·   ─
      ╰────
    "#);
}

#[test]
fn a_local_that_is_declared_twice_shows_both_places() {
    insta::assert_snapshot!(picture("locals {\n  a = 1\n}\n\nlocals {\n  a = 2\n}\n"), @r#"
     × the local "a" is declared twice
      ╭─[t.policy.hcl:6:3]
    5 │ locals {
    6 │   a = 2
      ·   ─
    7 │ }
      ╰────
     ☞ first declared here
      ╭─[t.policy.hcl:2:3]
    2 │   a = 1
      ·   ─
      ╰────
    "#);
}

#[test]
fn an_input_that_is_declared_twice_shows_both_places() {
    let input = "input \"size\" {\n  type = number\n}\n";
    insta::assert_snapshot!(picture(&format!("{input}\n{input}")), @r#"
     × the input "size" is declared twice
      ╭─[t.policy.hcl:5:1]
    5 │ input "size" {
      · ────────────
    6 │   type = number
      ╰────
     ☞ first declared here
      ╭─[t.policy.hcl:1:1]
    1 │ input "size" {
      · ────────────
      ╰────
    "#);
}

#[test]
fn a_policy_that_is_declared_twice_shows_both_places() {
    insta::assert_snapshot!(picture(&format!("{}\n{0}", policy("true"))), @r#"
     × resource_policy "t_x" "p" is declared twice
      ╭─[t.policy.hcl:7:1]
    7 │ resource_policy "t_x" "p" {
      · ─────────────────────────
    8 │   enforce {
      ╰────
     ☞ first declared here
      ╭─[t.policy.hcl:1:1]
    1 │ resource_policy "t_x" "p" {
      · ─────────────────────────
      ╰────
    "#);
}

#[test]
fn a_second_policy_block_shows_the_first() {
    insta::assert_snapshot!(picture("policy {}\n\npolicy {\n}\n"), @r#"
     × there is a second policy block, and only one is read
      ╭─[t.policy.hcl:3:1]
    3 │ policy {
      · ──────
    4 │ }
      ╰────
     ☞ the first one
      ╭─[t.policy.hcl:1:1]
    1 │ policy {}
      · ──────
      ╰────
    "#);
}

#[test]
fn delete_beside_create_shows_both() {
    let text = policy("true").replacen("  enforce", "  operations = [\"create\", \"delete\"]\n  enforce", 1);
    insta::assert_snapshot!(picture(&text), @r#"
     × delete cannot stand with create: a deleted object has no attrs
      ╭─[t.policy.hcl:2:27]
    1 │ resource_policy "t_x" "p" {
    2 │   operations = ["create", "delete"]
      ·                           ────────
    3 │   enforce {
      ╰────
     ☞ create stands here
      ╭─[t.policy.hcl:2:17]
    2 │   operations = ["create", "delete"]
      ·                 ────────
      ╰────
    "#);
}

#[test]
fn create_beside_prior_attrs_shows_where_it_is_read() {
    let text = policy("prior_attrs.size == 1").replacen("  enforce", "  operations = [\"create\"]\n  enforce", 1);
    insta::assert_snapshot!(picture(&text), @r#"
     × create cannot be judged with prior_attrs: there is nothing before it
      ╭─[t.policy.hcl:2:17]
    1 │ resource_policy "t_x" "p" {
    2 │   operations = ["create"]
      ·                 ────────
    3 │   enforce {
      ╰────
     ☞ prior_attrs is read here
      ╭─[t.policy.hcl:4:17]
    4 │     condition = prior_attrs.size == 1
      ·                 ───────────
      ╰────
    "#);
}

#[test]
fn prior_attrs_without_operations_shows_where_it_is_read() {
    insta::assert_snapshot!(picture(&policy("prior_attrs.size == 1")), @r#"
     × a policy that reads prior_attrs must say its operations: update, delete or both
      ╭─[t.policy.hcl:1:1]
    1 │ resource_policy "t_x" "p" {
      · ─────────────────────────
    2 │   enforce {
      ╰────
     ☞ prior_attrs is read here
      ╭─[t.policy.hcl:3:17]
    3 │     condition = prior_attrs.size == 1
      ·                 ───────────
      ╰────
    "#);
}

#[test]
fn a_syntax_error_stands_where_the_text_ends_to_make_sense() {
    insta::assert_snapshot!(picture("locals {\n  a = [1,\n    2\n  b = 3\n}\n"), @r#"
     × expected `]`
      ╭─[t.policy.hcl:4:3]
    3 │     2
    4 │   b = 3
      ·   ▲
    5 │ }
      ╰────
    "#);
}

#[test]
fn a_cycle_is_named() {
    insta::assert_snapshot!(picture("locals {\n  a = local.b\n  b = local.c\n  c = local.a + 1\n}\n"), @r#"
     × locals that refer to each other: local.a → local.b → local.c → local.a
      ╭─[t.policy.hcl:2:7]
    1 │ locals {
    2 │   a = local.b
      ·       ───────
    3 │   b = local.c
      ╰────
    "#);
}

#[test]
fn unknown_names_have_a_suggestion() {
    let table = [
        (
            "atrs.x == 1",
            "there is no \"atrs\" in a policy; the roots are attrs, prior_attrs, meta, input and local; did you mean attrs?",
        ),
        ("meta.opration == 1", "there is no meta.opration; did you mean meta.operation?"),
        ("input.sice == 1", "there is no input \"sice\" in this file; did you mean input.size?"),
        ("local.naem == 1", "there is no local \"naem\" here; did you mean local.name?"),
        ("core::lenth(\"\") == 1", "there is no function core::lenth; did you mean core::length?"),
        ("plan::chnged(\"x\")", "there is no function plan::chnged; did you mean plan::changed?"),
        ("length(\"\") == 1", "there is no function length; Terraform's functions are called core::length"),
    ];
    for (condition, message) in table {
        let declared = "input \"size\" {\n  type = number\n}\nlocals {\n  name = 1\n}\n";
        assert_eq!(messages(&format!("{declared}{}", policy(condition))), [message], "{condition}");
    }
}

#[test]
fn unknown_blocks_and_attributes_have_a_suggestion() {
    let table = [
        ("resource_polcy \"a\" \"b\" {}\n", "there is no block \"resource_polcy\"; did you mean resource_policy?"),
        ("x = 1\n", "\"x\" stands outside of any block"),
        (
            "policy {\n  required_provider {}\n}\n",
            "a policy block has no \"required_provider\"; did you mean required_providers?",
        ),
        ("policy {\n  terraform_config {\n    version = \"1\"\n  }\n}\n", "terraform_config has no \"version\""),
        (
            "policy {\n  terraform_config {\n    required_version = \"new\"\n  }\n}\n",
            "this is no version constraint; one is written \">= 1.5, < 2.0\"",
        ),
        (
            "policy {\n  required_providers {\n    a = { sourc = \"b\" }\n  }\n}\n",
            "an entry of required_providers has no \"sourc\"; did you mean source?",
        ),
        ("policy \"x\" {}\n", "\"policy\" has no label; here it has 1"),
        ("locals {\n  a {}\n}\n", "a locals block has no \"a\""),
        (
            "workspace_policy \"plans\" \"p\" {\n  enforce {\n    condition = true\n  }\n}\n",
            "there is no subject \"plans\"; there are plan, budget, suppression, declaration, island; did you mean plan?",
        ),
        (
            "resource_policy \"a\" {\n}\n",
            "\"resource_policy\" has 2 labels: the resource type and a name; here it has 1",
        ),
    ];
    for (text, message) in table {
        assert_eq!(messages(text), [message], "{text}");
    }
}

#[test]
fn what_is_wrong_inside_of_a_policy_is_said() {
    let table = [
        ("filtr = true", "a resource_policy has no \"filtr\"; did you mean filter?"),
        (
            "locals = { a = 1 }",
            "a resource_policy has no \"locals\" of this form; it is written as a block: without \"=\"",
        ),
        ("filter {}", "a resource_policy has no \"filter\" of this form; it is written with \"=\""),
        (
            "enforcement_level = \"mandatry\"",
            "an enforcement_level is \"mandatory\", \"mandatory_overridable\" or \"advisory\"; did you mean mandatory?",
        ),
        ("enforcement_level = attrs.level", "attrs is not known here; this may read input and local"),
        ("severity = \"hihg\"", "a severity is \"critical\", \"high\", \"medium\" or \"low\"; did you mean high?"),
        (
            "scope = \"prod\"",
            "a scope is \"production\", \"production_data\" or \"non_production\"; did you mean production?",
        ),
        ("title = 1", "\"title\" is a text"),
        ("aliases = \"x\"", "\"aliases\" is a list of texts"),
        ("pedantic = \"yes\"", "\"pedantic\" is true or false"),
        ("docs {\n    wy = \"\"\n  }", "docs has no \"wy\""),
        ("option {}", "\"option\" has one label, its name; here it has 0"),
        ("option \"o\" {\n    tilte = \"\"\n  }", "an option has no \"tilte\"; did you mean title?"),
        ("enforce {\n    message = \"\"\n  }", "an enforce block has no \"message\"; did you mean info_message?"),
    ];
    for (line, message) in table {
        let text = policy("true").replacen("  enforce", &format!("  {line}\n  enforce"), 1);
        let found = messages(&text);
        assert!(found.contains(&message.to_owned()), "{line}: {found:?}");
    }
    assert_eq!(
        messages("resource_policy \"a\" \"b\" {\n}\n"),
        ["a policy needs at least one enforce block with a condition"]
    );
    assert_eq!(
        messages("resource_policy \"a\" \"b\" {\n  enforce {\n  }\n}\n"),
        ["an enforce block needs a condition"]
    );
}

#[test]
fn an_attribute_that_an_object_has_not_names_a_near_one() {
    let verdict = |condition: &str| {
        let verdicts = judge(&policy(condition), &create(r#"{"multi_az": true, "tags": {"team": "web"}}"#, "{}"));
        verdicts.into_iter().map(|(_, _, message)| message).collect::<Vec<_>>()
    };
    assert_eq!(verdict("attrs.multi_azz"), [r#"t_x.a has no attribute "multi_azz"; did you mean "multi_az"?"#]);
    assert_eq!(verdict(r#"attrs.tags.taem == "web""#), [r#"there is no attribute "taem"; did you mean "team"?"#]);
    assert_eq!(verdict("attrs.zzz"), [r#"t_x.a has no attribute "zzz""#]);
}
