//! Resolves references through the plan's own `configuration`, when the source is not at hand
//! (`spec/plan-json.md` 8): module inputs and outputs, `count` and `for_each` keys.
//!
//! The plan keeps which objects an expression mentions, not how. One object with a known path becomes the value's
//! symbol; one of several becomes a candidate set; a dead end leaves the value open.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Trail, Workspace};
use crate::terraform::address::{Address, Key, Mode, ModuleInstance, Step as Piece, parse_reference};
use crate::terraform::document::Str;
use crate::value::{Path, Step, Symbol, Unknown, Value};
use expressions::{Lazy, Leaf, Node};

mod expressions;

/// A module of `configuration`: one for all its instances.
#[derive(Debug, Deserialize)]
pub(super) struct ConfigModule<'a> {
    #[serde(borrow, default)]
    resources: Option<Vec<ConfigResource<'a>>>,
    #[serde(borrow, default)]
    module_calls: Members<'a, ConfigCall<'a>>,
    #[serde(borrow, default)]
    outputs: Members<'a, ConfigOutput<'a>>,
    #[serde(borrow, default)]
    variables: Members<'a, ConfigVariable<'a>>,
    #[serde(skip)]
    by_address: OnceLock<FxHashMap<String, usize>>,
}

/// Named parts of a module. Any of them may be `null` in files that Terraform has not written itself.
type Members<'a, T> = Option<FxHashMap<Cow<'a, str>, Option<T>>>;

fn member<'m, T>(members: &'m Members<'_, T>, name: &str) -> Option<&'m T> {
    members.as_ref()?.get(name)?.as_ref()
}

#[derive(Debug, Deserialize)]
struct ConfigResource<'a> {
    #[serde(borrow, default)]
    address: Str<'a>,
    #[serde(borrow, default)]
    expressions: Lazy<'a>,
    #[serde(borrow, default)]
    count_expression: Option<&'a RawValue>,
    #[serde(borrow, default)]
    for_each_expression: Lazy<'a>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ConfigCall<'a> {
    #[serde(borrow, default)]
    pub(super) source: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub(super) version_constraint: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub(super) expressions: Lazy<'a>,
    #[serde(borrow, default)]
    count_expression: Option<&'a RawValue>,
    #[serde(borrow, default)]
    for_each_expression: Lazy<'a>,
    #[serde(borrow, default)]
    module: Option<Box<ConfigModule<'a>>>,
}

#[derive(Debug, Deserialize)]
struct ConfigOutput<'a> {
    #[serde(borrow, default)]
    expression: Lazy<'a>,
}

#[derive(Debug, Deserialize)]
struct ConfigVariable<'a> {
    #[serde(borrow, default)]
    default: Option<&'a RawValue>,
    #[serde(default)]
    sensitive: Option<bool>,
}

/// Where an expression stands: the module instance, and the `count` or `for_each` key in force.
#[derive(Clone)]
struct Place<'w> {
    instance: ModuleInstance,
    key: Option<Key>,
    for_each: Option<&'w Node<'w>>,
}

/// What an expression mentions.
#[derive(Default)]
struct Mentioned {
    targets: Vec<Symbol>,
    /// Some target is one of several, or its attribute is not known.
    vague: bool,
    /// Something on the way could not be followed.
    open: Option<Arc<str>>,
    constant: Option<Value>,
    /// A block without instances is mentioned: what it would have given does not exist.
    nothing: bool,
}

impl<'a> ConfigModule<'a> {
    pub(super) fn read(configuration: &'a RawValue) -> Option<Self> {
        #[derive(Deserialize)]
        struct Configuration<'a> {
            #[serde(borrow)]
            root_module: ConfigModule<'a>,
        }
        serde_json::from_str::<Configuration<'a>>(configuration.get()).ok().map(|read| read.root_module)
    }

    /// The names of the module's calls, sorted.
    pub(super) fn calls(&self) -> Vec<&str> {
        let mut names: Vec<&str> =
            self.module_calls.iter().flat_map(|calls| calls.keys().map(|name| &**name)).collect();
        names.sort_unstable();
        names
    }

    pub(super) fn call(&self, name: &str) -> Option<&ConfigCall<'a>> {
        member(&self.module_calls, name)
    }

    pub(super) fn descend(&self, instance: &ModuleInstance) -> Option<&Self> {
        match instance.split_last() {
            None => Some(self),
            Some((parent, step)) => member(&self.descend(&parent)?.module_calls, &step.name)?.module.as_deref(),
        }
    }

    fn resource(&self, address: &str) -> Option<&ConfigResource<'a>> {
        let index = self.by_address.get_or_init(|| {
            self.resources
                .iter()
                .flatten()
                .enumerate()
                .map(|(at, resource)| (resource.address.0.to_string(), at))
                .collect()
        });
        self.resources.as_ref()?.get(*index.get(address)?)
    }
}

