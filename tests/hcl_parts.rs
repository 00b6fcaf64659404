//! Module calls, providers and imports where HCL alone is judged: what they are given is evaluated as the rest of the
//! source is, in each instance.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

mod support;

use serde_json::Value;
use support::{Directory, run};

/// Judges a directory under one policy; `ADDRESS: MESSAGE` of each verdict, sorted, and the whole report.
fn judged(files: &[(&str, &str)], policy: &str, more: &[&str]) -> (Vec<String>, Value) {
    let directory = Directory::new();
    for (path, text) in files {
        directory.write(path, text);
    }
    directory.write("p.policy.hcl", policy);
    let own = ["check", ".", "--policies", "p.policy.hcl", "--policy", "p", "--show-unknown", "--output", "json"];
    let output = run(&[&own, more].concat(), b"", &[], directory.path());
    let report: Value = serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    let mut told: Vec<String> = findings
        .map(|finding| {
            let instances: Vec<String> = finding["instances"].as_array().unwrap().iter().map(text).collect();
            format!("{}: {}", instances.join(" "), text(&finding["message"]))
        })
        .collect();
    told.sort();
    (told, report)
}

fn told(files: &[(&str, &str)], policy: &str) -> Vec<String> {
    judged(files, policy, &[]).0
}

/// A policy that fails on everything and says so.
fn saying(kind: &str, label: &str, message: &str) -> String {
    format!(
        "{kind} \"{label}\" \"p\" {{\n  enforce {{\n    condition     = false\n    error_message = \"{message}\"\n  }}\n}}\n"
    )
}

const MODULE: (&str, &str) = ("m/main.tf", "variable \"name\" {}\nvariable \"size\" {\n  default = 1\n}\n");

#[test]
fn a_call_is_judged_by_what_its_module_is_given() {
    let root = r#"
variable "environment" {
  default = "production"
}
locals {
  sizes = { production = 3 }
}
module "a" {
  source = "./m"
  name   = "${var.environment}-a"
  size   = local.sizes[var.environment]
}
module "far" {
  source  = "example/far/aws"
  version = "1.2.3"
  name    = upper(var.environment)
}
"#;
    let policy = saying("module_policy", "*", "${meta.source} ${attrs.name} ${core::try(attrs.size, 0)}");
    let files = [("main.tf", root), MODULE];
    assert_eq!(told(&files, &policy), ["module.a: ./m production-a 3", "module.far: example/far/aws PRODUCTION 0"]);
    let given = judged(&files, &policy, &["--var", "environment=production"]).0;
    assert_eq!(given, told(&files, &policy));
    let values = [("main.tf", root), MODULE, ("terraform.tfvars", "environment = \"x\"\n")];
    assert!(told(&values, &saying("module_policy", "*", "${attrs.name}"))[0].ends_with("x-a"));
}

#[test]
fn what_differs_between_instances_is_not_known_and_what_does_not_is() {
    let root = r#"
module "each" {
  source   = "./m"
  for_each = { one = 2, two = 2 }
  name     = each.key
  size     = each.value
}
module "outer" {
  source = "./outer"
  count  = 2
}
module "none" {
  source = "./outer"
  count  = 0
}
"#;
    let outer = "module \"inner\" {\n  source = \"../m\"\n  name = \"same\"\n  size = 1 + 1\n}\n";
    let policy = "module_policy \"*\" \"p\" {\n  filter = meta.source != \"./outer\"\n  enforce {\n    condition     = attrs.size != 2 || attrs.name == \"other\"\n    error_message = \"It is two.\"\n  }\n}\n";
    assert_eq!(
        told(&[("main.tf", root), ("outer/main.tf", outer), MODULE], policy),
        [
            "module.each: attrs.name is not known: it differs between the instances of the module",
            "module.none.module.inner: attrs.size is not known: the module that it stands in has no instance",
            "module.outer.module.inner: It is two.",
        ]
    );
}

