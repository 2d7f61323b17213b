//! Standard input instead of files.

use crate::project::{BROKEN, FRESH, Project, STALE};

#[test]
fn is_checked() {
    let project = Project::with(&[("a.py", BROKEN)]);
    project.pipe("-", BROKEN).status(1).silent().shows(" --> -:1:9\n").shows("1 finding in 1 file");
    project.pipe("-", "x = 1\n").status(0).silent();
    project.pipe("- --stdin-filename src/b.py --output-format concise", BROKEN).shows("src/b.py:1:9: error[PP0002]");
    project
        .pipe("- --stdin-filename src/b.py --output-format json", BROKEN)
        .shows("\"filename\": \"[FOLDER]/src/b.py\"");
    project.pipe("- --output-format json", BROKEN).shows("\"filename\": \"-\"");
}

#[test]
fn its_name_decides_kind_and_configuration() {
    let project = Project::with(&[("src/pyprep-lint.toml", "ignore = ['PP0002']\n")]);
    project.pipe("- --stdin-filename src/b.py", BROKEN).status(0);
    project.pipe("- --stdin-filename b.py", BROKEN).status(1);
    project.write("pyprep-lint.toml", "[per-file-ignores]\n'generated_*' = ['ALL']\n");
    project.pipe("- --stdin-filename generated_b.py", BROKEN).status(0);
}

#[test]
fn fixes_print_the_text() {
    let project = Project::with(&[]);
    let run = project.pipe("- --fix --hints", STALE).status(0);
    assert_eq!(run.stdout, FRESH);
    assert_eq!(run.stderr, "fixed 1 finding in 1 file · no findings left in 1 file\n");
    // Nothing to fix: the text comes back as it was, findings go to standard error.
    let text = format!("{BROKEN}\r\n");
    let run = project.pipe("- --fix --output-format concise", &text).status(1).complains("-:1:9: error[PP0002]");
    assert_eq!(run.stdout, text);
}

#[test]
fn what_cannot_be_checked_comes_back_as_it_was() {
    let project = Project::with(&[]);
    let bytes = b"x = '\xff'\n";
    let output = {
        use std::io::Write;
        let mut command = project.command(&["-", "--fix"]);
        let piped = std::process::Stdio::piped;
        let mut child = command.stdin(piped()).stdout(piped()).stderr(piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(bytes).unwrap();
        child.wait_with_output().unwrap()
    };
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(output.stdout, bytes);
    project.pipe("-", "x = 1\n".repeat(3 << 20)).status(2).complains("error: -: not analysed: 16.0 MiB is over");
}

#[test]
fn diff_prints_a_diff() {
    let run = Project::with(&[]).pipe("- --diff --hints --stdin-filename b.py", STALE).status(1);
    assert_eq!(run.stdout, format!("--- b.py\n+++ b.py\n@@ -1 +1 @@\n-{STALE}+{FRESH}"));
}

#[test]
fn stands_alone() {
    Project::with(&[("a.py", "")]).run("- a.py").status(2).complains("can't be combined with other paths");
}
