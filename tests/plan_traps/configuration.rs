//! What the configuration of a plan says and does not say (12 to 16), and keys with odd characters (17).

use serde_json::{Value, json};

use crate::checking::{ADDRESS, RETENTION, check, check_beside};
use crate::documents::{block, create, create_unknown, group, plan, plan_of, reference, with};

#[test]
fn an_expression_that_the_plan_does_not_keep_is_opaque() {
    let change = create_unknown("aws_ecs_task_definition.t", json!({}), json!({"container_definitions": true}));
    let root = json!({"resources": [block("aws_ecs_task_definition.t", json!({"container_definitions": {}}))]});
    let checked = check(&plan_of(&[change], root), &["ecs_task_without_logs"]);
    assert_eq!((checked.failing().len(), checked.having("unknown")), (0, vec!["aws_ecs_task_definition.t"]));
}

/// Two addresses to come and an association to one of them.
fn association(allocation_id: Value) -> Value {
    let changes = [
        create_unknown("aws_eip.a", json!({}), json!({"id": true, "allocation_id": true, "public_ip": true})),
        create_unknown("aws_eip.b", json!({}), json!({"id": true, "allocation_id": true, "public_ip": true})),
        create_unknown(
            "aws_eip_association.x",
            json!({}),
            json!({"id": true, "allocation_id": true, "public_ip": true}),
        ),
    ];
    let blocks = [
        block("aws_eip.a", json!({})),
        block("aws_eip.b", json!({})),
        block("aws_eip_association.x", json!({"allocation_id": allocation_id})),
    ];
    plan_of(&changes, json!({"resources": blocks}))
}

#[test]
fn a_reference_between_new_objects_joins_them() {
    let checked = check(&association(reference("aws_eip.a.id")), &[ADDRESS]);
    assert_eq!((checked.failing(), checked.having("unknown").len()), (vec!["aws_eip.b"], 0));
}

#[test]
fn several_heads_are_any_of_them_and_nothing_else() {
    let both = json!({"references": ["aws_eip.a.id", "aws_eip.a", "aws_eip.b.id", "aws_eip.b"]});
    let checked = check(&association(both), &[ADDRESS]);
    assert_eq!((checked.failing().len(), checked.having("unknown")), (0, vec!["aws_eip.a", "aws_eip.b"]));
}

#[test]
fn an_attribute_written_as_blocks_is_one_leaf_for_all_of_them() {
    let route = json!({"references": ["aws_internet_gateway.i.id", "aws_internet_gateway.i", "aws_nat_gateway.a.id", "aws_nat_gateway.a"]});
    let routes = json!({"route": [{"gateway_id": ""}, {"nat_gateway_id": ""}]});
    let masks = json!({"id": true, "route": [{"gateway_id": true}, {"nat_gateway_id": true}]});
    let changes = [
        create_unknown("aws_nat_gateway.a", json!({}), json!({"id": true})),
        create_unknown("aws_nat_gateway.b", json!({}), json!({"id": true})),
        create_unknown("aws_internet_gateway.i", json!({}), json!({"id": true})),
        create_unknown("aws_route_table.t", routes, masks),
        create_unknown("aws_route_table_association.t", json!({}), json!({"route_table_id": true})),
    ];
    let blocks = [
        block("aws_nat_gateway.a", json!({})),
        block("aws_nat_gateway.b", json!({})),
        block("aws_internet_gateway.i", json!({})),
        block("aws_route_table.t", json!({"route": route})),
        block("aws_route_table_association.t", json!({"route_table_id": reference("aws_route_table.t.id")})),
    ];
    let checked = check(&plan_of(&changes, json!({"resources": blocks})), &["nat_gateway_without_route"]);
    assert_eq!(checked.failing(), ["aws_nat_gateway.b"], "a may be in the route, b cannot");
}

#[test]
fn a_local_is_a_dead_end_in_the_plan_and_followed_in_the_source() {
    let document = association(json!({"references": ["local.allocation"]}));
    let checked = check(&document, &[ADDRESS]);
    assert_eq!((checked.failing().len(), checked.having("unknown")), (0, vec!["aws_eip.a", "aws_eip.b"]));
    let source = "locals {\n  allocation = aws_eip.a.id\n}\nresource \"aws_eip\" \"a\" {}\nresource \"aws_eip\" \"b\" {}\n\
        resource \"aws_eip_association\" \"x\" {\n  allocation_id = local.allocation\n}\n";
    let checked = check_beside(&document, &[ADDRESS], &[("main.tf", source)]);
    assert_eq!((checked.failing(), checked.having("unknown").len()), (vec!["aws_eip.b"], 0));
}

fn breaker() -> (Value, &'static str) {
    let after = json!({"desired_count": 2, "deployment_circuit_breaker": [{"enable": true, "rollback": false}]});
    let source = "resource \"aws_ecs_service\" \"s\" {\n  dynamic \"deployment_circuit_breaker\" {\n    for_each = var.on\n    \
        content {\n      enable   = true\n      rollback = false\n    }\n  }\n}\n";
    (plan(&[create("aws_ecs_service.s", after)]), source)
}

