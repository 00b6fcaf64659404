//! Names of targets: `replace_target`, as JavaScript's `text.replace(RegExp(regexp, flags), replace)` has it.
//!
//! `expression.rs` says in the words of the regex crate what a JavaScript expression means; what that crate does not know
//! (looking ahead and behind, references back) is told. Here are the replacement text and the order of matches.

use std::collections::BTreeSet;

use regex::{Captures, Regex, RegexBuilder};

use super::root::Pattern;

mod expression;

/// All replacements of a `tfaction-root.yaml`.
#[derive(Clone, Debug, Default)]
pub struct Replacements {
    all: Vec<Replacement>,
}

#[derive(Clone, Debug)]
struct Replacement {
    regex: Regex,
    is_global: bool,
    text: String,
}

/// Bytes that a compiled expression may take.
const MAX_SIZE: usize = 1 << 20;

/// Bytes of the name of a target: more is no name.
const MAX_NAME: usize = 1 << 16;

impl Replacements {
    /// Reads all patterns.
    ///
    /// # Errors
    ///
    /// A sentence for each that cannot be followed; it names the pattern.
    pub fn new(patterns: &[Pattern]) -> Result<Self, Vec<String>> {
        let (mut all, mut wrong) = (Vec::new(), Vec::new());
        for pattern in patterns {
            match Replacement::new(pattern) {
                Ok(replacement) => all.push(replacement),
                Err(reason) => wrong.push(format!("replace_target, pattern {:?}: {reason}", pattern.regexp)),
            }
        }
        if wrong.is_empty() { Ok(Self { all }) } else { Err(wrong) }
    }

    /// What they make of a path, one after the other.
    #[must_use]
    pub fn apply(&self, path: &str) -> String {
        self.all.iter().fold(path.to_owned(), |text, replacement| replacement.apply(&text))
    }
}

impl Replacement {
    fn new(pattern: &Pattern) -> Result<Self, String> {
        let flags = pattern.flags.as_deref().unwrap_or_default();
        let mut seen = BTreeSet::new();
        for flag in flags.chars() {
            if !seen.insert(flag) || !matches!(flag, 'd' | 'g' | 'i' | 'm' | 's' | 'u' | 'v') {
                return Err(format!("flags {flags:?} cannot be followed; there are d, g, i, m, s, u and v, each once"));
            }
        }
        let regex = RegexBuilder::new(&expression::translate(&pattern.regexp))
            .case_insensitive(seen.contains(&'i'))
            .multi_line(seen.contains(&'m'))
            .dot_matches_new_line(seen.contains(&'s'))
            .size_limit(MAX_SIZE)
            .build()
            .map_err(|error| reason(&pattern.regexp, &error))?;
        Ok(Self { regex, is_global: seen.contains(&'g'), text: pattern.replace.clone() })
    }

    fn apply(&self, subject: &str) -> String {
        let mut result = String::new();
        let (mut kept, mut from) = (0, 0);
        while let Some(captures) = self.regex.captures_at(subject, from) {
            let Some(whole) = captures.get(0) else { break };
            result.push_str(subject.get(kept..whole.start()).unwrap_or_default());
            self.fill(&captures, subject, &mut result);
            kept = whole.end();
            // JavaScript looks on behind an empty match by one character, and at its end else.
            let width = subject.get(kept..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
            from = if whole.is_empty() { kept + width } else { kept };
            if !self.is_global || from > subject.len() || result.len() > MAX_NAME {
                break;
            }
        }
        result.push_str(subject.get(kept..).unwrap_or_default());
        result
    }

    // `$$`, `$&`, `` $` ``, `$'`, `$1` to `$99`, `$<name>`; all else stays as it is.
    fn fill(&self, captures: &Captures<'_>, subject: &str, result: &mut String) {
        let mut rest = self.text.as_str();
        while let Some((before, behind)) = rest.split_once('$') {
            result.push_str(before);
            rest = match self.special(behind, captures, subject) {
                Some((text, rest)) => {
                    result.push_str(text);
                    rest
                }
                None => {
                    result.push('$');
                    behind
                }
            };
        }
        result.push_str(rest);
    }

    // What stands for the text behind a dollar, and what is behind that.
    fn special<'t>(&self, behind: &'t str, captures: &'t Captures<'_>, subject: &'t str) -> Option<(&'t str, &'t str)> {
        let whole = captures.get(0)?;
        let first = behind.chars().next()?;
        let rest = behind.get(first.len_utf8()..)?;
        match first {
            '$' => Some(("$", rest)),
            '&' => Some((whole.as_str(), rest)),
            '`' => Some((subject.get(..whole.start())?, rest)),
            '\'' => Some((subject.get(whole.end()..)?, rest)),
            '<' => {
                let has_names = self.regex.capture_names().flatten().next().is_some();
                let (name, rest) = rest.split_once('>').filter(|_| has_names)?;
                Some((captures.name(name).map_or("", |group| group.as_str()), rest))
            }
            _ => [2, 1].into_iter().find_map(|length| numbered(behind, length, captures)),
        }
    }
}

