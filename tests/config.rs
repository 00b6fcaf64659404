//! `.planfit.hcl` as users meet it: which file is read, what it changes in a run, and what is said when it is wrong.

#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail like tests"
)]

mod support;

use serde_json::{Value, json};

use support::{Directory, Output, run};

/// Two policies of which one is for production only, with an input and no default for another.
const POLICIES: &str = r#"
input "min_days" {
  type    = number
  default = 7
}

resource_policy "x_log" "log_kept_too_short" {
  category = "logs"
  severity = "high"
  aliases  = ["CKV_X_1"]
  enforce {
    condition     = attrs.days >= input.min_days
    error_message = "${meta.address} keeps ${attrs.days} days, ${input.min_days} asked, in ${core::try(core::jsonencode(meta.environment), "?")}"
  }
}

resource_policy "x_log" "log_not_copied" {
  category = "logs"
  severity = "high"
  scope    = "production"
  enforce {
    condition = core::try(attrs.copied, false)
  }
}

resource_policy "x_log" "log_name" {
  category = "style"
  severity = "medium"
  pedantic = true
  enforce {
    condition = core::length(attrs.name) > 10
  }
}
"#;

fn log(name: &str, days: u32, tags: Value) -> Value {
    json!({"address": format!("x_log.{name}"), "mode": "managed", "type": "x_log", "name": name,
        "change": {"actions": ["create"], "before": null, "after": {"name": name, "days": days, "tags": tags},
                   "after_unknown": {}}})
}

fn plan(changes: &[Value]) -> String {
    json!({"format_version": "1.2", "resource_changes": changes, "configuration": {"root_module": {}}}).to_string()
}

/// `envs/prd` and `envs/stg` with a plan each, the policies, and a settings file that says so.
fn stack(settings: &str) -> Directory {
    let directory = Directory::new();
    directory.write("policies/log.policy.hcl", POLICIES);
    directory.write(".planfit.hcl", format!("policy_paths = [\"policies\"]\n{settings}"));
    for name in ["prd", "stg"] {
        directory.write(&format!("envs/{name}/main.tf"), "resource \"x_log\" \"a\" {\n}\n");
        directory.write(&format!("envs/{name}/plan.json"), plan(&[log("a", 3, json!({}))]));
    }
    directory
}

