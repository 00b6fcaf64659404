//! Which files are loaded, which policies a test file is about, and the run over all of them.
//!
//! [`Suite::load`] takes files and directories from a [`Tree`]: the disk, or the pack that is built in.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::parse::{Draft, Given, TestFile};
use super::{Bench, Case, example, inputs, mocks};
use crate::expr::Fault;
use crate::instant::Instant;
use crate::policy::PolicyFile;
use crate::policy::inputs::Given as Values;
use crate::policy::library;
use crate::policy::parse::{Parsed, parse};
use crate::source::{FileId, SourceMap, hcl};
use crate::workspace::Facts;

/// Ending of the files that hold policies.
pub const POLICIES: &str = ".policy.hcl";

/// Ending of the files that hold tests.
pub const TESTS: &str = ".policytest.hcl";

/// Paths that could not be read, and why.
pub type Unreadable = Vec<(String, String)>;

/// Where policies and tests are kept. Paths are `/`-separated.
pub trait Tree: Sync {
    /// The files with that ending: the path itself, or those below it, sorted. Empty if there are none. Directories that
    /// cannot be looked into are added to `closed`, with the reason.
    fn find(&self, path: &str, ending: &str, closed: &mut Unreadable) -> Vec<String>;

    /// A file's text.
    ///
    /// # Errors
    ///
    /// Why it cannot be read, in words.
    fn read(&self, path: &str) -> Result<String, String>;

    /// Whether there is such a directory.
    fn is_directory(&self, path: &str) -> bool;

    /// The run's one reading of the clock, if there is one.
    fn now(&self) -> Option<Instant> {
        None
    }

    /// The path as reports print it.
    fn shown(&self, path: &str) -> String;

    /// The category of policies that do not say theirs.
    fn category(&self, path: &str) -> String;
}

/// The pack that is built in, below `policies/`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pack {
    /// The run's one reading of the clock: some policies compare dates.
    pub now: Option<Instant>,
}

impl Tree for Pack {
    fn find(&self, path: &str, ending: &str, _closed: &mut Unreadable) -> Vec<String> {
        let below = |file: &str| file == path || path == PACK || file.starts_with(&format!("{path}/"));
        let files = library::files(ending).into_iter().map(|file| format!("{PACK}/{}", file.path));
        files.filter(|file| below(file)).collect()
    }

    fn read(&self, path: &str) -> Result<String, String> {
        let name = path.strip_prefix(PACK).and_then(|path| path.strip_prefix('/')).unwrap_or(path);
        let file = library::files(name).into_iter().find(|file| file.path == name);
        file.map(|file| file.text.to_owned()).ok_or_else(|| "it is not in the pack".to_owned())
    }

    fn is_directory(&self, path: &str) -> bool {
        self.find(path, "", &mut Vec::new()).iter().any(|file| file != path)
    }

    fn now(&self) -> Option<Instant> {
        self.now
    }

    fn shown(&self, path: &str) -> String {
        path.to_owned()
    }

    fn category(&self, path: &str) -> String {
        let below = path.strip_prefix(PACK).and_then(|path| path.strip_prefix('/'));
        below.and_then(|path| path.split_once('/')).map_or("custom", |(category, _)| category).to_owned()
    }
}

/// The root of [`Pack`].
pub const PACK: &str = "policies";

/// A policy file with its text.
#[derive(Debug)]
pub struct Loaded {
    /// What was read.
    pub parsed: Parsed,
    /// Its text.
    pub text: Arc<str>,
}

#[derive(Debug)]
struct Test {
    path: Arc<str>,
    /// Kept where the values of mocks depend on those of inputs.
    draft: Option<Draft>,
    file: TestFile,
    policies: Vec<usize>,
}

/// A set of policies and their tests.
#[derive(Debug, Default)]
pub struct Suite {
    policies: Vec<Loaded>,
    tests: Vec<Test>,
    by_path: BTreeMap<String, usize>,
    now: Option<Instant>,
    /// The directories that were asked for, or those of the files.
    roots: Vec<String>,
    /// How many of the policy files were asked for; the others are there for a test.
    asked: usize,
    /// Faults of test files that show when their policies are known.
    faults: Vec<Fault>,
    /// Paths that could not be read, and why.
    pub unreadable: Unreadable,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tests {
    Read,
    Skip,
}

/// One thing to run: an example, or the mocks of a file.
#[derive(Clone, Copy, Debug)]
pub struct Unit(Work);

#[derive(Clone, Copy, Debug)]
enum Work {
    /// The numbers of the file and of its example.
    Example(usize, usize),
    Mocks(usize),
}

impl Suite {
    /// Loads the policies and tests at or below some paths, and the policies that the tests are about. With a policy
    /// file comes the test file of its name.
    #[must_use]
    pub fn load(paths: &[String], tree: &dyn Tree, sources: &mut SourceMap) -> Self {
        Self::with(paths, Tests::Read, tree, sources)
    }

