//! A line on the terminal while a run takes long.
//!
//! It is for people who wait: on standard error, only on a terminal, not in CI, and not in the first half second, in which
//! most runs end. Nothing of it stays.

use std::io::IsTerminal as _;
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::io::Environment;

/// What ends before that needs no line.
const PATIENCE: Duration = Duration::from_millis(500);

/// How often the line moves, so that one sees that something happens.
const TICK: Duration = Duration::from_millis(120);

/// The line. It goes when this is dropped.
#[derive(Debug)]
pub(super) struct Progress {
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Begins to wait. Nothing is ever shown if the run is quiet or nobody looks.
    pub(super) fn start(quiet: bool, environment: &Environment) -> Self {
        if quiet || environment.is_ci || !std::io::stderr().is_terminal() {
            return Self { bar: None };
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let shown = bar.clone();
        // Not waited for: where the run ends before, the line is finished and draws nothing.
        thread::spawn(move || {
            thread::sleep(PATIENCE);
            if !shown.is_finished() {
                shown.set_draw_target(ProgressDrawTarget::stderr());
                shown.enable_steady_tick(TICK);
            }
        });
        let progress = Self { bar: Some(bar) };
        progress.part("reading policies", 1);
        progress
    }

    /// A part of the run begins: what is done, and of how many things.
    pub(super) fn part(&self, what: &'static str, count: usize) {
        let Some(bar) = &self.bar else { return };
        let template = if count > 1 { "{spinner} {msg} {pos}/{len}" } else { "{spinner} {msg}" };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_length(count as u64);
        bar.set_position(0);
        bar.set_message(what);
    }

    /// So many more things are done.
    pub(super) fn advance(&self, count: usize) {
        if let Some(bar) = &self.bar {
            bar.inc(count as u64);
        }
    }

    /// Takes the line away, before something is printed.
    pub(super) fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}
