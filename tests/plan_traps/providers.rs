//! How providers are named (21).

use serde_json::{Value, json};

use crate::checking::{RETENTION, check, told};
use crate::documents::{create, group, plan, raw_state, with};

#[test]
fn a_provider_is_known_by_its_last_segment() {
    for (provider, kind) in [
        (json!("registry.terraform.io/hashicorp/aws"), "aws"),
        (json!("registry.opentofu.org/hashicorp/aws"), "aws"),
        (json!("aws"), "aws"),
        (json!("provider.aws"), "aws"),
        (json!("example.com/corp/aws"), "aws"),
        (json!("registry.terraform.io/hashicorp/google-beta"), "google-beta"),
        (json!(""), "aws"),
        (Value::Null, "aws"),
    ] {
        let change = with(create("aws_x.a", json!({})), json!({"provider_name": provider}));
        assert_eq!(told(&plan(&[change]), "", "meta.provider_type"), [kind], "{provider}");
    }
}

#[test]
fn a_raw_state_names_its_providers_in_another_way() {
    for provider in
        ["provider[\"registry.terraform.io/hashicorp/aws\"]", "module.m.provider[\"a.b/c/aws\"]", "provider.aws"]
    {
        let resource = json!({"mode": "managed", "type": "aws_x", "name": "a", "provider": provider,
            "instances": [{"attributes": {}}]});
        assert_eq!(told(&raw_state(json!([resource])), "", "meta.provider_type"), ["aws"], "{provider}");
    }
}

#[test]
fn objects_of_foreign_and_bare_providers_are_judged() {
    for provider in ["aws", "registry.opentofu.org/hashicorp/aws", "example.com/corp/aws"] {
        let change = with(create("aws_cloudwatch_log_group.g", group(3)), json!({"provider_name": provider}));
        assert_eq!(check(&plan(&[change]), &[RETENTION]).failing().len(), 1, "{provider}");
    }
}
