//! Foreign input: whatever a file holds, planfit says where it is wrong, why and what to do next, and never breaks down.

#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "helpers of tests fail like tests"
)]

mod cut_off;
mod encodings;
mod inputs;
mod large_plans;
mod mutations;
mod nesting;
mod no_plan;
#[path = "../support/mod.rs"]
mod support;
mod surroundings;
