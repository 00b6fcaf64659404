//! Many modules (25) and modules behind symbolic links (26).

use serde_json::{Value, json};

use crate::checking::{ADDRESS, RETENTION, check, check_beside, check_in};
use crate::documents::{block, create, create_unknown, group, plan, plan_of, reference};
use crate::support::Directory;

/// A log group in each of these modules, and the calls of them.
fn siblings(count: usize) -> (Vec<Value>, Value) {
    let names: Vec<String> = (0..count).map(|number| format!("m{number}")).collect();
    let unknown = json!({"id": true, "allocation_id": true, "public_ip": true});
    let changes = names.iter().flat_map(|name| {
        let of = |kind: &str| create_unknown(&format!("module.{name}.{kind}"), json!({}), unknown.clone());
        [of("aws_eip.e"), of("aws_eip_association.x")]
    });
    let blocks = [
        block("aws_eip.e", json!({})),
        block("aws_eip_association.x", json!({"allocation_id": reference("aws_eip.e.id")})),
    ];
    let calls = names.iter().map(|name| (name.clone(), json!({"source": "./m", "module": {"resources": blocks}})));
    (changes.collect(), json!({"module_calls": calls.collect::<serde_json::Map<_, _>>()}))
}

#[test]
fn all_of_a_hundred_sibling_modules_are_visited_in_the_configuration() {
    let (mut changes, root) = siblings(100);
    changes.pop();
    let checked = check(&plan_of(&changes, root), &[ADDRESS]);
    assert_eq!((checked.failing(), checked.having("unknown").len()), (vec!["module.m99.aws_eip.e"], 0));
}

#[test]
fn all_of_a_hundred_sibling_modules_are_visited_in_the_source() {
    let (mut changes, _) = siblings(100);
    changes.pop();
    let calls: String = (0..100).map(|number| format!("module \"m{number}\" {{\n  source = \"./m\"\n}}\n")).collect();
    let inner =
        "resource \"aws_eip\" \"e\" {}\nresource \"aws_eip_association\" \"x\" {\n  allocation_id = aws_eip.e.id\n}\n";
    let document = json!({"format_version": "1.2", "resource_changes": changes});
    let checked = check_beside(&document, &[ADDRESS], &[("main.tf", &calls), ("m/main.tf", inner)]);
    assert_eq!((checked.failing(), checked.place()), (vec!["module.m99.aws_eip.e"], "m/main.tf:1".to_owned()));
}

#[test]
fn all_of_a_hundred_sibling_modules_of_a_state_are_visited() {
    let modules: Vec<Value> = (0..100)
        .map(|number| {
            let address = format!("module.m{number}.aws_cloudwatch_log_group.g");
            json!({"address": format!("module.m{number}"), "resources": [{"address": address, "mode": "managed",
                "type": "aws_cloudwatch_log_group", "name": "g", "values": group(3)}]})
        })
        .collect();
    let values = json!({"root_module": {"child_modules": modules}});
    let state = json!({"format_version": "1.0", "values": values});
    assert_eq!(check(&state, &[RETENTION]).failing().len(), 100);
    assert_eq!(check(&json!({"format_version": "1.2", "planned_values": values}), &[RETENTION]).failing().len(), 100);
}

#[cfg(unix)]
#[test]
fn a_module_behind_a_symbolic_link_inside_the_repository_is_ours() {
    let directory = Directory::new();
    directory.write("main.tf", "module \"m\" {\n  source = \"./link\"\n}\n");
    directory.write("real/main.tf", "resource \"aws_cloudwatch_log_group\" \"g\" {\n  retention_in_days = 3\n}\n");
    std::os::unix::fs::symlink("real", directory.path().join("link")).unwrap();
    let document = plan(&[create("module.m.aws_cloudwatch_log_group.g", group(3))]);
    let checked = check_in(&directory, &document, &[RETENTION]);
    assert_eq!(checked.findings()[0]["location"]["start"]["line"], 2, "the block itself: {}", checked.place());
    assert_eq!(checked.findings()[0]["related"], json!([]));
}

#[cfg(unix)]
#[test]
fn a_module_behind_a_symbolic_link_to_elsewhere_is_not_ours() {
    let (directory, elsewhere) = (Directory::new(), Directory::new());
    elsewhere.write("m/main.tf", "resource \"aws_cloudwatch_log_group\" \"g\" {\n  retention_in_days = 3\n}\n");
    directory.write("main.tf", "\nmodule \"m\" {\n  source = \"./link\"\n}\n");
    std::os::unix::fs::symlink(elsewhere.path().join("m"), directory.path().join("link")).unwrap();
    let document = plan(&[create("module.m.aws_cloudwatch_log_group.g", group(3))]);
    let checked = check_in(&directory, &document, &[RETENTION]);
    assert_eq!(checked.place(), "main.tf:2", "the call");
    assert_eq!(checked.findings()[0]["related"][0]["location"]["start"]["line"], 2);
}
