//! What module calls and providers are given: the arguments of their blocks, evaluated where they stand.
//!
//! Reports and plans speak of a call as one, however many instances it has: where an argument differs between them, that
//! is what is known. A provider may have instances of its own (`for_each` of OpenTofu; Terraform has none).

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Source;
use super::repeat::{Repeats, Round};
use super::scope::Scope;
use super::tree::Instance;
use crate::expr::compare::equal;
use crate::terraform::address::Key;
use crate::terraform::config::Block;
use crate::value::{Object, Value};
use crate::workspace::parts::{CALL_ARGUMENTS, PROVIDER_ARGUMENTS, PartKind, Written};

/// Instances whose arguments are compared.
const MAX_COMPARED: usize = 100;

/// Where a block is evaluated: the instance of its module, and the round of its own.
type Place<'c> = (Rc<Instance<'c>>, Rc<Round>);

impl<'c> Source<'c> {
    /// Every module call and provider of the configuration, by module.
    pub(super) fn arguments(&self) -> Vec<Written> {
        let mut instances: FxHashMap<String, Vec<Rc<Instance<'c>>>> = FxHashMap::default();
        for instance in self.modules.borrow().iter() {
            instances.entry(instance.at.config_path()).or_default().push(instance.clone());
        }
        let mut written = Vec::new();
        for (path, module) in self.configuration.modules() {
            let here = instances.get(path).map_or(&[][..], Vec::as_slice);
            written.extend(module.blocks("module").filter_map(|block| self.call_of(path, block, here)));
            written.extend(module.blocks("provider").flat_map(|block| self.providers_of(path, block, here)));
        }
        written
    }

    fn call_of(&self, path: &str, block: &'c Block, here: &[Rc<Instance<'c>>]) -> Option<Written> {
        let mut places: Vec<Place<'c>> = Vec::new();
        for instance in here.iter().take(MAX_COMPARED) {
            let rounds = match self.repeats(&Scope::new(self, instance.clone()), block) {
                Repeats::Once => vec![Round::default()],
                Repeats::Counted(rounds) => rounds,
                Repeats::Keyed(rounds) => rounds.into_iter().map(|(_, round)| round).collect(),
                Repeats::Perhaps(round, _) | Repeats::Unknown(round, _) => vec![*round],
            };
            places.extend(rounds.into_iter().take(MAX_COMPARED).map(|round| (instance.clone(), Rc::new(round))));
        }
        Some(Written {
            kind: PartKind::Module,
            module: path.to_owned(),
            name: block.labels.first()?.clone(),
            alias: None,
            key: None,
            attrs: self.agreed(block, &places, &CALL_ARGUMENTS),
        })
    }

    fn providers_of(&self, path: &str, block: &'c Block, here: &[Rc<Instance<'c>>]) -> Vec<Written> {
        let Some(name) = block.labels.first() else { return Vec::new() };
        let alias = block.attribute("alias").and_then(|alias| alias.value.as_literal()?.as_str());
        let written = |key: Option<Key>, places: &[Place<'c>]| Written {
            kind: PartKind::Provider,
            module: path.to_owned(),
            name: name.clone(),
            alias: alias.map(Arc::from),
            key,
            attrs: self.agreed(block, places, &PROVIDER_ARGUMENTS),
        };
        let at = |instance: &Rc<Instance<'c>>, round: Round| vec![(instance.clone(), Rc::new(round))];
        // A module with providers of its own is called once.
        let Some(instance) = here.first() else { return vec![written(None, &[])] };
        if block.attribute("for_each").is_none() {
            return vec![written(None, &at(instance, Round::default()))];
        }
        match self.repeats(&Scope::new(self, instance.clone()), block) {
            Repeats::Keyed(rounds) => {
                rounds.into_iter().map(|(key, round)| written(Some(Key::Str(key)), &at(instance, round))).collect()
            }
            Repeats::Unknown(round, reason) => {
                let alias = alias.map_or_else(String::new, |alias| format!(".{alias}"));
                self.gaps.borrow_mut().uncounted.push((format!("provider.{name}{alias}[*]"), reason));
                vec![written(Some(Key::Any), &at(instance, *round))]
            }
            _ => vec![written(None, &at(instance, Round::default()))],
        }
    }

    // The arguments of a block at all its places.
    fn agreed(&self, block: &'c Block, places: &[Place<'c>], own: &[&str]) -> Object {
        let names = self.names(block).into_iter().filter(|name| !own.contains(&&**name));
        Object::new(names.map(|name| (name.clone(), self.agreed_value(block, &name, places))).collect())
    }

    fn agreed_value(&self, block: &'c Block, name: &str, places: &[Place<'c>]) -> Value {
        let mut values = places.iter().map(|(instance, round)| {
            let scope = Scope::in_round(self, instance.clone(), round.clone());
            let value = self.settled(&scope.member(block, name, 0));
            (scope, value)
        });
        let Some((scope, first)) = values.next() else {
            let literal = block.attribute(name).and_then(|attribute| attribute.value.as_literal()).cloned();
            return literal.unwrap_or_else(|| Value::unknown("the module that it stands in has no instance"));
        };
        let is_same = |value: &Value| {
            value.has_sensitive() == first.has_sensitive() && equal(&scope, &first, value) == Some(true)
        };
        if places.len() > MAX_COMPARED || !values.all(|(_, value)| is_same(&value)) {
            return Value::unknown("it differs between the instances of the module");
        }
        first
    }
}