#[test]
fn arguments_that_are_secret_are_never_shown() {
    let root = "module \"a\" {\n  source = \"./m\"\n  name = \"hunter1\"\n}\nprovider \"t\" {\n  api_key = \"hunter2\"\n  inner {\n    password = \"hunter3\"\n  }\n}\n";
    let module = "variable \"name\" {\n  sensitive = true\n}\n";
    for (kind, attribute) in [
        ("module_policy", "attrs.name"),
        ("provider_policy", "attrs.api_key"),
        ("provider_policy", "attrs.inner[0].password"),
    ] {
        let found =
            told(&[("main.tf", root), ("m/main.tf", module)], &saying(kind, "*", &format!("It is ${{{attribute}}}.")));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(!found[0].contains("hunter"), "{found:?}");
    }
}

#[test]
fn a_provider_is_judged_by_its_evaluated_arguments() {
    let root = r#"
variable "region" {
  default = "eu-west-1"
}
variable "open" {}
terraform {
  required_providers {
    gadget = {
      source = "acme/thing"
    }
  }
}
provider "aws" {
  region = var.region
  default_tags {
    tags = { region = "${var.region}-tag" }
  }
}
provider "aws" {
  alias  = "east"
  region = var.open
}
provider "gadget" {
  region = lower("X")
}
"#;
    let policy = saying(
        "provider_policy",
        "*",
        "${meta.type} ${attrs.region} ${core::try(attrs.default_tags[0].tags.region, 0)}",
    );
    let expected = [
        "provider.aws.east: aws var.open 0",
        "provider.aws: aws eu-west-1 eu-west-1-tag",
        "provider.gadget: thing x 0",
    ];
    assert_eq!(told(&[("main.tf", root)], &policy), expected);
}

// OpenTofu's documentation of providers, "Multiple provider instances". Terraform has no for_each there.
#[test]
fn providers_with_for_each_have_instances() {
    let root = r#"
variable "open" {
  type = set(string)
}
provider "aws" {
  alias    = "by_region"
  for_each = toset(["eu-west-1", "us-east-1"])
  region   = each.value
}
provider "aws" {
  alias    = "open"
  for_each = var.open
  region   = each.key
}
"#;
    let policy = "provider_policy \"aws\" \"p\" {\n  enforce {\n    condition     = attrs.region != \"us-east-1\"\n    error_message = \"No.\"\n  }\n}\n";
    let (found, report) = judged(&[("main.tf", root)], policy, &[]);
    assert_eq!(
        found,
        [
            "provider.aws.by_region[\"us-east-1\"]: No.",
            "provider.aws.open[*]: attrs.region is not known: for_each is not known: var.open has no value here",
        ]
    );
    assert_eq!(report["summary"]["uncounted"], 1);
    assert_eq!(report["not_evaluated"][0]["subject"], "provider.aws.open[*]");
}

const ENVIRONMENTS: &str = "environment \"production\" {\n  tags = { env = [\"prd\"] }\n}\nenvironment \"staging\" {\n  tags = { env = [\"stg\"] }\n}\n";

#[test]
fn an_object_has_the_tags_of_the_provider_that_it_uses() {
    let provider = |alias: &str, env: &str| {
        format!("provider \"aws\" {{\n{alias}  default_tags {{\n    tags = {{ env = \"{env}\" }}\n  }}\n}}\n")
    };
    let providers = provider("", "prd") + &provider("  alias = \"stg\"\n", "stg");
    let root = r#"
resource "aws_sqs_queue" "plain" {}
resource "aws_sqs_queue" "named" {
  provider = aws.stg
}
module "inherits" {
  source = "./m"
}
module "given" {
  source = "./m"
  providers = {
    aws = aws.stg
  }
}
module "through" {
  source = "./through"
  providers = {
    aws.other = aws.stg
  }
}
"#;
    let through = "terraform {\n  required_providers {\n    aws = {\n      source = \"hashicorp/aws\"\n      configuration_aliases = [aws.other]\n    }\n  }\n}\nmodule \"m\" {\n  source = \"../m\"\n  providers = { aws = aws.other }\n}\n";
    let queue = "resource \"aws_sqs_queue\" \"this\" {}\n";
    let files = [
        ("main.tf", &*format!("{providers}{root}")),
        ("m/main.tf", queue),
        ("through/main.tf", through),
        (".planfit.hcl", ENVIRONMENTS),
    ];
    assert_eq!(
        told(&files, &saying("resource_policy", "aws_sqs_queue", "${meta.environment}")),
        [
            "aws_sqs_queue.named: staging",
            "aws_sqs_queue.plain: production",
            "module.given.aws_sqs_queue.this module.through.module.m.aws_sqs_queue.this: staging",
            "module.inherits.aws_sqs_queue.this: production",
        ]
    );
}

