//! `.planfit.hcl` as text: what it may say, and every fault in it.

use std::collections::BTreeSet;

use planfit::config::schema::{self, Block, Kind};
use planfit::config::{self, Config, Named, Whereabouts};
use planfit::expr::Fault;
use planfit::finding::{Enforcement, Severity};
use planfit::source::{SourceMap, hcl};
use planfit::value::Value;

fn read(text: &str) -> (Config, Vec<String>) {
    let mut sources = SourceMap::default();
    let file = sources.add(".planfit.hcl", text);
    let (config, faults) = config::parse(file, text);
    let shown = |fault: &Fault| {
        let place = sources.start(fault.span);
        format!("{}:{} {}", place.line, place.column, fault.message)
    };
    (config, faults.iter().map(shown).collect())
}

#[track_caller]
fn config(text: &str) -> Config {
    let (config, faults) = read(text);
    assert!(faults.is_empty(), "{faults:#?}");
    config
}

/// Every block and key, as the specification shows them.
const WHOLE: &str = r#"
policy_paths = ["policies"]
fail_level   = "none"
pedantic     = true
baseline     = ".planfit-baseline"
exclude      = ["examples/**"]
require_reason = false
honour_foreign_suppressions = true
max_file_size = 1048576

environment "production" {
  paths   = ["envs/prd/**"]
  targets = ["prd/*"]
}
environment "staging" {
  workspaces = ["stg"]
  tags       = { env = ["staging", "stg"] }
}

rule {
  policies     = ["log_group_retention_too_short"]
  categories   = ["log_retention"]
  environments = ["staging"]
  paths        = ["envs/**"]
  targets      = ["stg/*"]
  enabled      = true
  level        = "advisory"
  severity     = "low"
  inputs       = { min_days = 90, "days-off" = [1, -2.5, { a = null }] }
}

ignore {
  policies     = ["port_open_to_world"]
  addresses    = ["module.vpn.*"]
  paths        = ["envs/prd/*.tf"]
  environments = ["production"]
  reason       = <<-EOT
    VPN endpoint,
    reviewed by the team
  EOT
  until        = "2027-03-31"
}

cost {
  currency              = "JPY"
  rate                  = 150
  rate_as_of            = "2026-11-01"
  tax                   = 10
  region                = "ap-northeast-1"
  usage_file            = "infracost-usage.yml"
  price_book            = ["prices/tokyo.csv"]
  max_age_days          = 100
  assume_root_volume_gb = 8
  log_compression       = 0.25
  derive_multi_az       = true
  spot_discount         = { fargate = 0.7 }
  budget "app" {
    environments     = ["production"]
    targets          = ["prd/*"]
    paths            = ["envs/prd/**"]
    scope            = ["module.app.*"]
    total_monthly    = { warn = 120000, fail = 150000 }
    increase_monthly = { warn = 7500 }
    per_resource     = { fail = 45000 }
    increase_percent = { warn = 10, fail = 30, min_amount = 3000 }
    measure          = "max"
    on_unknown       = "pass"
    unpriced         = "warn"
    message          = "Ask #platform before raising this"
  }
}

audit {
  directories  = { "states/prd-app*.tfstate" = "envs/prd/app" }
  ignore       = ["aws_iam_role"]
  keep_tag     = "keep"
  severity_usd = { high = 50, medium = 10.5 }
  quiet_days   = 7
}

lightsail {
  migrated = true
}

calendar {
  business_hours = "Mon-Sat 06:00-24:00, Sun 08:00-20:00"
  timezone       = "Asia/Tokyo"
}

rehearsal {
  tokens         = { staging = ["stg"], production = ["prd"] }
  regions        = { staging = ["ap-northeast-1"] }
  accounts       = { staging = ["111111111111"] }
  domains        = { production = ["example.jp"] }
  pairs          = { "envs/stg/app" = "envs/prd/app" }
  order          = ["envs/prd/network", "envs/prd/app"]
  max_age        = "21d"
  compare_values = ["aws_db_instance.engine_version"]
  waiver "module.dr.*" {
    reason = "exists in production only"
    until  = "2027-01-31"
  }
  manual "maintenance page on" {
    before   = "envs/prd/app"
    minutes  = 5
    evidence = "rehearsal/notes.md"
  }
}
"#;

