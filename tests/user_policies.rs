//! Policies of the user's own, as a script meets them: `--policies`, `--input`, `--input-file`, `TFPOLICY_INPUT_…`.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod support;

use serde_json::{Value, json};

use support::{Directory, Output, run};

/// A plan that creates one `t_x.a`.
const PLAN: &str = r#"{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[{"address":"t_x.a","type":"t_x",
  "change":{"actions":["create"],"before":null,"after":{"size":5},"after_unknown":{}}}],
  "configuration":{"provider_config":{"t":{"name":"t","full_name":"registry.terraform.io/acme/t",
    "expressions":{"region":{"references":["var.region"]}}}},
  "root_module":{"module_calls":{"net":{"source":"./net","expressions":{"cidr":{"references":["local.cidr"]}},"module":{}}}}},
  "variables":{"region":{"value":"eu-west-1"}}}"#;

fn stack() -> Directory {
    let directory = Directory::new();
    directory.write("plan.json", PLAN);
    directory
}

/// A policy on `t_x` whose message is `message`.
fn policy(id: &str, condition: &str, message: &str) -> String {
    format!(
        "resource_policy \"t_x\" \"{id}\" {{\n  enforce {{\n    condition     = {condition}\n    error_message = \"{message}\"\n  }}\n}}\n"
    )
}

fn check(directory: &Directory, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let all = [&["check", "plan.json", "--policy", "custom", "--output", "json"], arguments].concat();
    run(&all, b"", variables, directory.path())
}

fn report(output: &Output) -> Value {
    serde_json::from_str(&output.stdout).unwrap()
}

/// `policy_file: message` of each finding.
fn found(output: &Output) -> Vec<String> {
    let report = report(output);
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| {
            format!("{}: {}", finding["policy_file"].as_str().unwrap(), finding["message"].as_str().unwrap())
        })
        .collect()
}