#[track_caller]
fn report(output: &Output) -> Value {
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

/// `policy level severity message` of each finding.
#[track_caller]
fn said(output: &Output) -> Vec<String> {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let line = |finding: &Value| {
        let words = ["policy", "level", "severity", "address"].map(|name| word(&finding[name]));
        words.join(" ")
    };
    let mut lines: Vec<String> = report(output)["findings"].as_array().unwrap().iter().map(line).collect();
    lines.sort();
    lines
}

#[track_caller]
fn check(directory: &Directory, path: &str, more: &[&str], variables: &[(&str, &str)]) -> Output {
    run(&[&["check", path, "--output", "json"], more].concat(), b"", variables, directory.path())
}

const ENVIRONMENTS: &str = r#"
environment "production" {
  paths   = ["envs/prd/**"]
  targets = ["prd/*"]
}
environment "staging" {
  paths      = ["envs/stg"]
  workspaces = ["stg"]
}
"#;

// Environments.

#[test]
fn production_is_judged_as_written_and_other_environments_skip_what_is_for_production() {
    let directory = stack(ENVIRONMENTS);
    let production = check(&directory, "envs/prd/plan.json", &[], &[]);
    assert_eq!(
        said(&production),
        ["log_kept_too_short error high x_log.a", "log_not_copied error high x_log.a"],
        "{production:?}"
    );
    assert!(production.stdout.contains(r#"in \"production\""#), "{production:?}");
    assert_eq!(said(&check(&directory, "envs/stg/plan.json", &[], &[])), ["log_kept_too_short error high x_log.a"]);
}

#[test]
fn an_environment_that_nobody_has_said_warns_at_most() {
    let output = check(&stack(""), "envs/prd/plan.json", &[], &[]);
    assert_eq!(said(&output), ["log_kept_too_short error high x_log.a", "log_not_copied warning high x_log.a"]);
}

#[test]
fn targets_and_workspaces_say_the_environment() {
    let directory = stack(ENVIRONMENTS);
    directory.write("app/main.tf", "resource \"x_log\" \"a\" {\n}\n");
    directory.write("app/plan.json", plan(&[log("a", 3, json!({}))]));
    let level = |variables: &[(&str, &str)]| {
        let output = check(&directory, "app/plan.json", &[], variables);
        said(&output).into_iter().find(|line| line.starts_with("log_not_copied"))
    };
    let at = |level| Some(format!("log_not_copied {level} high x_log.a"));
    assert_eq!(level(&[]), at("warning"));
    assert_eq!(level(&[("TFACTION_TARGET", "prd/app")]), at("error"));
    assert_eq!(level(&[("TF_WORKSPACE", "stg")]), None);
    directory.write("app/.terraform/environment", "stg");
    assert_eq!(level(&[]), None, "what terraform workspace select has written");
}

#[test]
fn resources_of_one_run_belong_to_the_environments_of_their_tags() {
    let directory = stack("environment \"production\" {}\nenvironment \"staging\" {}\n");
    let plan = plan(&[
        log("a", 9, json!({"env": "production"})),
        log("b", 9, json!({"environment": "staging"})),
        log("c", 9, json!({})),
    ]);
    directory.write("plan.json", plan);
    let output = check(&directory, "plan.json", &[], &[]);
    assert_eq!(said(&output), ["log_not_copied error high x_log.a", "log_not_copied warning high x_log.c"]);
}

#[test]
fn tags_of_the_provider_count_where_the_resource_has_none() {
    let directory = stack("environment \"production\" {\n  tags = { stage = [\"prd\", \"live\"] }\n}\n");
    directory.write("main.tf", "provider \"x\" {\n  default_tags {\n    tags = { stage = \"live\" }\n  }\n}\n");
    let mut text: Value = serde_json::from_str(&plan(&[log("a", 9, json!({}))])).unwrap();
    text["configuration"]["provider_config"] = json!({"x": {"name": "x", "full_name": "registry.terraform.io/y/x"}});
    directory.write("plan.json", text.to_string());
    assert_eq!(said(&check(&directory, "plan.json", &[], &[])), ["log_not_copied error high x_log.a"]);
}

// Rules.

#[test]
fn the_last_rule_that_matches_wins_for_each_setting() {
    let directory = stack(&format!(
        r#"{ENVIRONMENTS}
rule {{
  categories = ["logs"]
  severity   = "low"
  level      = "mandatory"
}}
rule {{
  policies     = ["CKV_X_1"]
  environments = ["production"]
  severity     = "critical"
}}
rule {{
  policies = ["log_name"]
  enabled  = true
}}
rule {{
  policies = ["log_not_*"]
  paths    = ["envs/prd/**"]
  enabled  = false
}}
"#
    ));
    assert_eq!(
        said(&check(&directory, "envs/prd/plan.json", &[], &[])),
        ["log_kept_too_short error critical x_log.a", "log_name warning medium x_log.a"]
    );
    // The level of the first rule holds wherever it holds, also where the policy's own scope would skip it.
    assert_eq!(
        said(&check(&directory, "envs/stg/plan.json", &[], &[])),
        [
            "log_kept_too_short notice low x_log.a",
            "log_name warning medium x_log.a",
            "log_not_copied notice low x_log.a"
        ]
    );
}

#[test]
fn inputs_come_from_the_command_line_then_the_rules_then_the_environment() {
    let directory = stack(&format!(
        "{ENVIRONMENTS}rule {{\n  policies = [\"log_kept_too_short\"]\n  environments = [\"staging\"]\n  inputs = {{ min_days = 2 }}\n}}\n"
    ));
    let fails = |path: &str, more: &[&str], variables: &[(&str, &str)]| {
        said(&check(&directory, path, more, variables)).iter().any(|line| line.starts_with("log_kept"))
    };
    assert!(fails("envs/prd/plan.json", &[], &[]), "7 days by default");
    assert!(!fails("envs/stg/plan.json", &[], &[]), "2 days in staging");
    assert!(!fails("envs/stg/plan.json", &[], &[("TFPOLICY_INPUT_min_days", "5")]), "rules beat variables");
    assert!(fails("envs/stg/plan.json", &["--input", "min_days=5"], &[]), "the command line beats rules");
    assert!(!fails("envs/prd/plan.json", &[], &[("TFPOLICY_INPUT_min_days", "1")]), "no rule holds in production");
}

#[test]
fn a_rule_can_concern_the_file_of_a_resource() {
    let directory = stack("rule {\n  paths = [\"legacy/**\"]\n  enabled = false\n}\n");
    directory.write("main.tf", "module \"old\" {\n  source = \"./legacy\"\n}\nresource \"x_log\" \"a\" {\n}\n");
    directory.write("legacy/main.tf", "resource \"x_log\" \"b\" {\n}\n");
    let mut inner = log("b", 3, json!({}));
    inner["address"] = json!("module.old.x_log.b");
    inner["module_address"] = json!("module.old");
    directory.write("plan.json", plan(&[log("a", 3, json!({})), inner]));
    let lines = said(&check(&directory, "plan.json", &[], &[]));
    assert_eq!(lines, ["log_kept_too_short error high x_log.a", "log_not_copied warning high x_log.a"]);
}

// The other keys.

#[test]
fn the_fail_level_of_the_file_is_weaker_than_a_drift_job_and_the_command_line() {
    let directory = stack("fail_level = \"critical\"\n");
    let code =
        |more: &[&str], variables: &[(&str, &str)]| check(&directory, "envs/prd/plan.json", more, variables).code;
    assert_eq!(code(&[], &[]), 0);
    assert_eq!(code(&["--fail-level", "high"], &[]), 1);
    let strict = stack("fail_level = \"low\"\n");
    let drift = [("TFACTION_DRIFT_ISSUE_NUMBER", "1")];
    assert_eq!(check(&strict, "envs/prd/plan.json", &[], &drift).code, 0, "a drift job does not fail");
    assert_eq!(check(&strict, "envs/prd/plan.json", &["--fail-level", "high"], &drift).code, 1);
}

#[test]
fn pedantic_and_exclude_and_max_file_size() {
    let directory = stack("pedantic = true\nexclude = [\"envs/stg\"]\nmax_file_size = 10\n");
    let output = check(&directory, "envs/prd/plan.json", &[], &[]);
    assert!(said(&output).contains(&"log_name warning medium x_log.a".to_owned()), "{output:?}");
    assert!(output.stdout.contains("the file has more than 10 bytes, and that is max_file_size"), "{output:?}");
    let output = check(&directory, "envs/stg/plan.json", &[], &[]);
    assert_eq!((output.code, said(&output)), (0, Vec::new()));
    assert!(output.stdout.contains("envs/stg/plan.json is not judged: .planfit.hcl excludes envs/stg"), "{output:?}");
}

// Which file.

#[test]
fn the_nearest_file_up_to_the_git_root_is_read() {
    let directory = stack("fail_level = \"none\"\n");
    assert_eq!(check(&directory, "envs/prd/plan.json", &[], &[]).code, 0);
    directory.write("envs/.planfit.hcl", "policy_paths = [\"../policies\"]\n");
    let output = check(&directory, "envs/prd/plan.json", &[], &[]);
    assert_eq!(output.code, 1, "the nearer one, and nothing of the other: {output:?}");
    let both = run(&["check", "envs/prd/plan.json", "policies/p.json"], b"", &[], directory.path());
    assert_eq!(both.code, 2, "{both:?}");
    let named = check(&directory, "envs/prd/plan.json", &["--config", ".planfit.hcl"], &[]);
    assert_eq!(named.code, 0, "the one that is named");
    let missing = check(&directory, "envs/prd/plan.json", &["--config", "none.hcl"], &[]);
    assert_eq!((missing.code, said(&missing)), (2, Vec::new()));
    assert!(missing.stdout.contains("--config none.hcl: "), "{missing:?}");
}

#[test]
fn a_run_over_several_directories_says_which_files_it_passes_over() {
    let directory = stack("");
    let both = ["check", "envs/prd/plan.json", "envs/stg/plan.json", "--output", "json"];
    let passed_over = |directory: &Directory, more: &[&str]| -> Option<String> {
        let output = run(&[&both, more].concat(), b"", &[], directory.path());
        let remarks = report(&output)["remarks"].as_array().unwrap().clone();
        let mut messages = remarks.iter().map(|remark| remark["message"].as_str().unwrap().to_owned());
        messages.find(|message| message.contains("not read"))
    };
    assert_eq!(passed_over(&directory, &[]), None);
    directory.write("envs/prd/.planfit.hcl", "");
    let said = passed_over(&directory, &[]).unwrap();
    assert!(said.starts_with("envs/prd/.planfit.hcl is not read: "), "{said}");
    directory.write("envs/stg/.planfit.hcl", "");
    let said = passed_over(&directory, &[]).unwrap();
    assert!(said.starts_with("envs/prd/.planfit.hcl and one more settings file are not read: "), "{said}");
    assert_eq!(passed_over(&directory, &["--config", ".planfit.hcl"]), None, "somebody has chosen");
}

#[test]
fn a_file_above_the_git_root_is_another_repository_s() {
    let directory = stack("fail_level = \"none\"\n");
    directory.write("envs/prd/.git/HEAD", "");
    let output = check(&directory, "envs/prd/plan.json", &["--policies", "policies"], &[]);
    assert_eq!(output.code, 1, "{output:?}");
}

// Faults.

#[test]
fn a_wrong_file_is_told_whole_and_nothing_is_judged() {
    let directory = stack(
        r#"fail_levl = "high"
rule {
  policies     = ["log_kept_to_short", "nothing_like_it*", "log_*"]
  categories   = ["log"]
  environments = ["prod"]
  enabled      = false
}
rule {
  policies = ["log_kept_too_short"]
  inputs   = { min_day = 3, min_days = "many" }
}
ignore {
  policies = ["CKV_X_2"]
  reason   = "known"
}
"#,
    );
    let output = run(&["check", "envs/prd/plan.json"], b"", &[], directory.path());
    assert_eq!(output.code, 2);
    insta::assert_snapshot!(output.stdout);
    let report = report(&check(&directory, "envs/prd/plan.json", &[], &[]));
    assert_eq!(report["findings"].as_array().unwrap().len(), 0);
}

// `config show`.

const SHOWN: &str = r#"fail_level = "medium"
environment "production" {
  paths = ["envs/prd/**"]
}
environment "staging" {
  paths = ["envs/stg/**"]
}
rule {
  policies = ["log_kept_*", "log_not_*"]
  severity = "low"
  inputs   = { min_days = 30 }
}
rule {
  policies     = ["CKV_X_1"]
  environments = ["production"]
  inputs       = { min_days = 90 }
}
rule {
  paths    = ["envs/stg/old.tf"]
  policies = ["log_kept_too_short"]
  enabled  = false
}
ignore {
  policies  = ["log_not_copied"]
  addresses = ["x_log.a*"]
  reason    = "copied by hand"
  until     = "2027-03-31"
}
"#;

#[track_caller]
fn show(directory: &Directory, arguments: &[&str]) -> String {
    let output = run(&[&["config", "show"], arguments].concat(), b"", &[], directory.path());
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{output:?}");
    output.stdout
}

#[test]
fn every_setting_is_shown_with_the_line_it_comes_from() {
    let text = show(&stack(SHOWN), &["envs/prd"]);
    // How many policies there are is told elsewhere.
    let lines: Vec<&str> = text.lines().filter(|line| !line.contains(" other policies are as shipped, ")).collect();
    assert_eq!(lines.len() + 1, text.lines().count());
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_file_and_an_address_have_their_own_settings() {
    let directory = stack(SHOWN);
    directory.write("envs/stg/old.tf", "");
    let file = show(&directory, &["envs/stg/old.tf"]);
    assert!(file.contains("environment                  staging"), "{file}");
    assert!(file.contains("enabled                  false                          .planfit.hcl:22"), "{file}");
    let address = show(&directory, &["x_log.b[0]"]);
    assert!(address.contains("log_kept_too_short") && !address.contains("copied by hand"), "{address}");
    assert!(show(&directory, &["x_log.a[0]"]).contains("copied by hand (until 2027-03-31)"));
    assert!(!show(&directory, &["y_log.a"]).contains("log_kept_too_short"));
}

#[test]
fn programs_get_the_settings_as_json() {
    let text = show(&stack(SHOWN), &["envs/prd", "--output", "json"]);
    let report: Value = serde_json::from_str(&text).unwrap();
    let policies = report["policies"].as_array().unwrap();
    let policy = policies.iter().find(|policy| policy["id"] == "log_kept_too_short").unwrap();
    assert_eq!(
        policy["inputs"][0],
        json!({"name": "min_days", "value": 90, "from": {"path": ".planfit.hcl", "line": 17}})
    );
    let skipped = show(&stack(SHOWN), &["envs/stg", "--output", "json"]);
    let report: Value = serde_json::from_str(&skipped).unwrap();
    let policies = report["policies"].as_array().unwrap();
    let policy = policies.iter().find(|policy| policy["id"] == "log_not_copied").unwrap();
    assert_eq!((&policy["enabled"]["value"], &policy["reason"]), (&json!(false), &json!("for production only")));
}

#[test]
fn what_cannot_be_shown_is_said() {
    let directory = stack("fail_levl = 1\n");
    let output = run(&["config", "show"], b"", &[], directory.path());
    assert_eq!((output.code, output.stdout.as_str()), (2, ""));
    assert!(output.stderr.contains("did you mean fail_level?"), "{output:?}");
    let output = run(&["config", "show", "no/such/place"], b"", &[], stack("").path());
    assert_eq!(output.code, 2);
    assert!(output.stderr.contains("no such directory or file"), "{output:?}");
}

// `init`.

#[test]
fn init_writes_what_the_repository_shows_and_never_over_a_file() {
    let directory = Directory::new();
    for path in ["envs/prd/app/main.tf", "envs/prd/db/main.tf", "envs/stg/app/main.tf", ".terraform/dev/main.tf"] {
        directory.write(path, "");
    }
    directory.write("tfaction-root.yaml", "target_groups:\n  - working_directory: aws/*/prod/**\n");
    directory.write("policies/a.policy.hcl", "");
    let output = run(&["init"], b"", &[], &directory.path().join("envs"));
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(output.stdout, @r"
    Wrote .planfit.hcl.
      production: aws/*/prod/**, envs/prd/** (2 directories with .tf files)
      staging: envs/stg/** (1 directory with .tf files)
      policies of your own: policies
    Look through it, then try: planfit config show
    ");
    let written = std::fs::read_to_string(directory.path().join(".planfit.hcl")).unwrap();
    assert!(
        written.contains("environment \"production\" {\n  paths = [\"aws/*/prod/**\", \"envs/prd/**\"]\n}"),
        "{written}"
    );
    assert!(written.contains("\npolicy_paths = [\"policies\"]\n"), "{written}");
    let again = run(&["init"], b"", &[], directory.path());
    assert_eq!(again.code, 2);
    assert!(again.stderr.contains(".planfit.hcl is there already and stays as it is; --force writes over it"));
    directory.write(".planfit.hcl", "mine");
    assert_eq!(run(&["init", "--force"], b"", &[], directory.path()).code, 0);
    assert_eq!(std::fs::read_to_string(directory.path().join(".planfit.hcl")).unwrap(), written);
    let show = run(&["config", "show", "envs/prd/db"], b"", &[], directory.path());
    assert!(show.stdout.contains("environment                  production"), "{show:?}");
}
