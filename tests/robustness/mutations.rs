//! Mutations of whole files and of parts of them, through the library.

use std::sync::{Arc, LazyLock};

use planfit::engine::{self, Judged, Settings};
use planfit::finding::{Outcome, Report, Run, Severity, Summary};
use planfit::io::{Disk, Environment};
use planfit::policy::library::Examples;
use planfit::policy::{PolicyFile, library};
use planfit::report::human::Style;
use planfit::report::{github, human};
use planfit::source::SourceMap;
use planfit::terraform::config::{Configuration, load};
use planfit::terraform::input;
use planfit::workspace::build::Shared;
use planfit::workspace::{Facts, Names, text};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use crate::inputs::{GYM, fixture, messages, nested, report, root};
use crate::support::{Directory, run};

struct Kit {
    sources: SourceMap,
    policies: Vec<PolicyFile>,
    facts: Arc<Facts>,
    configuration: Arc<Configuration>,
}

/// The embedded pack and the gym's source, read once.
static KIT: LazyLock<Kit> = LazyLock::new(|| {
    let mut sources = SourceMap::default();
    let policies = library::load(&mut sources, Examples::Skip).into_iter().map(|parsed| parsed.file).collect();
    let disk = Disk::new(&Environment::default());
    let (configuration, troubles) =
        load::load(root().join(GYM).to_str().unwrap(), &disk, library::map_arguments(), &mut sources);
    assert!(troubles.is_empty() && !configuration.is_empty());
    Kit { sources, policies, facts: Arc::new(library::facts().unwrap()), configuration: Arc::new(configuration) }
});

/// Reads, judges and reports like `check`; the exit code.
fn judge(bytes: &[u8]) -> Outcome {
    let kit = &*KIT;
    let input = input::decode(bytes.to_vec());
    let wanted = Names::new(kit.policies.iter().map(PolicyFile::mentions));
    let shared = Shared::new(kit.facts.clone(), Arc::new(wanted), kit.configuration.clone());
    let Ok(workspace) = text::workspace(&input, "input.json", &shared) else { return Outcome::CouldNotRun };
    let fail_level = Some(Severity::High);
    let settings = Settings { fail_level, pedantic: true, show_unknown: true, explain: true, ..Settings::default() };
    let files: Vec<&PolicyFile> = kit.policies.iter().collect();
    let judged = engine::evaluate(&files, &workspace, &settings, &kit.sources);
    assert_eq!(judged.panicked, [], "the engine caught a panic");
    let _ = workspace.unopened();
    render(judged)
}

fn render(judged: Judged) -> Outcome {
    let kit = &*KIT;
    let mut findings = judged.findings;
    engine::sort(&mut findings, &kit.sources);
    let fails = findings.iter().any(|finding| finding.level == planfit::finding::Level::Error);
    let outcome = if fails { Outcome::Findings } else { Outcome::Pass };
    let report = Report {
        run: Run { mode: "plan".to_owned(), target: None, working_directory: None, workflow: None },
        rules: Vec::new(),
        findings,
        silenced: Vec::new(),
        information: Vec::new(),
        remarks: Vec::new(),
        not_evaluated: Vec::new(),
        summary: Summary::default(),
        outcome,
    };
    let style = Style { width: 100, colour: true, verbose: true };
    human::write(&report, &kit.sources, style, &mut std::io::sink()).unwrap();
    github::write(&report, &kit.sources, github::Rest::Log, &mut std::io::sink()).unwrap();
    planfit::report::json::write(&report, &kit.sources, &mut std::io::sink()).unwrap();
    outcome
}

/// Some of a fixture's changes with the configuration of their blocks: few enough for many runs.
fn piece(fixture_path: &str, first: usize, step: usize) -> Value {
    let whole: Value = serde_json::from_slice(&fixture(fixture_path)).unwrap();
    let changes: Vec<Value> =
        whole["resource_changes"].as_array().unwrap().iter().skip(first).step_by(step).cloned().collect();
    let is_kept = |resource: &Value| changes.iter().any(|change| change["name"] == resource["name"]);
    let mut configuration = whole["configuration"].clone();
    let resources = configuration["root_module"]["resources"].as_array_mut().unwrap();
    resources.retain(is_kept);
    json!({"format_version": "1.2", "variables": whole["variables"], "resource_changes": changes,
        "configuration": {"root_module": configuration["root_module"]}})
}

static PIECES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let state: Value = serde_json::from_slice(&fixture("fixtures/fitness_gym/state.json")).unwrap();
    let mut raw: Value = serde_json::from_slice(&fixture("fixtures/fitness_gym/terraform.tfstate")).unwrap();
    let mut states = vec![state];
    for kept in [0, 1] {
        let mut piece = states[0].clone();
        let resources = piece["values"]["root_module"]["resources"].as_array_mut().unwrap();
        let mut at = 0;
        resources.retain(|_| {
            at += 1;
            at % 7 == kept
        });
        piece["values"]["root_module"]["child_modules"] = json!([]);
        states.push(piece);
    }
    states.remove(0);
    raw["resources"].as_array_mut().unwrap().truncate(12);
    let plans = (0..4).flat_map(|first| {
        [("fixtures/fitness_gym/tfplan.json", 11), ("fixtures/fitness_gym_update/tfplan.json", 13)]
            .map(|(path, step)| piece(path, first, step))
    });
    plans.chain(states).chain([raw]).collect()
});

