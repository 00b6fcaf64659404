//! Joins on a first apply are exact: what each form of a reference in `fixtures/references` leads to, while no id is
//! known yet. The stack is judged as a plan with its source, as a plan alone, and as the state after apply.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use std::collections::{BTreeMap, BTreeSet};

use planfit::io::{Disk, Environment, read_input};
use planfit::policy::library;
use planfit::policy::parse::parse;
use planfit::source::SourceMap;
use planfit::terraform::config::{Configuration, load};
use planfit::value::{Handle, Value};
use planfit::workspace::{Workspace, text};

const STACK: &str = "fixtures/references";

// What policies ask for decides what is opened.
const POLICY: &str = r#"
resource_policy "*" "joins" {
  enforce {
    condition = core::length(graph::references()) == core::length(graph::referrers())
  }
}
"#;

/// Path and address of each edge, by the address of the object at this end.
type Edges = BTreeMap<String, BTreeSet<(String, String)>>;

/// What is certain, what may be, and whether there may be more that has no name.
#[derive(Debug, Default)]
struct Found {
    certain: Edges,
    possible: Edges,
    open: BTreeSet<String>,
}

fn with_workspace<T>(file: &str, source: bool, look: impl FnOnce(&Workspace<'_>) -> T) -> T {
    let root = format!("{}/{STACK}", env!("CARGO_MANIFEST_DIR"));
    let input = read_input(&format!("{root}/{file}")).unwrap();
    let configuration = if source {
        load::load(&root, &Disk::new(&Environment::read()), library::map_arguments(), &mut SourceMap::default()).0
    } else {
        Configuration::default()
    };
    let parsed = parse("t.policy.hcl", SourceMap::default().add("t.policy.hcl", POLICY), POLICY, "custom");
    let mentions = std::iter::once(parsed.file.mentions());
    let shared = text::shared(mentions, library::facts().unwrap(), configuration);
    look(&text::workspace(&input, file, &shared).unwrap())
}

fn edges(workspace: &Workspace<'_>, of: impl Fn(u32) -> Vec<Value>) -> Found {
    let mut found = Found::default();
    for id in (0..).take_while(|id| workspace.object(*id).is_some()) {
        let address = workspace.object(id).unwrap().address.to_string();
        for member in of(id) {
            let (value, maybe) = member.member();
            let Value::Handle(handle) = value else {
                found.open.insert(address.clone());
                continue;
            };
            let edges = if maybe { &mut found.possible } else { &mut found.certain };
            edges.entry(address.clone()).or_default().insert(shown(workspace, *handle));
        }
    }
    found
}

fn shown(workspace: &Workspace<'_>, handle: Handle) -> (String, String) {
    let told = |name: &str| workspace.attribute(handle, name).unwrap().as_str().unwrap().to_owned();
    (told("_path"), told("_address"))
}

fn references(file: &str, source: bool) -> Found {
    with_workspace(file, source, |workspace| edges(workspace, |id| workspace.referred(id, &[])))
}

fn referrers(file: &str, source: bool) -> Found {
    with_workspace(file, source, |workspace| edges(workspace, |id| workspace.referrers(id, &[])))
}

const EIP: &str = "allocation_id";

// What Terraform's documentation says of each form.
#[test]
fn each_form_leads_to_its_object() {
    let found = references("tfplan.json", true).certain;
    for (object, path, target) in [
        ("aws_nat_gateway.local_map", EIP, "aws_eip.zoned[\"b\"]"),
        ("aws_nat_gateway.count_shifted[1]", EIP, "aws_eip.counted[0]"),
        ("aws_nat_gateway.each_object[\"b\"]", EIP, "aws_eip.zoned[\"b\"]"),
        ("aws_nat_gateway.each_nested[\"y\"]", EIP, "aws_eip.zoned[\"b\"]"),
        ("aws_nat_gateway.conditional", EIP, "aws_eip.optional[0]"),
        ("aws_nat_gateway.one", EIP, "aws_eip.optional[0]"),
        ("aws_nat_gateway.element", EIP, "aws_eip.counted[1]"),
        ("aws_nat_gateway.try", EIP, "aws_eip.single"),
        ("aws_nat_gateway.coalesce", EIP, "aws_eip.single"),
        ("aws_nat_gateway.module_nested", EIP, "module.outer.module.inner.aws_eip.main"),
        ("aws_nat_gateway.module_each_value[\"b\"]", EIP, "module.address_zoned[\"b\"].aws_eip.main"),
        ("module.argument[\"b\"].aws_nat_gateway.main", EIP, "aws_eip.zoned[\"b\"]"),
        ("module.argument_object.aws_nat_gateway.main", EIP, "aws_eip.single"),
        ("aws_lb.dynamic", "subnet_mapping[].allocation_id", "aws_eip.zoned[\"b\"]"),
        ("aws_lb_listener.dynamic", "default_action[].target_group_arn", "aws_lb_target_group.second"),
        ("aws_ecs_task_definition.jsonencode", "container_definitions{}[].image", "aws_ecr_repository.app"),
        (
            "aws_ecs_task_definition.heredoc",
            "container_definitions{}[].logConfiguration.options.awslogs-group",
            "aws_cloudwatch_log_group.job",
        ),
    ] {
        let edge = (path.to_owned(), target.to_owned());
        assert!(found.get(object).is_some_and(|edges| edges.contains(&edge)), "{object}: {:?}", found.get(object));
    }
}

#[test]
fn an_order_and_an_ornament_are_no_use() {
    for (file, source) in MODES {
        let found = references(file, source).certain;
        assert_eq!(found.get("aws_nat_gateway.depends_on"), None, "{file}");
        assert_eq!(found.get("aws_iam_role_policy_attachment.task"), None, "{file}");
        assert_eq!(found.get("aws_appautoscaling_target.app"), None, "{file}");
    }
}

const MODES: [(&str, bool); 3] = [("tfplan.json", true), ("tfplan.json", false), ("state.json", false)];

// The state after apply holds the ids that Terraform has put in: what they say is what was meant.
#[test]
fn with_source_a_first_apply_is_as_exact_as_the_state() {
    let (plan, state) = (references("tfplan.json", true), references("state.json", false));
    assert!(state.certain.len() > 60, "the stack is gone");
    assert_eq!(plan.certain, state.certain);
    assert_eq!((plan.possible, plan.open), (Edges::new(), BTreeSet::new()));
    let (plan, state) = (referrers("tfplan.json", true), referrers("state.json", false));
    assert_eq!(plan.certain, state.certain);
    assert_eq!(plan.possible, Edges::new());
}

#[test]
fn without_source_nothing_is_wrong_and_nothing_is_missing() {
    let (plan, state) = (references("tfplan.json", false), references("state.json", false));
    for (object, edges) in &plan.certain {
        assert!(edges.is_subset(state.certain.get(object).unwrap_or(&BTreeSet::new())), "{object}: {edges:?}");
    }
    for (object, edges) in &state.certain {
        let known = |edges: &Edges, edge| edges.get(object).is_some_and(|edges| edges.contains(edge));
        let told = |edge| known(&plan.certain, edge) || known(&plan.possible, edge) || plan.open.contains(object);
        assert!(edges.iter().all(told), "{object}: {edges:?}");
    }
}
