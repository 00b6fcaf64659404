//! The story of the fitness gym: each pain and each leftover that was put into the stack is said by a finding.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use support::run;

mod support;

const API: &str = "module.service[\"api\"].aws_ecs_service.this";
const ADMIN: &str = "module.service[\"admin\"].aws_ecs_service.this";
const DATABASE: &str = "aws_db_instance.main";

/// What hurts, the policy that says it, and of which object.
const STORY: [(&str, &str, &str); 44] = [
    ("nothing scales by itself", "ecs_service_without_autoscaling", API),
    ("nothing scales by itself", "ecs_service_without_autoscaling", ADMIN),
    ("the disk of the database stays as it is", "rds_storage_can_fill_up", DATABASE),
    ("one task, so each stop is an outage", "ecs_service_single_task", API),
    ("logs are kept for 3 days", "log_group_retention_too_short", "aws_cloudwatch_log_group.service[\"api\"]"),
    ("logs are never persisted", "log_group_not_persisted", "aws_cloudwatch_log_group.service[\"worker\"]"),
    ("some logs are not written at all", "ecs_task_without_logs", "aws_ecs_task_definition.campaign"),
    ("the database keeps its logs to itself", "database_logs_not_exported", DATABASE),
    ("nobody knows who called", "load_balancer_logs_off", "aws_lb.main"),
    ("no standby of the database", "rds_instance_without_standby", DATABASE),
    ("no standby of the reports", "db_cluster_single_instance", "aws_rds_cluster.reporting"),
    ("no second cache", "elasticache_no_replica", "aws_elasticache_replication_group.cache"),
    ("a second cache that never takes over", "elasticache_no_failover", "aws_elasticache_replication_group.session"),
    ("no backups", "database_backup_retention_short", DATABASE),
    ("one way out for both zones", "nat_gateway_single_az", "module.network.aws_nat_gateway.this"),
    ("caches in one zone", "subnet_group_one_az", "aws_elasticache_subnet_group.main"),
    ("the worker lives in one zone", "workload_one_az", "aws_ecs_service.worker"),
    ("the worker can be taken away", "ecs_service_only_spot", "aws_ecs_service.worker"),
    ("every release is an outage", "ecs_deployment_stops_all_tasks", API),
    ("a release that never ends", "ecs_deployment_cannot_progress", ADMIN),
    ("a bad release stays", "ecs_no_circuit_breaker", API),
    ("nobody can go back", "ecs_no_circuit_breaker", "aws_ecs_service.worker"),
    (
        "nobody can go back to a tag that moves",
        "image_tag_mutable",
        "module.service[\"admin\"].aws_ecs_task_definition.this",
    ),
    ("a slow start is thrown out", "ecs_no_health_check_grace", API),
    (
        "a release waits five minutes for each batch",
        "draining_out_of_range",
        "module.service[\"api\"].aws_lb_target_group.this",
    ),
    (
        "a broken release of the worker counts as good",
        "ecs_container_without_health_check",
        "aws_ecs_task_definition.worker",
    ),
    ("the certificate cannot be replaced", "replacement_without_create_first", "aws_acm_certificate.main"),
    ("leftover: the old server", "lightsail_single_server", "aws_lightsail_instance.old_web"),
    ("leftover: the old database", "lightsail_database_without_standby", "aws_lightsail_database.old"),
    ("leftover: the old address", "lightsail_part_unused", "aws_lightsail_static_ip.old_web"),
    ("leftover: the old disk", "lightsail_part_unused", "aws_lightsail_disk.photos"),
    ("leftover: the address of the card company", "elastic_ip_unattached", "aws_eip.card_company"),
    ("leftover: the disks of the import", "volume_unattached", "aws_ebs_volume.import[0]"),
    ("leftover: the logs of the old server", "log_group_without_writer", "aws_cloudwatch_log_group.old_web"),
    ("leftover: the old logs are kept for ever", "log_group_never_expires", "aws_cloudwatch_log_group.old_web"),
    ("leftover: the campaign's targets", "target_group_without_listener", "aws_lb_target_group.campaign"),
    ("leftover: the campaign's service", "ecs_service_zero_tasks", "aws_ecs_service.campaign"),
    ("leftover: the partners' load balancer", "load_balancer_without_service", "aws_lb.partner"),
    ("leftover: the rules of the old office", "security_group_unused", "aws_security_group.office"),
    ("alert noise: one minute decides", "datadog_monitor_window_too_short", "datadog_monitor.errors[\"api\"]"),
    ("an alert that nobody gets", "datadog_monitor_without_recipient", "datadog_monitor.database_cpu"),
    ("what nobody watches", "key_resource_without_alarm", "aws_lb.main"),
    ("ports that nothing listens on", "open_port_without_listener", "aws_security_group.service"),
    ("passwords and logins in the clear", "plain_http_listener", "aws_lb_listener.http"),
];

#[test]
fn every_pain_and_leftover_of_the_story_is_said() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let arguments = ["check", "fixtures/fitness_gym/tfplan.json", "--output", "json"];
    let report: Value = serde_json::from_str(&run(&arguments, b"", &[], root).stdout).unwrap();
    let mut said = BTreeSet::new();
    for finding in report.get("findings").and_then(Value::as_array).unwrap() {
        let policy = finding.get("policy").and_then(Value::as_str).unwrap();
        for instance in finding.get("instances").and_then(Value::as_array).unwrap() {
            said.insert((policy, instance.as_str().unwrap()));
        }
    }
    let unsaid: Vec<_> = STORY.iter().filter(|(_, policy, address)| !said.contains(&(*policy, *address))).collect();
    assert!(unsaid.is_empty(), "{unsaid:#?}");
}

/// Who uses a service can be seen from metrics only, so nothing in a plan says it; what is not there is not claimed.
#[test]
fn what_a_plan_cannot_show_is_not_claimed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = run(&["policy", "list"], b"", &[], root).stdout;
    assert!(!list.contains("service_without_outside_traffic"), "it is in the pack now: put it into the table above");
}
