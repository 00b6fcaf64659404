//! Modules that are not ours, and copies of one state.

use serde_json::{Value, json};

use crate::stack::{RETENTION, change, messages, plan, report};
use crate::support::{Directory, run};

const GROUP: &str =
    "resource \"aws_cloudwatch_log_group\" \"this\" {\n  name              = \"web\"\n  retention_in_days = 3\n}\n";

/// A stack that calls a module of a registry as `terraform init` leaves it; the entries are key and directory.
fn with_modules(data_directory: &str, entries: &[(&str, &str)]) -> Directory {
    let directory = Directory::new();
    let entry = |(key, path): &(&str, &str)| json!({"Key": key, "Source": "x/y/z", "Version": "1.0.0", "Dir": path});
    let mut modules = vec![json!({"Key": "", "Source": "", "Dir": "."})];
    modules.extend(entries.iter().map(entry));
    let manifest = json!({"Modules": modules});
    directory.write(&format!("{data_directory}/modules/modules.json"), manifest.to_string());
    directory
}

#[track_caller]
fn check_group(directory: &Directory, address: &str, from: &str, variables: &[(&str, &str)]) -> Value {
    directory
        .write(&format!("{from}/plan.json"), plan(&[change(address, json!({"name": "web", "retention_in_days": 3}))]));
    let arguments = ["check", "plan.json", "--output", "json", "--policy", RETENTION];
    let report = report(&run(&arguments, b"", variables, &directory.path().join(from)));
    let [finding] = &report["findings"].as_array().unwrap()[..] else { panic!("not one finding: {report}") };
    finding.clone()
}

fn at(location: &Value) -> String {
    format!("{}:{}:{}", location["path"].as_str().unwrap(), location["start"]["line"], location["start"]["column"])
}

#[test]
fn a_finding_in_a_remote_module_stands_at_the_call_in_our_code() {
    let directory = with_modules(".terraform", &[("logs", ".terraform/modules/logs")]);
    directory.write("main.tf", "locals {}\n\nmodule \"logs\" {\n  source = \"x/y/z\"\n}\n");
    directory.write(".terraform/modules/logs/main.tf", GROUP);
    let finding = check_group(&directory, "module.logs.aws_cloudwatch_log_group.this", ".", &[]);
    assert_eq!(at(&finding["location"]), "main.tf:3:1");
    assert_eq!(finding["location"]["end"], json!({"line": 3, "column": 14}));
    let [related] = &finding["related"].as_array().unwrap()[..] else { panic!("one related place") };
    assert_eq!(at(&related["location"]), ".terraform/modules/logs/main.tf:3:3");
    assert_eq!(related["message"], "set in module.logs");
    let output = run(&["check", "plan.json", "--output", "github", "--policy", RETENTION], b"", &[], directory.path());
    assert!(output.stdout.starts_with("::warning file=main.tf,line=3,"), "{}", output.stdout);
    assert!(
        output.stdout.contains("%0A.terraform/modules/logs/main.tf line 3: set in module.logs"),
        "{}",
        output.stdout
    );
}

#[test]
fn the_call_in_our_code_may_be_several_modules_above() {
    let entries = [
        ("app", "modules/app"),
        ("app.logs", ".terraform/modules/app.logs/sub"),
        ("app.logs.inner", ".terraform/modules/app.logs/sub/inner"),
    ];
    let directory = with_modules("stack/.terraform", &entries);
    directory.write("stack/main.tf", "module \"app\" {\n  source = \"./modules/app\"\n}\n");
    directory.write(
        "stack/modules/app/main.tf",
        "\nmodule \"logs\" {\n  count  = 2\n  source = \"git::https://x/y.git//sub\"\n}\n",
    );
    directory.write("stack/.terraform/modules/app.logs/sub/main.tf", "module \"inner\" {\n  source = \"./inner\"\n}\n");
    directory.write("stack/.terraform/modules/app.logs/sub/inner/main.tf", GROUP);
    let address = "module.app.module.logs[1].module.inner.aws_cloudwatch_log_group.this";
    let finding = check_group(&directory, address, "stack", &[]);
    assert_eq!(at(&finding["location"]), "stack/modules/app/main.tf:2:1", "the innermost call that we can change");
    let inner = "stack/.terraform/modules/app.logs/sub/inner/main.tf:3:3";
    assert_eq!(at(&finding["related"][0]["location"]), inner);
}

