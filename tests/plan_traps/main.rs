//! Traps of plan and state files (`spec/plan-json.md` 12): each is one small document by hand and what must be said of it.
//!
//! The documents are written as Terraform writes them; numbers in the headings are those of the trap list.

#![expect(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::format_collect,
    clippy::needless_pass_by_value,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail like tests"
)]

mod actions;
mod checking;
mod configuration;
mod documents;
mod forgotten_and_deposed;
mod missing_parts;
mod modules;
mod providers;
mod states;
#[path = "../support/mod.rs"]
mod support;
mod values;
mod whole_plans;
