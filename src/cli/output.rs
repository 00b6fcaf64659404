//! Sinks: `--output FORMAT[=PATH]`, repeatable (`spec/ci-integration.md` 3).

use std::io::{self, Write as _};
use std::str::FromStr;

use super::common::Common;
use crate::finding::Report;
use crate::io::{Environment, write_file};
use crate::report::{github, human, json};
use crate::source::SourceMap;

/// A way of printing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Human,
    Github,
    Json,
}

/// A format and where it goes; no path is standard output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sink {
    pub(super) format: Format,
    pub(super) path: Option<String>,
}

impl FromStr for Sink {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, path) = text.split_once('=').map_or((text, None), |(name, path)| (name, Some(path)));
        let format = match name {
            "human" => Format::Human,
            "github" => Format::Github,
            "json" => Format::Json,
            other => return Err(format!("there is no format \"{other}\"; there are human, github and json")),
        };
        let path = path.filter(|path| *path != "-").map(str::to_owned);
        if path.as_deref() == Some("") {
            return Err("there is no path behind \"=\"".to_owned());
        }
        Ok(Self { format, path })
    }
}

/// The sinks of a run: what was asked for, else the human report; annotations in a step of GitHub Actions.
pub(super) fn sinks(common: &Common, environment: &Environment) -> Result<Vec<Sink>, String> {
    let mut sinks = common.output.clone();
    let on_stdout = |sinks: &[Sink], format| sinks.iter().any(|sink| sink.path.is_none() && sink.format == format);
    let machine = on_stdout(&sinks, Format::Json);
    if sinks.iter().filter(|sink| sink.path.is_none() && sink.format == Format::Json).count() > 1
        || (machine && (on_stdout(&sinks, Format::Human) || on_stdout(&sinks, Format::Github)))
    {
        return Err("only one format can go to standard output; give the others a file, as in json=FILE".to_owned());
    }
    let taken = sinks.iter().any(|sink| sink.path.is_none());
    if !taken && !common.quiet {
        sinks.insert(0, Sink { format: Format::Human, path: None });
    }
    let annotate = common.ci.is_github(environment) && common.annotations != super::common::Annotations::None;
    if annotate && on_stdout(&sinks, Format::Human) && !on_stdout(&sinks, Format::Github) {
        sinks.push(Sink { format: Format::Github, path: None });
    }
    Ok(sinks)
}

/// Writes every sink; all of them are tried. Gives what went wrong.
pub(super) fn write(
    sinks: &[Sink],
    report: &Report,
    sources: &SourceMap,
    style: human::Style,
    fence: Option<&str>,
) -> Vec<String> {
    let mut troubles = Vec::new();
    let mut stdout = Vec::new();
    let annotated = sinks.iter().any(|sink| sink.path.is_none() && sink.format == Format::Github);
    for sink in sinks {
        let mut buffer = Vec::new();
        let style = if sink.path.is_some() { human::Style { colour: false, ..style } } else { style };
        let rendered = match sink.format {
            Format::Human => human::write(report, sources, style, &mut buffer),
            Format::Github => github::write(report, sources, &mut buffer),
            Format::Json => json::write(report, sources, &mut buffer),
        };
        if let Err(error) = rendered {
            troubles.push(error.to_string());
        }
        match &sink.path {
            Some(path) => troubles.extend(write_file(path, &buffer).err().map(|error| error.to_string())),
            None => {
                // The runner must not take a line of the human text for a command (section 5.2).
                let fence = fence.filter(|_| annotated && sink.format == Format::Human);
                stdout.extend(fence.map(github::fence_begin).unwrap_or_default().into_bytes());
                stdout.extend(buffer);
                stdout.extend(fence.map(github::fence_end).unwrap_or_default().into_bytes());
            }
        }
    }
    if let Err(error) = write_stdout(&stdout) {
        troubles.push(format!("standard output: {error}"));
    }
    troubles
}

/// Writes to standard output. A reader that has seen enough is no error.
pub(super) fn write_stdout(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sink_is_a_format_and_a_path() {
        assert_eq!("json=a=b.json".parse::<Sink>().unwrap().path.as_deref(), Some("a=b.json"));
        assert_eq!("json=-".parse::<Sink>().unwrap().path, None);
        assert!("xml".parse::<Sink>().unwrap_err().contains("human, github and json"));
        assert!("json=".parse::<Sink>().is_err());
    }
}
