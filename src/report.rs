//! Renderers: a [`Report`](crate::finding::Report) in, bytes out.
//!
//! One file a format. A renderer takes the report, the source texts, its own settings if it has any, and a writer; it
//! decides nothing: the findings come filtered, levelled and in order, and are printed as they are. Everything that a
//! pull request controls (names, messages, paths, source lines) passes `sanitise` on its way out, for every format.
//!
//! Nothing here reads files, the environment or the clock, so a report is the same bytes each time. Start at
//! [`human::write`], [`github::write`], [`json::write`].

pub mod comment;
pub mod config;
pub mod github;
pub mod human;
pub mod issue;
pub mod json;
pub mod junit;
pub mod markdown;
mod places;
pub mod policy;
pub mod rdjsonl;
pub(crate) mod sanitise;
pub mod sarif;
pub mod targets;
mod uri;
pub(crate) mod wording;
mod xml;
