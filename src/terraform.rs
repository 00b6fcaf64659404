//! What Terraform gives: plans, states, the configuration, and the addresses that tie them together.

pub mod address;
pub mod config;
pub mod document;
pub mod input;
pub mod plan;
pub mod state;