#[test]
fn modules_are_found_where_terraform_keeps_its_data() {
    let address = "module.logs.aws_cloudwatch_log_group.this";
    for (data, place) in [("data", "stack/data"), ("./data", "stack/data"), ("../data", "data")] {
        let directory = with_modules(place, &[("logs", &format!("{data}/modules/logs"))]);
        directory.write("stack/main.tf", "module \"logs\" {\n  source = \"x/y/z\"\n}\n");
        directory.write(&format!("{place}/modules/logs/main.tf"), GROUP);
        let finding = check_group(&directory, address, "stack", &[("TF_DATA_DIR", data)]);
        assert_eq!(at(&finding["location"]), "stack/main.tf:1:1", "{data}");
        assert_eq!(finding["related"].as_array().unwrap().len(), 1, "{data}");
    }
}

#[test]
fn a_module_that_is_not_at_hand_is_placed_at_its_call_and_named() {
    let directory = Directory::new();
    directory.write("main.tf", "module \"logs\" {\n  source = \"x/y/z\"\n}\n");
    let finding = check_group(&directory, "module.logs.aws_cloudwatch_log_group.this", ".", &[]);
    assert_eq!((at(&finding["location"]), &finding["related"]), ("main.tf:1:1".to_owned(), &json!([])));
    let output = run(&["check", "plan.json", "--output", "json"], b"", &[], directory.path());
    let report = report(&output);
    assert!(
        messages(&report, "notice")[0].starts_with("module.logs: this module is not at hand"),
        "{}",
        report["remarks"]
    );
    assert_eq!(report["not_evaluated"][0]["subject"], "module.logs");
}

#[test]
fn a_local_module_outside_the_stack_is_ours() {
    let directory = Directory::new();
    directory.write("stack/main.tf", "module \"logs\" {\n  source = \"../shared\"\n}\n");
    directory.write("shared/main.tf", GROUP);
    let finding = check_group(&directory, "module.logs.aws_cloudwatch_log_group.this", "stack", &[]);
    assert_eq!((at(&finding["location"]), &finding["related"]), ("shared/main.tf:3:3".to_owned(), &json!([])));
}

#[test]
fn an_override_is_the_place_of_what_it_overrides() {
    let directory = Directory::new();
    directory.write("main.tf", GROUP);
    directory
        .write("main_override.tf", "resource \"aws_cloudwatch_log_group\" \"this\" {\n\n  retention_in_days = 3\n}\n");
    let finding = check_group(&directory, "aws_cloudwatch_log_group.this", ".", &[]);
    assert_eq!(at(&finding["location"]), "main_override.tf:3:3");
}

// Trap 24 of the formats: two exports of one state, of which the older one still has what is long gone.
#[test]
fn of_two_copies_of_one_state_the_newer_is_judged() {
    let state = |lineage: &str, serial: u64, name: &str| {
        json!({"version": 4, "terraform_version": "1.11.4", "serial": serial, "lineage": lineage, "outputs": {}, "resources": [
            {"mode": "managed", "type": "aws_eip", "name": name, "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
             "instances": [{"schema_version": 0, "attributes": {"id": "eipalloc-0a1b2c3d4e5f60718", "association_id": "", "instance": "", "network_interface": ""}}]}
        ]}).to_string()
    };
    let directory = Directory::new();
    directory.write("old.tfstate", state("a", 3, "old"));
    directory.write("new.tfstate", state("a", 5, "new"));
    directory.write("other.tfstate", state("b", 1, "other"));
    let arguments = [
        "check",
        "old.tfstate",
        "new.tfstate",
        "other.tfstate",
        "--policy",
        "elastic_ip_unattached",
        "--output",
        "json",
    ];
    let output = run(&arguments, b"", &[], directory.path());
    let report: Value = serde_json::from_str(&output.stdout).unwrap();
    let found: Vec<&str> =
        report["findings"].as_array().unwrap().iter().filter_map(|f| f["address"].as_str()).collect();
    assert_eq!(found, ["aws_eip.new", "aws_eip.other"]);
    let left_out = report["not_evaluated"].to_string();
    assert!(left_out.contains("it is a copy of new.tfstate with serial 3, and that one has 5"), "{left_out}");
}
