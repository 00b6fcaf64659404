//! Facts about providers that the engine needs, read from `policies/*.csv`: what an API fills in when nobody says
//! (`provider_defaults.csv`), which attributes name an object (`identity_attributes.csv`), which types are one
//! (`type_aliases.csv`). The edges between types (`references.csv`) are read by `links.rs`, the words of secrets
//! (`secret_names.csv`) by `secrets.rs`.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use super::links::Links;
use super::secrets::SecretNames;
use crate::value::{Path, Value, json};

/// Facts about providers.
#[derive(Debug, Default)]
pub struct Facts {
    defaults: FxHashMap<Arc<str>, Vec<ApiDefault>>,
    common_identities: Vec<Arc<str>>,
    identities: FxHashMap<Arc<str>, Vec<Arc<str>>>,
    aliases: FxHashMap<Arc<str>, Arc<str>>,
    /// Which names sound like a secret.
    pub secrets: SecretNames,
    references: Box<str>,
    links: OnceLock<Links>,
}

/// What the API will do if an attribute is not set.
#[derive(Debug)]
pub struct ApiDefault {
    /// The attribute.
    pub path: Path,
    /// Its value.
    pub value: Value,
}

/// A line of a table that does not fit.
#[derive(Debug, thiserror::Error)]
#[error("{table}, line {line}: {reason}")]
pub struct TableError {
    table: &'static str,
    line: usize,
    reason: &'static str,
}

/// The texts of the tables.
#[derive(Clone, Copy, Debug)]
pub struct Tables<'t> {
    /// `type,path,default,versions,reason`; the default is JSON.
    pub defaults: &'t str,
    /// `type,attribute`; the type `*` stands for every type.
    pub identities: &'t str,
    /// `alias,type`
    pub aliases: &'t str,
    /// See [`Links`].
    pub references: &'t str,
    /// See [`SecretNames`].
    pub secrets: &'t str,
}

impl TableError {
    pub(super) const fn new(table: &'static str, line: usize, reason: &'static str) -> Self {
        Self { table, line, reason }
    }
}

impl Facts {
    /// Reads the tables.
    ///
    /// # Errors
    ///
    /// The first line that does not fit.
    pub fn read(tables: Tables<'_>) -> Result<Self, TableError> {
        let secrets = SecretNames::read(tables.secrets)?;
        let mut facts = Self { references: Box::from(tables.references), secrets, ..Self::default() };
        for (line, row) in rows(tables.defaults) {
            let error = |reason| TableError { table: "provider_defaults.csv", line, reason };
            let [kind, path, default, ..] = row.as_slice() else { return Err(error("a column is missing")) };
            let value = serde_json::from_str::<&serde_json::value::RawValue>(default)
                .ok()
                .and_then(|raw| json::open(raw.get()).ok())
                .ok_or_else(|| error("the default is no JSON"))?;
            let fact = ApiDefault { path: Path::parse(path), value };
            let known = facts.defaults.entry(Arc::from(kind.as_ref())).or_default();
            // Rows of other provider versions stand behind the one that holds for all.
            if known.iter().all(|earlier| earlier.path != fact.path) {
                known.push(fact);
            }
        }
        for (line, row) in rows(tables.identities) {
            let error = |reason| TableError { table: "identity_attributes.csv", line, reason };
            let [kind, attribute, ..] = row.as_slice() else { return Err(error("a column is missing")) };
            let names = match kind.as_ref() {
                "*" => &mut facts.common_identities,
                kind => facts.identities.entry(Arc::from(kind)).or_default(),
            };
            names.push(Arc::from(attribute.as_ref()));
        }
        for (line, row) in rows(tables.aliases) {
            let error = |reason| TableError { table: "type_aliases.csv", line, reason };
            let [alias, kind, ..] = row.as_slice() else { return Err(error("a column is missing")) };
            facts.aliases.insert(Arc::from(alias.as_ref()), Arc::from(kind.as_ref()));
        }
        Ok(facts)
    }

    /// The edges between types. The table is long and most runs do not ask for it, so it is read when somebody does; a
    /// table with a line that does not fit has no edges ([`Links::read`] says which).
    pub fn links(&self) -> &Links {
        self.links.get_or_init(|| {
            let is_identity = |kind: &str, attribute: &str| self.is_identity(kind, attribute);
            Links::read(&self.references, &is_identity).unwrap_or_default()
        })
    }

    /// The name under which policies know a type.
    #[must_use]
    pub fn canonical_type(&self, kind: &str) -> Option<&Arc<str>> {
        self.aliases.get(kind)
    }

    /// The defaults of a type.
    pub fn defaults_of(&self, kind: &str) -> impl Iterator<Item = &ApiDefault> {
        self.defaults.get(kind).into_iter().flatten()
    }

    /// The default of one attribute; indexes of blocks do not matter.
    #[must_use]
    pub fn default_of(&self, kind: &str, path: &Path) -> Option<&Value> {
        self.defaults_of(kind).find(|fact| fact.path == *path).map(|fact| &fact.value)
    }

    /// Whether an attribute names the object as a whole.
    #[must_use]
    pub fn is_identity(&self, kind: &str, attribute: &str) -> bool {
        let is_named = |names: &[Arc<str>]| names.iter().any(|name| **name == *attribute);
        is_named(&self.common_identities) || self.identities.get(kind).is_some_and(|names| is_named(names))
    }

    /// The attributes that name an object of a type.
    pub fn identities_of(&self, kind: &str) -> impl Iterator<Item = &Arc<str>> {
        let own = self.identities.get(kind).into_iter().flatten();
        self.common_identities.iter().chain(own)
    }
}

// Rows behind the heading, with their line numbers. Fields may be quoted; a line is a row.
pub(super) fn rows(table: &str) -> impl Iterator<Item = (usize, Vec<Cow<'_, str>>)> {
    let lines = table.lines().enumerate().skip(1);
    lines.filter(|(_, line)| !line.trim().is_empty()).map(|(at, line)| (at + 1, fields(line)))
}

fn fields(line: &str) -> Vec<Cow<'_, str>> {
    if !line.contains('"') {
        return line.split(',').map(Cow::Borrowed).collect();
    }
    let mut result = vec![String::new()];
    let mut quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, quoted) {
            ('"', true) if characters.next_if_eq(&'"').is_some() => push(&mut result, '"'),
            ('"', _) => quoted = !quoted,
            (',', false) => result.push(String::new()),
            (other, _) => push(&mut result, other),
        }
    }
    result.into_iter().map(Cow::Owned).collect()
}

fn push(fields: &mut [String], character: char) {
    if let Some(last) = fields.last_mut() {
        last.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_fields_may_hold_commas_and_quotes() {
        assert_eq!(fields(r#"a,"b,""c""",,d"#), ["a", "b,\"c\"", "", "d"]);
    }

    #[test]
    fn a_wrong_default_names_its_line() {
        let defaults = "type,path,default\naws_x,a,{";
        let tables = Tables { defaults, identities: "", aliases: "", references: "", secrets: "word\nsecret" };
        assert_eq!(
            Facts::read(tables).unwrap_err().to_string(),
            "provider_defaults.csv, line 2: the default is no JSON"
        );
    }
}
