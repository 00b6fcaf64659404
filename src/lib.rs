//! planfit: a Terraform plan policy linter.
//!
//! What Terraform gives (`terraform`) becomes one model (`workspace`); policies written in HCL (`policy`, `expr`) are
//! judged on it (`engine`), and what they say is printed (`report`). `cli` ties it together and alone, with `io`, touches
//! the outside. ARCHITECTURE.md draws the map.

pub mod baseline;
pub mod changed;
pub mod cli;
pub mod config;
pub mod engine;
pub mod expr;
pub mod finding;
pub mod instant;
pub mod io;
pub mod policy;
pub mod policytest;
pub mod report;
pub mod source;
pub mod suppress;
pub mod terraform;
pub mod tfaction;
pub mod value;
pub mod version;
pub mod workspace;
