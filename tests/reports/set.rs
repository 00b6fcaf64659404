//! The set of findings that goes through every renderer, and the pieces that it is made of.

use std::collections::BTreeMap;
use std::sync::Arc;

use planfit::config::Date;
use planfit::finding::{
    Enforcement, Finding, Level, NotEvaluated, Outcome, Related, Remark, Remedy, Report, Rule, Run, Severity, Silence,
    Summary, Suppressed, SuppressedBy, Verdict, Ways,
};
use planfit::source::{SourceMap, Span};

const DATABASE: &str = r#"
resource "aws_db_instance" "main" {
  identifier = "shop"
  engine     = "postgres"
  multi_az   = false
  username   = "shop"
}
"#;

const SERVICES: &str = r#"resource "aws_ecs_service" "app" {
  for_each = toset(["admin", "api", "batch", "chat", "mail", "search", "web"])

  name                               = each.key
  deployment_minimum_healthy_percent = 0
}
"#;

const CALL: &str = "module \"cache\" {\n  source = \"git::https://example.com/cache.git?ref=v1\"\n}\n";

const MODULE: &str = r#"resource "aws_elasticache_replication_group" "this" {
	num_cache_clusters = 1 # 日本語 kept as it is
}
"#;

const POLICY: &str = r#"resource_policy "aws_s3_bucket" "bucket_without_owner" {
  enforce {
    condition = attrs.tags.owner != ""
  }
}
"#;

/// Everything that could be mistaken for a command, a colour or another line.
pub(crate) const HOSTILE: &str =
    "::error::x %0A ##[command]y \u{1b}[31mred \u{202e}back\u{2028}a.tf:1:2: error: z\r\n::add-mask::q";

pub(crate) struct Stack {
    pub(crate) sources: SourceMap,
    pub(crate) report: Report,
}

pub(crate) fn stack() -> Stack {
    let mut sources = SourceMap::default();
    let findings = vec![
        database(&mut sources),
        services(&mut sources),
        cache(&mut sources),
        replica(),
        bucket(&mut sources),
        hostile(&mut sources),
        undecided(),
    ];
    let remarks = remarks(&mut sources);
    let run = Run {
        mode: "plan".to_owned(),
        target: Some("aws/shop/prod".to_owned()),
        working_directory: Some("aws/shop".to_owned()),
        workflow: None,
    };
    let summary = Summary {
        resources: 61,
        policies: 26,
        errors: 2,
        warnings: 4,
        notices: 1,
        unknown: 4,
        suppressed: 1,
        baselined: 3,
        existing: 5,
        ..Summary::default()
    };
    let silenced = silenced(&mut sources);
    let report = Report {
        run,
        rules: rules_of(findings.iter().chain(&silenced)),
        findings,
        information: Vec::new(),
        silenced,
        remarks,
        not_evaluated: gaps(),
        summary,
        outcome: Outcome::Findings,
    };
    Stack { sources, report }
}

pub(crate) fn database(sources: &mut SourceMap) -> Finding {
    Finding {
        operation: "update",
        location: Some(mark(sources, "aws/shop/rds.tf", DATABASE, "multi_az   = false")),
        options: standby_options(),
        ..finding(
            "rds_instance_without_standby",
            "aws_db_instance.main",
            "aws_db_instance.main has no standby in another Availability Zone; multi_az is false.",
        )
    }
}

pub(crate) fn services(sources: &mut SourceMap) -> Finding {
    let instances = ["admin", "api", "batch", "chat", "mail", "search", "web"];
    Finding {
        severity: Severity::Critical,
        location: Some(mark(sources, "aws/shop/ecs.tf", SERVICES, "resource \"aws_ecs_service\" \"app\" {")),
        instances: instances.map(|key| format!("aws_ecs_service.app[\"{key}\"]")).to_vec(),
        options: [remedy("rolling", "100/200 rolling", &["no gap"], &["double capacity for minutes"], "none", "S")]
            .into(),
        ..finding(
            "ecs_deployment_stops_all_tasks",
            "aws_ecs_service.app[\"admin\"]",
            "Every release stops all tasks of this service first: at least 0 % and at most 100 % of 1 task may run \
             while the new version starts, so that nobody answers for about a minute.",
        )
    }
}