    /// The same without tests: to read about policies.
    #[must_use]
    pub fn policies_only(paths: &[String], tree: &dyn Tree, sources: &mut SourceMap) -> Self {
        Self::with(paths, Tests::Skip, tree, sources)
    }

    fn with(paths: &[String], wanted: Tests, tree: &dyn Tree, sources: &mut SourceMap) -> Self {
        let mut suite = Self { now: tree.now(), ..Self::default() };
        let (mut policies, mut tests) = (Vec::new(), Vec::new());
        for path in paths.iter().map(|path| joined(".", path)) {
            let path = path.as_str();
            let root = if tree.is_directory(path) { path } else { parent(path) };
            suite.roots.push(root.to_owned());
            let closed = &mut suite.unreadable;
            let (found, mut tested) = (tree.find(path, POLICIES, closed), tree.find(path, TESTS, closed));
            if found.is_empty() && tested.is_empty() {
                suite.unreadable.push((tree.shown(path), nothing(path, tree)));
            }
            if let Some(stem) = path.strip_suffix(POLICIES) {
                tested.extend(tree.find(&format!("{stem}{TESTS}"), TESTS, &mut suite.unreadable));
            }
            policies.extend(found);
            tests.extend(tested);
        }
        policies.sort();
        policies.dedup();
        tests.sort();
        tests.dedup();
        suite.load_policies(policies, tree, sources);
        suite.asked = suite.policies.len();
        for path in tests.iter().filter(|_| wanted == Tests::Read) {
            suite.load_test(path, tree, sources);
        }
        suite.unreadable.sort();
        suite.unreadable.dedup();
        suite
    }

    /// Gives inputs of the policies the values of the run; those of a test are stronger. Names on the command line that
    /// no policy declares come back, with what was meant perhaps.
    pub fn give(&mut self, given: &Values) -> Vec<(String, Option<String>)> {
        for loaded in &mut self.policies {
            self.faults.extend(given.offer(&mut loaded.parsed.file));
        }
        for number in 0..self.tests.len() {
            self.compute(number);
        }
        given.undeclared(self.policies.iter().map(|loaded| &loaded.parsed.file))
    }

    // The mocks of a test anew, with what inputs are now.
    fn compute(&mut self, number: usize) {
        let inputs = self.tests.get(number).map(|test| inputs::of(&self.files(test))).unwrap_or_default();
        let Some(test) = self.tests.get_mut(number) else { return };
        if let Some(draft) = &test.draft {
            test.file = draft.compute(&inputs);
        }
    }

    fn read(&mut self, path: &str, tree: &dyn Tree, sources: &mut SourceMap) -> Option<(String, FileId, Arc<str>)> {
        let shown = tree.shown(path);
        match tree.read(path) {
            Ok(text) => {
                let text = hcl::clean(text);
                let file = sources.add(shown.clone(), text.clone());
                Some((shown, file, text))
            }
            Err(reason) => {
                self.unreadable.push((shown, reason));
                None
            }
        }
    }

    fn load_policies(&mut self, paths: Vec<String>, tree: &dyn Tree, sources: &mut SourceMap) {
        let new: Vec<String> = paths.into_iter().filter(|path| !self.by_path.contains_key(path)).collect();
        let read: Vec<_> =
            new.into_iter().filter_map(|path| self.read(&path, tree, sources).map(|file| (path, file))).collect();
        let parsed: Vec<Loaded> = read
            .par_iter()
            .map(|(path, (shown, file, text))| Loaded {
                parsed: parse(shown, *file, text, &tree.category(path)),
                text: text.clone(),
            })
            .collect();
        for ((path, _), loaded) in read.into_iter().zip(parsed) {
            self.by_path.insert(path, self.policies.len());
            self.policies.push(loaded);
        }
    }

