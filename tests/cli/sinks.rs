//! Where reports go.

use std::process::{Command, Stdio};
use std::{env, fs};

use serde_json::{Value, json};

use crate::stack::{BOTH, SOURCE, check_with, files, places, plan, report, stack, web};
use crate::support::run;

#[test]
fn a_file_is_written_with_its_directories_and_the_human_report_stays_on_standard_output() {
    let directory = stack();
    let output = run(&[&BOTH[..], &["--output", "json=out/deep/report.json"]].concat(), b"", &[], directory.path());
    assert_eq!((output.code, output.stderr.as_str()), (1, ""));
    assert!(output.stdout.starts_with("error  ecs_no_circuit_breaker"), "{}", output.stdout);
    let text = fs::read_to_string(directory.path().join("out/deep/report.json")).unwrap();
    let written: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&written["outcome"], written["findings"].as_array().unwrap().len()), (&json!("findings"), 2));
    assert_eq!(files(&directory.path().join("out/deep")), ["report.json"], "nothing temporary is left");
}

#[test]
fn files_are_written_without_findings_and_with_exit_two() {
    let directory = stack();
    for (input, outcome, code) in [("calm.json", "pass", 0), ("none.json", "error", 2)] {
        directory.write("calm.json", plan(&[]));
        directory.write("report.json", "an older report");
        let output = run(&["check", input, "--output", "json=report.json"], b"", &[], directory.path());
        let written = fs::read_to_string(directory.path().join("report.json")).unwrap();
        assert_eq!(output.code, code);
        assert_eq!(serde_json::from_str::<Value>(&written).unwrap()["outcome"], outcome);
    }
}

#[test]
fn several_sinks_are_written_in_one_run() {
    let directory = stack();
    let more =
        ["--output", "json", "--output", "github=notes.txt", "--output", "human=report.txt", "--color", "always"];
    let output = run(&[&BOTH[..], &more].concat(), b"", &[], directory.path());
    assert_eq!((output.code, places(&report(&output)).len()), (1, 2));
    let read = |name: &str| fs::read_to_string(directory.path().join(name)).unwrap();
    assert!(read("notes.txt").starts_with("::error file=main.tf,line=1,"), "{}", read("notes.txt"));
    assert!(read("report.txt").starts_with("error  ecs_no_circuit_breaker"), "no colours in a file");
    assert!(!read("report.txt").contains('\u{1b}'), "no colours in a file");
}

#[test]
fn a_sink_that_cannot_be_written_is_two_and_the_others_are_written() {
    let directory = stack();
    directory.write("taken/file", "");
    directory.write("file", "");
    let more = [
        "--output",
        "json=taken",
        "--output",
        "json=file/report.json",
        "--output",
        "json=good.json",
        "--output",
        "github",
    ];
    let output = run(&[&BOTH[..], &more].concat(), b"", &[], directory.path());
    assert_eq!(output.code, 2);
    assert!(output.stdout.starts_with("::error file=main.tf"), "{}", output.stdout);
    let lines: Vec<&str> = output.stderr.lines().collect();
    assert!(
        lines.len() == 2
            && lines[0].starts_with("planfit: taken: ")
            && lines[1].starts_with("planfit: file/report.json: ")
    );
    assert!(directory.path().join("good.json").is_file());
    assert_eq!(files(&directory.path().join("taken")), ["file"]);
    assert_eq!(files(directory.path()), [".git", "file", "good.json", "main.tf", "plan.json", "taken"]);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_stays_what_it_is() {
    use std::os::unix::fs::FileTypeExt as _;
    use std::os::unix::net::UnixListener;

    let directory = stack();
    let path = |name: &str| directory.path().join(name);
    // A device of our own needs rights; a socket and a named pipe are as little a file.
    let _socket = UnixListener::bind(path("socket")).unwrap();
    let made = Command::new("mkfifo").arg(path("pipe")).status().unwrap();
    assert!(made.success());
    let reader = std::thread::spawn({
        let pipe = path("pipe");
        move || fs::read_to_string(pipe).unwrap()
    });
    directory.write("elsewhere/report.json", "older");
    std::os::unix::fs::symlink("elsewhere/report.json", path("link.json")).unwrap();
    let more = ["--output", "json=link.json", "--output", "json=pipe", "--output", "json=socket"];
    let output = run(&[&BOTH[..], &more].concat(), b"", &[], directory.path());
    assert_eq!((output.code, output.stderr.lines().count()), (2, 1), "a socket cannot be opened: {}", output.stderr);
    let kind = |name: &str| fs::symlink_metadata(path(name)).unwrap().file_type();
    assert!(kind("socket").is_socket() && kind("pipe").is_fifo() && kind("link.json").is_symlink());
    let piped: Value = serde_json::from_str(&reader.join().unwrap()).unwrap();
    assert_eq!(piped["outcome"], "findings");
    let linked = fs::read_to_string(path("elsewhere/report.json")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&linked).unwrap(), piped);
}