/// The messages of the remarks of a level.
fn remarks(output: &Output, level: &str) -> Vec<String> {
    let report = report(output);
    let remarks = report["remarks"].as_array().unwrap().iter().filter(|remark| remark["level"] == level);
    remarks.map(|remark| remark["message"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_directory_is_searched_in_order_and_hidden_ones_are_not() {
    let stack = stack();
    for path in
        ["p/b.policy.hcl", "p/a/z.policy.hcl", "p/.terraform/x.policy.hcl", "p/.hidden.policy.hcl", "p/note.hcl"]
    {
        stack.write(path, policy("small", "false", "no"));
    }
    let output = check(&stack, &["--policies", "p"], &[]);
    assert_eq!(found(&output), ["p/a/z.policy.hcl: no", "p/b.policy.hcl: no"]);
    assert_eq!(report(&output)["summary"]["policies"], 2);
}

#[test]
fn what_is_mandatory_fails_the_run_though_no_severity_is_written() {
    let stack = stack();
    for (level, exit, loud) in [("", 1, "error"), ("mandatory_overridable", 1, "error"), ("advisory", 0, "notice")] {
        let line = if level.is_empty() { String::new() } else { format!("enforcement_level = \"{level}\"\n  ") };
        let text = policy("small", "attrs.size < 5", "too large").replace("enforce {", &format!("{line}enforce {{"));
        stack.write("p/a.policy.hcl", text);
        let output = check(&stack, &["--policies", "p"], &[]);
        assert_eq!((output.code, report(&output)["findings"][0]["level"].as_str()), (exit, Some(loud)), "{level}");
    }
}

#[test]
fn a_file_that_is_named_twice_is_read_once() {
    let stack = stack();
    stack.write("p/a.policy.hcl", policy("small", "false", "no"));
    let output = check(&stack, &["--policies", "p/a.policy.hcl", "--policies", "./p"], &[]);
    assert_eq!(found(&output), ["p/a.policy.hcl: no"]);
}

#[test]
fn one_name_in_two_files_makes_two_findings_with_fingerprints_of_their_own() {
    let stack = stack();
    stack.write("a/x.policy.hcl", policy("small", "false", "one"));
    stack.write("b/x.policy.hcl", policy("small", "false", "two"));
    let output = check(&stack, &["--policies", "a", "--policies", "b"], &[]);
    assert_eq!(found(&output), ["a/x.policy.hcl: one", "b/x.policy.hcl: two"]);
    let report = report(&output);
    assert_ne!(report["findings"][0]["fingerprint"], report["findings"][1]["fingerprint"]);
}

#[test]
fn a_bad_file_is_two_and_the_others_run() {
    let stack = stack();
    stack.write("p/bad.policy.hcl", format!("{}x = {{\n", policy("a", "true", "")));
    stack.write("p/faulty.policy.hcl", policy("b", "attrs.size == local.nothing || input.nothing", ""));
    stack.write("p/good.policy.hcl", policy("c", "attrs.size < 5", "too large"));
    let output = check(&stack, &["--policies", "p"], &[]);
    assert_eq!(output.code, 2);
    assert_eq!(found(&output), ["p/good.policy.hcl: too large"]);
    assert_eq!(remarks(&output, "error").len(), 3, "one of the syntax, two of the names");
}

#[test]
fn a_file_that_is_no_text_is_two() {
    let stack = stack();
    stack.write("p/a.policy.hcl", [0xff, 0xfe, 0x00]);
    let output = check(&stack, &["--policies", "p"], &[]);
    assert_eq!(output.code, 2);
    assert!(remarks(&output, "error").contains(&"p/a.policy.hcl: the file is not UTF-8".to_owned()));
}

#[test]
fn a_path_that_is_not_there_or_empty_is_two() {
    let stack = stack();
    stack.write("empty/readme.md", "");
    for (path, reason) in [("nowhere", "No such file"), ("empty", "there is no *.policy.hcl file in this directory")] {
        let output = check(&stack, &["--policies", path], &[]);
        assert_eq!(output.code, 2, "{path}");
        let remarks = remarks(&output, "error");
        assert!(
            remarks.iter().any(|remark| remark.starts_with(&format!("--policies {path}: {reason}"))),
            "{remarks:?}"
        );
    }
}

const INPUT: &str = "input \"max-size\" {\n  type    = number\n  default = 1\n}\n";

fn inputs() -> Directory {
    let stack = stack();
    stack.write("p/a.policy.hcl", format!("{INPUT}{}", policy("small", "false", "${input.max-size}")));
    stack.write("v.tfvars", "max-size = 2\nstranger = [1]\n");
    stack.write("v.tfvars.json", "{\"max-size\": 5, \"stranger\": [\"${1}\"]}\n");
    stack.write("v.json", "{\"max-size\": \"6\"}");
    stack
}

#[test]
fn the_command_line_is_stronger_than_the_environment_and_that_than_a_file() {
    let stack = inputs();
    let said = |arguments: &[&str], variables: &[(&str, &str)]| {
        let output = check(&stack, &[&["--policies", "p"], arguments].concat(), variables);
        assert_eq!(remarks(&output, "warning"), Vec::<String>::new());
        found(&output).pop().unwrap()
    };
    let variable = [("TFPOLICY_INPUT_max-size", "3"), ("TFPOLICY_INPUT_stranger", "3")];
    assert_eq!(said(&[], &[]), "p/a.policy.hcl: 1");
    assert_eq!(said(&["--input-file", "v.tfvars"], &[]), "p/a.policy.hcl: 2");
    assert_eq!(said(&["--input-file", "v.tfvars", "--input-file", "v.tfvars.json"], &[]), "p/a.policy.hcl: 5");
    assert_eq!(said(&["--input-file", "v.json", "--input-file", "v.tfvars"], &[]), "p/a.policy.hcl: 2");
    assert_eq!(said(&["--input-file", "v.tfvars"], &variable), "p/a.policy.hcl: 3");
    assert_eq!(said(&["--input-file", "v.tfvars", "--input", "max-size=4"], &variable), "p/a.policy.hcl: 4");
}

#[test]
fn an_input_on_the_command_line_that_nobody_declares_is_a_warning() {
    let output = check(&inputs(), &["--policies", "p", "--input", "maxsize=4"], &[]);
    let warning = "--input maxsize: no policy file declares an input of that name; did you mean max-size?";
    assert_eq!(remarks(&output, "warning"), [warning]);
}

#[test]
fn an_input_without_a_value_stops_its_file_alone() {
    let stack = inputs();
    stack.write(
        "p/b.policy.hcl",
        format!("input \"needed\" {{\n  type = string\n}}\n{}", policy("other", "false", "no")),
    );
    let output = check(&stack, &["--policies", "p"], &[]);
    assert_eq!((output.code, found(&output)), (2, vec!["p/a.policy.hcl: 1".to_owned()]));
    let message = "p/b.policy.hcl: the input \"needed\" has no value; give one with --input needed=… or --input-file, or write a default";
    assert_eq!(remarks(&output, "error"), [message]);
}

#[test]
fn a_value_that_does_not_fit_is_two_and_is_not_shown() {
    let output = check(&inputs(), &["--policies", "p", "--input", "max-size=hunter2"], &[]);
    assert_eq!(output.code, 2);
    assert_eq!(
        remarks(&output, "error"),
        ["p/a.policy.hcl: --input max-size: the value does not fit: a number is required"]
    );
    assert!(!output.stdout.contains("hunter2"));
}

#[test]
fn an_argument_that_is_no_assignment_is_a_wrong_command_line() {
    let output = check(&inputs(), &["--input", "max-size"], &[]);
    assert_eq!(output.code, 2);
    assert!(output.stderr.contains("an input is given as NAME=VALUE"), "{}", output.stderr);
}

#[test]
fn a_file_of_values_that_cannot_be_read_is_two() {
    let stack = inputs();
    stack.write("bad.tfvars", "max-size = var.x\n");
    stack.write("bad.tfvars.json", "[{\"max-size\": 1}]");
    stack.write("word.json", "{\"max-size\": 1, \"region\": prod}");
    for path in ["bad.tfvars", "nowhere.tfvars", "bad.tfvars.json", "word.json"] {
        assert_eq!(check(&stack, &["--policies", "p", "--input-file", path], &[]).code, 2, "{path}");
    }
}

#[test]
fn a_file_for_another_version_is_skipped_with_a_note() {
    let stack = stack();
    let settings = "policy {\n  terraform_config {\n    required_version = \"< 1.5\"\n  }\n}\n";
    stack.write("p/a.policy.hcl", format!("{settings}{}", policy("small", "false", "no")));
    let output = check(&stack, &["--policies", "p"], &[]);
    assert_eq!((output.code, found(&output)), (0, Vec::new()));
    let note = "these policies are for Terraform < 1.5, and the input is of 1.11.4: they are skipped";
    assert!(remarks(&output, "notice").contains(&note.to_owned()));
}

/// The source of the plan: a provider, a module call, a lock file.
fn source() -> Directory {
    let stack = stack();
    stack.write("main.tf", "locals {\n  cidr = \"10.0.0.0/8\"\n}\n\nvariable \"region\" {}\n\nprovider \"t\" {\n  region = var.region\n}\n\nmodule \"net\" {\n  source = \"./net\"\n  cidr   = local.cidr\n}\n");
    stack.write("net/main.tf", "variable \"cidr\" {}\n");
    stack.write(
        ".terraform.lock.hcl",
        "provider \"registry.terraform.io/acme/t\" {\n  version     = \"1.2.3\"\n  constraints = \"~> 1.0\"\n}\n",
    );
    stack
}

fn line(output: &Output) -> Value {
    let report = report(output);
    json!([report["findings"][0]["location"]["path"], report["findings"][0]["location"]["start"]["line"]])
}

#[test]
fn arguments_of_a_module_are_followed_through_the_source_and_have_a_place() {
    let stack = source();
    stack.write("p/a.policy.hcl", "module_policy \"./net\" \"n\" {\n  enforce {\n    condition     = false\n    at            = attrs.cidr\n    error_message = \"${attrs.cidr}\"\n  }\n}\n");
    let output = check(&stack, &["--policies", "p"], &[]);
    assert_eq!(found(&output), ["p/a.policy.hcl: 10.0.0.0/8"]);
    assert_eq!(line(&output), json!(["main.tf", 13]));
}

#[test]
fn a_provider_has_the_version_of_the_lock_file_and_a_place() {
    let stack = source();
    stack.write("p/a.policy.hcl", "provider_policy \"t\" \"n\" {\n  enforce {\n    condition     = false\n    error_message = \"${meta.version} ${attrs.region}\"\n  }\n}\n");
    let output = check(&stack, &["--policies", "p"], &[]);
    assert_eq!(found(&output), ["p/a.policy.hcl: 1.2.3 eu-west-1"]);
    assert_eq!(line(&output), json!(["main.tf", 7]));
}

#[test]
fn beside_a_state_the_source_says_which_parts_there_are() {
    let stack = Directory::new();
    stack.write(
        "plan.json",
        r#"{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"x","outputs":{},"resources":[{"mode":"managed",
            "type":"t_x","name":"a","provider":"provider[\"registry.terraform.io/acme/t\"]",
            "instances":[{"schema_version":0,"attributes":{"size":5},"sensitive_attributes":[]}]}]}"#,
    );
    stack.write(
        "main.tf",
        r#"terraform {
  required_providers {
    t = { source = "acme/t" }
  }
}

provider "t" {
  alias = "east"
  features {
    deep = true
  }
}

module "net" {
  for_each = { a = 1 }
  source   = "./net"
  name     = each.key
  secret   = "hunter2"
  plain    = "shown"
}
"#,
    );
    stack.write("net/main.tf", "variable \"plain\" {\n  sensitive = true\n}\n");
    let part = |kind: &str, label: &str, message: &str| {
        format!(
            "{kind} \"{label}\" \"p\" {{\n  enforce {{\n    condition     = false\n    error_message = \"{message}\"\n  }}\n}}\n"
        )
    };
    let provider = part("provider_policy", "t", "${meta.source} ${meta.alias} ${attrs.features[0].deep}");
    let call = part("module_policy", "./net", "${meta.address} ${attrs.name}");
    let secret = part("module_policy", "*", "${attrs.plain}");
    stack.write("p/a.policy.hcl", provider + &call);
    stack.write("p/b.policy.hcl", secret);
    let output = check(&stack, &["--policies", "p"], &[]);
    assert_eq!(
        found(&output),
        [
            "p/a.policy.hcl: registry.terraform.io/acme/t east true",
            "p/a.policy.hcl: module.net (known after apply)",
            "p/b.policy.hcl: module.net: p (the details are sensitive)",
        ]
    );
    assert!(!output.stdout.contains("shown") && !output.stdout.contains("hunter2"));
}

