//! From the text of a plan or state to its workspace in one step: for tests, benches, fuzzing, and whoever judges one
//! input. The command line takes the steps one by one, because it reports what it meets between them.
//!
//! [`shared`] says what policies ask for, [`workspace`] builds.

use std::sync::Arc;

use super::build::{self, Changes, Shared};
use super::{Facts, Mentions, Names, Workspace};
use crate::terraform::config::Configuration;
use crate::terraform::document;
use crate::terraform::input::{InputError, Kind, Text};

/// Why a text has no workspace.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It is no plan and no state, or not whole.
    #[error(transparent)]
    Input(#[from] InputError),
    /// A part of it is not what Terraform writes there.
    #[error("a part of it has another shape: {0}")]
    Shape(#[from] serde_json::Error),
    /// It is the log of a run.
    #[error("this is the log of a run, neither a plan nor a state; `terraform show -json PLAN` gives the plan")]
    Log,
}

/// What a workspace needs to know for the policies that mention these names. `configuration` is the source; empty if none
/// is at hand.
#[must_use]
pub fn shared(mentions: impl Iterator<Item = Mentions>, facts: Facts, configuration: Configuration) -> Shared {
    let wanted = Names::new(mentions);
    Shared::new(Arc::new(facts), Arc::new(wanted), Arc::new(configuration))
}

/// The workspace of a plan or state of any version. `name` is what reports call it.
///
/// ```
/// use planfit::terraform::config::Configuration;
/// use planfit::terraform::input;
/// use planfit::workspace::{Facts, text};
///
/// let plan = r#"{"format_version":"1.2","resource_changes":[{"address":"t_x.a","type":"t_x",
///     "change":{"actions":["create"],"before":null,"after":{"size":1},"after_unknown":{}}}]}"#;
/// let plan = input::decode(plan.as_bytes().to_vec());
/// let shared = text::shared(std::iter::empty(), Facts::default(), Configuration::default());
/// let workspace = text::workspace(&plan, "plan.json", &shared)?;
/// assert_eq!(workspace.of_type("t_x").len(), 1);
/// # Ok::<(), text::Error>(())
/// ```
///
/// # Errors
///
/// What the text is instead.
pub fn workspace<'t>(text: &'t Text, name: &str, shared: &Shared) -> Result<Workspace<'t>, Error> {
    let mut changes = Changes::of_plan(text.body().map_or(0, str::len));
    let (document, kind) = document::read(text, &mut changes.intake(shared))?;
    match kind {
        Kind::Plan => Ok(build::from_plan(&document, changes, Arc::from(name), shared)?.0),
        Kind::StateJson | Kind::RawState | Kind::OldRawState => {
            Ok(build::from_state(&document, Arc::from(name), shared)?)
        }
        _ => Err(Error::Log),
    }
}
