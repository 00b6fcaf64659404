//! What a comment that silences findings says.

use crate::config::Date;

/// Ids in one comment; nobody reads more.
const MAX_NAMES: usize = 64;

/// Bytes of a reason; what is longer belongs into a ticket.
const MAX_REASON: usize = 1_000;

/// Whose comment it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// `planfit:ignore ID, ID reason="…" until="YYYY-MM-DD"`
    Planfit,
    /// `checkov:skip=ID:reason`
    Checkov,
    /// `trivy:ignore:ID`, also with `:exp:YYYY-MM-DD`
    Trivy,
    /// `tflint-ignore: ID, ID`
    Tflint,
}

/// What a comment says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// Whose comment it is.
    pub tool: Tool,
    /// The ids or aliases, as they are written.
    pub names: Vec<String>,
    /// Why.
    pub reason: Option<String>,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// What is wrong with the comment, so that it says nothing.
    pub fault: Option<String>,
}

impl Tool {
    pub(super) const ALL: [Self; 4] = [Self::Planfit, Self::Checkov, Self::Trivy, Self::Tflint];

    /// What its comments begin with.
    pub(super) const fn marker(self) -> &'static str {
        match self {
            Self::Planfit => "planfit:ignore",
            Self::Checkov => "checkov:skip=",
            Self::Trivy => "trivy:ignore:",
            Self::Tflint => "tflint-ignore:",
        }
    }
}

impl Directive {
    const fn new(tool: Tool) -> Self {
        Self { tool, names: Vec::new(), reason: None, until: None, fault: None }
    }
}

/// Reads one line of a comment; none if it silences nothing.
pub(super) fn parse(tool: Tool, line: &str) -> Option<Directive> {
    let rest = line.trim().strip_prefix(tool.marker())?;
    match tool {
        Tool::Planfit => ours(rest),
        Tool::Checkov => Some(checkov(rest)),
        Tool::Trivy => Some(trivy(rest)),
        Tool::Tflint => Some(tflint(rest)),
    }
}

fn ours(rest: &str) -> Option<Directive> {
    // `planfit:ignored` is a word of its own.
    if rest.starts_with(|ch: char| ch.is_alphanumeric() || matches!(ch, '-' | '_')) {
        return None;
    }
    let mut directive = Directive::new(Tool::Planfit);
    directive.fault = fill(&mut directive, rest).err();
    Some(directive)
}

fn fill(directive: &mut Directive, rest: &str) -> Result<(), String> {
    if !rest.is_empty() && !rest.starts_with(char::is_whitespace) {
        return Err("there must be a blank behind planfit:ignore".to_owned());
    }
    let mut rest = rest.trim();
    let mut wants_name = true;
    while !rest.is_empty() {
        let end = rest.find(|ch: char| ch.is_whitespace() || matches!(ch, ',' | '=' | '"')).unwrap_or(rest.len());
        let (word, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
        if word.is_empty() {
            return Err(format!("{} is not expected here", rest.chars().take(1).collect::<String>()));
        }
        let behind = behind.trim_start();
        if let Some(value) = behind.strip_prefix('=') {
            rest = set(directive, word, value.trim_start())?;
            wants_name = false;
            continue;
        }
        if !wants_name || directive.names.len() == MAX_NAMES {
            return Err(format!(
                "\"{word}\" is not expected here; ids are separated by commas, and a reason is written as reason=\"…\""
            ));
        }
        directive.names.push(word.to_owned());
        wants_name = behind.starts_with(',');
        rest = behind.strip_prefix(',').unwrap_or(behind).trim_start();
    }
    if directive.names.is_empty() { Err("it names no policy".to_owned()) } else { Ok(()) }
}

// Takes `"…"` and gives what is behind it.
fn set<'t>(directive: &mut Directive, key: &str, text: &'t str) -> Result<&'t str, String> {
    let (value, rest) = quoted(text).ok_or_else(|| format!("{key} needs a text in double quotes"))?;
    match key {
        "reason" if directive.reason.is_none() => {
            if value.len() > MAX_REASON {
                return Err(format!("the reason is longer than {MAX_REASON} bytes"));
            }
            directive.reason = Some(value);
        }
        "until" if directive.until.is_none() => {
            let wrong = || format!("until is \"{}\", and a day looks like \"2027-03-31\"", short(&value));
            directive.until = Some(Date::parse(&value).ok_or_else(wrong)?);
        }
        "reason" | "until" => return Err(format!("{key} stands there twice")),
        _ => return Err(format!("there is no \"{key}\"; there are reason and until")),
    }
    Ok(rest.trim_start())
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

// A backslash keeps a quote or a backslash.
fn quoted(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut value = String::new();
    let mut characters = inner.char_indices();
    while let Some((at, ch)) = characters.next() {
        match ch {
            '"' => return Some((value, inner.get(at + 1..)?)),
            '\\' => value.push(characters.next()?.1),
            ch => value.push(ch),
        }
    }
    None
}

fn checkov(rest: &str) -> Directive {
    let (ids, reason) = rest.split_once(':').map_or((rest, None), |(ids, reason)| (ids, Some(reason)));
    Directive { names: names(ids), reason: reason.and_then(text), ..Directive::new(Tool::Checkov) }
}