impl ConfigCall<'_> {
    /// Whether the called module declares a variable as sensitive.
    pub(super) fn is_sensitive(&self, name: &str) -> bool {
        let variable = self.module.as_ref().and_then(|module| member(&module.variables, name));
        variable.is_some_and(|variable| variable.sensitive == Some(true))
    }
}

impl<'a> Workspace<'a> {
    fn config_resource(&self, address: &Address) -> Option<&ConfigResource<'a>> {
        let module = self.plan_configuration()?.descend(&address.module)?;
        let data = if address.mode == Mode::Data { "data." } else { "" };
        module.resource(&format!("{data}{}.{}", address.kind, address.name))
    }

    /// The address of an object; kept in the trail for the next attribute.
    pub(super) fn address_of(&self, id: u32, trail: &Trail) -> Option<Rc<Address>> {
        if let Some((known, address)) = &*trail.address.borrow()
            && *known == id
        {
            return Some(address.clone());
        }
        let address = Rc::new(self.object(id)?.parsed_address()?);
        *trail.address.borrow_mut() = Some((id, address.clone()));
        Some(address)
    }

    /// Whether the plan's configuration writes an attribute or block; `None` if the plan does not say.
    pub(super) fn writes(&self, address: &Address, path: &Path) -> Option<bool> {
        let expressions = self.config_resource(address)?.expressions.node();
        Some(expressions.is_some_and(|node| !matches!(node.leaf(path.steps()), Leaf::Missing)))
    }

    /// What an attribute's expression mentions, as a value.
    pub(super) fn mentioned(&self, id: u32, address: &Address, path: &Path, trail: &Trail) -> Option<Value> {
        let resource = self.config_resource(address)?;
        let for_each = resource.for_each_expression.node();
        let place = Place { instance: address.module.clone(), key: address.key.clone(), for_each };
        let mut found = Mentioned::default();
        match resource.expressions.node()?.leaf(path.steps()) {
            Leaf::Found(leaf) => self.follow(leaf, &place, &[], trail, &mut found),
            Leaf::Several(leaves) => {
                for leaf in leaves {
                    self.follow(leaf, &place, &[], trail, &mut found);
                }
                found.vague = true;
            }
            Leaf::Missing => return None,
        }
        Some(verdict(found, Symbol { object: id, path: path.clone() }))
    }

    // `suffix` is what the caller asks of the expression's value.
    fn follow(&self, leaf: &Node<'_>, place: &Place<'_>, suffix: &[Piece], trail: &Trail, found: &mut Mentioned) {
        let Some(_step) = trail.step() else {
            found.open = Some(Arc::from("the chain of references is too long"));
            return;
        };
        let references = match leaf {
            Node::Constant(constant) => {
                found.constant = crate::value::json::open(constant.get()).ok();
                return;
            }
            Node::Mentions(references) => references,
            Node::Hidden | Node::Block(_) | Node::Blocks(_) | Node::Other => {
                found.open = Some(Arc::from("the plan does not keep the expression that sets it"));
                return;
            }
        };
        let heads = references.iter().filter_map(|text| parse_reference(text).ok());
        let (keys, targets): (Vec<_>, Vec<_>) = heads.partition(|head| is_key(head));
        let (iterated, alone) = (!keys.is_empty(), targets.len() == 1);
        if targets.is_empty() {
            found.open.get_or_insert_with(|| Arc::from("it depends on a key only"));
        }
        for mut head in targets {
            // With several heads it is not known which of them the suffix belongs to.
            if alone {
                head.extend_from_slice(suffix);
            } else {
                found.vague = true;
            }
            self.head(&head, place, iterated, trail, found);
        }
    }

    fn head(&self, head: &[Piece], place: &Place<'_>, iterated: bool, trail: &Trail, found: &mut Mentioned) {
        let Some((Piece::Name(first), rest)) = head.split_first() else { return };
        let dead_end = |found: &mut Mentioned, what: &str| found.open = Some(Arc::from(what));
        match (&**first, rest) {
            ("var", [Piece::Name(name), rest @ ..]) => self.variable(name, rest, place, trail, found),
            ("module", [Piece::Name(name), rest @ ..]) => self.call(name, rest, place, iterated, trail, found),
            ("data", [Piece::Name(kind), Piece::Name(name), rest @ ..]) => {
                self.target(Mode::Data, kind, name, rest, place, iterated, found);
            }
            ("local", [Piece::Name(name), ..]) => dead_end(found, &format!("local.{name} is in the source only")),
            ("each", [Piece::Name(value), rest @ ..]) if &**value == "value" => {
                self.each_value(rest, place, trail, found);
            }
            ("path" | "terraform" | "self" | "ephemeral" | "each" | "count", _) => {
                dead_end(found, "it depends on what the plan does not keep");
            }
            (kind, [Piece::Name(name), rest @ ..]) => {
                self.target(Mode::Managed, kind, name, rest, place, iterated, found);
            }
            _ => dead_end(found, "a reference that is not understood"),
        }
    }

    fn variable(&self, name: &str, rest: &[Piece], place: &Place<'_>, trail: &Trail, found: &mut Mentioned) {
        let Some((parent, step)) = place.instance.split_last() else {
            found.constant = self.root_variable(name);
            return;
        };
        let root = self.plan_configuration();
        let call = root.and_then(|root| member(&root.descend(&parent)?.module_calls, &step.name));
        let Some(call) = call else {
            found.open = Some(Arc::from("the module call is not in the plan"));
            return;
        };
        match call.expressions.node().and_then(|arguments| arguments.get(name)) {
            Some(leaf) => {
                let outer =
                    Place { instance: parent, key: step.key.clone(), for_each: call.for_each_expression.node() };
                self.follow(leaf, &outer, rest, trail, found);
            }
            None => {
                let module = call.module.as_deref();
                let declared = module.and_then(|module| member(&module.variables, name));
                let hidden = declared.is_some_and(|variable| variable.sensitive == Some(true));
                let default = declared.and_then(|variable| variable.default);
                let default = default.and_then(|raw| crate::value::json::open(raw.get()).ok());
                found.constant = Some(default.unwrap_or(Value::Null).mark(hidden));
            }
        }
    }

    fn call(
        &self,
        name: &str,
        rest: &[Piece],
        place: &Place<'_>,
        iterated: bool,
        trail: &Trail,
        found: &mut Mentioned,
    ) {
        let root = self.plan_configuration();
        let call = root.and_then(|root| member(&root.descend(&place.instance)?.module_calls, name));
        let Some((call, module)) = call.and_then(|call| Some((call, call.module.as_deref()?))) else {
            found.open = Some(Arc::from("the module is not in the plan"));
            return;
        };
        let (given, rest) = match rest {
            [Piece::Key(key), rest @ ..] => (Some(key.clone()), rest),
            rest => (None, rest),
        };
        let several = call.count_expression.is_some() || call.for_each_expression.is_written();
        let keys: Vec<Option<Key>> = match (&given, several) {
            (Some(_), _) => vec![given.clone()],
            (None, false) => vec![None],
            (None, true) => keys_in_force(self.call_keys(&place.instance, name).to_vec(), place, iterated),
        };
        found.vague |= given.is_none() && several;
        let Some((Piece::Name(output), rest)) = rest.split_first() else {
            found.open = Some(Arc::from("a whole module is passed on"));
            return;
        };
        let expression = member(&module.outputs, output).and_then(|output| output.expression.node());
        let Some(expression) = expression else {
            found.open = Some(Arc::from("the module has no such output"));
            return;
        };
        for key in keys {
            let inner = Place { instance: place.instance.child(name, key), key: None, for_each: None };
            self.follow(expression, &inner, rest, trail, found);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one reference; a struct would name them once more")]
    fn target(
        &self,
        mode: Mode,
        kind: &str,
        name: &str,
        rest: &[Piece],
        place: &Place<'_>,
        iterated: bool,
        found: &mut Mentioned,
    ) {
        let instances = self.instances(&place.instance, mode, kind, name);
        if instances.is_empty() {
            // A counted block may have no instance; any other that is missing is out of sight (-target, another state).
            if self.is_repeated(&place.instance, mode, kind, name) {
                found.nothing = true;
            } else {
                found.open = Some(Arc::from(format!("{kind}.{name} is not in the plan")));
            }
            return;
        }
        let (given, rest) = match rest {
            [Piece::Key(key), rest @ ..] => (Some(key), rest),
            rest => (None, rest),
        };
        let keys: Vec<Option<Key>> = instances.iter().map(|(key, _)| key.clone()).collect();
        let single = matches!(keys.as_slice(), [None]);
        let chosen = match given {
            Some(key) => vec![Some(key.clone())],
            None if single => vec![None],
            None => keys_in_force(keys, place, iterated),
        };
        found.vague |= given.is_none() && !single;
        let Some(path) = attribute_path(rest) else {
            found.vague = true;
            let whole = |(_, object): &(Option<Key>, u32)| Symbol { object: *object, path: Path::attribute("id") };
            found.targets.extend(instances.iter().filter(|(key, _)| chosen.contains(key)).map(whole));
            return;
        };
        let shared = path.as_attribute().and_then(|name| self.wanted.of(kind).path_of(name));
        let path = shared.unwrap_or(path);
        let hits = instances.iter().filter(|(key, _)| chosen.contains(key));
        found.targets.extend(hits.map(|(_, object)| Symbol { object: *object, path: path.clone() }));
    }

    fn is_repeated(&self, instance: &ModuleInstance, mode: Mode, kind: &str, name: &str) -> bool {
        let data = if mode == Mode::Data { "data." } else { "" };
        let module = self.plan_configuration().and_then(|root| root.descend(instance));
        let resource = module.and_then(|module| module.resource(&format!("{data}{kind}.{name}")));
        resource
            .is_some_and(|resource| resource.count_expression.is_some() || resource.for_each_expression.is_written())
    }

    fn each_value(&self, rest: &[Piece], place: &Place<'_>, trail: &Trail, found: &mut Mentioned) {
        let (Some(collection), Some(key)) = (place.for_each, &place.key) else {
            found.open = Some(Arc::from("each.value is in the source only"));
            return;
        };
        let outer = Place { instance: place.instance.clone(), key: None, for_each: None };
        let mut suffix = vec![Piece::Key(key.clone())];
        suffix.extend_from_slice(rest);
        found.vague = true;
        self.follow(collection, &outer, &suffix, trail, found);
    }
}

fn verdict(mut found: Mentioned, own: Symbol) -> Value {
    found.targets.sort();
    found.targets.dedup();
    let unknown = match (&found.open, found.targets.as_slice(), found.vague) {
        (Some(reason), _, _) => return Value::unknown(reason.clone()),
        (None, [only], false) => Unknown::Symbol(only.clone()),
        (None, [], _) => match found.constant {
            Some(constant) => return constant,
            None if found.nothing => return Value::Null,
            None => Unknown::Symbol(own),
        },
        (None, several, _) => Unknown::OneOf(Arc::from(several)),
    };
    Value::Unknown(Arc::new(unknown))
}

// The instance of the same key, if the expression mentions its own key and there is one (section 8.6). Whole numbers are
// left alone: `[count.index + 1]` looks like `[count.index]` here.
fn keys_in_force(keys: Vec<Option<Key>>, place: &Place<'_>, iterated: bool) -> Vec<Option<Key>> {
    match &place.key {
        Some(key @ Key::Str(_)) if iterated && keys.contains(&Some(key.clone())) => vec![Some(key.clone())],
        _ => keys,
    }
}

fn attribute_path(rest: &[Piece]) -> Option<Path> {
    if rest.is_empty() {
        return None;
    }
    let steps = rest.iter().map(|piece| match piece {
        Piece::Name(name) => Some(Step::Name(name.clone())),
        Piece::Key(Key::Int(index)) => usize::try_from(*index).ok().map(Step::Index),
        Piece::Key(Key::Str(key)) => Some(Step::Name(key.clone())),
        Piece::Key(Key::Any) => None,
    });
    steps.collect::<Option<Path>>()
}

fn is_key(head: &[Piece]) -> bool {
    match head {
        [Piece::Name(first), Piece::Name(second)] => {
            matches!((&**first, &**second), ("each", "key") | ("count", "index"))
        }
        _ => false,
    }
}
