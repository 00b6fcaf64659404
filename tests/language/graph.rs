//! The functions that ask about other objects: the graph of references, joins by a part of a text, objects that go.

use std::fmt::Write as _;

use crate::support::judge;

/// A change: its address, the actions, the values before and after, and what is not known yet.
struct Change<'t>(&'t str, &'t str, &'t str, &'t str, &'t str);

fn plan(changes: &[Change<'_>]) -> String {
    let mut text = String::new();
    for (number, Change(address, actions, before, after, unknown)) in changes.iter().enumerate() {
        let comma = if number == 0 { "" } else { "," };
        let (kind, name) = address.split_once('.').unwrap();
        write!(
            text,
            r#"{comma}{{"address":"{address}","mode":"managed","type":"{kind}","name":"{name}",
               "change":{{"actions":{actions},"before":{before},"after":{after},"after_unknown":{unknown}}}}}"#
        )
        .unwrap();
    }
    format!(
        r#"{{"format_version":"1.2","resource_changes":[{text}],"configuration":{{"root_module":{{"resources":[]}}}}}}"#
    )
}

const KEPT: &str = r#"["no-op"]"#;
const GONE: &str = r#"["delete"]"#;

fn kept<'t>(address: &'t str, values: &'t str) -> Change<'t> {
    Change(address, KEPT, values, values, "{}")
}

fn gone<'t>(address: &'t str, values: &'t str) -> Change<'t> {
    Change(address, GONE, values, "null", "{}")
}

/// What an expression of texts gives on each object of a type, sorted by address.
#[track_caller]
fn told(kind: &str, operations: &str, expression: &str, changes: &[Change<'_>]) -> Vec<(String, String)> {
    let policy = format!(
        "resource_policy \"{kind}\" \"p\" {{\n{operations}\n  enforce {{\n    condition     = false\n    \
         error_message = core::join(\" \", {expression})\n  }}\n}}\n"
    );
    judge(&policy, &plan(changes)).into_iter().map(|(address, _, message)| (address, message)).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(address, message)| ((*address).to_owned(), (*message).to_owned())).collect()
}

const BALANCER: &str = r#"{"id":"arn:aws:lb/1","arn":"arn:aws:lb/1","name":"web"}"#;
const GROUP: &str = r#"{"id":"arn:aws:tg/1","arn":"arn:aws:tg/1","name":"web"}"#;
const LISTENER: &str = r#"{"id":"arn:aws:li/1","arn":"arn:aws:li/1","load_balancer_arn":"arn:aws:lb/1",
    "default_action":[{"type":"forward","target_group_arn":"arn:aws:tg/1"}]}"#;
const SERVICE: &str = r#"{"id":"arn:aws:svc/1","name":"web","cluster":"arn:aws:cluster/main",
    "load_balancer":[{"target_group_arn":"arn:aws:tg/1"}]}"#;

fn stack() -> Vec<Change<'static>> {
    vec![
        kept("aws_lb.web", BALANCER),
        kept("aws_lb_target_group.web", GROUP),
        kept("aws_lb_listener.web", LISTENER),
        kept("aws_ecs_service.web", SERVICE),
    ]
}

#[test]
fn referrers_are_those_that_need_the_object_with_the_attribute_that_says_so() {
    let described = r#"[for r in graph::referrers() : "${r._type}:${r._address}:${r._path}"]"#;
    assert_eq!(
        told("aws_lb_target_group", "", described, &stack()),
        pairs(&[(
            "aws_lb_target_group.web",
            "aws_lb_listener:aws_lb_listener.web:default_action[].target_group_arn \
             aws_ecs_service:aws_ecs_service.web:load_balancer[].target_group_arn"
        )])
    );
    let listeners = r#"[for r in graph::referrers("aws_lb_listener") : r._address]"#;
    assert_eq!(told("aws_lb_target_group", "", listeners, &stack())[0].1, "aws_lb_listener.web");
    // The listener belongs to the load balancer; it does not keep it alive.
    assert_eq!(told("aws_lb", "", "[for r in graph::referrers() : r._address]", &stack())[0].1, "");
}

