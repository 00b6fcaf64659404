//! Module, provider and workspace policies on a plan without source (chapters 2 and 3).

use planfit::finding::Verdict;

use crate::support::{Verdicts, judge, messages};

const PLAN: &str = r#"{"format_version":"1.2","terraform_version":"1.11.4","complete":false,"errored":false,
  "resource_changes":[],
  "resource_drift":[{"address":"t_x.a","type":"t_x","change":{"actions":["update"]}}],
  "configuration":{
    "provider_config":{
      "aws":{"name":"aws","full_name":"registry.terraform.io/hashicorp/aws","expressions":{
        "region":{"constant_value":"eu-west-1"},"api_key":{"constant_value":"hunter3"},
        "assume_role":[{"role_arn":{"references":["var.role"]}}],
        "default_tags":[{"tags":{"constant_value":{"team":"a"}}}]}},
      "aws.east":{"name":"aws","full_name":"registry.terraform.io/hashicorp/aws","alias":"east"},
      "thing":{"name":"thing","full_name":"registry.example.com/acme/gadget"}},
    "root_module":{"module_calls":{
      "net":{"source":"./modules/net","expressions":{"cidr":{"constant_value":"10.0.0.0/8"},"zones":{"references":["var.zones"]}},
        "module":{"module_calls":{"inner":{"source":"acme/inner/aws","version_constraint":"~> 1.2","module":{}}}}},
      "db":{"source":"./modules/db","expressions":{"password":{"constant_value":"hunter2"}},
        "module":{"variables":{"password":{"sensitive":true}}}}}}}}"#;

fn said(kind: &str, label: &str, condition: &str, message: &str) -> Verdicts {
    let policy = format!(
        "{kind} \"{label}\" \"p\" {{\n  enforce {{\n    condition     = {condition}\n    error_message = \"{message}\"\n  }}\n}}\n"
    );
    judge(&policy, PLAN)
}

fn texts(verdicts: Verdicts) -> Vec<String> {
    verdicts.into_iter().map(|(address, _, message)| format!("{address}: {message}")).collect()
}

#[test]
fn every_module_call_is_judged_once() {
    let found = said(
        "module_policy",
        "*",
        "false",
        r#"${meta.address} ${meta.source} ${meta.version == null ? "null" : meta.version}"#,
    );
    assert_eq!(
        texts(found),
        [
            "module.db: module.db ./modules/db null",
            "module.net: module.net ./modules/net null",
            "module.net.module.inner: module.net.module.inner acme/inner/aws ~> 1.2",
        ]
    );
}

#[test]
fn a_source_is_named_in_full() {
    assert_eq!(said("module_policy", "acme/inner/aws", "false", "x").len(), 1);
    assert_eq!(said("module_policy", "acme/inner", "false", "x").len(), 0);
    assert_eq!(said("module_policy", "registry.terraform.io/acme/inner/aws", "false", "x").len(), 1);
    assert_eq!(said("module_policy", "acme/*", "false", "x").len(), 1);
    assert_eq!(said("module_policy", "registry.terraform.io/acme/*", "false", "x").len(), 1);
    assert_eq!(said("module_policy", "app.terraform.io/acme/*", "false", "x").len(), 0);
}

#[test]
fn arguments_of_a_call_are_its_attributes() {
    assert_eq!(said("module_policy", "./modules/net", "attrs.cidr == \"10.0.0.0/8\"", ""), []);
    let verdicts = said("module_policy", "./modules/net", "core::length(attrs.zones) > 1", "");
    assert_eq!(verdicts[0].2, "attrs.zones is not known: it is made of var.zones, and the plan does not keep how");
    assert_eq!(said("module_policy", "./modules/net", "attrs.nothing", "")[0].1, Verdict::Error);
}

#[test]
fn an_argument_of_a_sensitive_variable_is_never_shown() {
    let verdicts = said("module_policy", "./modules/db", "attrs.password == \"x\"", "It is ${attrs.password}.");
    assert_eq!(verdicts[0].1, Verdict::Fail);
    assert!(!verdicts[0].2.contains("hunter2"), "{}", verdicts[0].2);
}

#[test]
fn an_argument_that_sounds_like_a_secret_is_never_shown() {
    let verdicts = said("provider_policy", "aws", "core::try(attrs.api_key, null) == null", "It is ${attrs.api_key}.");
    assert_eq!(verdicts[0].1, Verdict::Fail);
    assert!(!verdicts[0].2.contains("hunter3"), "{}", verdicts[0].2);
}

