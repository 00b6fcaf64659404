//! The README, the pages of CI and the workflows: what they tell a reader to copy must exist and fit together.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod actions;
mod options;
mod page;
