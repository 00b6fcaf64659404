//! How often a policy finds what it wants. Counted, because nobody keeps a hundred thousand passes.

/// By slot, the objects that are as the policy wants them.
pub(super) struct Tally(Vec<u32>);

impl Tally {
    /// Nothing has been counted yet.
    pub(super) fn new(slots: usize) -> Self {
        Self(vec![0; slots])
    }

    /// Counts one object.
    pub(super) fn count(&mut self, slot: usize, passes: bool) {
        if let Some(count) = self.0.get_mut(slot) {
            *count = count.saturating_add(u32::from(passes));
        }
    }

    /// Adds what another part of the work has counted.
    pub(super) fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(all, some)| *all = all.saturating_add(*some));
    }

    /// What was counted: slots with their counts, without those that are zero.
    pub(super) fn counts(&self) -> Vec<(usize, usize)> {
        let counts = self.0.iter().enumerate().filter(|(_, count)| **count > 0);
        counts.map(|(slot, count)| (slot, *count as usize)).collect()
    }
}