    fn load_test(&mut self, path: &str, tree: &dyn Tree, sources: &mut SourceMap) {
        let Some((shown, id, text)) = self.read(path, tree, sources) else { return };
        let draft = Draft::read(id, &text, sources, tree.now());
        let directory = parent(path);
        let mut found: Vec<String> = Vec::new();
        match draft.targets() {
            None => found.extend(self.untargeted(directory, tree)),
            Some(targets) => {
                for target in targets {
                    let matched = self.targeted(directory, &target.path, tree);
                    if matched.is_empty() {
                        let message = format!("the target \"{}\" matches no policy file (*{POLICIES})", target.path);
                        self.faults.push(*Fault::new(target.span, message));
                    }
                    found.extend(matched);
                }
            }
        }
        found.sort();
        found.dedup();
        if found.is_empty() && draft.targets().is_none_or(<[_]>::is_empty) {
            let message = "there is no policy to test: targets names none, and its directory holds none".to_owned();
            self.faults.push(*Fault::new(hcl::span_of(id, None), message));
        }
        self.load_policies(found.clone(), tree, sources);
        let policies: Vec<usize> = found.iter().filter_map(|path| self.by_path.get(path).copied()).collect();
        let file = draft.compute(&inputs::of(&self.files_of(&policies)));
        let draft = draft.reads_inputs().then_some(draft);
        let loaded = Test { path: Arc::from(shown), draft, file, policies };
        self.check_inputs(&loaded);
        self.tests.push(loaded);
    }

    // What a target names: beside the test, or below what was asked for, as where policies and tests are two directories.
    fn targeted(&mut self, directory: &str, target: &str, tree: &dyn Tree) -> Vec<String> {
        let matched = tree.find(&joined(directory, target), POLICIES, &mut self.unreadable);
        if !matched.is_empty() {
            return matched;
        }
        let below = |root: &String| tree.find(&joined(root, target), POLICIES, &mut Vec::new());
        self.roots.iter().map(below).find(|files| !files.is_empty()).unwrap_or_default()
    }

    // The policies of the test's directory; where there are none, all that were asked for.
    fn untargeted(&mut self, directory: &str, tree: &dyn Tree) -> Vec<String> {
        let files = beside(directory, tree, &mut self.unreadable);
        if !files.is_empty() {
            return files;
        }
        self.by_path.iter().filter(|(_, number)| **number < self.asked).map(|(path, _)| path.clone()).collect()
    }

    fn check_inputs(&mut self, test: &Test) {
        let files = self.files(test);
        // Whoever tests nothing has heard of it already.
        if files.is_empty() {
            return;
        }
        let own = test.file.mocks.iter().flat_map(|mock| &mock.inputs);
        let given: Vec<&Given> = test.file.inputs.iter().chain(own).collect();
        let wrong = inputs::faults(&files, &given);
        self.faults.extend(wrong);
    }

    fn files(&self, test: &Test) -> Vec<&PolicyFile> {
        self.files_of(&test.policies)
    }

    fn files_of(&self, policies: &[usize]) -> Vec<&PolicyFile> {
        policies.iter().filter_map(|number| Some(&self.policies.get(*number)?.parsed.file)).collect()
    }

    /// The policy files that were asked for.
    #[must_use]
    pub fn policies(&self) -> &[Loaded] {
        self.policies.get(..self.asked).unwrap_or_default()
    }

    /// How many policy and test files were read.
    #[must_use]
    pub fn count(&self) -> usize {
        self.policies.len() + self.tests.len()
    }

    /// Everything that is wrong in the files, in the order of files and places.
    #[must_use]
    pub fn faults(&self, sources: &SourceMap) -> Vec<&Fault> {
        let policies = self.policies.iter().flat_map(|loaded| &loaded.parsed.faults);
        let tests = self.tests.iter().flat_map(|test| &test.file.faults);
        let mut faults: Vec<&Fault> = policies.chain(tests).chain(&self.faults).collect();
        faults.sort_by_key(|fault| (sources.path(fault.span), fault.span.start, &fault.message));
        faults
    }

    /// How many of the files have a fault.
    #[must_use]
    pub fn invalid(&self, sources: &SourceMap) -> usize {
        let paths: BTreeSet<&str> = self.faults(sources).iter().map(|fault| sources.path(fault.span)).collect();
        paths.len()
    }

