//! What is around an object in the source: its own block, and the module calls that lead to it.
//!
//! A suppression at one of these blocks covers the object. Only code of ours counts: what the author of a published
//! module has written into it decides nothing here.

use super::Workspace;
use super::parts::Part;
use crate::source::Span;
use crate::terraform::address::ModuleInstance;

impl Workspace<'_> {
    /// The headers of the blocks around an object, from the inside to the outside: its own block, then the calls.
    #[must_use]
    pub fn enclosing(&self, id: u32) -> Vec<Span> {
        let Some(address) = self.object(id).and_then(super::Resource::parsed_address) else { return Vec::new() };
        let own = self.source_block(&address).filter(|(module, _)| module.is_ours).map(|(_, block)| block.header);
        own.into_iter().chain(self.calls(address.module)).collect()
    }

    /// The same for a module call or provider.
    #[must_use]
    pub fn enclosing_part(&self, part: &Part) -> Vec<Span> {
        let own = self.part_block(part).filter(|(module, _)| module.is_ours).map(|(_, block)| block.header);
        own.into_iter().chain(self.calls(part.module_instance())).collect()
    }

    // The module calls of ours that lead to a module, the nearest first.
    fn calls(&self, mut instance: ModuleInstance) -> Vec<Span> {
        let mut calls = Vec::new();
        while let Some((parent, step)) = instance.split_last() {
            let module = self.configuration.module(&parent.config_path()).filter(|module| module.is_ours);
            calls.extend(module.and_then(|module| module.block("module", &[&step.name])).map(|call| call.header));
            instance = parent;
        }
        calls
    }
}
