//! What the programs that measure planfit share: large inputs of any size, what a process took, and budgets.
//!
//! Programs: `budget` (whole runs on plans), `language` (evaluation and joins), `repository` (source), `reports` (formats),
//! and `generate_plan` and `generate_repository`, which write what the others measure with.

#![expect(clippy::disallowed_methods, reason = "writes inputs and starts programs, beside the doors of planfit")]

pub mod budgets;
pub mod pipeline;
pub mod plan;
pub mod repository;
pub mod usage;
