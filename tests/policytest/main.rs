//! Tests of policies: what a `*.policytest.hcl` means, mock by mock, and what is said of a wrong one.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod bounds;
mod faults;
mod files;
mod labels_and_references;
mod meaning;
mod running;
mod told;
mod verdicts;