// Several may stand on one line: `trivy:ignore:AWS-0001 trivy:ignore:AWS-0002:exp:2027-01-01`. One that ends earlier than
// the others ends them, too.
fn trivy(rest: &str) -> Directive {
    let mut directive = Directive::new(Tool::Trivy);
    let mut words = rest.split_whitespace();
    let others = |word: &'_ str| word.trim_start_matches('#').strip_prefix(Tool::Trivy.marker()).map(str::to_owned);
    let first = words.next().map(str::to_owned);
    for rule in first.into_iter().chain(words.map_while(others)).take(MAX_NAMES) {
        let mut parts = rule.split(':');
        let name = parts.next().unwrap_or_default();
        directive.names.push(name.split('[').next().unwrap_or(name).to_owned());
        if parts.next() == Some("exp") {
            match parts.next().and_then(Date::parse) {
                Some(date) => directive.until = Some(date),
                None => directive.fault = Some("the day behind exp is none".to_owned()),
            }
        }
    }
    directive
}

fn tflint(rest: &str) -> Directive {
    let end = rest.find('#').or_else(|| rest.find("//")).unwrap_or(rest.len());
    let (ids, reason) = rest.split_at_checked(end).unwrap_or((rest, ""));
    Directive { names: names(ids), reason: text(reason.trim_start_matches(['#', '/'])), ..Directive::new(Tool::Tflint) }
}

fn names(ids: &str) -> Vec<String> {
    let ids = ids.split(',').map(str::trim).filter(|id| !id.is_empty());
    ids.take(MAX_NAMES).map(str::to_owned).collect()
}

fn text(reason: &str) -> Option<String> {
    let reason = reason.trim();
    (!reason.is_empty()).then(|| reason.chars().take(MAX_REASON).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    type Read<'t> = (Vec<&'t str>, Option<&'t str>, Option<String>);

    fn read(directive: &Directive) -> Read<'_> {
        let names = directive.names.iter().map(String::as_str).collect();
        (names, directive.reason.as_deref(), directive.until.map(|until| until.to_string()))
    }

    #[test]
    fn ours_have_ids_a_reason_and_a_day() {
        let day = Some("2027-03-31".to_owned());
        let table = [
            ("planfit:ignore a", (vec!["a"], None, None)),
            (" planfit:ignore a, b,c ", (vec!["a", "b", "c"], None, None)),
            ("planfit:ignore CKV_AWS_1 reason=\"so, \\\"it\\\" is\"", (vec!["CKV_AWS_1"], Some("so, \"it\" is"), None)),
            ("planfit:ignore a until=\"2027-03-31\" reason = \"x\"", (vec!["a"], Some("x"), day)),
        ];
        for (line, expected) in table {
            let directive = parse(Tool::Planfit, line).unwrap();
            assert_eq!((read(&directive), &directive.fault), (expected, &None), "{line}");
        }
        assert_eq!(parse(Tool::Planfit, "planfit:ignored a"), None);
        assert_eq!(parse(Tool::Planfit, "as planfit:ignore a"), None);
    }

    #[test]
    fn what_is_not_understood_is_told() {
        let table = [
            ("planfit:ignore", "it names no policy"),
            ("planfit:ignore:a", "there must be a blank behind planfit:ignore"),
            ("planfit:ignore a because", "\"because\" is not expected here"),
            ("planfit:ignore a reason=short", "reason needs a text in double quotes"),
            ("planfit:ignore a reason=\"open", "reason needs a text in double quotes"),
            ("planfit:ignore a reason=\"x\" reason=\"y\"", "reason stands there twice"),
            ("planfit:ignore a reason=\"x\" b", "\"b\" is not expected here"),
            ("planfit:ignore a until=\"soon\"", "until is \"soon\""),
            ("planfit:ignore a until=\"2027-02-29\"", "a day looks like"),
            ("planfit:ignore a who=\"me\"", "there is no \"who\""),
            ("planfit:ignore a,,b", ", is not expected here"),
            ("planfit:ignore reason=\"x\"", "it names no policy"),
        ];
        for (line, part) in table {
            let fault = parse(Tool::Planfit, line).unwrap().fault.unwrap_or_default();
            assert!(fault.contains(part), "{line}: {fault}");
        }
    }

    #[test]
    fn those_of_other_tools_are_read_as_they_read_them() {
        let day = Some("2027-01-01".to_owned());
        let table = [
            (
                Tool::Checkov,
                "checkov:skip=CKV_AWS_157:one zone: by choice",
                (vec!["CKV_AWS_157"], Some("one zone: by choice"), None),
            ),
            (Tool::Checkov, "checkov:skip=CKV_AWS_1,CKV_AWS_2", (vec!["CKV_AWS_1", "CKV_AWS_2"], None, None)),
            (Tool::Trivy, "trivy:ignore:AVD-AWS-0077", (vec!["AVD-AWS-0077"], None, None)),
            (Tool::Trivy, "trivy:ignore:a:exp:2027-01-01 #trivy:ignore:b[x=1] words", (vec!["a", "b"], None, day)),
            (Tool::Tflint, "tflint-ignore: a, b # for now", (vec!["a", "b"], Some("for now"), None)),
        ];
        for (tool, line, expected) in table {
            assert_eq!(read(&parse(tool, line).unwrap()), expected, "{line}");
        }
    }
}