#[test]
fn every_configuration_of_a_provider_is_judged() {
    let message = "${meta.name} ${meta.type} ${core::jsonencode(meta.alias)} ${meta.source} ${meta.namespace}";
    assert_eq!(
        texts(said("provider_policy", "*", "false", message)),
        [
            "provider.aws: aws aws null registry.terraform.io/hashicorp/aws hashicorp",
            "provider.aws.east: aws aws \"east\" registry.terraform.io/hashicorp/aws hashicorp",
            "provider.thing: thing gadget null registry.example.com/acme/gadget acme",
        ]
    );
    assert_eq!(said("provider_policy", "gadget", "false", "x").len(), 1);
}

#[test]
fn blocks_of_a_provider_are_lists_and_its_version_is_null_without_a_lock_file() {
    let condition = "core::try(attrs.region, \"\") == \"eu-west-1\" && attrs.default_tags[0].tags.team == \"a\" && meta.version == null";
    let verdicts = said("provider_policy", "aws", condition, "x");
    assert_eq!(texts(verdicts), ["provider.aws.east: x"]);
    let verdicts = said("provider_policy", "aws", "core::try(attrs.assume_role[0].role_arn, \"a\") == \"a\"", "");
    assert_eq!(
        texts(verdicts),
        [
            "provider.aws: attrs.assume_role[0].role_arn is not known: it is made of var.role, and the plan does not keep how"
        ]
    );
}

#[test]
fn the_plan_is_one_subject() {
    let condition = "!attrs.errored && !attrs.complete && attrs.targeted && attrs.drift[0].address == \"t_x.a\"";
    assert_eq!(said("workspace_policy", "plan", condition, ""), []);
    let cost = said("workspace_policy", "plan", "attrs.cost < 5", "");
    assert_eq!((&*cost[0].0, cost[0].1), ("plan", Verdict::Unknown));
}

#[test]
fn other_subjects_load_and_judge_nothing() {
    for subject in ["budget", "suppression", "declaration", "island"] {
        assert_eq!(said("workspace_policy", subject, "false", "x"), [], "{subject}");
    }
}

#[test]
fn a_policy_of_these_kinds_knows_no_resource() {
    let policy = |kind: &str, condition: &str| {
        format!("{kind} \"plan\" \"p\" {{\n  enforce {{\n    condition = {condition}\n  }}\n}}\n")
    };
    assert_eq!(
        messages(&policy("workspace_policy", "prior_attrs.x == 1")),
        ["a workspace_policy has no prior_attrs; only resources have values before a change"]
    );
    assert_eq!(
        messages(&policy("provider_policy", "plan::changed(\"x\")")),
        ["plan::changed asks about a resource; a provider_policy judges none"]
    );
}

#[test]
fn workspaces_and_stacks_are_empty_in_every_kind_of_policy() {
    for (kind, label) in [("module_policy", "*"), ("provider_policy", "*"), ("workspace_policy", "plan")] {
        let condition = "meta.tfe_stack.name == \"\" && core::length(meta.tfe_workspace.tags) == 0";
        assert_eq!(said(kind, label, condition, ""), [], "{kind}");
    }
}

#[test]
fn getresources_is_known_in_every_kind_of_policy() {
    assert_eq!(said("provider_policy", "aws", "core::length(core::getresources(\"t_x\", {})) == 0", ""), []);
}

#[test]
fn meta_as_a_whole_is_that_of_the_part() {
    let keys = "core::join(\" \", core::keys(meta)) == \"address environment source target tfe_stack tfe_workspace version working_directory\"";
    assert_eq!(said("module_policy", "*", keys, "${core::join(\" \", core::keys(meta))}"), []);
    let keys = "core::join(\" \", core::keys(meta)) == \"alias environment name namespace source target tfe_stack tfe_workspace type version working_directory\"";
    assert_eq!(said("provider_policy", "*", keys, "${core::join(\" \", core::keys(meta))}"), []);
    let keys =
        "core::join(\" \", core::keys(meta)) == \"environment target tfe_stack tfe_workspace working_directory\"";
    assert_eq!(said("workspace_policy", "plan", keys, "${core::join(\" \", core::keys(meta))}"), []);
}
