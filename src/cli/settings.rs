//! The settings file of a run: which one it is, and what is wrong in it (`spec/config.md` 1).

use std::collections::BTreeSet;
use std::slice;
use std::sync::Arc;

use super::silence::Rules;
use super::user_policies::Named;
use crate::config::root::Root;
use crate::config::{self, Config, FILE_NAME};
use crate::expr::Fault;
use crate::finding::{Level, Remark};
use crate::io::{self, Disk};
use crate::policy::PolicyFile;
use crate::policy::inputs::Given;
use crate::source::{SourceMap, hcl};
use crate::terraform::config::load::Files as _;
use crate::value::Value;

/// A settings file that is used.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    /// What it says.
    pub(super) config: Arc<Config>,
    /// What its paths are relative to.
    pub(super) root: Root,
    /// Its path, as reports print it.
    pub(super) shown: String,
    /// The directory it stands in.
    pub(super) directory: String,
}

/// What is to be told of it.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// The file, if there is one and it can be read.
    pub(super) settings: Option<Settings>,
    /// What is wrong in it.
    pub(super) faults: Vec<Fault>,
    /// Why it could not be read.
    pub(super) unreadable: Option<Remark>,
    /// That there are others, nearer to some of the directories, and nobody reads them.
    pub(super) passed_over: Option<Remark>,
}

/// Reads the file that is named, else the nearest one above the directories that are judged.
pub(super) fn read(named: Option<&str>, judged: &[String], disk: &Disk, sources: &mut SourceMap) -> Read {
    if named.is_some() {
        return open(named, named.map(str::to_owned), disk, sources);
    }
    let found = disk.nearest(FILE_NAME, judged);
    let passed_over = passed_over(found.as_deref(), judged, disk);
    Read { passed_over, ..open(None, found, disk, sources) }
}

fn passed_over(found: Option<&str>, judged: &[String], disk: &Disk) -> Option<Remark> {
    let nearest = judged.iter().filter_map(|directory| disk.nearest(FILE_NAME, slice::from_ref(directory)));
    let others: BTreeSet<String> = nearest.filter(|path| Some(path.as_str()) != found).collect();
    let first = disk.shown(others.first()?);
    let (subject, verb) = match others.len() {
        1 => (first, "is"),
        2 => (format!("{first} and one more settings file"), "are"),
        count => (format!("{first} and {} more settings files", count - 1), "are"),
    };
    let message = format!(
        "{subject} {verb} not read: a run reads one settings file, above all that it judges; judge these directories one \
         by one, or name a file with --config"
    );
    Some(Remark::new(Level::Warning, message, None))
}

fn open(named: Option<&str>, path: Option<String>, disk: &Disk, sources: &mut SourceMap) -> Read {
    let Some(path) = path else {
        return Read::default();
    };
    let shown = disk.shown(&path);
    let text = match io::read_text(&path) {
        Ok(text) => hcl::clean(text),
        Err(error) => {
            let subject = named.map_or(shown, |named| format!("--config {named}"));
            let remark = Remark::new(Level::Error, format!("{subject}: {}", error.reason()), None);
            return Read { unreadable: Some(remark), ..Read::default() };
        }
    };
    let file = sources.add(shown.clone(), text.clone());
    let (config, faults) = config::parse(file, &text);
    let root = disk.root_of(&path);
    let settings = Settings { config: Arc::new(config), root, shown, directory: io::directory_of(&path) };
    Read { settings: Some(settings), faults, ..Read::default() }
}

impl Settings {
    /// A directory as the file calls it; `None` if it is not below the file's.
    pub(super) fn relative(&self, directory: &str, disk: &Disk) -> Option<String> {
        self.root.relative(&disk.shown(directory))
    }

    /// The directories of `policy_paths`.
    pub(super) fn policies(&self) -> Vec<Named> {
        let paths = self.config.policy_paths.iter();
        let named =
            |path: &str| Named { path: self.path(path), called: format!("{}, policy_paths, {path}", self.shown) };
        paths.map(|path| named(&path.value)).collect()
    }

    /// What is given to the inputs of a file, with what the settings put in the place of defaults.
    pub(super) fn with_inputs(&self, given: &Given, file: &PolicyFile) -> Given {
        let mut given = given.clone();
        let calendar = &self.config.calendar;
        for (name, value) in [("business_hours", &calendar.business_hours), ("timezone", &calendar.timezone)] {
            if let Some(value) = value {
                given.settings(name, Value::string(value));
            }
        }
        // Without a default the file could not run, and the rules that give a value to its policies are heard later.
        let rules = self.config.rules.iter();
        let rules = rules.filter(|rule| file.policies.iter().any(|policy| rule.concerns(config::Named::of(policy))));
        for (name, value) in rules.flat_map(|rule| &rule.inputs) {
            if file.inputs.iter().any(|input| input.name == *name && input.default.is_none()) {
                given.settings(name, value.value.clone());
            }
        }
        given
    }

    /// What it says of findings that are only counted.
    pub(super) fn rules(&self) -> Rules {
        let flag = |written: &Option<config::At<bool>>, default| written.as_ref().map_or(default, |flag| flag.value);
        Rules {
            ignores: self.config.ignores.clone(),
            require_reason: flag(&self.config.require_reason, true),
            honour_foreign: flag(&self.config.honour_foreign_suppressions, false),
            baseline: self.config.baseline.as_ref().map(|path| self.path(&path.value)),
            root: Some(self.root.clone()),
        }
    }

    /// A path of the file, seen from where we are.
    pub(super) fn path(&self, path: &str) -> String {
        if self.directory == "." { path.to_owned() } else { format!("{}/{path}", self.directory) }
    }
}
