//! Patterns of `.planfit.hcl` (`spec/config.md` 1): globs over paths, and patterns over addresses, ids and ARNs.
//!
//! In a path `*` and `?` stay within one directory and `**` crosses directories. An address is no path: there `*` stands
//! for any text, dots and brackets too, and nothing else is special, because brackets are part of addresses.

use globset::{Glob, GlobBuilder, GlobMatcher};

/// What the patterns of a list are matched against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// A path with `/`, relative to the file's directory.
    Path,
    /// An address, an id or an ARN.
    Name,
}

/// One pattern.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    matcher: Matcher,
}

#[derive(Clone, Debug)]
enum Matcher {
    Path(Box<GlobMatcher>),
    /// A path that ends in `/**`: the directory itself belongs to it.
    Below(Box<GlobMatcher>, Box<GlobMatcher>),
    Name,
}

/// A list of patterns; it matches if one of them does.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    items: Vec<Pattern>,
}

/// Characters of a pattern: a path is hardly longer, and each costs when it is compiled.
const MAX_LENGTH: usize = 1024;

impl Pattern {
    /// Reads a pattern. A leading `./` and a trailing `/` of a path mean nothing.
    ///
    /// # Errors
    ///
    /// A sentence on what is no pattern.
    pub fn new(text: &str, style: Style) -> Result<Self, String> {
        if text.len() > MAX_LENGTH {
            return Err(format!("a pattern has at most {MAX_LENGTH} characters, and this is longer"));
        }
        let matcher = match style {
            Style::Name => Matcher::Name,
            Style::Path => path(text)?,
        };
        Ok(Self { text: text.to_owned(), matcher })
    }

    /// As written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the whole of a text fits.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        match &self.matcher {
            Matcher::Path(glob) => glob.is_match(text),
            Matcher::Below(inside, itself) => inside.is_match(text) || itself.is_match(text),
            Matcher::Name => fits(&self.text, text),
        }
    }
}

fn path(text: &str) -> Result<Matcher, String> {
    let trimmed = text.trim_start_matches("./");
    let trimmed = trimmed.strip_suffix('/').unwrap_or(trimmed);
    if trimmed.is_empty() {
        return Err("this names nothing; the directory of the file is \".\"".to_owned());
    }
    if trimmed.starts_with('/') || trimmed.split('/').any(|step| step == "..") {
        return Err("a path here is relative to the directory of the file and stays inside of it".to_owned());
    }
    let whole = Box::new(compile(trimmed)?);
    match trimmed.strip_suffix("/**") {
        Some(directory) if !directory.is_empty() => Ok(Matcher::Below(whole, Box::new(compile(directory)?))),
        _ => Ok(Matcher::Path(whole)),
    }
}

fn compile(text: &str) -> Result<GlobMatcher, String> {
    let glob: Glob = GlobBuilder::new(text)
        .literal_separator(true)
        .backslash_escape(true)
        .build()
        .map_err(|error| format!("this is no glob: {}", error.kind()))?;
    Ok(glob.compile_matcher())
}

/// Whether a text fits a pattern in which `*` stands for any text: in time proportional to the text.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let (middle, last) = rest.rsplit_once('*').map_or((None, rest), |(middle, last)| (Some(middle), last));
    let Some(mut open) = text.strip_prefix(first).and_then(|text| text.strip_suffix(last)) else { return false };
    for part in middle.into_iter().flat_map(|middle| middle.split('*')) {
        // The earliest place is as good as any later one.
        let Some((_, behind)) = open.split_once(part) else { return false };
        open = behind;
    }
    true
}

impl Patterns {
    /// A list of patterns.
    #[must_use]
    pub const fn new(items: Vec<Pattern>) -> Self {
        Self { items }
    }

    /// Whether there is none. What that means (everything, or nothing) is up to the key.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Whether one of them fits.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.items.iter().any(|item| item.matches(text))
    }

    /// The patterns, as they are written.
    pub fn iter(&self) -> impl Iterator<Item = &Pattern> {
        self.items.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_match_as_the_shell_has_it() {
        let table = [
            ("envs/prd/**", "envs/prd/app", true),
            ("envs/prd/**", "envs/prd/app/db", true),
            ("envs/prd/**", "envs/prd", true),
            ("envs/prd/**", "envs/prd2", false),
            ("envs/*", "envs/prd", true),
            ("envs/*", "envs/prd/app", false),
            ("**/prd/**", "a/b/prd/c", true),
            ("**/prd/**", "prd", true),
            ("**", ".", true),
            (".", ".", true),
            ("./infra/", "infra", true),
            ("infra", "infra/a", false),
            ("envs/{prd,stg}", "envs/stg", true),
            ("envs/pr?", "envs/prd", true),
            ("envs/pr?", "envs/pr/", false),
            ("envs/[ps]*", "envs/stg", true),
        ];
        for (pattern, text, expected) in table {
            assert_eq!(Pattern::new(pattern, Style::Path).unwrap().matches(text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn a_path_that_is_none_is_told() {
        for (pattern, part) in [
            ("/etc/*", "relative"),
            ("../x", "relative"),
            ("", "nothing"),
            ("a/[", "no glob"),
            ("a/{b", "no glob"),
            (&"a".repeat(2000), "at most 1024"),
        ] {
            let message = Pattern::new(pattern, Style::Path).unwrap_err();
            assert!(message.contains(part), "{pattern}: {message}");
        }
    }

    #[test]
    fn names_are_matched_whole_and_a_star_stops_nowhere() {
        let table = [
            ("module.vpn.*", "module.vpn.aws_lb.main[0]", true),
            ("module.vpn.*", "module.vpn2.aws_lb.main", false),
            ("aws_lb.main[\"a\"]", "aws_lb.main[\"a\"]", true),
            ("aws_lb.main[*]", "aws_lb.main[0]", true),
            ("aws_lb.main[*]", "aws_lb.main", false),
            ("*.aws_lb.*", "module.a.module.b.aws_lb.c", true),
            ("a*a", "a", false),
            ("a*b*a", "aba", true),
            ("a*b*ba", "aba", false),
            ("*", "", true),
            ("**", "anything.at[\"all\"]", true),
            ("", "a", false),
        ];
        for (pattern, text, expected) in table {
            assert_eq!(Pattern::new(pattern, Style::Name).unwrap().matches(text), expected, "{pattern} {text}");
        }
    }
}
