//! Globs over working directories, as minimatch 10 reads them with its default options.
//!
//! They differ from those of `.gitignore` and of `.planfit.hcl`: `*`, `?` and `**` do not match a name that begins with
//! a dot, `**` means something only as a whole step, `aws/**` leaves out `aws`, a `!` in front turns the answer round, and
//! a `#` in front makes the pattern a comment. So patterns are matched step by step: `braces.rs` writes `{a,b}` out, and
//! `segment.rs` matches one step.

use self::segment::Segment;

mod braces;
mod segment;

/// A pattern.
#[derive(Clone, Debug)]
pub struct Glob {
    is_negated: bool,
    /// What braces stand for, each step by step; none matches nothing.
    paths: Vec<Vec<Step>>,
}

#[derive(Clone, Debug)]
enum Step {
    /// `**`
    Any,
    One(Segment),
}

/// Characters of a pattern. A path is hardly longer, and each costs when it is matched.
const MAX_LENGTH: usize = 4096;

impl Glob {
    /// Reads a pattern. Nearly everything is one: what is not closed stands for itself.
    ///
    /// # Errors
    ///
    /// That it is too long, stands for too much, or nests too deep.
    pub fn new(pattern: &str) -> Result<Self, String> {
        if pattern.chars().count() > MAX_LENGTH {
            return Err(format!("a pattern has at most {MAX_LENGTH} characters, and this is longer"));
        }
        if pattern.starts_with('#') {
            return Ok(Self { is_negated: false, paths: Vec::new() });
        }
        let positive = pattern.trim_start_matches('!');
        let is_negated = (pattern.len() - positive.len()) % 2 == 1;
        let paths = braces::expand(positive)?.iter().map(|path| steps(path)).collect::<Result<_, _>>()?;
        Ok(Self { is_negated, paths })
    }

    /// Whether a directory fits: its path with `/`, `.` for the root.
    #[must_use]
    pub fn matches(&self, directory: &str) -> bool {
        if self.paths.is_empty() {
            return false;
        }
        let names: Vec<&str> = directory.split('/').collect();
        self.paths.iter().any(|steps| fits(steps, &names)) != self.is_negated
    }
}

fn steps(path: &str) -> Result<Vec<Step>, String> {
    let mut written: Vec<&str> = Vec::new();
    for (number, name) in path.split('/').enumerate() {
        let is_last = path.split('/').count() == number + 1;
        match (name, written.last().copied()) {
            // Slashes count once; one at the end asks for something behind it.
            ("", Some(_)) if !is_last => {}
            ("**", Some("**")) => {}
            ("..", Some(parent)) if !matches!(parent, ".." | "." | "**" | "") => {
                written.pop();
            }
            _ => written.push(name),
        }
    }
    written.iter().map(|name| if *name == "**" { Ok(Step::Any) } else { Segment::new(name).map(Step::One) }).collect()
}

// From the end: which rests of the path the rest of the pattern fits.
fn fits(steps: &[Step], names: &[&str]) -> bool {
    let mut rests = vec![false; names.len()];
    rests.push(true);
    for (number, step) in steps.iter().enumerate().rev() {
        let is_last = number + 1 == steps.len();
        rests = match step {
            Step::One(segment) => one(segment, names, &rests),
            Step::Any => any(names, &rests, is_last),
        };
    }
    rests.first().copied().unwrap_or(false)
}

fn one(segment: &Segment, names: &[&str], rests: &[bool]) -> Vec<bool> {
    let mut found: Vec<bool> =
        names.iter().zip(rests.iter().skip(1)).map(|(name, rest)| *rest && segment.matches(name)).collect();
    found.push(false);
    found
}

