//! Sinks: `--output FORMAT[=PATH]`, repeatable (`spec/ci-integration.md` 3).

use std::io::{self, Write as _};
use std::str::FromStr;

use super::common::{Annotations, Common};
use crate::finding::Report;
use crate::io::{Environment, write_file};
use crate::report::github::Rest;
use crate::report::human::Style;
use crate::report::{comment, github, human, issue, json, junit, markdown, rdjsonl, sarif};
use crate::source::SourceMap;

/// A way of printing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Human,
    Github,
    Json,
    Sarif,
    Rdjsonl,
    Junit,
    Markdown,
    Comment,
    Issue,
}

impl Format {
    const ALL: [Self; 9] = [
        Self::Human,
        Self::Github,
        Self::Json,
        Self::Sarif,
        Self::Rdjsonl,
        Self::Junit,
        Self::Markdown,
        Self::Comment,
        Self::Issue,
    ];

    /// The word on the command line.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Github => "github",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Rdjsonl => "rdjsonl",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
            Self::Comment => "comment",
            Self::Issue => "issue",
        }
    }

    /// Of which policies it tells more than findings say.
    pub(super) const fn told(self) -> Told {
        match self {
            Self::Human | Self::Github | Self::Json | Self::Rdjsonl | Self::Junit => Told::Nothing,
            Self::Markdown | Self::Comment | Self::Issue => Told::Found,
            Self::Sarif => Told::Everything,
        }
    }

    fn parse(name: &str) -> Result<Self, String> {
        let names = Self::ALL.map(Self::name).join(", ");
        let found = Self::ALL.into_iter().find(|format| format.name() == name);
        found.ok_or_else(|| format!("there is no format \"{name}\"; there are {names}"))
    }

    // Whether it can share standard output with another one.
    fn is_alone(self) -> bool {
        !matches!(self, Self::Human | Self::Github)
    }
}

/// Of which policies a report has the documents and all ways out. They are not read for nobody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Told {
    /// Of none.
    #[default]
    Nothing,
    /// Of those with a finding.
    Found,
    /// Of all that took part.
    Everything,
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
        let format = Format::parse(name)?;
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
    let on_stdout: Vec<Format> = sinks.iter().filter(|sink| sink.path.is_none()).map(|sink| sink.format).collect();
    if on_stdout.len() > 1 && on_stdout.iter().any(|format| format.is_alone()) {
        return Err("only one format can go to standard output; give the others a file, as in json=FILE".to_owned());
    }
    if on_stdout.is_empty() && !common.quiet {
        sinks.insert(0, Sink { format: Format::Human, path: None });
    }
    let has = |format| sinks.iter().any(|sink| sink.path.is_none() && sink.format == format);
    let annotate = common.actions.ci.is_github(environment) && common.actions.annotations != Annotations::None;
    if annotate && has(Format::Human) && !has(Format::Github) {
        sinks.push(Sink { format: Format::Github, path: None });
    }
    Ok(sinks)
}

/// A report and how it is printed.
pub(super) struct Printer<'p> {
    pub(super) report: &'p Report,
    pub(super) sources: &'p SourceMap,
    pub(super) style: Style,
    /// The fence around human text that stands with annotations.
    pub(super) fence: Option<String>,
    /// Where the findings stand that get no annotation.
    pub(super) rest: Rest,
    /// What the paths of reviewdog's format are relative to, unless `--path-base` says it.
    pub(super) below: Option<&'p str>,
}

/// What a run has written.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// The files, in the order of the command line.
    pub(super) files: Vec<(Format, String)>,
    /// What went wrong.
    pub(super) troubles: Vec<String>,
}

impl Printer<'_> {
    /// Writes every sink; all of them are tried.
    pub(super) fn print(&self, sinks: &[Sink]) -> Written {
        let mut written = Written::default();
        let mut stdout = Vec::new();
        let is_annotated = sinks.iter().any(|sink| sink.path.is_none() && sink.format == Format::Github);
        for sink in sinks {
            let text = match self.render(sink) {
                Ok(text) => text,
                Err(error) => {
                    written.troubles.push(error.to_string());
                    continue;
                }
            };
            let Some(path) = &sink.path else {
                // The runner must not take a line of the human text for a command (section 5.2).
                let fence = self.fence.as_deref().filter(|_| is_annotated && sink.format == Format::Human);
                stdout.extend(fence.map(github::fence_begin).unwrap_or_default().into_bytes());
                stdout.extend(text);
                stdout.extend(fence.map(github::fence_end).unwrap_or_default().into_bytes());
                continue;
            };
            match write_file(path, &text) {
                Ok(()) => written.files.push((sink.format, path.clone())),
                Err(error) => written.troubles.push(error.to_string()),
            }
        }
        written.troubles.extend(write_stdout(&stdout).err().map(|error| format!("standard output: {error}")));
        written
    }

    fn render(&self, sink: &Sink) -> io::Result<Vec<u8>> {
        let Self { report, sources, .. } = *self;
        let style = if sink.path.is_some() { Style { colour: false, ..self.style } } else { self.style };
        let mut text = Vec::new();
        match sink.format {
            Format::Human => human::write(report, sources, style, &mut text),
            Format::Github => github::write(report, sources, self.rest, &mut text),
            Format::Json => json::write(report, sources, &mut text),
            Format::Sarif => sarif::write(report, sources, &mut text),
            Format::Rdjsonl => rdjsonl::write(report, sources, self.below, &mut text),
            Format::Junit => junit::write(report, sources, &mut text),
            Format::Markdown => markdown::write(report, sources, markdown::LIMIT, &mut text),
            Format::Comment => comment::write(report, sources, &mut text),
            Format::Issue => issue::write(report, sources, &mut text),
        }?;
        Ok(text)
    }
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
        assert!("xml".parse::<Sink>().unwrap_err().contains("human, github, json, sarif"));
        assert!("json=".parse::<Sink>().is_err());
    }

    #[test]
    fn every_format_has_its_word() {
        for format in Format::ALL {
            assert_eq!(Format::parse(format.name()), Ok(format));
        }
    }
}
