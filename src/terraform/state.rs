//! The objects of a state: `terraform show -json` and raw v4, old raw versions as far as they go
//! (`spec/plan-json.md` 6).
//!
//! Start at [`from_values`] and [`from_raw`]; both give [`StateObject`]s, raw values borrowed where possible.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value as Json};

use super::address::{Key, Mode};
use super::document::Str;

/// One object of a state.
#[derive(Clone, Debug)]
pub struct StateObject<'a> {
    /// The absolute address with instance keys.
    pub address: Cow<'a, str>,
    /// Managed or data.
    pub mode: Mode,
    /// The resource type.
    pub kind: Cow<'a, str>,
    /// The provider, as written.
    pub provider: Cow<'a, str>,
    /// The attributes as JSON text.
    pub values: Cow<'a, str>,
    /// The mask of what must not be shown, as JSON text.
    pub sensitive: Cow<'a, str>,
    /// Whether the object is a left-over of a failed replacement.
    pub deposed: bool,
    /// Whether dynamically typed attributes are wrapped in `{"value", "type"}` (raw states only).
    pub wrapped: bool,
}

/// `values` of a state; `R` is what is read of a resource.
#[derive(Deserialize)]
struct Values<R> {
    root_module: Option<Module<R>>,
}

#[derive(Deserialize)]
struct Module<R> {
    resources: Option<Vec<R>>,
    child_modules: Option<Vec<Module<R>>>,
}

#[derive(Default, Deserialize)]
struct ModuleResource<'a> {
    #[serde(borrow, default)]
    address: Option<Str<'a>>,
    #[serde(borrow, default)]
    mode: Option<Str<'a>>,
    #[serde(borrow, default, rename = "type")]
    kind: Option<Str<'a>>,
    #[serde(borrow, default)]
    provider_name: Option<Str<'a>>,
    #[serde(borrow, default)]
    values: Option<&'a RawValue>,
    #[serde(borrow, default)]
    sensitive_values: Option<&'a RawValue>,
    #[serde(borrow, default)]
    deposed_key: Option<Str<'a>>,
}

/// The objects below `values` of a state, or below `planned_values` of a plan: an entry without values is none (a
/// forgotten object is still listed there).
///
/// # Errors
///
/// What serde says of a text of another shape.
pub fn from_values(values: &RawValue) -> Result<Vec<StateObject<'_>>, serde_json::Error> {
    let values: Values<ModuleResource<'_>> = serde_json::from_str(values.get())?;
    Ok(values.resources().into_iter().filter_map(module_object).collect())
}

impl<R> Values<R> {
    /// The resources of all modules, parents before children.
    fn resources(self) -> Vec<R> {
        let mut resources = Vec::new();
        let mut open: Vec<Module<R>> = self.root_module.into_iter().collect();
        while let Some(module) = open.pop() {
            resources.extend(module.resources.into_iter().flatten());
            open.extend(module.child_modules.into_iter().flatten().rev());
        }
        resources
    }
}

/// The data sources of the state inside of a plan, read in one pass over it: what is managed stands in the changes, so
/// its values are passed over as soon as its mode is known.
#[derive(Debug, Default)]
pub struct DataSources<'a>(pub Vec<StateObject<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for DataSources<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct State<'a> {
            #[serde(borrow)]
            values: Option<Values<DataSource<'a>>>,
        }
        let state: Option<State<'_>> = Deserialize::deserialize(deserializer)?;
        let resources = state.and_then(|state| state.values).map_or_else(Vec::new, Values::resources);
        let objects = resources.into_iter().filter_map(|source| module_object(*source.0?));
        Ok(Self(objects.filter(|object| object.mode == Mode::Data).collect()))
    }
}

/// A resource of a module, unless it says that it is managed.
struct DataSource<'a>(Option<Box<ModuleResource<'a>>>);

impl<'de: 'a, 'a> Deserialize<'de> for DataSource<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(DataSourceVisitor)
    }
}

struct DataSourceVisitor;

impl<'de> Visitor<'de> for DataSourceVisitor {
    type Value = DataSource<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a resource of a module")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<DataSource<'de>, A::Error> {
        let mut resource = ModuleResource::default();
        while let Some(key) = map.next_key::<Str<'de>>()? {
            match &*key {
                "address" => resource.address = map.next_value()?,
                "mode" => resource.mode = map.next_value()?,
                "type" => resource.kind = map.next_value()?,
                "provider_name" => resource.provider_name = map.next_value()?,
                "values" => resource.values = map.next_value()?,
                "sensitive_values" => resource.sensitive_values = map.next_value()?,
                "deposed_key" => resource.deposed_key = map.next_value()?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            if resource.mode.as_deref() == Some("managed") {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                return Ok(DataSource(None));
            }
        }
        Ok(DataSource(Some(Box::new(resource))))
    }
}