#[test]
fn an_object_knows_the_type_of_its_provider() {
    let root = "terraform {\n  required_providers {\n    acme = {\n      source = \"example.com/acme/thing\"\n    }\n  }\n}\nresource \"acme_x\" \"own\" {}\nresource \"other_x\" \"named\" {\n  provider = acme.alias\n}\nresource \"other_x\" \"plain\" {}\n";
    let policy = saying("resource_policy", "*", "${meta.provider_type}");
    assert_eq!(
        told(&[("main.tf", root)], &policy),
        ["acme_x.own: thing", "other_x.named: thing", "other_x.plain: other"]
    );
}

#[test]
fn import_blocks_say_which_instances_are_imported() {
    let root = r#"
import {
  to = t_x.single
  id = "a"
}
import {
  to = t_x.counted[1]
  id = "a"
}
import {
  for_each = { a = 1 }
  to       = t_x.keyed[each.key]
  id       = each.value
}
import {
  for_each = var.open
  to       = t_x.open[each.key]
  id       = each.value
}
import {
  to = module.m["k"].t_x.inner
  id = "a"
}
variable "open" {}
resource "t_x" "single" {}
resource "t_x" "other" {}
resource "t_x" "counted" {
  count = 2
}
resource "t_x" "keyed" {
  for_each = toset(["a", "b"])
}
resource "t_x" "open" {
  for_each = toset(["a", "b"])
}
module "m" {
  source   = "./m"
  for_each = toset(["k", "l"])
}
"#;
    let module = "import {\n  to = t_x.ignored\n  id = \"a\"\n}\nresource \"t_x\" \"inner\" {}\nresource \"t_x\" \"ignored\" {}\n";
    let policy = "resource_policy \"t_x\" \"p\" {\n  enforce {\n    condition     = !meta.importing\n    error_message = \"It is imported.\"\n  }\n}\n";
    let (_, report) = judged(&[("main.tf", root), ("m/main.tf", module)], policy, &[]);
    let findings = report["findings"].as_array().unwrap().iter();
    let mut imported: Vec<&str> = findings
        .flat_map(|finding| finding["instances"].as_array().unwrap())
        .map(|name| name.as_str().unwrap())
        .collect();
    imported.sort_unstable();
    assert_eq!(
        imported,
        [
            "module.m[\"k\"].t_x.inner",
            "t_x.counted[1]",
            "t_x.keyed[\"a\"]",
            "t_x.open[\"a\"]",
            "t_x.open[\"b\"]",
            "t_x.single",
        ]
    );
}

#[test]
fn imports_are_known_in_json_too() {
    let root = r#"{
  "import": [{"to": "t_x.single", "id": "a"}, {"to": "t_x.keyed[\"a\"]", "id": "b"}],
  "resource": {"t_x": {"single": {}, "other": {}, "keyed": {"for_each": {"a": 1, "b": 2}}}}
}"#;
    let policy = "resource_policy \"t_x\" \"p\" {\n  enforce {\n    condition     = !meta.importing\n    error_message = \"It is imported.\"\n  }\n}\n";
    let (_, report) = judged(&[("main.tf.json", root)], policy, &[]);
    let findings = report["findings"].as_array().unwrap().iter();
    let imported: Vec<&str> = findings.map(|finding| finding["address"].as_str().unwrap()).collect();
    assert_eq!(imported, ["t_x.single", "t_x.keyed[\"a\"]"]);
}

// The names are those of policies/map_arguments.csv.
#[test]
fn in_json_some_arguments_are_maps_with_any_provider() {
    let root = r#"{"resource": {"t_x": {"a": {"triggers": {"k": "v"}, "network": {"k": "v"}}}}}"#;
    let policy = saying("resource_policy", "t_x", "${core::jsonencode([attrs.triggers, attrs.network])}");
    assert_eq!(told(&[("main.tf.json", root)], &policy), [r#"t_x.a: [{"k":"v"},[{"k":"v"}]]"#]);
}