#[test]
fn the_target_of_tfaction_is_a_fact() {
    let stack = stack();
    stack.write("p/a.policy.hcl", policy("t", "false", "${meta.target} ${meta.working_directory}"));
    let variables = [("TFACTION_TARGET", "aws/a"), ("TFACTION_WORKING_DIR", "aws/a/dir")];
    assert_eq!(found(&check(&stack, &["--policies", "p"], &variables)), ["p/a.policy.hcl: aws/a aws/a/dir"]);
}

const TESTED: &str = "input \"least\" {\n  type    = number\n  default = 9\n}\ninput \"name\" {\n  type = string\n}\n";

// Chapter 7: the mock, the file, the command line, the environment, the file of values, the default.
#[test]
fn a_test_takes_the_inputs_of_the_run_where_it_gives_none() {
    let directory = Directory::new();
    let message = "${input.least} ${input.name}";
    directory.write("p/x.policy.hcl", format!("{TESTED}{}", policy("p", "attrs.size > input.least", message)));
    let mock =
        |label: &str, inputs: &str| format!("resource \"t_x\" \"{label}\" {{\n  attrs = {{ size = 0 }}\n{inputs}}}\n");
    let text = format!("{}{}", mock("a", ""), mock("b", "  inputs {\n    least = 1\n  }\n"));
    directory.write("p/x.policytest.hcl", &text);
    directory.write("v.tfvars", "least = 4\nname  = \"file\"\n");
    let told = |arguments: &[&str], variables: &[(&str, &str)]| {
        let output = run(&[&["policy", "test", "p"], arguments].concat(), b"", variables, directory.path());
        assert_eq!(output.code, 1, "{}", output.stderr);
        let notes = output.stdout.lines().filter_map(|line| line.trim().strip_prefix("× p: "));
        notes.map(str::to_owned).collect::<Vec<_>>()
    };
    let file = ["--input-file", "v.tfvars"];
    assert_eq!(told(&file, &[]), ["4 file", "1 file"]);
    let variables = [("TFPOLICY_INPUT_name", "environment"), ("TFPOLICY_INPUT_least", "3")];
    assert_eq!(told(&file, &variables), ["3 environment", "1 environment"]);
    let argument = ["--input", "least=2"];
    assert_eq!(told(&[&file[..], &argument[..]].concat(), &variables), ["2 environment", "1 environment"]);
}