    /// What there is to run, by path.
    #[must_use]
    pub fn units(&self) -> Vec<Unit> {
        let mut units: Vec<(&str, Unit)> = Vec::new();
        for (number, loaded) in self.policies().iter().enumerate() {
            let file = &loaded.parsed.file;
            let count = example::of(file).len();
            units.extend((0..count).map(|at| (&*file.path, Unit(Work::Example(number, at)))));
        }
        for (number, test) in self.tests.iter().enumerate() {
            units.push((&test.path, Unit(Work::Mocks(number))));
        }
        units.sort_by_key(|(path, _)| *path);
        units.into_iter().map(|(_, unit)| unit).collect()
    }

    /// A name for a unit, unique in the suite but for examples of one label.
    #[must_use]
    pub fn name(&self, unit: Unit) -> String {
        match unit.0 {
            Work::Example(file, at) => {
                let named =
                    self.policies.get(file).and_then(|loaded| example::of(&loaded.parsed.file).get(at).cloned());
                named.map_or_else(String::new, |(id, _, example)| {
                    format!("{id}::{}::{}", if example.passes { "pass" } else { "fail" }, example.label)
                })
            }
            Work::Mocks(test) => self.tests.get(test).map_or_else(String::new, |test| test.path.to_string()),
        }
    }

    /// Runs one unit.
    #[must_use]
    pub fn run_unit(&self, unit: Unit, facts: &Arc<Facts>, sources: &SourceMap) -> Vec<Case> {
        match unit.0 {
            Work::Example(file, at) => {
                let Some(file) = self.policies.get(file).map(|loaded| &loaded.parsed.file) else { return Vec::new() };
                let bench = Bench { files: &[file], facts, sources, now: self.now };
                let examples = example::of(file);
                let found = examples.get(at);
                found.map(|(id, _, example)| example::run(file, id, example, bench)).into_iter().collect()
            }
            Work::Mocks(test) => {
                let Some(test) = self.tests.get(test) else { return Vec::new() };
                let files = self.files(test);
                let mut loaded = test.policies.iter().filter_map(|number| self.policies.get(*number));
                // What does not load is not judged, and looks like a pass.
                if loaded.any(|loaded| !loaded.parsed.faults.is_empty()) {
                    return mocks::skip(&test.path, &test.file, "a policy of this test is not valid");
                }
                mocks::run(&test.path, &test.file, Bench { files: &files, facts, sources, now: self.now })
            }
        }
    }

    /// Runs everything, in parallel; the order is that of [`Suite::units`].
    #[must_use]
    pub fn run(&self, facts: &Arc<Facts>, sources: &SourceMap) -> Vec<Case> {
        let units = self.units();
        let cases: Vec<Vec<Case>> = units.par_iter().map(|unit| self.run_unit(*unit, facts, sources)).collect();
        cases.into_iter().flatten().collect()
    }
}

// Not those further below: they have tests of their own.
fn beside(directory: &str, tree: &dyn Tree, closed: &mut Unreadable) -> Vec<String> {
    let mut files = tree.find(directory, POLICIES, closed);
    files.retain(|file| parent(file) == directory);
    files
}

fn parent(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some(("", _)) => "/",
        Some((parent, _)) => parent,
        None => ".",
    }
}

fn nothing(path: &str, tree: &dyn Tree) -> String {
    if tree.is_directory(path) {
        format!("there is no policy (*{POLICIES}) and no test of policies (*{TESTS}) in it")
    } else {
        match tree.read(path) {
            Ok(_) => format!("this is neither a policy (*{POLICIES}) nor a test of policies (*{TESTS})"),
            Err(reason) => reason,
        }
    }
}

/// `./a/../b` is `b`; what leads above the start stays in front.
fn joined(directory: &str, path: &str) -> String {
    if path.starts_with('/') {
        return path.to_owned();
    }
    let root = if directory.starts_with('/') { "/" } else { "" };
    let mut parts: Vec<&str> = Vec::new();
    for part in directory.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    let joined = format!("{root}{}", parts.join("/"));
    if joined.is_empty() { ".".to_owned() } else { joined }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_relative_to_the_test_file() {
        let table = [
            ("policies/a", "x.policy.hcl", "policies/a/x.policy.hcl"),
            ("policies/tests", "../", "policies"),
            (".", "dir/", "dir"),
            ("a", "..", "."),
            ("..", "../x", "../../x"),
            ("/a/b", "./c", "/a/b/c"),
            ("a", "/etc", "/etc"),
        ];
        for (directory, path, expected) in table {
            assert_eq!(joined(directory, path), expected, "{directory} {path}");
        }
    }
}
