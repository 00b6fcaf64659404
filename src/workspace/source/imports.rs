//! Which objects `import` blocks are about. Only the root module has them.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::Source;
use super::repeat::Repeats;
use super::scope::Scope;
use super::tree::Instance;
use crate::expr::{Access, Kind};
use crate::terraform::address::Key;
use crate::terraform::config::Block;
use crate::terraform::config::usage::DeclarationKind;
use crate::value::Value;

/// What one `import` block is about.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Import {
    /// The address without its keys.
    bare: String,
    /// The addresses, if all keys are known; else every instance may be meant.
    exact: Option<BTreeSet<String>>,
}

impl Import {
    /// Whether an object is imported, or may be.
    pub(super) fn covers(&self, address: &str) -> bool {
        match &self.exact {
            Some(exact) => exact.contains(address),
            None => bare(address) == self.bare,
        }
    }
}

impl<'c> Source<'c> {
    /// The `import` blocks of the root module.
    pub(super) fn imports(&self) -> Vec<Import> {
        let Some(root) = self.modules.borrow().first().cloned() else { return Vec::new() };
        let declared = root.module.usage.declarations.iter();
        let declared = declared.filter(|declaration| declaration.kind == DeclarationKind::Import);
        declared
            .map(|declaration| {
                let block = root.module.blocks("import").find(|block| block.header == declaration.span);
                let exact = match keys(&declaration.name).iter().filter(|key| !is_constant(key)).count() {
                    0 => Some(BTreeSet::from([declaration.name.to_string()])),
                    1 => block.and_then(|block| self.imported_keys(&root, block, &declaration.name)),
                    _ => None,
                };
                Import { bare: bare(&declaration.name), exact }
            })
            .collect()
    }

    // `to = t_x.y[each.key]`: the last key is computed.
    fn imported_keys(&self, root: &Rc<Instance<'c>>, block: &'c Block, written: &str) -> Option<BTreeSet<String>> {
        let Kind::Access(_, Access::Index(index)) = &block.attribute("to")?.value.kind else { return None };
        let Repeats::Keyed(rounds) = self.repeats(&Scope::new(self, root.clone()), block) else { return None };
        let open = written.rfind('[').filter(|_| written.ends_with(']'))?;
        let base = written.get(..open)?;
        let key = |round| match Scope::in_round(self, root.clone(), Rc::new(round)).eval(index).ok()?.unmark().0 {
            Value::String(text) => Some(Key::Str(text.clone())),
            Value::Number(number) => Some(Key::Int(i64::try_from(number.as_usize()?).ok()?)),
            _ => None,
        };
        rounds.into_iter().map(|(_, round)| Some(format!("{base}{}", key(round)?))).collect()
    }
}

// What stands in the brackets of an address, and the address without them.
fn split(address: &str) -> (Vec<&str>, String) {
    let (mut keys, mut bare) = (Vec::new(), String::new());
    let (mut depth, mut start, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for (at, character) in address.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            '[' if !quoted => {
                if depth == 0 {
                    start = at + 1;
                }
                depth += 1;
            }
            ']' if !quoted => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    keys.extend(address.get(start..at));
                }
            }
            character if depth == 0 => bare.push(character),
            _ => {}
        }
    }
    (keys, bare)
}

fn bare(address: &str) -> String {
    split(address).1
}

fn keys(address: &str) -> Vec<&str> {
    split(address).0
}

fn is_constant(key: &str) -> bool {
    let is_text = key.len() > 1 && key.starts_with('"') && key.ends_with('"') && !key.contains("${");
    is_text || (!key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_comes_apart_into_keys_and_the_rest() {
        for (address, expected, rest) in [
            ("t_x.y", &[][..], "t_x.y"),
            ("t_x.y[\"a\"]", &["\"a\""], "t_x.y"),
            ("module.m[each.key].t_x.y[0]", &["each.key", "0"], "module.m.t_x.y"),
            ("t_x.y[var.m[\"]\"]]", &["var.m[\"]\"]"], "t_x.y"),
        ] {
            assert_eq!((keys(address), bare(address).as_str()), (expected.to_vec(), rest), "{address}");
        }
        assert!(is_constant("\"a\"") && is_constant("12"));
        assert!(!is_constant("each.key") && !is_constant("\"${var.a}\"") && !is_constant("\""));
    }
}