fn module_object(resource: ModuleResource<'_>) -> Option<StateObject<'_>> {
    let address = resource.address?.0;
    let is_data = match &resource.mode {
        Some(mode) => &**mode == "data",
        None => address.starts_with("data.") || address.contains(".data."),
    };
    Some(StateObject {
        mode: if is_data { Mode::Data } else { Mode::Managed },
        address,
        kind: resource.kind?.0,
        provider: resource.provider_name.unwrap_or_default().0,
        values: Cow::Borrowed(resource.values.filter(|values| values.get() != "null")?.get()),
        sensitive: Cow::Borrowed(resource.sensitive_values.map_or("{}", RawValue::get)),
        deposed: resource.deposed_key.is_some(),
        wrapped: false,
    })
}

#[derive(Deserialize)]
struct RawResource<'a> {
    #[serde(borrow, default)]
    module: Option<Str<'a>>,
    #[serde(borrow, default)]
    mode: Option<Str<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Str<'a>,
    #[serde(borrow)]
    name: Str<'a>,
    #[serde(borrow, default)]
    provider: Option<Str<'a>>,
    #[serde(borrow, default)]
    instances: Option<Vec<Instance<'a>>>,
}

#[derive(Deserialize)]
struct Instance<'a> {
    #[serde(borrow, default)]
    index_key: Option<&'a RawValue>,
    #[serde(borrow, default)]
    deposed: Option<Str<'a>>,
    #[serde(borrow, default)]
    attributes: Option<&'a RawValue>,
    #[serde(borrow, default)]
    attributes_flat: Option<&'a RawValue>,
    #[serde(borrow, default)]
    sensitive_attributes: Option<&'a RawValue>,
}

/// The objects of `resources` of a raw v4 state.
///
/// # Errors
///
/// What serde says of a text of another shape.
pub fn from_raw(resources: &RawValue) -> Result<Vec<StateObject<'_>>, serde_json::Error> {
    let resources: Vec<RawResource<'_>> = serde_json::from_str(resources.get())?;
    let mut objects = Vec::new();
    for resource in resources {
        let is_data = resource.mode.as_deref() == Some("data");
        let prefix = [resource.module.as_deref(), is_data.then_some("data")];
        let prefix = prefix.into_iter().flatten().flat_map(|part| [part, "."]).collect::<String>();
        for instance in resource.instances.into_iter().flatten() {
            let key = instance.index_key.and_then(index_key).map_or_else(String::new, |key| key.to_string());
            let Some(values) = instance_values(&instance) else { continue };
            objects.push(StateObject {
                address: Cow::Owned(format!("{prefix}{}.{}{key}", resource.kind.0, resource.name.0)),
                mode: if is_data { Mode::Data } else { Mode::Managed },
                kind: resource.kind.0.clone(),
                provider: resource.provider.clone().unwrap_or_default().0,
                values,
                sensitive: Cow::Owned(sensitive_mask(instance.sensitive_attributes)),
                deposed: instance.deposed.is_some(),
                wrapped: true,
            });
        }
    }
    Ok(objects)
}

fn index_key(raw: &RawValue) -> Option<Key> {
    match serde_json::from_str(raw.get()).ok()? {
        Json::String(key) => Some(Key::Str(key.into())),
        Json::Number(number) => number.as_i64().map(Key::Int),
        _ => None,
    }
}

fn instance_values<'a>(instance: &Instance<'a>) -> Option<Cow<'a, str>> {
    if let Some(attributes) = instance.attributes.filter(|attributes| attributes.get() != "null") {
        return Some(Cow::Borrowed(attributes.get()));
    }
    let flat: Map<String, Json> = serde_json::from_str(instance.attributes_flat?.get()).ok()?;
    Some(Cow::Owned(rebuild(&flat).to_string()))
}

/// One step of a path in `sensitive_attributes`.
#[derive(Deserialize)]
struct SensitiveStep<'a> {
    #[serde(borrow, default)]
    value: Option<&'a RawValue>,
}

// Hides the whole top-level attribute: more than asked for below it, never less.
fn sensitive_mask(paths: Option<&RawValue>) -> String {
    let paths: Vec<Vec<SensitiveStep<'_>>> =
        paths.and_then(|paths| serde_json::from_str(paths.get()).ok()).unwrap_or_default();
    let names = paths.iter().filter_map(|path| path.first()?.value);
    let entries: Vec<String> =
        names.filter(|name| name.get().starts_with('"')).map(|name| format!("{}:true", name.get())).collect();
    format!("{{{}}}", entries.join(","))
}

/// The objects of `modules` of a raw state up to version 3.
///
/// # Errors
///
/// What serde says of a text of another shape.
pub fn from_old_raw(modules: &RawValue) -> Result<Vec<StateObject<'_>>, serde_json::Error> {
    let modules: Vec<Json> = serde_json::from_str(modules.get())?;
    let mut objects = Vec::new();
    for module in &modules {
        let path = module.get("path").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
        let steps = path.iter().skip(1).filter_map(Json::as_str).map(|step| format!("module.{step}."));
        let prefix: String = steps.collect();
        let resources = module.get("resources").and_then(Json::as_object);
        objects
            .extend(resources.into_iter().flatten().filter_map(|(key, resource)| old_object(&prefix, key, resource)));
    }
    Ok(objects)
}

