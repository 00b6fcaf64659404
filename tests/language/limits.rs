//! Past a bound there is an error, never a crash and never a long wait (chapter 4.4).

use std::fmt::Write as _;

use planfit::finding::Verdict;

use crate::support::{create, error, judge, messages, policy};

/// Locals `a1` to `a{count}`, each made of the one before by `step`.
fn chain(count: usize, first: &str, step: &str) -> String {
    let mut text = format!("locals {{\n  a0 = {first}\n");
    for number in 1..=count {
        writeln!(text, "  a{number} = {}", step.replace('@', &format!("local.a{}", number - 1))).unwrap();
    }
    text + "}\n"
}

#[test]
fn expressions_are_nested_sixty_four_levels_at_most() {
    for (open, close) in [("[", "]"), ("(", ")"), ("\"${", "}\""), ("!(", ")")] {
        let text = policy(&format!("{}1{}", open.repeat(500), close.repeat(500)));
        assert_eq!(messages(&text), ["invalid nesting depth; expected at most 64 nested levels"], "{open}");
    }
}

#[test]
fn a_long_chain_of_operators_is_refused() {
    let text = policy(&vec!["true"; 500].join(" && "));
    assert_eq!(messages(&text), ["invalid binary operation; expected at most 128 chained binary operators"]);
}

#[test]
fn a_long_chain_of_locals_is_an_error() {
    let text = chain(3000, "1", "@") + &policy("local.a3000 == 1");
    assert_eq!(error(&text), "the evaluation is deeper than 300 levels");
}

#[test]
fn locals_that_double_a_list_are_an_error() {
    let text = chain(60, "1", "[@, @]") + &policy("local.a60 == 1");
    // 2^20 members and the lists around them are more than 2^20 parts.
    assert_eq!(error(&text), "local.a20 has more than 512 levels or 1048576 parts");
}

#[test]
fn locals_that_double_a_text_are_an_error() {
    let text = chain(60, "\"x\"", "\"${@}${@}\"") + &policy("local.a60 == \"x\"");
    assert!(error(&text).contains("more than 64 MiB of text"));
}

#[test]
fn values_that_grow_deeper_with_each_policy_are_an_error() {
    let step = format!("{}@{}", "[".repeat(20), "]".repeat(20));
    let mut text = chain(60, "1", &step);
    for number in 0..=60 {
        text += &policy(&format!("local.a{number} != null")).replacen("\"p\"", &format!("\"p{number}\""), 1);
    }
    let verdicts = judge(&text, &create("{}", "{}"));
    // 25 steps of 20 levels and the number inside are 501 levels; one more step is too much.
    assert_eq!(verdicts.len(), 60 - 25);
    assert!(verdicts.iter().all(|(_, verdict, _)| *verdict == Verdict::Error));
}

#[test]
fn loops_in_loops_end() {
    let list = vec!["1"; 1000].join(", ");
    let condition = "core::length([for a in local.l : [for b in local.l : [for c in local.l : 1]]]) > 0";
    let text = format!("locals {{\n  l = [{list}]\n}}\n{}", policy(condition));
    assert!(error(&text).starts_with("this goes over more than 4194304 members"));
}

#[test]
fn a_text_that_is_made_over_and_over_ends() {
    let list = vec!["1"; 1000].join(", ");
    let text = "x".repeat(100_000);
    let condition = "core::length([for a in local.l : core::upper(\"${local.t}${a}\")]) > 0";
    let text = format!("locals {{\n  l = [{list}]\n  t = \"{text}\"\n}}\n{}", policy(condition));
    assert!(error(&text).contains("more than 64 MiB of text"));
}

#[test]
fn what_is_too_much_is_no_error_to_try() {
    let list = vec!["1"; 1000].join(", ");
    let condition =
        "core::try(core::length([for a in local.l : [for b in local.l : [for c in local.l : 1]]]) > 0, true)";
    let text = format!("locals {{\n  l = [{list}]\n}}\n{}", policy(condition));
    assert!(error(&text).starts_with("this goes over more than 4194304 members"));
}

#[test]
fn a_regular_expression_that_would_be_huge_is_an_error() {
    let text = policy("core::length(core::regexall(\"(((a{1000}){1000}){1000}){1000}\", \"a\")) == 0");
    assert!(error(&text).contains("regular expression"), "{}", error(&text));
}

#[test]
fn a_file_of_more_than_two_mebibytes_is_refused() {
    let text = format!("#{}\n{}", "x".repeat(3 << 20), policy("true"));
    assert_eq!(messages(&text), ["a policy file has at most 2 MiB, and this is larger"]);
}

#[test]
fn an_object_of_a_hundred_thousand_keys_is_refused_before_it_is_parsed() {
    let keys = (0..100_000).fold(String::new(), |keys, number| keys + &format!("k{number} = 1\n"));
    let text = format!("locals {{\n  a = {{\n{keys}}}\n}}\n{}", policy("true"));
    assert_eq!(messages(&text), ["the objects of this file have too many keys; 16,000 in one object are the most"]);
}

#[test]
fn many_locals_and_policies_load_in_linear_time() {
    let locals = (0..20_000).fold(String::new(), |text, number| text + &format!("  a{number} = 1\n"));
    let policies = (0..2_000).fold(String::new(), |text, number| {
        text + &policy("local.a7 == 1").replacen("\"p\"", &format!("\"p{number}\""), 1)
    });
    // Quadratic work would take minutes here.
    assert_eq!(judge(&format!("locals {{\n{locals}}}\n{policies}"), &create("{}", "{}")), []);
}
