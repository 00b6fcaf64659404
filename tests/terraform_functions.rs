//! Terraform's functions, compared with Terraform.
//!
//! `terraform_functions/expressions.txt` holds expressions, `terraform_functions/answers.json` what Terraform's console
//! says of them. Where that version of Terraform is installed, its answers are asked for again; elsewhere the committed
//! ones are believed. `SNAPSHOTS=overwrite cargo test --test terraform_functions` writes them anew.
//!
//! An expression below a line `differs: REASON => ANSWER` is one on which planfit is known to differ; that is tested, too,
//! so that the line goes away with the difference.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]
#![expect(clippy::disallowed_methods, reason = "tests read their tables and start terraform")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine as _;

#[path = "support/nowhere.rs"]
mod nowhere;

use nowhere::Nowhere;

/// An expression of the table.
struct Case {
    expression: String,
    /// What planfit says, if that is not Terraform's answer, and why.
    differs: Option<(String, String)>,
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/terraform_functions").join(name)
}

fn cases() -> Vec<Case> {
    let text = std::fs::read_to_string(path("expressions.txt")).unwrap();
    let mut cases = Vec::new();
    let mut differs = None;
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(difference) = line.strip_prefix("differs: ") {
            let (reason, answer) = difference.rsplit_once(" => ").unwrap();
            differs = Some((answer.to_owned(), reason.to_owned()));
        } else {
            cases.push(Case { expression: line.to_owned(), differs: differs.take() });
        }
    }
    cases
}

