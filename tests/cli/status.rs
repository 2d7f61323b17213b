//! Exit statuses: 0 clean, 1 findings, 2 something could not be done; never "clean" without having looked.

use crate::project::{BROKEN, Project, STALE};

#[test]
fn clean_code_is_0() {
    let project = Project::with(&[("a.py", "x = 1\n"), ("b.pyi", "x: int\n")]);
    let run = project.run("").status(0).silent();
    assert_eq!(run.stdout, "no findings in 2 files\n");
}

#[test]
fn findings_are_1() {
    Project::with(&[("a.py", BROKEN)]).run("").status(1).silent().shows("1 finding in 1 file\n");
}

#[test]
fn only_what_is_bad_enough_fails() {
    let project = Project::with(&[("a.py", STALE), ("b.py", "[severity]\n")]);
    project.write("b.py", "x = 1\n");
    project.run("").status(0).silent().hides("PP0001").shows("no findings in 2 files · 1 hint hidden (--hints)");
    project.run("--hints").status(0).shows("hint[PP0001]");
    // What fails is shown.
    project.run("--fail-on hint").status(1).shows("hint[PP0001]");
    project.write("b.py", BROKEN);
    project.run("--fail-on error").status(1);
}

#[test]
fn a_missing_path_is_2_and_the_rest_is_checked() {
    let project = Project::with(&[("a.py", BROKEN)]);
    let run = project.run("a.py nowhere").status(2).complains("error: nowhere: no such file or folder\n");
    run.shows("PP0002").shows("1 finding in 1 file · 1 file could not be checked");
    project.run("explian").status(2).complains("did you mean the command `explain`?");
}

#[test]
fn an_unreadable_file_is_2_and_the_rest_is_checked() {
    let project = Project::with(&[("a.py", "x = 1\n")]);
    #[cfg(unix)]
    std::os::unix::fs::symlink("vanished", project.path("b.py")).unwrap();
    #[cfg(unix)]
    for arguments in ["", "a.py b.py", "-q"] {
        let run = project.run(arguments).status(2).complains("error: b.py: not analysed: there is no such file");
        assert!(arguments == "-q" || run.stdout == "no findings in 1 file · 1 file could not be checked\n", "{run:?}");
    }
}

#[test]
fn an_undecodable_file_is_2_and_the_rest_is_checked() {
    let project = Project::with(&[("a.py", "x = 1\n")]);
    project.write("b.py", b"x = 1\ny = '\xff'\n");
    project.write("c.py", b"# coding: martian\n");
    project.write("d.py", b"\xef\xbb\xbf# coding: latin-1\n");
    project
        .run("")
        .status(2)
        .complains("error: b.py: not analysed: it is not valid UTF-8 on line 2 (byte 11); save it as UTF-8")
        .complains("error: c.py: not analysed: unknown encoding `martian`")
        .complains("error: d.py: not analysed: it starts with a UTF-8 byte-order mark")
        .shows("no findings in 1 file · 3 files could not be checked");
}

#[test]
fn a_huge_file_is_2() {
    let project = Project::with(&[("a.py", "x = 1\n")]);
    project.write("huge.py", "x = 1\n".repeat(3 << 20));
    let run = project.run("").status(2).complains("error: huge.py: not analysed: 18.0 MiB is over the limit of 16 MiB");
    run.shows("no findings in 1 file · 1 file could not be checked");
}

#[test]
fn wrong_words_are_2() {
    let project = Project::with(&[("a.py", "x = 1\n")]);
    project.run("--select bare-exept").status(2).complains("unknown rule `bare-exept`; did you mean `bare-except`?");
    project.run("--ignore B006").status(2).complains("here it is `mutable-default-argument` (PP0301)");
    project.run("--output-format xml").status(2).complains("full, concise, json");
    project.run("--target-version 2.7").status(2).complains("the known ones are 3.7 to 3.15");
    project.run("--fail-on warn").status(2).complains("write error, warning, info or hint");
    project.run("--exclude a[").status(2).complains("--exclude: wrong pattern `a[`");
    project.run("--config nowhere.toml").status(2).complains("nowhere.toml: no such file");
    project.run("--frobnicate").status(2).complains("--frobnicate");
}

#[test]
fn a_first_word_that_is_a_command_is_the_command() {
    let project = Project::with(&[("rules/a.py", BROKEN), ("check/a.py", BROKEN)]);
    project.run("rules").status(0).shows("mutable-default-argument").hides("finding");
    project.run("./rules").status(1).shows("rules/a.py");
    project.run("check rules").status(1).shows("rules/a.py").hides("check/a.py");
    project.run("check check").status(1).shows("check/a.py");
    project.run("rules/a.py check").status(1).shows("rules/a.py").shows("check/a.py");
}

#[test]
fn help_and_version_are_0() {
    let project = Project::with(&[]);
    project.run("--help").status(0).silent().shows("--unsafe-fixes").shows("explain");
    project.run("check --help").status(0).silent().shows("--unsafe-fixes");
    project.run("--version").status(0).silent().shows("pyprep-lint 0.");
}

#[test]
fn nothing_to_check_is_said() {
    Project::with(&[("a.txt", "x")]).run("").status(0).complains("warning: no Python files found").hides("finding");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let project = Project::with(&[]);
    for index in 0..300 {
        project.write(&format!("file_{index}.py"), format!("{BROKEN}y = 1\n").repeat(20));
    }
    for format in ["full", "concise", "json"] {
        let mut command = project.command(&["--output-format", format]);
        let mut child = command
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("the program runs");
        // `head -c 1`
        let mut first = [0];
        std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut first).unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{format}");
        assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"), "{output:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_2() {
    let project = Project::with(&[("a.py", BROKEN)]);
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = project.command::<&str>(&[]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("No space left"), "{output:?}");
}