#[test]
fn an_input_is_in_a_test_what_the_policies_get() {
    let directory = Directory::new();
    let secret = "input \"token\" {\n  type      = string\n  sensitive = true\n}\n";
    let condition = "attrs.least == input.least && core::nonsensitive(attrs.token) == core::nonsensitive(input.token)";
    let message = "${attrs.least} ${attrs.token}";
    directory.write("p/x.policy.hcl", format!("{TESTED}{secret}{}", policy("p", condition, "x")));
    directory.write("p/y.policy.hcl", format!("{TESTED}{secret}{}", policy("q", "attrs.size > 0", message)));
    let mocks = "inputs {\n  least = \"4\"\n  name  = \"n\"\n}\n\
                 resource \"t_x\" \"a\" {\n  attrs = { size = 0, least = input.least, token = input.token }\n}\n\
                 resource \"t_x\" \"b\" {\n  attrs = { size = 0, least = input.least, token = input.token }\n  inputs {\n    least = null\n    token = \"hunter3\"\n  }\n}\n";
    directory.write("p/x.policytest.hcl", mocks);
    let output = run(&["policy", "test", "p", "--input", "token=hunter2"], b"", &[], directory.path());
    let notes = output.stdout.lines().filter_map(|line| line.trim().strip_prefix("× "));
    assert_eq!(notes.collect::<Vec<_>>(), ["q: 4 (sensitive)", "q: 9 (sensitive)"], "{}", output.stdout);
    let explained = run(&["policy", "test", "p", "--input", "token=hunter2", "--verbose"], b"", &[], directory.path());
    for output in [output, explained] {
        assert!(!format!("{}{}", output.stdout, output.stderr).contains("hunter"));
    }
}

