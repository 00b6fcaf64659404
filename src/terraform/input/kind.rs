//! What the JSON is, by the keys of its top level: the table of spec/plan-json.md 1, step 7. Start at [`classify`].

use super::InputError;

// As many keys as a message can bear.
const KEYS_SHOWN: usize = 10;

/// What the reader notes about the top level while it parses the file, all that [`classify`] needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The keys in the order of the file.
    pub keys: Vec<String>,
    /// The value of `version`, if it is a whole number.
    pub version: Option<u64>,
    /// Whether `values` is an object.
    pub has_values_object: bool,
    /// Whether `resources` or the `resources` of any of `modules` has an element.
    pub has_resources: bool,
}

/// What a file of JSON is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A plan, complete or a part of one.
    Plan,
    /// A state as `terraform show -json` writes it.
    StateJson,
    /// A state as it is stored, version 4.
    RawState,
    /// A state as it was stored up to Terraform 0.11.
    OldRawState,
    /// `.terraform/terraform.tfstate`: remembers the backend, holds no resources.
    BackendPseudoState,
    /// A state that OpenTofu encrypted.
    EncryptedState,
    /// The log of `plan -json` and the like, one object a line.
    MachineLog,
    /// Nothing of Terraform's; its first ten keys. An inventory or a metrics export, perhaps.
    Other(Vec<String>),
}

impl Kind {
    /// Whether a file of this kind may hold more than one JSON value: a log has one a line, an export one a page.
    #[must_use]
    pub fn holds_several(&self) -> bool {
        matches!(self, Self::MachineLog | Self::Other(_))
    }

    /// Why a plan or a state cannot be read from a file of this kind; `None` if it can, and for a log.
    #[must_use]
    pub fn refusal(&self) -> Option<InputError> {
        match self {
            Self::Plan | Self::StateJson | Self::RawState | Self::OldRawState | Self::MachineLog => None,
            Self::BackendPseudoState => Some(InputError::BackendPseudoState),
            Self::EncryptedState => Some(InputError::EncryptedState),
            Self::Other(keys) => Some(InputError::unknown_json(keys)),
        }
    }
}

/// Tells a plan from a state and from everything else.
///
/// Encrypted and pseudo-states come first, unlike in the table: those of old versions carry `modules`, `serial` or
/// `lineage` too, and must never be taken for a state without resources.
#[must_use]
pub fn classify(facts: &Facts) -> Kind {
    let has = |name: &str| facts.keys.iter().any(|key| key == name);
    let has_any = |names: &[&str]| names.iter().any(|name| has(name));
    if has("encrypted_data") {
        Kind::EncryptedState
    } else if has("version") && has("backend") && !facts.has_resources {
        Kind::BackendPseudoState
    } else if facts.version == Some(4) && has_any(&["resources", "serial", "lineage"]) {
        Kind::RawState
    } else if matches!(facts.version, Some(1..=3)) && has("modules") {
        Kind::OldRawState
    } else if has_any(&["planned_values", "resource_changes", "configuration", "output_changes", "resource_drift"]) {
        Kind::Plan
    } else if facts.has_values_object || is_empty_state(facts) {
        Kind::StateJson
    } else if has("@level") && has("@message") {
        Kind::MachineLog
    } else {
        Kind::Other(facts.keys.iter().take(KEYS_SHOWN).cloned().collect())
    }
}

// A state without resources has no `values`; its checks may be there.
fn is_empty_state(facts: &Facts) -> bool {
    let expected = |key: &String| ["format_version", "terraform_version", "checks"].contains(&key.as_str());
    facts.keys.iter().any(|key| key == "format_version") && facts.keys.iter().all(expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(keys: &str, version: impl Into<Option<u64>>) -> Facts {
        let keys = keys.split_whitespace().map(str::to_owned).collect();
        Facts { keys, version: version.into(), ..Facts::default() }
    }

    #[test]
    fn the_keys_tell_the_kind() {
        let none = None;
        let cases = [
            ("version terraform_version serial lineage outputs resources check_results", Some(4), Kind::RawState),
            ("version serial", Some(4), Kind::RawState),
            ("version terraform_version serial lineage modules", Some(3), Kind::OldRawState),
            ("version serial modules", Some(1), Kind::OldRawState),
            ("version terraform_version backend", Some(3), Kind::BackendPseudoState),
            ("version serial lineage backend modules", Some(3), Kind::BackendPseudoState),
            ("version serial lineage backend resources", Some(4), Kind::BackendPseudoState),
            ("serial lineage meta encrypted_data encryption_version", none, Kind::EncryptedState),
            ("format_version planned_values", none, Kind::Plan),
            ("resource_changes", none, Kind::Plan),
            ("format_version terraform_version prior_state configuration", none, Kind::Plan),
            ("output_changes", none, Kind::Plan),
            ("resource_drift infracost_metadata", none, Kind::Plan),
            ("format_version", none, Kind::StateJson),
            ("terraform_version format_version", none, Kind::StateJson),
            ("@level @message @module @timestamp terraform type ui", none, Kind::MachineLog),
        ];
        for (keys, version, kind) in cases {
            assert_eq!(classify(&facts(keys, version)), kind, "{keys}");
        }
    }

    #[test]
    fn values_must_be_an_object() {
        let state = Facts { has_values_object: true, ..facts("format_version values", None) };
        assert_eq!(classify(&state), Kind::StateJson);
        assert!(matches!(classify(&facts("format_version values", None)), Kind::Other(_)));
    }

    #[test]
    fn a_state_with_resources_and_a_backend_is_a_state() {
        let state = Facts { has_resources: true, ..facts("version backend modules", 3) };
        assert_eq!(classify(&state), Kind::OldRawState);
    }

    #[test]
    fn other_json_names_ten_keys() {
        let keys = "a b c d e f g h i j k l";
        let kind = classify(&facts(keys, None));
        assert_eq!(kind, Kind::Other("a b c d e f g h i j".split(' ').map(str::to_owned).collect()));
        assert!(kind.refusal().unwrap().to_string().contains("a, b, c, d, e, f, g, h, i, j"));
        assert_eq!(classify(&facts("version", 4)), Kind::Other(vec!["version".to_owned()]));
        assert!(classify(&Facts::default()).refusal().unwrap().to_string().contains("no keys"));
    }

    #[test]
    fn what_is_no_plan_and_no_state_is_refused() {
        assert_eq!(Kind::BackendPseudoState.refusal(), Some(InputError::BackendPseudoState));
        assert_eq!(Kind::EncryptedState.refusal(), Some(InputError::EncryptedState));
        assert_eq!(Kind::Plan.refusal(), None);
    }
}
