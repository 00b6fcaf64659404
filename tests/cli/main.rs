//! The command line as scripts and runners see it: exit codes, sinks, GitHub Actions, colours, paths.

#![expect(
    clippy::needless_pass_by_value,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail like tests"
)]

mod actions;
mod exit_codes;
mod modules;
mod places;
mod sinks;
mod stack;
mod step;
#[path = "../support/mod.rs"]
mod support;
