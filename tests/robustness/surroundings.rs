//! Text around the JSON, and inputs beside each other.

use crate::inputs::{addresses, check, messages, report, small_plan};
use crate::support::{Directory, run};

#[test]
fn the_wrapper_of_setup_terraform_is_read_around_and_named_once() {
    let plan = small_plan().to_string();
    let front = "[command]/home/runner/work/_temp/0f/terraform-bin show -json plan.tfplan\n";
    let tail = "%0A\n::set-output name=stderr::\n::set-output name=exitcode::0\n";
    for content in
        [format!("{front}{plan}"), format!("{front}{plan}{tail}"), format!("\r\n{front}{plan}\r\n::debug::x")]
    {
        let (code, report) = check(content.as_bytes());
        assert_eq!((code, addresses(&report)), (0, vec!["aws_db_instance.main"]), "{content}");
        let warnings = messages(&report, "warning");
        assert_eq!(warnings.len(), 1, "{content}");
        assert!(warnings[0].contains("set `terraform_wrapper: false`"), "{warnings:?}");
    }
}

#[test]
fn other_text_before_the_json_is_named() {
    let content = format!("Acquiring state lock.\n{}", small_plan());
    let (code, report) = check(content.as_bytes());
    assert_eq!((code, addresses(&report)), (0, vec!["aws_db_instance.main"]));
    let warnings = messages(&report, "warning");
    assert!(warnings[0].contains("skipped the text before the JSON: write nothing else into the file"), "{warnings:?}");
}

#[test]
fn a_plan_on_standard_input_is_judged() {
    let directory = Directory::new();
    let arguments = ["check", "-", "--output", "json", "--policy", "rds_instance_without_standby"];
    let output = run(&arguments, small_plan().to_string().as_bytes(), &[], directory.path());
    assert_eq!(output.code, 0);
    assert_eq!(report(&output)["findings"][0]["input"], "standard input");
    let empty = run(&arguments, b"", &[], directory.path());
    assert_eq!(empty.code, 2);
    assert!(messages(&report(&empty), "error")[0].starts_with("standard input: the file is empty"));
}

#[cfg(unix)]
#[test]
fn a_plan_out_of_a_pipe_is_judged() {
    let directory = Directory::new();
    let pipe = directory.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    // A writer whose reader has gone away fails.
    let plan = small_plan().to_string();
    let writer = std::thread::spawn(move || std::fs::write(pipe, plan));
    let arguments = ["check", "pipe", "--output", "json", "--policy", "rds_instance_without_standby"];
    let output = run(&arguments, b"", &[], directory.path());
    writer.join().unwrap().unwrap();
    assert_eq!(report(&output)["findings"][0]["address"], "aws_db_instance.main", "{output:?}");
}

#[test]
fn a_broken_input_does_not_hide_a_good_one() {
    let directory = Directory::new();
    directory.write("good.json", small_plan().to_string());
    directory.write("broken.json", small_plan().to_string().get(..100).unwrap());
    let alone = run(&["check", "good.json", "--output", "json"], b"", &[], directory.path());
    let expected = report(&alone)["findings"].clone();
    assert!(alone.code < 2 && !expected.as_array().unwrap().is_empty());
    for inputs in [["good.json", "broken.json"], ["broken.json", "good.json"]] {
        let output = run(&["check", inputs[0], inputs[1], "--output", "json"], b"", &[], directory.path());
        let report = report(&output);
        assert_eq!((output.code, &report["findings"]), (2, &expected), "{inputs:?}");
        assert_eq!(report["not_evaluated"][0]["subject"], "broken.json");
        assert_eq!(messages(&report, "error").len(), 1);
    }
}

#[test]
fn a_broken_source_file_is_a_warning_beside_the_findings() {
    let directory = Directory::new();
    directory.write("plan.json", small_plan().to_string());
    directory.write("broken.tf", "resource \"aws_db_instance\" {\n  a = \n}\n");
    directory
        .write("main.tf", "resource \"aws_db_instance\" \"main\" {\n  engine = \"postgres\"\n  multi_az = false\n}\n");
    let policy = "rds_instance_without_standby";
    let output = run(&["check", "plan.json", "--output", "json", "--policy", policy], b"", &[], directory.path());
    let report = report(&output);
    assert_eq!(output.code, 0);
    assert_eq!(report["findings"][0]["location"]["path"], "main.tf");
    let warnings = messages(&report, "warning");
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].starts_with("this file is not read"), "{warnings:?}");
    assert_eq!(report["not_evaluated"][0]["subject"], "broken.tf");
}
