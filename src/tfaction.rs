//! What tfaction's files mean: which working directories there are, and what a job for each of them needs
//! (`spec/ci-integration.md` 12).
//!
//! Nothing here reads a file. `cli/targets.rs` lists directories and hands texts in; [`root`] gives them their shape,
//! [`glob`] says which group a directory belongs to, [`replace`] turns its path into the name of a target, and
//! [`targets::list`] puts it together.

pub mod glob;
pub mod replace;
pub mod root;
pub mod targets;