#[test]
fn a_star_in_the_type_of_a_broken_plan_is_one_letter() {
    let stack = stack();
    stack.write("plan.json", PLAN.replace("\"type\":\"t_x\"", "\"type\":\"t_*x\""));
    let text = policy("p", "core::length(core::getresources(\"t_*\")) == 0", "n").replace("\"t_x\"", "\"t_*\"");
    stack.write("p/a.policy.hcl", text);
    assert_eq!(found(&check(&stack, &["--policies", "p"], &[])), ["p/a.policy.hcl: n"]);
}

#[test]
fn a_test_with_an_input_that_does_not_fit_could_not_run() {
    let directory = Directory::new();
    directory.write("p/x.policy.hcl", format!("{TESTED}{}", policy("p", "attrs.size > input.least", "x")));
    directory.write("p/x.policytest.hcl", "resource \"t_x\" \"a\" {\n  attrs = { size = 0 }\n}\n");
    let output = run(&["policy", "test", "p", "--input", "least=many"], b"", &[], directory.path());
    assert_eq!(output.code, 2);
    assert!(output.stdout.contains("--input least: the value does not fit: a number is required"), "{}", output.stdout);
    let output = run(&["policy", "test", "p", "--input-file", "none.tfvars"], b"", &[], directory.path());
    assert_eq!(output.code, 2);
    let output = run(&["policy", "test", "p", "--input", "leest=1", "--input", "name=x"], b"", &[], directory.path());
    assert!(
        output.stderr.contains("--input leest: no policy file declares an input of that name; did you mean least?")
    );
}

#[test]
fn a_test_sees_the_clock() {
    let directory = Directory::new();
    let condition = "core::timecmp(core::timeadd(core::timestamp(), \"1h\"), attrs.until) == 0";
    directory.write("p/x.policy.hcl", policy("p", condition, "x"));
    let mock = "resource \"t_x\" \"a\" {\n  attrs = { until = core::timeadd(core::timestamp(), \"60m\") }\n}\n\
                resource \"t_x\" \"b\" {\n  attrs = { until = \"2026-01-01T01:00:00Z\" }\n}\n";
    directory.write("p/x.policytest.hcl", mock);
    // 2026-01-01T00:00:00Z
    let output = run(&["policy", "test", "p"], b"", &[("SOURCE_DATE_EPOCH", "1767225600")], directory.path());
    assert_eq!(output.code, 0, "{}", output.stdout);
}