// At the end `**` wants one name at least; elsewhere it may stand for none.
fn any(names: &[&str], rests: &[bool], is_last: bool) -> Vec<bool> {
    let mut found: Vec<bool> = if is_last { vec![false; rests.len()] } else { rests.to_vec() };
    for (at, name) in names.iter().enumerate().rev() {
        let behind = found.get(at + 1) == Some(&true) || (is_last && at + 1 == names.len());
        if let Some(here) = found.get_mut(at) {
            *here |= behind && !name.starts_with('.');
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(table: &[(&str, &str, bool)]) {
        for (pattern, path, expected) in table {
            assert_eq!(Glob::new(pattern).unwrap().matches(path), *expected, "{pattern} {path}");
        }
    }

    #[test]
    fn two_stars_are_directories_and_not_the_one_before_them() {
        check(&[
            ("aws/**", "aws/foo/dev", true),
            ("aws/**", "aws", false),
            ("aws/**/dev", "aws/dev", true),
            ("**/dev", "dev", true),
            ("**", "a/b/c", true),
            ("**", ".", false),
            ("a/**/**/b", "a/b", true),
            ("a/**/b/**", "a/x/b/y/z", true),
            ("a/**/b/**", "a/x/b", false),
        ]);
    }

    #[test]
    fn two_stars_beside_something_are_one() {
        check(&[("aws/**foo", "aws/x/foo", false), ("aws/**foo", "aws/foo", true), ("aws**", "aws/foo/dev", false)]);
    }

    #[test]
    fn one_star_stays_in_its_step_and_letters_count() {
        check(&[
            ("aws/*", "aws/foo/dev", false),
            ("aws/*", "aws/foo", true),
            ("aws/*", "AWS/foo", false),
            ("aws/f?o", "aws/foo", true),
            ("aws/f?o", "aws/fo", false),
            ("a*b*c", "axbxc", true),
            ("a*b*c", "axcxb", false),
        ]);
    }

    #[test]
    fn a_leading_dot_is_matched_by_a_dot_alone() {
        check(&[
            ("aws/**", "aws/.hidden/dev", false),
            ("aws/.*", "aws/.foo", true),
            ("aws/*", "aws/.foo", false),
            ("aws/?foo", "aws/.foo", false),
            ("aws/[.a]foo", "aws/.foo", false),
            ("aws/*.foo", "aws/.foo", false),
            ("aws/.hidden/**", "aws/.hidden/dev", true),
            ("**/.hidden/*", "aws/.hidden/dev", true),
            (".", ".", true),
            (".*", ".", false),
            ("?", ".", false),
        ]);
    }

    #[test]
    fn braces_are_written_out() {
        check(&[
            ("aws/{foo,bar}", "aws/foo", true),
            ("aws/{foo,bar}", "aws/baz", false),
            ("aws/foo{1..3}", "aws/foo1", true),
            ("aws/foo{1..3}", "aws/foo4", false),
            ("{aws,gcp/{a,b}}/x", "gcp/b/x", true),
            ("{aws/**,gcp}", "aws/a/b", true),
        ]);
    }

    #[test]
    fn sets_of_characters_and_groups_are_read() {
        check(&[
            ("aws/[!f]oo", "aws/foo", false),
            ("aws/[!f]oo", "aws/boo", true),
            ("aws/[a-f]oo", "aws/foo", true),
            ("aws/@(foo|bar)", "aws/foo", true),
            ("aws/@(foo|bar)", "aws/foobar", false),
            ("aws/+(foo|bar)", "aws/foobar", true),
            ("aws/?(x)foo", "aws/foo", true),
            ("aws/!(foo)", "aws/foo", false),
            ("aws/!(foo)", "aws/food", true),
        ]);
    }

    #[test]
    fn the_first_character_may_turn_it_round_or_off() {
        check(&[
            ("!gcp/**", "aws/foo", true),
            ("!gcp/**", "gcp/foo", false),
            ("!!gcp/**", "gcp/foo", true),
            ("#aws/**", "aws/foo", false),
            ("#aws/**", "#aws/foo", false),
        ]);
    }

    #[test]
    fn a_path_is_compared_as_it_is_written() {
        check(&[
            ("./aws/foo", "aws/foo", false),
            ("aws/foo/", "aws/foo", false),
            ("/aws/foo", "aws/foo", false),
            ("aws//foo", "aws/foo", true),
            ("aws/x/../foo", "aws/foo", true),
            ("", ".", false),
        ]);
    }

    #[test]
    fn a_pattern_that_would_cost_too_much_is_told() {
        let deep = "@(".repeat(9) + "a" + &")".repeat(9);
        for (pattern, part) in [("a".repeat(5000), "at most"), ("{1..9}".repeat(9), "more than"), (deep, "deep")] {
            assert!(Glob::new(&pattern).unwrap_err().contains(part), "{pattern}");
        }
    }
}