#[test]
fn quiet_leaves_standard_output_empty() {
    for (variables, more) in [(&[][..], &["--quiet"][..]), (&[("GITHUB_ACTIONS", "true")], &["-q"])] {
        let output = check_with(more, variables);
        assert_eq!((output.code, output.stdout.as_str(), output.stderr.as_str()), (1, "", ""));
    }
    let output = check_with(&["--quiet", "--output", "json"], &[]);
    assert_eq!((output.code, places(&report(&output)).len()), (1, 2), "a sink that is asked for is written");
}

#[test]
fn every_format_is_written_in_one_run_whatever_is_found() {
    let formats = ["human", "github", "json", "sarif", "rdjsonl", "junit", "markdown", "comment", "issue"];
    let directory = stack();
    directory.write("calm.json", plan(&[]));
    let sinks = formats.map(|format| format!("--output={format}=deep/{format}/report"));
    for (input, code) in [("plan.json", 1), ("calm.json", 0), ("none.json", 2)] {
        let _ = fs::remove_dir_all(directory.path().join("deep"));
        let arguments: Vec<&str> = ["check", input].into_iter().chain(sinks.iter().map(String::as_str)).collect();
        let output = run(&arguments, b"", &[], directory.path());
        assert_eq!((output.code, output.stderr.as_str()), (code, ""), "{input}");
        for format in formats {
            assert_eq!(files(&directory.path().join("deep").join(format)), ["report"], "{input}: {format}");
        }
        assert!(output.stdout.contains("resource"), "the human report is on standard output, too");
    }
}

#[test]
fn reviewdog_is_told_paths_from_where_it_runs() {
    let directory = stack();
    directory.write("infra/prd/main.tf", SOURCE);
    directory.write("infra/prd/plan.json", web());
    let from = directory.path().join("infra/prd");
    let path = |format: &str, more: &[&str]| {
        let output = run(&[&BOTH[..], &["--output", format], more].concat(), b"", &[], &from);
        output.stdout.lines().find(|line| line.contains("main.tf")).unwrap().to_owned()
    };
    let (whole, short) = ("infra/prd/main.tf", "\"main.tf\"");
    assert!(path("rdjsonl", &[]).contains(short));
    assert!(path("rdjsonl", &["--path-base", "cwd"]).contains(short));
    assert!(path("rdjsonl", &["--path-base", "git-root"]).contains(whole));
    assert!(path("sarif", &[]).contains(whole) && path("json", &[]).contains(whole));
    assert!(path("sarif", &["--path-base", "cwd"]).contains(short));
    for more in [&[][..], &["--path-base", "cwd"], &["--path-base", "git-root"]] {
        assert!(
            path("github", more).starts_with("::error file=infra/prd/main.tf,"),
            "annotations are below the git root"
        );
    }
}

#[test]
fn nothing_on_standard_error_is_a_command() {
    let directory = stack();
    directory.write("file", "");
    let forged = "json=file/a\n::error::forged\r ##[command]x\u{1b}[2J";
    let usage = "--x\n::error::forged\r ##[command]x\u{1b}[2J";
    for arguments in
        [[&BOTH[..], &["--output", forged]].concat(), [&BOTH[..], &[usage]].concat(), vec!["check", "--dir"]]
    {
        let output = run(&arguments, b"", &[("GITHUB_ACTIONS", "true")], directory.path());
        assert_eq!(output.code, 2);
        assert!(!output.stderr.is_empty() && !output.stderr.contains(['\r', '\u{1b}']), "{:?}", output.stderr);
        assert!(!output.stderr.contains("##["), "{}", output.stderr);
        assert!(output.stderr.lines().all(|line| !line.trim_start().starts_with("::")), "{}", output.stderr);
    }
}

#[test]
fn only_timings_tell_the_time() {
    let (plain, timed) = (check_with(&[], &[]), check_with(&["--timings"], &[]));
    assert_eq!((&plain.stdout, plain.code), (&timed.stdout, timed.code));
    assert!(timed.stderr.starts_with("planfit: time policies "), "{}", timed.stderr);
    assert_eq!(plain.stderr, "");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let directory = stack();
    let mut child = Command::new(env!("CARGO_BIN_EXE_planfit"))
        .args(BOTH)
        .env_clear()
        .current_dir(directory.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "the findings' own code");
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

// Run as root, renaming a file to /dev/null would take it away from everybody.
#[cfg(unix)]
#[test]
fn pipes_are_written_into_and_links_stay_links() {
    let directory = stack();
    let path = |name: &str| directory.path().join(name);
    directory.write("real/report.json", "an older report");
    std::os::unix::fs::symlink("real/report.json", path("link.json")).unwrap();
    assert!(Command::new("mkfifo").arg(path("pipe")).status().unwrap().success());
    let pipe = path("pipe");
    let reader = std::thread::spawn(move || fs::read_to_string(pipe).unwrap());
    let more = ["--output", "json=link.json", "--output", "github=pipe"];
    assert_eq!(run(&[&BOTH[..], &more].concat(), b"", &[], directory.path()).code, 1);
    assert!(reader.join().unwrap().starts_with("::error file=main.tf,line=1,"));
    assert!(fs::symlink_metadata(path("link.json")).unwrap().is_symlink());
    let written = fs::read_to_string(path("real/report.json")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&written).unwrap()["outcome"], "findings");
}
