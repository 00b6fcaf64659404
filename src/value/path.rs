//! Places inside a value: `default_action[0].target_group_arn`.

use std::fmt;
use std::sync::Arc;

/// One step into a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// An attribute or a map key.
    Name(Arc<str>),
    /// A position in a list.
    Index(usize),
}

/// Steps from an object's root.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Path(pub Arc<[Step]>);

impl Path {
    /// The path of a top-level attribute.
    #[must_use]
    pub fn attribute(name: &str) -> Self {
        Self(Arc::from([Step::Name(Arc::from(name))]))
    }

    /// The path one step further.
    #[must_use]
    pub fn join(&self, step: Step) -> Self {
        self.0.iter().cloned().chain([step]).collect()
    }

    /// The steps.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// The only step, if it is a name.
    #[must_use]
    pub fn as_attribute(&self) -> Option<&str> {
        match self.steps() {
            [Step::Name(name)] => Some(name),
            _ => None,
        }
    }

    /// Reads `a.b[0].c`, also `a.0.b` and `a["k"]`.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let pieces = text.split(['.', '[', ']']).map(|piece| piece.trim_matches('"')).filter(|piece| !piece.is_empty());
        pieces.map(|piece| piece.parse().map_or_else(|_| Step::Name(Arc::from(piece)), Step::Index)).collect()
    }
}

impl FromIterator<Step> for Path {
    fn from_iter<T: IntoIterator<Item = Step>>(steps: T) -> Self {
        Self(steps.into_iter().collect())
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Name(name) if position == 0 => f.write_str(name)?,
                Step::Name(name) => write!(f, ".{name}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_as_it_is_printed() {
        for text in ["a", "a.b", "a[0].b", "a[0][1].c.d"] {
            assert_eq!(Path::parse(text).to_string(), text);
        }
        assert_eq!(Path::parse("a.0.b"), Path::parse("a[0].b"));
    }
}