#[test]
fn a_dynamic_block_is_found_in_the_source() {
    let (document, source) = breaker();
    let checked = check_beside(&document, &["ecs_no_circuit_breaker"], &[("main.tf", source)]);
    assert_eq!(checked.place(), "main.tf:6");
}

/// A group whose servers may come from a `dynamic` block of an Auto Scaling group.
fn traffic_source() -> Value {
    let changes = [
        create_unknown("aws_lb_target_group.t", json!({"name": "t"}), json!({"id": true, "arn": true})),
        create_unknown("aws_autoscaling_group.g", json!({}), json!({"traffic_source": true, "id": true})),
    ];
    let blocks = [block("aws_lb_target_group.t", json!({})), block("aws_autoscaling_group.g", json!({}))];
    plan_of(&changes, json!({"resources": blocks}))
}

#[test]
fn an_unknown_dynamic_block_counts_as_written_where_the_source_says_so() {
    let source = "resource \"aws_lb_target_group\" \"t\" {}\nresource \"aws_autoscaling_group\" \"g\" {\n  \
        dynamic \"traffic_source\" {\n    for_each = var.groups\n    content {\n      identifier = traffic_source.value\n    }\n  }\n}\n";
    let checked = check_beside(&traffic_source(), &["target_group_without_targets"], &[("main.tf", source)]);
    assert_eq!((checked.failing().len(), checked.having("unknown")), (0, vec!["aws_lb_target_group.t"]));
}

#[test]
fn an_address_in_the_configuration_of_a_module_is_relative_to_it() {
    let unknown = json!({"id": true, "allocation_id": true, "public_ip": true});
    let mut changes = Vec::new();
    for key in ["a", "b"] {
        changes.push(create_unknown(&format!("module.m[\"{key}\"].aws_eip.e"), json!({}), unknown.clone()));
    }
    changes.push(create_unknown("module.m[\"a\"].aws_eip_association.x[0]", json!({}), unknown));
    let blocks = [
        block("aws_eip.e", json!({})),
        with(
            block("aws_eip_association.x", json!({"allocation_id": reference("aws_eip.e.id")})),
            json!({"count_expression": {"references": ["var.on"]}}),
        ),
    ];
    let call =
        json!({"source": "./m", "for_each_expression": {"references": ["var.all"]}, "module": {"resources": blocks}});
    let checked = check(&plan_of(&changes, json!({"module_calls": {"m": call}})), &[ADDRESS]);
    assert_eq!(checked.failing(), ["module.m[\"b\"].aws_eip.e"], "the reference of an instance stays in the instance");
}

#[test]
fn keys_with_dots_quotes_and_brackets_are_kept() {
    let keys =
        [r#"["x.y"]"#, r#"["q\"uote"]"#, r#"["b[0]"]"#, r#"["$${a}"]"#, r#"["日本"]"#, r#"["0"]"#, "[0]", "[10]"];
    let addresses = keys.map(|key| format!("aws_cloudwatch_log_group.g{key}"));
    let changes: Vec<Value> = addresses.iter().map(|address| create(address, group(3))).collect();
    let checked = check(&plan(&changes), &[RETENTION]);
    let mut expected: Vec<&str> = addresses.iter().map(String::as_str).collect();
    let mut failing = checked.failing();
    failing.sort_unstable();
    expected.sort_unstable();
    assert_eq!((failing, checked.gaps().len()), (expected, 0));
}

#[test]
fn references_with_such_keys_are_followed() {
    let unknown = json!({"id": true, "allocation_id": true, "public_ip": true});
    for (used, other) in [(r#"["x.y"]"#, r#"["x"]"#), (r#"["b[0].id"]"#, r#"["b[1].id"]"#), ("[0]", r#"["0"]"#)] {
        let (a, b) = (format!("aws_eip.e{used}"), format!("aws_eip.e{other}"));
        let changes = [
            create_unknown(&a, json!({}), unknown.clone()),
            create_unknown(&b, json!({}), unknown.clone()),
            create_unknown("aws_eip_association.x", json!({}), unknown.clone()),
        ];
        let references = json!({"references": [format!("{a}.id"), a, "aws_eip.e"]});
        let blocks = [
            with(block("aws_eip.e", json!({})), json!({"for_each_expression": {"references": ["var.all"]}})),
            block("aws_eip_association.x", json!({"allocation_id": references})),
        ];
        let checked = check(&plan_of(&changes, json!({"resources": blocks})), &[ADDRESS]);
        assert_eq!((checked.failing(), checked.having("unknown").len()), (vec![b.as_str()], 0), "{used}");
    }
}

#[test]
fn a_block_that_may_be_dynamic_leaves_a_join_undecided_without_source() {
    let changes = [
        create_unknown("aws_lb_target_group.t", json!({"name": "t"}), json!({"id": true, "arn": true})),
        create_unknown("aws_autoscaling_group.g", json!({}), json!({"traffic_source": true, "id": true})),
    ];
    let blocks = [block("aws_lb_target_group.t", json!({})), block("aws_autoscaling_group.g", json!({}))];
    let checked = check(&plan_of(&changes, json!({"resources": blocks})), &["target_group_without_targets"]);
    assert_eq!(checked.failing(), Vec::<String>::new());
    assert_eq!(checked.having("unknown"), ["aws_lb_target_group.t"]);
}
