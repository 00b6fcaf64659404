//! `meta` of a resource policy (chapter 3).

use crate::support::{judge, messages};

const PLAN: &str = r#"{"resource_changes":[{"address":"module.m[\"k\"].t_x.a[2]","previous_address":"t_x.b","type":"t_x",
    "name":"a","index":2,"provider_name":"registry.terraform.io/acme/thing","action_reason":"replace_because_tainted",
    "change":{"actions":["delete","create"],"before":{"v":1},"after":{"v":2},"after_unknown":{},"replace_paths":[["v"]]}}]}"#;

fn policy(condition: &str) -> String {
    format!(
        "resource_policy \"t_x\" \"p\" {{\n  operations = [\"create\"]\n  enforce {{\n    condition = {condition}\n  }}\n}}\n"
    )
}

#[test]
fn every_fact_of_the_object_is_there() {
    let table = [
        ("meta.type", "\"t_x\""),
        ("meta.operation", "\"create\""),
        ("meta.module_path", "\"module.m[\\\"k\\\"]\""),
        ("meta.provider_type", "\"thing\""),
        ("meta.tfe_workspace.tags", "{}"),
        ("meta.tfe_stack.deployment_name", "\"\""),
        ("meta.address", "\"module.m[\\\"k\\\"].t_x.a[2]\""),
        ("meta.name", "\"a\""),
        ("meta.key", "2"),
        ("meta.actions", "[\"delete\", \"create\"]"),
        ("meta.action_reason", "\"replace_because_tainted\""),
        ("meta.replace_paths", "[[\"v\"]]"),
        ("meta.importing", "false"),
        ("meta.forget", "false"),
        ("meta.previous_address", "\"t_x.b\""),
        ("meta.environment", "null"),
        ("meta.target", "null"),
        ("meta.working_directory", "null"),
    ];
    for (name, expected) in table {
        assert_eq!(judge(&policy(&format!("{name} == {expected}")), PLAN), [], "{name}");
    }
}

#[test]
fn the_root_module_is_a_dot() {
    let plan = crate::support::create("{}", "{}");
    assert_eq!(
        judge("resource_policy \"t_*\" \"p\" {\n enforce {\n  condition = meta.module_path == \".\"\n }\n}\n", &plan),
        []
    );
}

#[test]
fn lifecycle_is_unknown_without_source() {
    let verdicts = judge(&policy("meta.lifecycle.prevent_destroy"), PLAN);
    assert_eq!(
        verdicts[0].2,
        "meta.lifecycle.prevent_destroy is not known: lifecycle is in the source only, and no source is at hand"
    );
}

#[test]
fn what_another_kind_of_policy_has_is_not_known_here() {
    assert_eq!(messages(&policy("meta.alias == null")), ["there is no meta.alias"]);
    let module = "module_policy \"*\" \"p\" {\n  enforce {\n    condition = meta.operation == \"create\"\n  }\n}\n";
    assert_eq!(messages(module), ["there is no meta.operation in a module_policy"]);
}

#[test]
fn meta_is_a_value_as_well() {
    let keys = "action_reason actions address environment forget importing key lifecycle module_path name operation \
                previous_address provider_type replace_paths target tfe_stack tfe_workspace type working_directory";
    let conditions = [
        "core::lookup(meta, \"name\", \"\") == \"a\"".to_owned(),
        "core::lookup(meta, \"none\", \"-\") == \"-\"".to_owned(),
        format!("core::join(\" \", core::keys(meta)) == \"{keys}\""),
        "[for name in [\"type\", \"operation\"] : meta[name]] == [\"t_x\", \"create\"]".to_owned(),
        "meta.tfe_stack == { deployment_group = \"\", deployment_name = \"\", stack_name = \"\" }".to_owned(),
        "meta[\"key\"] == 2".to_owned(),
    ];
    for condition in conditions {
        assert_eq!(judge(&policy(&condition), PLAN), [], "{condition}");
    }
    let by_local = "locals {\n  all = meta\n}\n".to_owned() + &policy("local.all.address == meta.address");
    assert_eq!(judge(&by_local, PLAN), []);
    assert_eq!(
        messages(&policy("core::keys(meta) == [] && meta.nam == 1")),
        ["there is no meta.nam; did you mean meta.name?"]
    );
}