#[test]
fn every_block_and_key_is_read() {
    let config = config(WHOLE);
    assert_eq!(config.fail_level.as_ref().map(|level| level.value), Some(None));
    assert!(config.is_pedantic() && !config.requires_reason() && config.honours_foreign_suppressions());
    assert_eq!(config.max_file_size(), 1 << 20);
    assert!(config.excludes("examples/a/b") && config.excludes("examples") && !config.excludes("envs"));
    let labels: Vec<&str> = config.environments.iter().map(|environment| &*environment.label).collect();
    assert_eq!(labels, ["production", "staging"]);
    let [ignore] = config.ignores.as_slice() else { panic!("{:?}", config.ignores) };
    assert_eq!(ignore.reason.as_deref(), Some("VPN endpoint,\nreviewed by the team\n"));
    assert_eq!(ignore.until.unwrap().to_string(), "2027-03-31");
    assert!(ignore.names("x", &["port_open_to_world".to_owned()]) && !ignore.names("x", &[]));
    assert!(ignore.holds_in(Some("production")) && !ignore.holds_in(None));
    let [rule] = config.rules.as_slice() else { panic!("{:?}", config.rules) };
    assert_eq!(rule.level.as_ref().map(|level| level.value), Some(Enforcement::Advisory));
    let days_off = rule.inputs[1].1.value.as_list().unwrap();
    assert!(matches!(&days_off[1], Value::Number(number) if number.to_string() == "-2.5"));
    assert!(matches!(&days_off[2], Value::Object(object) if matches!(object.get("a"), Some(Value::Null))));
    let cost = &config.cost;
    assert_eq!((cost.currency.as_deref(), cost.rate.unwrap().to_string()), (Some("JPY"), "150".to_owned()));
    assert_eq!(cost.log_compression.unwrap().to_string(), "0.25");
    let [budget] = cost.budgets.as_slice() else { panic!("{cost:?}") };
    assert_eq!(budget.increase_percent.unwrap().min_amount.unwrap().to_string(), "3000");
    assert_eq!((budget.per_resource.unwrap().warn, budget.measure.as_deref()), (None, Some("max")));
    assert_eq!(config.audit.directories[0].1, "envs/prd/app");
    assert!(config.audit.directories[0].0.matches("states/prd-app-2.tfstate"));
    assert_eq!(config.audit.severity_medium.unwrap().to_string(), "10.5");
    assert!(config.lightsail_migrated);
    assert_eq!(config.calendar.timezone.as_deref(), Some("Asia/Tokyo"));
    let rehearsal = &config.rehearsal;
    assert_eq!((rehearsal.max_age_days, rehearsal.waivers.len(), rehearsal.manual.len()), (Some(21), 1, 1));
}

/// The names of all blocks and keys of the table.
fn names(block: &'static Block, names: &mut BTreeSet<&'static str>) {
    names.extend(block.keys.iter().map(|key| key.name));
    let fields = block.keys.iter().filter_map(|key| match key.kind {
        Kind::Fields(keys) => Some(keys),
        _ => None,
    });
    names.extend(fields.flatten().map(|key| key.name));
    names.extend(block.blocks.iter().map(|block| block.name));
    block.blocks.iter().for_each(|block| self::names(block, names));
}

#[test]
fn the_text_above_holds_the_whole_table() {
    let mut known = BTreeSet::new();
    names(&schema::FILE, &mut known);
    for name in known {
        let written =
            WHOLE.lines().any(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name));
        assert!(written, "{name}");
    }
    let Kind::Whole(_, most) = schema::FILE.key("max_file_size").unwrap().kind else { panic!("a number") };
    assert_eq!(usize::try_from(most).unwrap(), hcl::MAX_FILE_SIZE);
    assert_eq!(schema::FILE.key("max_file_size").unwrap().default, most.to_string());
}

#[test]
fn all_faults_are_told_at_once() {
    let (_, faults) = read(
        r#"fail_levl = "high"
fail_level = "urgent"
pedantic = "yes"
exclude = ["a/[", 7]
max_file_size = 0
policy_paths = upper("policies")
baseline = var.baseline
environment {
}
environment "production" {
  path = ["envs/prd/**"]
}
environment "production" {
}
rule {
  environments = ["prodution"]
  level = "mandatry"
  inputs = { min_days = 90 }
}
rule {
  policies = []
  severity = "hgih"
}
rule {
  categories = ["exposure"]
}
ignore {
  until = "2027-02-30"
}
ignor {
}
rule = {}
fail_level {
}
cost {
  currency = "JPY"
  spot_discount = { lambda = 1 }
  tax = 101
  budget "a" {
    total_monthly = { warn = 2, fail = 1 }
    environments = ["staging"]
  }
}
cost {
}
calendar {
  business_hours = "always"
  timezone = "Asia/Tokio"
}
rehearsal {
  max_age = "two weeks"
  pairs = { a = 1 }
  tokens = { staging = "stg" }
  waiver "x" {
  }
}
"#,
    );
    insta::assert_snapshot!(faults.join("\n"));
}

