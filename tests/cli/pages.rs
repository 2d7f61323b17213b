//! `guide` and `rules`.

#[cfg(target_os = "linux")]
use std::process::{Command, Stdio};

use crate::project::Project;

#[test]
fn guide_prints_pages() {
    let project = Project::with(&[]);
    for word in ["PP0301", "pp0301", "mutable-default-argument"] {
        let run = project.run(&format!("guide {word}")).status(0).silent();
        let run =
            run.shows("# One list for every call\n\n`PP0301` mutable-default-argument · warning · unsafe fix · Q03");
        run.shows("## What Python does").hides("symptoms:");
    }
    for word in ["Q3", "q03", "3", "PP03", "functions"] {
        let run = project.run(&format!("guide {word}")).status(0).silent();
        let run = run.shows("Q03 · Basic").shows("## The answer in short").shows("## Rules that catch it");
        run.shows("- `PP0301` mutable-default-argument · warning").shows("guide (https://");
    }
    project.run("guide Q3 bare-except").status(0).shows("## Follow-up").shows("## Interview");
    project.run("guide PP0002").status(0).shows("syntax-error");
    assert_eq!(project.run("explain Q3").stdout, project.run("guide Q3").stdout);
}

#[test]
fn guide_lists_all_pages() {
    let run = Project::with(&[]).run("guide").status(0).silent().shows("## Basic").shows("**Q03** How do functions");
    run.shows("  - `PP0301` mutable-default-argument · warning · unsafe fix").shows("`PP0001` unused-suppression");
}

#[test]
fn links_lead_where_the_configuration_says() {
    let project = Project::with(&[("pyprep-lint.toml", "guide-url = 'https://wiki.example.org/guide'\n")]);
    project.run("guide Q3").status(0).shows("https://wiki.example.org/guide#:~:text=").hides("freebytes");
    project.run("rules --output-format json").status(0).shows("https://wiki.example.org/guide#").hides("freebytes");
    project.run("guide --html site").status(0);
    let page = std::fs::read_to_string(project.path("site/03-functions/index.html")).unwrap();
    assert!(page.contains("https://wiki.example.org/guide#") && !page.contains("freebytes"));
    let broken = Project::with(&[("pyprep-lint.toml", "guide-ur = ''\n")]);
    broken.run("guide Q3").status(0).shows("freebytes").complains("pyprep-lint.toml:1: unknown key `guide-ur`");
}

#[test]
fn guide_helps_with_typos() {
    let project = Project::with(&[]);
    project.run("guide bare-exept").status(2).complains("did you mean `bare-except`?");
    project.run("guide functons").status(2).complains("did you mean `functions`?");
    project.run("guide E722").status(2).complains("here it is `bare-except` (PP0801)");
    project.run("guide Q99").status(2).complains("there is no question `Q99`; `pyprep-lint guide` lists all");
}

#[test]
fn guide_is_plain_unless_asked() {
    let project = Project::with(&[]);
    project.run("guide Q3").hides("\x1b").shows("```python\ndef shipping");
    project.run("guide Q3 --color always").shows("\x1b[35mdef\x1b[0m \x1b[94mshipping").hides("```");
}

/// In a terminal of 20 rows and 60 columns, as `script` gives one to the program.
#[cfg(target_os = "linux")]
fn in_terminal(project: &Project, command: &str) -> String {
    let program = env!("CARGO_BIN_EXE_pyprep-lint");
    let line = format!("stty rows 20 cols 60; {}", command.replace("pyprep-lint", program));
    let mut script = Command::new("timeout");
    script.args(["60", "script", "-qec", &line, "/dev/null"]).current_dir(project.path("")).stdin(Stdio::null());
    script.env_remove("NO_COLOR").env_remove("PAGER").env_remove("LESS").env("TERM", "xterm");
    let output = script.output().expect("`script` of util-linux is installed");
    assert!(output.status.success(), "{command}: {output:?}");
    String::from_utf8_lossy(&output.stdout).replace("\r\n", "\n")
}

#[cfg(target_os = "linux")]
#[test]
fn long_pages_go_through_the_pager() {
    let project = Project::with(&[]);
    // What goes through `tee` is there twice; `head` leaves early; one that doesn't exist, or is empty, doesn't matter.
    in_terminal(&project, "PAGER='tee paged' pyprep-lint guide Q3");
    let paged = String::from_utf8(project.read("paged")).expect("it is UTF-8");
    assert!(paged.starts_with("\x1b[1mHow do functions"), "{paged}");
    for pager in ["head -c 1", "no-such-pager -x", ""] {
        let shown = in_terminal(&project, &format!("PAGER='{pager}' pyprep-lint guide Q3"));
        assert_eq!(shown.contains("Follow-up"), !pager.starts_with("head"), "{pager}: {shown}");
    }
    let shown = in_terminal(&project, "PAGER='tee short' pyprep-lint guide functons || true");
    assert!(shown.contains("did you mean") && !project.path("short").exists(), "{shown}");
}

#[cfg(target_os = "linux")]
#[test]
fn prose_fits_the_terminal() {
    let shown = in_terminal(&Project::with(&[]), "PAGER= NO_COLOR=1 pyprep-lint guide Q3");
    assert!(!shown.contains('\x1b'), "{shown}");
    let is_code = |line: &str| line.contains("print(") || line.contains("https://");
    let long = shown.lines().find(|line| line.chars().count() > 60 && !is_code(line));
    assert_eq!(long, None);
}

#[test]
fn rules_lists_all() {
    let project = Project::with(&[]);
    let run = project.run("rules").status(0).silent();
    run.shows("PP0301  mutable-default-argument").shows("PP0002  syntax-error");
    let run = project.run("rules --output-format json").status(0).silent();
    let rules: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let rule = rules.as_array().unwrap().iter().find(|rule| rule["code"] == "PP0301").unwrap();
    assert_eq!(rule["name"], "mutable-default-argument");
    assert_eq!(rule["severity"], "warning");
    assert_eq!(rule["fix"], "unsafe");
    assert_eq!(rule["question"], 3);
    assert!(rule["url"].as_str().unwrap().starts_with("https://"));
}

#[test]
fn guide_writes_a_site() {
    let project = Project::with(&[]);
    let run = project.run("guide --html a/site").status(0).silent();
    run.shows("open a/site/index.html");
    let page = project.read("a/site/03-functions/mutable-default-argument.html");
    assert!(String::from_utf8(page).expect("it is UTF-8").contains("One list for every call"));
    // Ours is written anew, what else is there stays.
    project.write("a/site/index.html", &project.read("a/site/index.html")[..500]);
    project.write("a/site/03-functions/notes.txt", "mine");
    project.run("guide --html a/site").status(0);
    assert!(project.read("a/site/index.html").len() > 1000);
    assert_eq!(project.read("a/site/03-functions/notes.txt"), b"mine");
}

#[test]
fn guide_leaves_alone_what_is_not_ours() {
    let project = Project::with(&[("site/index.html", "<h1>My own page</h1>"), ("file", "")]);
    let run = project.run("guide --html site").status(2);
    run.complains(
        "site/index.html is not a file of this guide; nothing was written: move it away, or name another folder",
    );
    assert!(!project.path("site/assets").exists());
    assert_eq!(project.read("site/index.html"), b"<h1>My own page</h1>");
    project.run("guide --html file").status(2).complains("file/assets/guide.css can't be written; name a folder");
    project.run("guide Q3 --html site").status(2).complains("cannot be used with");
}