#[test]
fn what_goes_away_needs_nothing_any_more_and_tells_what_it_needed() {
    let changes = [
        kept("aws_lb_target_group.web", GROUP),
        gone("aws_lb_listener.web", LISTENER),
        gone("aws_ecs_service.web", SERVICE),
    ];
    let referrers = "[for r in graph::referrers() : r._address]";
    assert_eq!(told("aws_lb_target_group", "", referrers, &changes), pairs(&[("aws_lb_target_group.web", "")]));
    let references = "[for r in graph::references() : r._address]";
    assert_eq!(
        told("aws_ecs_service", "  operations = [\"delete\"]", references, &changes),
        pairs(&[("aws_ecs_service.web", "aws_lb_target_group.web")])
    );
}

#[test]
fn an_object_does_not_refer_to_itself() {
    let group = r#"{"id":"sg-0a1b2c3d","name":"web","ingress":[{"security_groups":["sg-0a1b2c3d"]}]}"#;
    let changes = [kept("aws_security_group.web", group)];
    let told = told("aws_security_group", "", "[for r in graph::referrers() : r._address]", &changes);
    assert_eq!(told, pairs(&[("aws_security_group.web", "")]));
}

#[test]
fn a_name_that_two_objects_have_names_one_of_them_perhaps() {
    let task = r#"{"id":"web:1","arn":"arn:aws:td/web:1","family":"web","container_definitions":"[{\"logConfiguration\":{\"options\":{\"awslogs-group\":\"/ecs/web\"}}}]"}"#;
    let log = r#"{"id":"/ecs/web","name":"/ecs/web"}"#;
    let one = [kept("aws_ecs_task_definition.web", task), kept("aws_cloudwatch_log_group.web", log)];
    let paths = "[for r in graph::referrers() : r._path]";
    assert_eq!(
        told("aws_cloudwatch_log_group", "", paths, &one)[0].1,
        "container_definitions{}[].logConfiguration.options.awslogs-group"
    );
    let two = [
        kept("aws_ecs_task_definition.web", task),
        kept("aws_cloudwatch_log_group.web", log),
        kept("aws_cloudwatch_log_group.copy", log),
    ];
    let policy = "resource_policy \"aws_cloudwatch_log_group\" \"p\" {\n  enforce {\n    condition = core::length(graph::referrers()) > 0\n  }\n}\n";
    let verdicts: Vec<_> = judge(policy, &plan(&two)).into_iter().map(|(_, verdict, _)| verdict.as_str()).collect();
    assert_eq!(verdicts, ["unknown", "unknown"]);
}

#[test]
fn a_document_names_what_stands_at_its_place_and_is_json_as_a_whole() {
    let log = r#"{"id":"/ecs/web","arn":"arn:aws:logs:ap-northeast-1:1:log-group:/ecs/web","name":"/ecs/web"}"#;
    let referrers = |kind: &str, attribute: &str, document: &str| {
        let values = serde_json::json!({ "id": "x:1", attribute: document }).to_string();
        let address = format!("{kind}.x");
        let changes = [kept(&address, &values), kept("aws_cloudwatch_log_group.web", log)];
        told("aws_cloudwatch_log_group", "", "[for r in graph::referrers() : r._address]", &changes)[0].1.clone()
    };
    let task = |document: &str| referrers("aws_ecs_task_definition", "container_definitions", document);
    for document in [
        r#"[{"name":"a"},{"logConfiguration":{"options":{"awslogs-group":"\/ecs\u002fweb"}}}]"#,
        r#" [ { "x" : [[{}]], "logConfiguration" : { "logDriver":"awslogs", "options" : {"awslogs-group": "/ecs/web" } } } ] "#,
        r#"{"logConfiguration":{"options":{"awslogs-group":"/ecs/web"}}}"#,
    ] {
        assert_eq!(task(document), "aws_ecs_task_definition.x", "{document}");
    }
    for document in [
        r#"[{"options":{"awslogs-group":"/ecs/web"}}]"#,
        r#"[{"logConfiguration":{"options":{"awslogs-group":["/ecs"]}}}]"#,
        r#"[{"logConfiguration":{"options":{"awslogs-group":"/ecs/web"}}}"#,
        r#"[{"logConfiguration":{"options":{"awslogs-group":"/ecs/web"}}}] x"#,
        "",
    ] {
        assert_eq!(task(document), "", "{document}");
    }
    let policy = |document: &str| referrers("aws_iam_role_policy", "policy", document);
    let statement = r#"{"Statement":[{"Resource":["*","arn:aws:logs:ap-northeast-1:1:log-group:/ecs/web:*"]}]}"#;
    assert_eq!(policy(statement), "aws_iam_role_policy.x");
    let deep = format!("{}{statement}{}", "[".repeat(200), "]".repeat(200));
    assert_eq!(policy(&deep), "");
}