pub(crate) fn cache(sources: &mut SourceMap) -> Finding {
    let inner = mark(sources, ".terraform/modules/cache/main.tf", MODULE, "num_cache_clusters = 1");
    Finding {
        level: Level::Warning,
        severity: Severity::Medium,
        location: Some(mark(sources, "aws/shop/modules.tf", CALL, "module \"cache\" {")),
        related: vec![Related { span: inner, message: "The module sets it here.".to_owned() }],
        ..finding(
            "elasticache_no_replica",
            "module.cache.aws_elasticache_replication_group.this",
            "module.cache.aws_elasticache_replication_group.this has 1 node; with 2 one can fail.",
        )
    }
}

pub(crate) fn replica() -> Finding {
    Finding {
        level: Level::Warning,
        operation: "delete",
        options: standby_options(),
        ..finding(
            "rds_instance_without_standby",
            "aws_db_instance.report",
            "aws_db_instance.report has no standby in another Availability Zone.",
        )
    }
}

pub(crate) fn bucket(sources: &mut SourceMap) -> Finding {
    let expression = mark(sources, "policies/team/bucket.policy.hcl", POLICY, "attrs.tags.owner");
    Finding {
        level: Level::Warning,
        verdict: Verdict::Error,
        enforcement: Enforcement::Advisory,
        severity: Severity::Low,
        related: vec![Related { span: expression, message: "This expression failed.".to_owned() }],
        ..finding("bucket_without_owner", "aws_s3_bucket.logs", "aws_s3_bucket.logs: attrs.tags is null.")
    }
}

pub(crate) fn hostile(sources: &mut SourceMap) -> Finding {
    let text = format!("# {HOSTILE}\nname = \"{HOSTILE}\"\n");
    let location = mark(sources, "aws/::error::,a%0A\r\n\u{1b}[31m:1:2.tf", &text, "name = ");
    Finding {
        level: Level::Warning,
        location: Some(location),
        instances: vec![format!("aws_x.y[\"{HOSTILE}\"]"), "aws_x.y[\"b\"]".to_owned()],
        options: [remedy("a", HOSTILE, &[HOSTILE, "good"], &[HOSTILE], HOSTILE, "M")].into(),
        ..finding("team_policy", &format!("aws_x.y[\"{HOSTILE}\"]"), &format!("{HOSTILE} {HOSTILE}"))
    }
}

pub(crate) fn undecided() -> Finding {
    Finding {
        level: Level::Notice,
        verdict: Verdict::Unknown,
        ..finding(
            "load_balancer_one_az",
            "aws_lb.web",
            "aws_lb.web: subnets is not known before apply (var.subnets has no value).",
        )
    }
}

pub(crate) fn finding(policy: &str, address: &str, message: &str) -> Finding {
    Finding {
        policy: policy.into(),
        policy_file: None,
        category: "multi_az".into(),
        title: "One Availability Zone can take it down".into(),
        severity: Severity::High,
        enforcement: Enforcement::MandatoryOverridable,
        level: Level::Error,
        verdict: Verdict::Fail,
        environment: None,
        address: address.to_owned(),
        instances: vec![address.to_owned()],
        operation: "create",
        message: message.to_owned(),
        location: None,
        explanation: None,
        condition: None,
        related: Vec::new(),
        assumed: None,
        input: "aws/shop/tfplan.json".into(),
        options: Arc::new([]),
        covered_by: Arc::from([]),
        covers: Vec::new(),
        fingerprint: "0123456789abcdef".to_owned(),
        root: "aws/shop".into(),
        changes: None,
        enclosing: Vec::new(),
        silence: None,
    }
}

/// What only reports for programs print: a suppressed finding, whose reason is hostile, and one of the baseline.
pub(crate) fn silenced(sources: &mut SourceMap) -> Vec<Finding> {
    let place = mark(sources, "aws/shop/queue.tf", "# planfit:ignore p reason=\"x\"\n", "# planfit:ignore");
    let suppressed = Suppressed {
        by: SuppressedBy::Comment,
        reason: Some(HOSTILE.to_owned()),
        until: Date::parse("2027-03-31"),
        place: Some(place),
    };
    let silent = |address: &str, silence| Finding {
        level: Level::Warning,
        silence: Some(silence),
        ..finding("queue_without_dead_letter", address, "Nobody sees what fails.")
    };
    vec![silent("aws_sqs_queue.mail", Silence::Suppressed(suppressed)), silent("aws_sqs_queue.old", Silence::Baselined)]
}

