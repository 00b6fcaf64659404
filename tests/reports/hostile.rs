//! Names and texts that somebody chose to be mistaken for something else, in every place of a report where they can be.

use std::sync::{Arc, LazyLock};

use planfit::finding::{
    Finding, Information, Level, NotEvaluated, Related, Remark, Report, Rule, Run, Silence, Suppressed, SuppressedBy,
    Workflow,
};
use planfit::source::SourceMap;

use crate::every::{every, is_well_formed};
use crate::set::{finding, mark, remedy, report_of};

/// Workflow commands, links, mentions, HTML, the ends of what text is put into.
pub(crate) fn texts() -> Vec<String> {
    let texts = [
        "::error file=a.tf::forged",
        " \t::ADD-MASK::x",
        "x\n::set-output name=a::b",
        "x\r::warning::lone return",
        "##[set-output name=a]b ##[command]c",
        "::stop-commands::token %0A%0D%25",
        "\u{1b}[31mred\u{1b}[0m \u{9b}31m \u{7f}\u{0}",
        "\u{202e}txet \u{2066}x\u{2069} \u{2028}y\u{2029}z\u{85}",
        "a.tf:1:2: error: x",
        "@octocat @org/team #1 org/repo#12 GH-3 gh-4",
        "https://evil.example/issues/1 www.evil.example http://x mailto:a@b.example",
        "<script>alert(1)</script><img src=x onerror=y> <!-- x --> </details></summary></td>",
        "[link](https://evil.example) ![image](https://evil.example/x.png) [ref][1] [^1] <https://evil.example>",
        "} --> x {\"a\":\"} -->\"} --!> ]]> <![CDATA[",
        "a | b \\| c \\\\| d || e",
        "`code` ``more`` ```\nfence\n``` ` lone",
        "``` <b> ` `` <i> ```` @octocat `",
        "# heading\n## other\n- list\n1. number\n> quote\n    code\n---\n***\n===",
        "*a* _b_ **c** __d__ ~~e~~ $f$ $$g$$ :tada: &lt; &#64; &copy;",
        "{{ github.token }} ${{ secrets.X }} {0} {1}",
        "\\ \\[ \\] \\` \\",
        "\u{feff}\u{fffe}\u{ffff} \u{1f600} 日本語 e\u{301}",
        "&quot; &apos; \" ' < > & &#x0; &#13;",
    ];
    let mut texts: Vec<String> = texts.map(str::to_owned).to_vec();
    texts.push("`".repeat(5_000));
    texts.push(format!("{}@octocat", "` ".repeat(3_001)));
    texts.push("[".repeat(3_000) + &"(".repeat(3_000));
    texts
}

/// A report in which everything says the same.
pub(crate) fn report_saying(text: &str, sources: &mut SourceMap) -> Report {
    let shared: Arc<str> = text.into();
    let owned = || text.to_owned();
    // A path is relative to the root of the repository.
    let path = text.trim_start_matches(['/', '.']);
    let span = mark(sources, path, &format!("{text}\nname = 1\n"), "name = ");
    let related = vec![Related { span, message: owned() }];
    let own = Finding {
        policy: shared.clone(),
        policy_file: Some(shared.clone()),
        category: shared.clone(),
        title: shared.clone(),
        environment: Some(shared.clone()),
        location: Some(span),
        instances: vec![owned(), owned()],
        related: related.clone(),
        assumed: Some(owned()),
        input: shared.clone(),
        options: [remedy(text, text, &[text, text], &[text], text, text)].into(),
        fingerprint: owned(),
        root: shared.clone(),
        ..finding("p", text, text)
    };
    let nowhere = Finding { location: None, level: Level::Warning, ..own.clone() };
    let suppressed = Suppressed { by: SuppressedBy::Comment, reason: Some(owned()), until: None, place: Some(span) };
    let silent = Finding { silence: Some(Silence::Suppressed(suppressed)), ..own.clone() };
    let mut report = report_of(vec![own, nowhere]);
    report.rules = report.rules.into_iter().map(|rule| Rule { path: shared.clone(), ..saying(rule, text) }).collect();
    report.silenced = vec![silent];
    report.remarks = vec![Remark { level: Level::Error, message: owned(), span: Some(span), related }];
    report.not_evaluated = vec![NotEvaluated { subject: owned(), reason: owned() }];
    report.information = vec![Information {
        policy: shared.clone(),
        policy_file: Some(shared),
        address: owned(),
        operation: "create",
        message: owned(),
    }];
    report.run = Run {
        mode: owned(),
        target: Some(owned()),
        working_directory: Some(owned()),
        workflow: Some(Workflow {
            server: "https://github.com".to_owned(),
            repository: owned(),
            commit: owned(),
            id: owned(),
            job: owned(),
        }),
    };
    report
}

fn saying(rule: Rule, text: &str) -> Rule {
    let owned = || text.to_owned();
    Rule { aliases: vec![owned()], references: vec![owned()], why: owned(), fix: owned(), ..rule }
}

/// What each format makes of one text.
type Formats = Vec<(&'static str, String)>;

/// What every format makes of every text; made once, because that takes longer than looking at it.
static PRINTED: LazyLock<Vec<(String, Formats)>> = LazyLock::new(|| {
    let printed = texts().into_iter().map(|text| {
        let mut sources = SourceMap::default();
        let report = report_saying(&text, &mut sources);
        let printed = every(&report, &sources);
        (text, printed)
    });
    printed.collect()
});

#[track_caller]
fn each(check: impl Fn(&str, &str, &str)) {
    for (text, formats) in PRINTED.iter() {
        for (format, printed) in formats {
            check(text, format, printed);
        }
    }
}

#[test]
fn every_format_stays_what_it_is_whatever_names_say() {
    each(|text, format, printed| is_well_formed(format, printed, &format!("{text:?}")));
}

#[test]
fn junit_is_read_again_with_all_its_cases() {
    each(|text, format, printed| {
        if format == "junit" {
            let read = quick_junit::Report::deserialize_from_str(printed);
            let read = read.unwrap_or_else(|error| panic!("{text:?}: {error}"));
            // Two findings, one that is silenced, one policy that passes, a remark, and what was not judged.
            let cases: usize = read.test_suites.iter().map(|suite| suite.test_cases.len()).sum();
            assert_eq!(cases, 6, "{text:?}");
        }
    });
}
