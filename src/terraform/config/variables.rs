//! Variables of a module as they are declared: the types of their values.

use std::sync::Arc;

use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body};

use super::Module;
use crate::expr::constant::constant;
use crate::expr::types::Type;
use crate::source::FileId;

/// The type constraints of the `variable` blocks of a file, by name. One that is no type is left out: its values are
/// taken as they are.
pub(super) fn types(file: FileId, text: &str, body: &Body) -> Vec<(Arc<str>, Type)> {
    let variables = body.get_blocks("variable");
    variables
        .filter_map(|block| Some((Arc::from(block.labels.first()?.as_str()), declared(file, text, block)?)))
        .collect()
}

fn declared(file: FileId, text: &str, block: &Block) -> Option<Type> {
    type_of(file, text, &block.body.get_attribute("type")?.value)
}

/// The type that an expression is; `text` is what it was parsed from.
pub(super) fn type_of(file: FileId, text: &str, written: &Expression) -> Option<Type> {
    let mut default = |expression: &Expression| constant(file, text, expression).ok();
    Type::read(written, &mut default).ok()
}

impl Module {
    /// The type that a variable is declared with.
    #[must_use]
    pub fn type_of(&self, variable: &str) -> Option<&Type> {
        self.types.get(variable)
    }

    /// Whether a flag of a variable or output (`sensitive`, `nullable`) has that constant value.
    #[must_use]
    pub fn flag(&self, kind: &str, name: &str, flag: &str) -> Option<bool> {
        self.block(kind, &[name])?.attribute(flag)?.value.as_literal()?.as_bool()
    }
}
