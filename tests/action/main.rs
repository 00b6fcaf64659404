//! The action, as the runner of GitHub Actions starts it: its inputs, how planfit gets there, what a step leaves behind.
//!
//! The steps that run here are those of `action.yml` itself, in a world in which `PATH` holds nothing but what a test put
//! there. So no test needs the network, and no planfit or cargo of the machine plays a part.

#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of tests fail like tests"
)]

mod inputs;
mod installing;
mod manifest;
mod real;
mod runner;
#[path = "../support/mod.rs"]
mod support;