#[test]
fn a_chain_is_followed_to_its_end_and_a_circle_ends() {
    let reaches = |kind: &str| format!("[core::tostring(graph::reaches(\"{kind}\"))]");
    let rule =
        r#"{"id":"arn:aws:rule/1","listener_arn":"arn:aws:li/1","action":[{"target_group_arn":"arn:aws:tg/1"}]}"#;
    let mut changes = stack();
    changes.push(kept("aws_lb_listener_rule.web", rule));
    assert_eq!(told("aws_lb_listener_rule", "", &reaches("aws_lb_target_group"), &changes)[0].1, "true");
    assert_eq!(told("aws_lb_listener_rule", "", &reaches("aws_eip"), &changes)[0].1, "false");
    let group = |id: &str, other: &str| {
        format!(r#"{{"id":"{id}","name":"{id}","ingress":[{{"security_groups":["{other}"]}}]}}"#)
    };
    let (one, two) = (group("sg-0000000a", "sg-0000000b"), group("sg-0000000b", "sg-0000000a"));
    let circle = [kept("aws_security_group.a", &one), kept("aws_security_group.b", &two)];
    let told = told("aws_security_group", "", &reaches("aws_eip"), &circle);
    assert_eq!(told.iter().map(|(_, answer)| answer.as_str()).collect::<Vec<_>>(), ["false", "false"]);
}

#[test]
fn a_pattern_finds_what_ends_with_the_name() {
    let target = |id: &str| format!(r#"{{"resource_id":"{id}","min_capacity":1}}"#);
    let (api, public, table) = (target("service/main/api"), target("service/main/public-api"), target("table/api"));
    let changes = [
        kept("aws_ecs_service.api", r#"{"name":"api"}"#),
        kept("aws_appautoscaling_target.api", &api),
        kept("aws_appautoscaling_target.public", &public),
        kept("aws_appautoscaling_target.table", &table),
    ];
    let found = |pattern: &str| {
        let expression = format!(
            "[for t in plan::matching(\"aws_appautoscaling_target\", \"resource_id\", \"{pattern}\") : t._address]"
        );
        told("aws_ecs_service", "", &expression, &changes)[0].1.clone()
    };
    assert_eq!(found("service/*/${attrs.name}"), "aws_appautoscaling_target.api");
    assert_eq!(found("service/*"), "aws_appautoscaling_target.api aws_appautoscaling_target.public");
    assert_eq!(found("*/api"), "aws_appautoscaling_target.api aws_appautoscaling_target.table");
    assert_eq!(found("service/other/api"), "");
}

#[test]
fn resources_that_go_are_listed_with_what_happens_to_them() {
    let changes = [
        kept("aws_eip.stays", r#"{"id":"eipalloc-1"}"#),
        gone("aws_eip.goes", r#"{"id":"eipalloc-2"}"#),
        Change("aws_eip.new", r#"["create"]"#, "null", "{}", r#"{"id":true}"#),
        Change("aws_eip.again", r#"["delete","create"]"#, r#"{"id":"eipalloc-3"}"#, "{}", r#"{"id":true}"#),
        kept("aws_vpc.main", r#"{"id":"vpc-1"}"#),
    ];
    let listed = "[for e in plan::resources(\"aws_eip\") : \"${e._address}=${e._operation}\"]";
    assert_eq!(
        told("aws_vpc", "", listed, &changes)[0].1,
        "aws_eip.stays=no-op aws_eip.goes=delete aws_eip.new=create aws_eip.again=create"
    );
    let ids = "[for e in plan::resources(\"aws_eip\") : e.id if e._operation == \"delete\"]";
    assert_eq!(told("aws_vpc", "", ids, &changes)[0].1, "eipalloc-2");
}