#[test]
fn the_last_rule_wins_for_each_setting_by_itself() {
    let config = config(
        r#"
environment "staging" {}
rule {
  policies = ["log_*"]
  severity = "critical"
  level    = "mandatory"
  inputs   = { min_days = 30, unit = "day" }
}
rule {
  categories   = ["log_retention"]
  environments = ["staging"]
  level        = "advisory"
}
rule {
  policies = ["OLD_1"]
  inputs   = { min_days = 90 }
}
rule {
  policies = ["other"]
  enabled  = false
}
"#,
    );
    let aliases = ["OLD_1".to_owned()];
    let policy = Named { id: "log_group_kept", aliases: &aliases, category: "log_retention" };
    let setting = |environment| config.setting(policy, |number| config.rules[number].holds(environment, None, &[]));
    let staging = setting(Some("staging"));
    assert_eq!(staging.level.unwrap().value, Enforcement::Advisory);
    assert_eq!(staging.severity.unwrap().value, Severity::Critical);
    assert_eq!(staging.enabled, None);
    let inputs: Vec<String> = staging.inputs.iter().map(|(name, value)| format!("{name} {:?}", value.value)).collect();
    assert_eq!(inputs, ["min_days Number(Int(90, Bits(512)))", "unit String(\"day\")"]);
    assert_eq!(setting(None).level.unwrap().value, Enforcement::Mandatory, "unknown is no environment");
}

#[test]
fn an_environment_is_known_by_path_target_workspace_and_tag() {
    let config = config(
        r#"
environment "production" {
  paths      = ["envs/prd/**"]
  targets    = ["prd/*"]
}
environment "staging" {
  workspaces = ["stg-*"]
  tags       = { stage = ["stg", "staging"] }
}
"#,
    );
    let label = |run: Whereabouts<'_>, tags: &[(&str, &str)]| {
        let tags = tags.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        config.environment(run, || tags).map(|environment| environment.label.to_string())
    };
    let at = |directory| Whereabouts { directory: Some(directory), ..Whereabouts::default() };
    let production = Some("production".to_owned());
    let staging = Some("staging".to_owned());
    assert_eq!(label(at("envs/prd/app"), &[]), production);
    assert_eq!(label(at("envs/prd"), &[]), production);
    assert_eq!(label(at("envs/dev"), &[]), None);
    assert_eq!(label(Whereabouts { target: Some("prd/app"), ..at("x") }, &[]), production);
    assert_eq!(label(Whereabouts { workspace: Some("stg-1"), ..at("envs/prd") }, &[]), staging, "the last block wins");
    assert_eq!(label(at("envs/prd"), &[("stage", "stg")]), staging);
    assert_eq!(label(at("x"), &[("env", "production")]), None, "blocks that speak of tags say all about tags");
}

#[test]
fn a_tag_equal_to_a_label_counts_where_nothing_else_does() {
    let config = config("environment \"production\" {}\nenvironment \"staging\" {\n  paths = [\"stg/**\"]\n}\n");
    let label = |directory, tag: (&str, &str)| {
        let run = Whereabouts { directory: Some(directory), ..Whereabouts::default() };
        config.environment(run, || vec![(tag.0.into(), tag.1.into())]).map(|found| found.label.to_string())
    };
    assert_eq!(label("a", ("env", "production")).as_deref(), Some("production"));
    assert_eq!(label("a", ("environment", "staging")).as_deref(), Some("staging"));
    assert_eq!(label("a", ("stage", "production")), None);
    assert_eq!(label("a", ("env", "Production")), None);
    assert_eq!(label("stg/a", ("env", "production")).as_deref(), Some("staging"), "the directory is surer than a tag");
}

#[test]
fn no_text_makes_it_panic() {
    for text in
        ["{", "a = [", "rule \"x\" {}", &"[".repeat(10_000), &format!("a = {}1{}", "[".repeat(60), "]".repeat(60))]
    {
        assert!(!read(text).1.is_empty(), "{}", text.get(..20.min(text.len())).unwrap_or_default());
    }
}