// A group by its number; a number of two digits where there are so many groups.
fn numbered<'t>(behind: &'t str, length: usize, captures: &'t Captures<'_>) -> Option<(&'t str, &'t str)> {
    let digits = behind.get(..length).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let number: usize = digits.parse().ok()?;
    let exists = (1..captures.len()).contains(&number);
    exists.then_some((captures.get(number).map_or("", |group| group.as_str()), behind.get(length..)?))
}

fn reason(regexp: &str, error: &regex::Error) -> String {
    if ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|look| regexp.contains(look)) {
        return "looking ahead or behind is not supported here; write it without".to_owned();
    }
    if error.to_string().contains("backreference") {
        return "a reference back to a group is not supported here; write it without".to_owned();
    }
    // The last line says what is wrong; the others draw the pattern.
    let text = error.to_string();
    let line = text.lines().last().unwrap_or_default();
    format!("this is no expression: {}", line.trim_start_matches("error: "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(regexp: &str, flags: &str, replace: &str, path: &str) -> String {
        let flags = Some(flags.to_owned());
        let pattern = Pattern { regexp: regexp.to_owned(), replace: replace.to_owned(), flags };
        Replacements::new(&[pattern]).unwrap().apply(path)
    }

    // Each row was run through JavaScript's replace.
    #[test]
    fn it_replaces_as_javascript_does() {
        let table = [
            ("o", "", "0", "foo/o", "f0o/o"),
            ("o", "g", "0", "foo/o", "f00/0"),
            ("^aws/", "", "", "aws/foo/dev", "foo/dev"),
            ("AWS", "i", "x", "aws/foo", "x/foo"),
            ("(a)(b)?", "", "[$1|$2]", "ac", "[a|]c"),
            ("(a)", "", "$2 $01 $10 $0", "a", "$2 a a0 $0"),
            ("(a)(b)", "", "$2$1", "ab", "ba"),
            ("b", "", "$$ $& $` $' $x $", "abc", "a$ b a c $x $c"),
            ("(?<dir>[^/]+)/(?<rest>.+)", "", "$<rest>-$<dir>-$<none>!", "a/b/c", "b/c-a-!"),
            ("(a)", "", "$<dir>", "a", "$<dir>"),
            ("(?<d>a)", "", "$<d", "a", "$<d"),
            ("", "g", "-", "ab", "-a-b-"),
            ("a*", "g", "x", "aab", "xxbx"),
            ("x*", "", "-", "日本", "-日本"),
            ("$", "", "/end", "a", "a/end"),
            (r"\d+", "g", "n", "a1/b22/٣", "an/bn/٣"),
            (r"\w+", "", "w", "é_1", "éw"),
            (r"[\w-]+\/[^\d/]+", "", "x", "a-b/c/d", "x/d"),
            (r"\bfoo\b", "", "x", "a/foo", "a/x"),
            (r"[[&&]+", "", "x", "a[&b", "axb"),
            ("a.c", "", "x", "a\nc", "a\nc"),
            ("a.c", "s", "x", "a\nc", "x"),
        ];
        for (regexp, flags, replace, path, expected) in table {
            assert_eq!(
                replaced(regexp, flags, replace, path),
                expected,
                "{path}.replace(/{regexp}/{flags}, {replace})"
            );
        }
    }

    #[test]
    fn patterns_are_applied_one_after_the_other() {
        let pattern = |regexp: &str, replace: &str| Pattern {
            regexp: regexp.to_owned(),
            replace: replace.to_owned(),
            flags: None,
        };
        let all = Replacements::new(&[pattern("^aws/", "gcp/"), pattern("^gcp/", "")]).unwrap();
        assert_eq!((all.apply("aws/a").as_str(), all.apply("aws/gcp/a").as_str()), ("a", "gcp/a"));
    }

    #[test]
    fn what_cannot_be_followed_is_told_with_its_pattern() {
        let table = [
            ("a(?=b)", "", "looking ahead or behind"),
            ("(?<!a)b", "", "looking ahead or behind"),
            (r"(a)\1", "", "a reference back"),
            ("(", "", "this is no expression: unclosed group"),
            ("a", "y", "flags \"y\" cannot be followed"),
            ("a", "gg", "each once"),
            ("a{1000}{1000}", "", "this is no expression"),
        ];
        for (regexp, flags, part) in table {
            let pattern = Pattern { regexp: regexp.to_owned(), replace: String::new(), flags: Some(flags.to_owned()) };
            let wrong = Replacements::new(&[pattern]).unwrap_err();
            assert_eq!(wrong.len(), 1);
            assert!(wrong[0].starts_with(&format!("replace_target, pattern {regexp:?}: ")), "{wrong:?}");
            assert!(wrong[0].contains(part), "{regexp}: {wrong:?}");
        }
    }
}
