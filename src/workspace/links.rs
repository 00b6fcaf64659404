//! The table of reference edges (`policies/references.csv`): which attributes of which types hold the name of what, and
//! whether that keeps the other alive.
//!
//! A row is `type,path,target,attribute,class`. Steps of a path are joined by `.`; `[]` is each element, `{}` is the JSON
//! that a string holds, `.*` is everything below. Blocks are lists in plans, whether `[]` is written or not.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::facts::{TableError, rows};
use crate::value::Via;

/// The edges by the type that refers.
#[derive(Debug, Default)]
pub struct Links {
    by_source: FxHashMap<Arc<str>, Vec<Link>>,
    /// By their numbers.
    paths: Vec<Arc<str>>,
    targets: BTreeSet<Arc<str>>,
}

/// One attribute that refers to other objects.
#[derive(Debug)]
pub struct Link {
    /// The path as the table writes it.
    pub path: Arc<str>,
    /// Its steps; the first is the attribute.
    pub steps: Vec<LinkStep>,
    /// What it may refer to.
    pub targets: Vec<Target>,
    /// The number of the path.
    pub number: Via,
}

/// A step of a link's path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkStep {
    /// An attribute, in an object or in each object of a list.
    Name(Arc<str>),
    /// Each element.
    Each,
    /// The JSON in a string.
    Json,
    /// Everything below.
    Any,
}

/// A type that a link may refer to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The type, `*` for any.
    pub kind: Arc<str>,
    /// Whether the text is a path of which the last step is the name, as in `service/CLUSTER/NAME`.
    pub is_path: bool,
    /// What the link means to the target.
    pub class: Class,
}

/// What an edge means for the life of its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The source needs the target.
    Use,
    /// The source decorates the target or belongs to it.
    Ornament,
    /// Nobody has decided; counts as use.
    Unclassified,
}

impl Links {
    /// Reads the table. Rows whose target attribute does not name the object (`is_identity` tells) are left out: two
    /// objects may share such a value without having to do with each other.
    ///
    /// # Errors
    ///
    /// The first line that does not fit.
    pub fn read(table: &str, is_identity: &dyn Fn(&str, &str) -> bool) -> Result<Self, TableError> {
        let mut links = Self::default();
        for (line, row) in rows(table) {
            let error = |reason| TableError::new("references.csv", line, reason);
            let [source, path, kind, attribute, class] = row.as_slice() else {
                return Err(error("a row has five columns"));
            };
            let class = match class.as_ref() {
                "use" => Class::Use,
                "ornament" => Class::Ornament,
                "" => Class::Unclassified,
                _ => return Err(error("the class is use, ornament or empty")),
            };
            let steps = steps(path).ok_or_else(|| error("the path has no steps"))?;
            let is_form = attribute.starts_with('(');
            if !is_form && attribute != "*" && !is_identity(kind, attribute) {
                continue;
            }
            let is_path = is_form && attribute.matches('/').count() > 1;
            let target = Target { kind: Arc::from(kind.as_ref()), is_path, class };
            links.add(source, path, steps, target).ok_or_else(|| error("there are more than 65535 paths"))?;
        }
        Ok(links)
    }

    // None if there is no number left for the path.
    fn add(&mut self, source: &str, path: &str, steps: Vec<LinkStep>, target: Target) -> Option<()> {
        self.targets.insert(target.kind.clone());
        let known = self.by_source.entry(Arc::from(source)).or_default();
        match known.iter_mut().find(|link| *link.path == *path) {
            Some(link) => link.targets.push(target),
            None => {
                let path: Arc<str> = Arc::from(path);
                self.paths.push(path.clone());
                // From 1, so that a handle has room for "by no edge".
                let number = Via::new(u16::try_from(self.paths.len()).ok()?)?;
                known.push(Link { path, steps, targets: vec![target], number });
            }
        }
        Some(())
    }

    /// The links of a type.
    #[must_use]
    pub fn of(&self, source: &str) -> &[Link] {
        self.by_source.get(source).map_or(&[], Vec::as_slice)
    }

    /// The path with a number.
    #[must_use]
    pub fn path(&self, number: Via) -> Option<&Arc<str>> {
        self.paths.get(usize::from(number.get()) - 1)
    }

    /// Whether a type refers to others or is referred to.
    #[must_use]
    pub fn has(&self, kind: &str) -> bool {
        self.by_source.contains_key(kind) || self.targets.contains(kind)
    }
}

impl Link {
    /// The attribute that the path begins with.
    #[must_use]
    pub fn attribute(&self) -> Option<&Arc<str>> {
        match self.steps.first() {
            Some(LinkStep::Name(name)) => Some(name),
            _ => None,
        }
    }
}

fn steps(path: &str) -> Option<Vec<LinkStep>> {
    let mut steps = Vec::new();
    for piece in path.split('.') {
        let name_end = piece.find(['[', '{']).unwrap_or(piece.len());
        let (name, mut marks) = piece.split_at_checked(name_end)?;
        match name {
            "*" => steps.push(LinkStep::Any),
            "" => {}
            name => steps.push(LinkStep::Name(Arc::from(name))),
        }
        while !marks.is_empty() {
            let (step, rest) = match (marks.strip_prefix("[]"), marks.strip_prefix("{}")) {
                (Some(rest), _) => (LinkStep::Each, rest),
                (_, Some(rest)) => (LinkStep::Json, rest),
                _ => return None,
            };
            steps.push(step);
            marks = rest;
        }
    }
    matches!(steps.first(), Some(LinkStep::Name(_))).then_some(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_cut_into_steps() {
        let name = |text: &str| LinkStep::Name(Arc::from(text));
        let path = "container_definitions{}[].options.awslogs-group";
        let expected =
            [name("container_definitions"), LinkStep::Json, LinkStep::Each, name("options"), name("awslogs-group")];
        assert_eq!(steps(path).unwrap(), expected);
        assert_eq!(steps("dimensions.*").unwrap(), [name("dimensions"), LinkStep::Any]);
        assert_eq!(steps("[]"), None);
        assert_eq!(steps("a[b"), None);
    }

    #[test]
    fn a_row_that_does_not_fit_names_its_line() {
        let table = "type,path,target,attribute,class\naws_a,b,aws_c,id,use\naws_a,b,aws_c,id,perhaps\n";
        let error = Links::read(table, &|_, _| true).unwrap_err();
        assert_eq!(error.to_string(), "references.csv, line 3: the class is use, ornament or empty");
    }

    #[test]
    fn what_does_not_name_the_target_is_no_edge() {
        let table = "type,path,target,attribute,class\na,namespace,b,namespace,\na,id,b,id,\na,path,b,(x/Y/NAME),\n";
        let links = Links::read(table, &|_, attribute| attribute == "id").unwrap();
        let paths: Vec<_> = links.of("a").iter().map(|link| (&*link.path, link.targets[0].is_path)).collect();
        assert_eq!(paths, [("id", false), ("path", true)]);
    }
}