// A key is `aws_x.y`, `data.aws_x.y` or, with count, `aws_x.y.0`.
fn old_object(prefix: &str, key: &str, resource: &Json) -> Option<StateObject<'static>> {
    let flat = resource.get("primary")?.get("attributes")?.as_object()?;
    let address = match key.rsplit_once('.') {
        Some((rest, index)) if index.bytes().all(|byte| byte.is_ascii_digit()) => format!("{prefix}{rest}[{index}]"),
        _ => format!("{prefix}{key}"),
    };
    let provider = resource.get("provider").and_then(Json::as_str).unwrap_or_default();
    Some(StateObject {
        address: Cow::Owned(address),
        mode: if key.starts_with("data.") { Mode::Data } else { Mode::Managed },
        kind: Cow::Owned(resource.get("type")?.as_str()?.to_owned()),
        provider: Cow::Owned(provider.to_owned()),
        values: Cow::Owned(rebuild(flat).to_string()),
        sensitive: Cow::Borrowed("{}"),
        deposed: false,
        wrapped: false,
    })
}

/// Rebuilds the tree of a flat map: `a.#` is a list's length, `a.%` a map's, `a.0.b` a leaf. Leaves stay strings.
fn rebuild(flat: &Map<String, Json>) -> Json {
    let mut root = Json::Object(Map::new());
    for (path, leaf) in flat.iter().filter(|(path, _)| !path.ends_with(".#") && !path.ends_with(".%")) {
        insert(&mut root, &path.split('.').take(64).collect::<Vec<_>>(), leaf.clone());
    }
    for path in flat.keys().filter_map(|path| path.strip_suffix(".#")) {
        let steps: Vec<&str> = path.split('.').take(64).collect();
        to_list(&mut root, &steps);
    }
    root
}

fn insert(node: &mut Json, steps: &[&str], leaf: Json) {
    let Some((first, rest)) = steps.split_first() else {
        *node = leaf;
        return;
    };
    if !node.is_object() {
        *node = Json::Object(Map::new());
    }
    if let Json::Object(map) = node {
        insert(map.entry((*first).to_owned()).or_insert(Json::Null), rest, leaf);
    }
}

// The members of sets have hashes for keys; their order means nothing.
fn to_list(node: &mut Json, steps: &[&str]) {
    let Json::Object(map) = node else { return };
    match steps.split_first() {
        Some((first, rest)) => {
            to_list(map.entry((*first).to_owned()).or_insert_with(|| Json::Object(Map::new())), rest);
        }
        None => {
            let mut members: Vec<(String, Json)> = std::mem::take(map).into_iter().collect();
            members.sort_by_key(|(key, _)| key.parse::<u64>().unwrap_or(u64::MAX));
            *node = Json::Array(members.into_iter().map(|(_, value)| value).collect());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> Box<RawValue> {
        RawValue::from_string(text.to_owned()).unwrap()
    }

    #[test]
    fn a_forgotten_object_without_values_is_none() {
        let values = raw(r#"{"root_module":{"resources":[{"address":"a.b","type":"a","sensitive_values":false}],
               "child_modules":[{"resources":[{"address":"module.m.data.c.d","type":"c","values":{"id":"1"}}]}]}}"#);
        let objects = from_values(&values).unwrap();
        assert_eq!(objects.len(), 1);
        assert_eq!((&*objects[0].address, objects[0].mode), ("module.m.data.c.d", Mode::Data));
    }

    #[test]
    fn raw_states_give_addresses_with_keys() {
        let resources = raw(
            r#"[{"module":"module.m[\"a\"]","mode":"managed","type":"t","name":"n","provider":"provider[\"x/y/aws\"]",
                "instances":[{"index_key":0,"attributes":{"p":"s"},"sensitive_attributes":[[{"type":"get_attr","value":"p"}]]},
                             {"index_key":"k.\"q","deposed":"abc","attributes":{}}]}]"#,
        );
        let objects = from_raw(&resources).unwrap();
        assert_eq!(objects[0].address, r#"module.m["a"].t.n[0]"#);
        assert_eq!(objects[0].sensitive, r#"{"p":true}"#);
        assert_eq!(objects[1].address, r#"module.m["a"].t.n["k.\"q"]"#);
        assert!(objects[1].deposed);
    }

    #[test]
    fn flat_attributes_become_a_tree() {
        let flat = r#"{"id":"i","tags.%":"1","tags.Name":"n","l.#":"2","l.0.a":"x","l.1.a":"y","none.#":"0"}"#;
        let flat: Map<String, Json> = serde_json::from_str(flat).unwrap();
        let tree = rebuild(&flat).to_string();
        assert_eq!(tree, r#"{"id":"i","l":[{"a":"x"},{"a":"y"}],"none":[],"tags":{"Name":"n"}}"#);
    }

    #[test]
    fn old_states_are_read_as_far_as_they_go() {
        let modules = raw(
            r#"[{"path":["root","m"],"resources":{"aws_x.y.0":{"type":"aws_x","primary":{"id":"i","attributes":{"id":"i"}}}}}]"#,
        );
        let objects = from_old_raw(&modules).unwrap();
        assert_eq!((&*objects[0].address, &*objects[0].values), ("module.m.aws_x.y[0]", r#"{"id":"i"}"#));
    }
}
