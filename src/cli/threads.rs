//! Where the work runs: threads with room for deep recursion.

use crate::finding::Outcome;

/// Stack of a thread. Expressions nest 64 levels deep and locals chain behind them; memory is only taken when used.
const STACK: usize = 64 << 20;

/// Runs `work` with so many threads for the parallel parts; `None`: as many as there are cores.
pub(super) fn run(threads: Option<usize>, work: impl FnOnce() -> Outcome + Send) -> Outcome {
    let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK).num_threads(threads.unwrap_or(0)).build();
    match pool {
        Ok(pool) => pool.install(work),
        Err(_) => Outcome::CouldNotRun,
    }
}
