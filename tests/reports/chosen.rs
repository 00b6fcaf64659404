//! What the command writes of a fixture in a step of GitHub Actions, for reading: a few policies, every format for
//! programs and pages.

use std::fs;
use std::path::Path;

use regex::Regex;

use crate::sarif::keeps_to_the_schema;
use crate::support::{Directory, run};

const FORMATS: [&str; 6] = ["sarif", "rdjsonl", "junit", "markdown", "comment", "issue"];

const POLICIES: [&str; 5] = [
    "rds_instance_without_standby",
    "log_group_retention_too_short",
    "gateway_endpoint_missing",
    "elasticache_not_multi_az",
    "ecs_no_circuit_breaker",
];

const STEP: [(&str, &str); 6] = [
    ("TFACTION_TARGET", "gym/update"),
    ("GITHUB_SERVER_URL", "https://github.com"),
    ("GITHUB_REPOSITORY", "fitness/infra"),
    ("GITHUB_SHA", "0123456789abcdef0123456789abcdef01234567"),
    ("GITHUB_RUN_ID", "17"),
    ("GITHUB_JOB", "plan"),
];

#[test]
fn a_few_policies_in_every_format() {
    let directory = Directory::new();
    let path = |format: &str| directory.path().join(format).to_str().unwrap().to_owned();
    let sinks = FORMATS.map(|format| format!("--output={format}={}", path(format)));
    let policies = POLICIES.map(|policy| format!("--policy={policy}"));
    let mut arguments = vec!["check", "fixtures/fitness_gym_update/tfplan.json", "--quiet", "--ci", "github"];
    arguments.extend(sinks.iter().chain(&policies).map(String::as_str));
    let output = run(&arguments, b"", &STEP, Path::new(env!("CARGO_MANIFEST_DIR")));
    assert_eq!((output.code, output.stdout.as_str(), output.stderr.as_str()), (1, "", ""));
    let hash = Regex::new(r#"("primaryLocationLineHash": )"[0-9a-f]+:\d+""#).unwrap();
    for format in FORMATS {
        let written = fs::read_to_string(path(format)).unwrap();
        if format == "sarif" {
            keeps_to_the_schema(&written, "a few policies");
        }
        // A release changes no snapshot.
        let shown = written.replace(concat!("blob/v", env!("CARGO_PKG_VERSION")), "blob/[VERSION]");
        let own = concat!("\"semanticVersion\": \"", env!("CARGO_PKG_VERSION"), "\"");
        let shown = shown.replace(own, "\"semanticVersion\": \"[VERSION]\"");
        // Neither does a comment in the fixture.
        insta::assert_snapshot!(format, hash.replace_all(&shown, "$1\"[HASH]\""));
    }
}