/// One edit of a text: where, and what happens there.
#[derive(Clone, Debug)]
enum Edit {
    Flip(Index, u8),
    Delete(Index, usize),
    Insert(Index, Vec<u8>),
}

fn edit() -> impl Strategy<Value = Edit> {
    let scrap = prop_oneof![
        prop::collection::vec(any::<u8>(), 1..4),
        prop::sample::select(vec![
            "{", "}", "[", "]", "\"", ",", ":", "null", "true", "1e999", "\\u0000", "\\ud800", "\u{feff}"
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, mask)| Edit::Flip(at, mask)),
        (any::<Index>(), 1..64_usize).prop_map(|(at, length)| Edit::Delete(at, length)),
        (any::<Index>(), scrap).prop_map(|(at, scrap)| Edit::Insert(at, scrap)),
    ]
}

fn edited(mut bytes: Vec<u8>, edits: &[Edit]) -> Vec<u8> {
    for edit in edits.iter().filter(|_| !bytes.is_empty()).collect::<Vec<_>>() {
        match edit {
            Edit::Flip(at, mask) => {
                let at = at.index(bytes.len());
                bytes[at] ^= mask;
            }
            Edit::Delete(at, length) => {
                let at = at.index(bytes.len());
                bytes.drain(at..(at + length).min(bytes.len()));
            }
            Edit::Insert(at, scrap) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, scrap.iter().copied());
            }
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

/// What a value may turn into: another type, an extreme, a text that means something elsewhere.
fn stranger() -> impl Strategy<Value = Value> {
    let number = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let mut strangers = vec![
        Value::Null,
        json!(true),
        json!(false),
        json!(0),
        json!(-1),
        json!([]),
        json!({}),
        json!([[]]),
        json!([null]),
        json!({"": {}}),
        json!({"id": "x"}),
        nested(120),
        nested(140),
    ];
    strangers.extend(["1e400", "-1e-400", "18446744073709551616", "0.1", "1e2"].map(number));
    strangers.extend(
        ["", "x", "no-op", "delete", "create", "data", "module", "module.a[\"", "a.b[0]", "a.b[99999999999999999999]"]
            .map(Value::from),
    );
    strangers
        .extend(["each.key", "local.a", "var.a", "${", "%{", "\u{0}", "\u{202e}", "::error::x", "𝒳"].map(Value::from));
    prop::sample::select(strangers)
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// Puts `stranger` in the place of the n-th value, counted from the top; what is left to count otherwise.
fn replace(value: &mut Value, place: usize, stranger: &Value) -> Option<usize> {
    let Some(mut left) = place.checked_sub(1) else {
        *value = stranger.clone();
        return None;
    };
    match value {
        Value::Array(items) => {
            for item in items {
                left = replace(item, left, stranger)?;
            }
        }
        Value::Object(members) => {
            for member in members.values_mut() {
                left = replace(member, left, stranger)?;
            }
        }
        _ => {}
    }
    Some(left)
}

#[test]
fn the_pieces_are_judged() {
    assert_eq!(PIECES.len(), 11);
    let findings = PIECES.iter().filter(|piece| judge(piece.to_string().as_bytes()) == Outcome::Findings);
    assert!(findings.count() > 3, "the mutations start from plans that mean something");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_edit_of_the_text_makes_it_panic(
        piece in 0..11_usize,
        edits in prop::collection::vec(edit(), 1..4),
    ) {
        let _ = judge(&edited(PIECES[piece].to_string().into_bytes(), &edits));
    }

    #[test]
    fn no_value_of_another_kind_makes_it_panic(
        piece in 0..11_usize,
        changes in prop::collection::vec((any::<Index>(), stranger()), 1..6),
    ) {
        let mut plan = PIECES[piece].clone();
        for (place, stranger) in changes {
            let place = place.index(count(&plan));
            let _ = replace(&mut plan, place, &stranger);
        }
        let _ = judge(plan.to_string().as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_command_ends_with_one_of_three_codes_and_says_why(
        piece in 0..11_usize,
        edits in prop::collection::vec(edit(), 1..4),
    ) {
        let content = edited(PIECES[piece].to_string().into_bytes(), &edits);
        let output = run(&["check", "-", "--output", "json"], &content, &[], Directory::new().path());
        prop_assert!((0..=2).contains(&output.code), "{}", output.code);
        let errors = messages(&report(&output), "error");
        prop_assert_eq!(output.code == 2, !errors.is_empty());
    }
}