/// The committed answers and the version of Terraform that gave them. An answer is JSON text, `error` or `unknown`.
#[derive(serde::Deserialize)]
struct Committed {
    terraform: String,
    answers: BTreeMap<String, Box<serde_json::value::RawValue>>,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer<'a> {
    #[serde(borrow)]
    Value(&'a serde_json::value::RawValue),
    Error,
    Unknown,
}

fn committed() -> (String, BTreeMap<String, String>) {
    let text = std::fs::read_to_string(path("answers.json")).unwrap();
    let committed: Committed = serde_json::from_str(&text).unwrap();
    let answers = committed.answers.iter().map(|(expression, answer)| {
        let answer = match serde_json::from_str(answer.get()).unwrap() {
            Answer::Value(value) => value.get().to_owned(),
            Answer::Error => "error".to_owned(),
            Answer::Unknown => "unknown".to_owned(),
        };
        (expression.clone(), answer)
    });
    (committed.terraform, answers.collect())
}

fn overwrite(version: &str, answers: &[(String, String)]) {
    let mut text = format!("{{\n\"terraform\": {version:?},\n\"answers\": {{\n");
    for (position, (expression, answer)) in answers.iter().enumerate() {
        let expression = serde_json::to_string(expression).unwrap();
        let answer = match answer.as_str() {
            "error" | "unknown" => format!("{answer:?}"),
            value => format!("{{\"value\":{value}}}"),
        };
        let comma = if position + 1 < answers.len() { "," } else { "" };
        writeln!(text, "{expression}: {answer}{comma}").unwrap();
    }
    text.push_str("}\n}\n");
    std::fs::write(path("answers.json"), text).unwrap();
}

/// The installed version of Terraform, if there is one.
fn installed() -> Option<String> {
    let output = terraform(&std::env::temp_dir()).args(["version", "-json"]).output().ok()?;
    let version: serde_json::Value = serde_json::from_slice(&output.stdout).ok()?;
    Some(version.get("terraform_version")?.as_str()?.to_owned())
}

fn terraform(directory: &Path) -> Command {
    let mut command = Command::new("terraform");
    command.current_dir(directory).env_clear().env("CHECKPOINT_DISABLE", "1").env("HOME", directory);
    command.env("TF_CLI_CONFIG_FILE", directory.join("none.tfrc"));
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command
}

/// Terraform's answers, from one run of its console over a module that holds all expressions.
fn ask_terraform(cases: &[Case]) -> Vec<String> {
    let directory = std::env::temp_dir().join(format!("planfit-terraform-functions-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    std::fs::write(directory.join("none.tfrc"), "").unwrap();
    let mut module = "locals {\n  answers = [\n".to_owned();
    for Case { expression, .. } in cases {
        writeln!(module, "base64encode(nonsensitive(try(jsonencode({expression}), \"error\"))),").unwrap();
    }
    module.push_str("  ]\n}\n");
    std::fs::write(directory.join("main.tf"), module).unwrap();
    std::fs::write(directory.join("input"), "local.answers\n").unwrap();
    let input = std::fs::File::open(directory.join("input")).unwrap();
    let output = terraform(&directory).arg("console").stdin(input).output().unwrap();
    std::fs::remove_dir_all(&directory).unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().filter_map(|line| line.strip_prefix("  ")?.strip_suffix(','));
    let answers: Vec<String> = lines
        .map(|line| match line.strip_prefix('"').and_then(|line| line.strip_suffix('"')) {
            Some(encoded) => {
                let bytes = base64::engine::general_purpose::STANDARD.decode(encoded).unwrap();
                String::from_utf8(bytes).unwrap()
            }
            None => "unknown".to_owned(),
        })
        .collect();
    assert_eq!(answers.len(), cases.len(), "terraform console says: {text}{}", String::from_utf8_lossy(&output.stderr));
    answers
}

fn answer(expression: &str) -> String {
    match nowhere::evaluate(&format!("jsonencode({expression})"), &Nowhere::default()) {
        Ok(value) => value.as_str().map_or_else(|| "unknown".to_owned(), str::to_owned),
        Err(_) => "error".to_owned(),
    }
}

#[test]
fn committed_answers_are_those_of_terraform() {
    let cases = cases();
    let overwriting = std::env::var_os("SNAPSHOTS").is_some_and(|mode| mode == "overwrite");
    let Some(version) = installed() else {
        assert!(!overwriting, "terraform is not installed");
        return;
    };
    if overwriting {
        let expressions = cases.iter().map(|case| case.expression.clone());
        overwrite(&version, &expressions.zip(ask_terraform(&cases)).collect::<Vec<_>>());
    }
    let (recorded, answers) = committed();
    let minor = |version: &str| version.split('.').take(2).map(str::to_owned).collect::<Vec<_>>();
    // Functions gain abilities with versions; only the version that was asked is asked again.
    if minor(&recorded) != minor(&version) {
        return;
    }
    for (case, asked) in cases.iter().zip(ask_terraform(&cases)) {
        assert_eq!(answers.get(&case.expression), Some(&asked), "{}", case.expression);
    }
}

#[test]
fn planfit_answers_as_terraform_does() {
    let (_, answers) = committed();
    let mut wrong = Vec::new();
    for Case { expression, differs } in cases() {
        let Some(terraform) = answers.get(&expression) else {
            wrong.push(format!("{expression}\n  has no answer in answers.json"));
            continue;
        };
        let planfit = answer(&expression);
        match differs {
            None if planfit == *terraform => {}
            None => wrong.push(format!(
                "{expression}\n  terraform {terraform}\n  planfit   {planfit} {:?}",
                nowhere::evaluate(&expression, &Nowhere::default()).err()
            )),
            Some((_, reason)) if planfit == *terraform => {
                wrong.push(format!("{expression}\n  differs no more: take the line \"{reason}\" away"));
            }
            Some((listed, _)) if listed == planfit => {}
            Some((listed, _)) => wrong.push(format!("{expression}\n  listed as {listed}\n  planfit   {planfit}")),
        }
    }
    assert!(wrong.is_empty(), "{} expressions differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_expression_stands_once_in_the_table_and_in_the_answers() {
    let (_, answers) = committed();
    let mut expressions: Vec<String> = cases().into_iter().map(|case| case.expression).collect();
    expressions.sort();
    assert_eq!(expressions, answers.into_keys().collect::<Vec<_>>());
}

#[test]
fn every_function_is_in_the_table() {
    let cases = cases();
    // Terraform has no such function, gives another value each time, or shows it in its console only.
    let left_out = [
        "base64gzip",
        "bcrypt",
        "contains_substring",
        "plantimestamp",
        "regex_match",
        "rsadecrypt",
        "semvercmp",
        "semverconstraint",
        "timestamp",
        "type",
        "uuid",
        "valuetostring",
    ];
    for name in planfit::expr::functions::names() {
        let called = cases.iter().any(|case| case.expression.contains(&format!("{name}(")));
        assert!(called || left_out.contains(&name), "{name} is not in the table");
    }
}
