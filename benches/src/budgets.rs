//! What may be taken, and whether it was.

#![expect(clippy::print_stdout, reason = "for programs that print a table")]

use std::process::ExitCode;

/// How far over its budget a ratio may be before the program fails. Neighbours on a machine take caches and memory away
/// from both sides, and not alike: evaluation took 1.6 times as long as by hand in one hour and 2.2 times in another, and
/// a large plan 3.0 to 4.8 times as long as passing over it, with the same program.
const ALLOWANCE: f64 = 1.4;

/// The same where one program is held against itself: both sides suffer alike, and differ by a tenth at most.
const GROWTH_ALLOWANCE: f64 = 1.15;

/// Whether all budgets were kept so far.
#[derive(Debug)]
pub struct Budgets {
    kept: bool,
}

impl Default for Budgets {
    fn default() -> Self {
        Self { kept: true }
    }
}

impl Budgets {
    /// What a ratio of times is held against: says so if it is over its budget, and fails if it is far over it.
    pub fn time(&mut self, what: &str, is: f64, budget: f64) {
        self.within(what, is, budget, ALLOWANCE);
    }

    /// The same for the time of twice the work against that of the work.
    pub fn growth(&mut self, what: &str, is: f64, budget: f64) {
        self.within(what, is, budget, GROWTH_ALLOWANCE);
    }

    /// The same for a size, which does not depend on neighbours.
    pub fn size(&mut self, what: &str, is: f64, budget: f64) {
        self.within(what, is, budget, 1.0);
    }

    fn within(&mut self, what: &str, is: f64, budget: f64, allowance: f64) {
        if is > budget {
            let fails = is > budget * allowance;
            self.kept &= !fails;
            let word = if fails { "over budget" } else { "over budget, within what a busy machine explains" };
            println!("  {word}: {what} is {is:.2}, at most {budget:.2}");
        }
    }

    /// How a program ends that has checked them.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        if self.kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