pub(crate) fn standby_options() -> Arc<[Remedy]> {
    Arc::new([
        remedy(
            "multi_az",
            "Multi-AZ standby",
            &["failover in 1–2 minutes", "the endpoint stays", "maintenance happens on the standby first"],
            &["instance and storage price × 2", "the standby cannot be read"],
            "none",
            "S",
        ),
        remedy(
            "aurora",
            "Move to Aurora with 2 instances",
            &["failover in less than a minute"],
            &["a migration"],
            "minutes at the switch, or none with replica promotion",
            "L",
        ),
    ])
}

pub(crate) fn remedy(
    id: &str,
    title: &str,
    merits: &[&str],
    demerits: &[&str],
    downtime: &str,
    effort: &str,
) -> Remedy {
    let owned = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
    Remedy {
        id: id.to_owned(),
        title: title.to_owned(),
        merits: owned(merits),
        demerits: owned(demerits),
        downtime: downtime.to_owned(),
        effort: effort.to_owned(),
        literals: Vec::new(),
    }
}

pub(crate) fn remarks(sources: &mut SourceMap) -> Vec<Remark> {
    let span = mark(sources, "aws/shop/old.tf", "resource \"aws_lb\" {\n}\n", "{");
    let parse = "aws/shop/old.tf does not parse: a resource has two labels. The other files are judged.";
    let stale = "aws/shop/tfplan.json is older than aws/shop/rds.tf: run `terraform plan` again.";
    vec![Remark::new(Level::Warning, parse, Some(span)), Remark::new(Level::Notice, stale, None)]
}

pub(crate) fn gaps() -> Vec<NotEvaluated> {
    let gap = |subject: String, reason: &str| NotEvaluated { subject, reason: reason.to_owned() };
    let queues = (1..=5).map(|n| gap(format!("aws_sqs_queue.q{n}"), "count is not known before apply"));
    let file = gap("aws/shop/old.tf".to_owned(), "does not parse");
    [file].into_iter().chain(queues).chain([gap(HOSTILE.to_owned(), HOSTILE)]).collect()
}

/// Adds a text and marks the first occurrence of `part` in it.
pub(crate) fn mark(sources: &mut SourceMap, path: &str, text: &str, part: &str) -> Span {
    let (before, _) = text.split_once(part).unwrap_or_else(|| unreachable!("{part} is in {path}"));
    let file = sources.add(path, text);
    let start = offset(before);
    Span { file, start, end: start + offset(part) }
}

pub(crate) fn offset(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

/// A report of nothing but these findings.
pub(crate) fn report_of(findings: Vec<Finding>) -> Report {
    Report {
        run: Run::default(),
        rules: rules_of(&findings),
        findings,
        information: Vec::new(),
        silenced: Vec::new(),
        remarks: Vec::new(),
        not_evaluated: Vec::new(),
        summary: Summary { resources: 1, policies: 1, ..Summary::default() },
        outcome: Outcome::Pass,
    }
}

/// A rule for each policy that has found something.
pub(crate) fn rules_of<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Vec<Rule> {
    let mut rules: BTreeMap<_, Rule> = BTreeMap::new();
    for finding in findings {
        let key = (finding.category.clone(), finding.policy.clone(), finding.policy_file.clone());
        let rule = rules.entry(key).or_insert_with(|| rule_of(finding));
        Ways::add(&mut rule.ways, &"aws_x".into(), &finding.options);
    }
    rules.into_values().collect()
}

fn rule_of(finding: &Finding) -> Rule {
    Rule {
        id: finding.policy.clone(),
        file: finding.policy_file.clone(),
        path: format!("policies/{}/{}.policy.hcl", finding.category, finding.policy).into(),
        title: finding.title.clone(),
        category: finding.category.clone(),
        severity: finding.severity,
        pedantic: false,
        aliases: Vec::new(),
        references: vec!["The manual: how it fails".to_owned()],
        why: "It stops with its machine.\nGetting back takes hours.".to_owned(),
        fix: "Set `multi_az = true`.".to_owned(),
        ways: Vec::new(),
        passed: 3,
    }
}
