//! The three formats.

use snapbox::{assert_data_eq, str};

use crate::project::{BROKEN, Project, STALE, is_written};

fn project() -> Project {
    Project::with(&[
        ("src/café.py", "größe = 1\nprint(größe, 'ä', 1é)\n"),
        ("src/order.py", &format!("\tx = 1\n{STALE}")),
    ])
}

#[test]
fn full() {
    let run = project().run("--hints").status(1).silent();
    assert_data_eq!(
        run.stdout,
        str![[r#"
error[PP0002]: expected `,`, found a name
 --> src/café.py:2:20
  |
2 | print(größe, 'ä', 1é)
  |                    ^
  |
  = note: line 2: Python can't make sense of `print(größe, 'ä', 1é)`
  = note: nothing in this file runs before that is mended, not even the lines above

error[PP0002]: this line is indented, but no block starts above it
 --> src/order.py:1:1
  |
1 |     x = 1
  | ^^^^
  |
  = note: line 1: Python can't make sense of `x = 1`
  = note: nothing in this file runs before that is mended, not even the lines above
  = learn: Q01 What is Python, and why do so many people use it?
           https://freebytes.in/tools/interview-questions/python.php#:~:text=gentle%20learning%20curve

hint[PP0001]: `PP0002` silences nothing here; remove it from the comment
 --> src/order.py:2:8
  |
2 | x = 1  # pyprep: ignore[PP0002]
  |        ^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: Remove what silences nothing (try `--fix`)

3 findings in 2 files · revise Q01

"#]]
    );
}

#[test]
fn concise() {
    let run = project().run("--hints --output-format concise").status(1).silent();
    assert_data_eq!(
        run.stdout,
        str![[r#"
src/café.py:2:20: error[PP0002] expected `,`, found a name
src/order.py:1:1: error[PP0002] this line is indented, but no block starts above it
src/order.py:2:8: hint[PP0001] `PP0002` silences nothing here; remove it from the comment
3 findings in 2 files · revise Q01

"#]]
    );
}

#[test]
fn json() {
    let run = project().run("--hints --output-format json src/order.py").status(1);
    assert_data_eq!(
        run.stdout,
        str![[r#"
[
  {
    "cell": null,
    "code": "PP0002",
    "end_location": {
      "row": 1,
      "column": 2
    },
    "filename": "[FOLDER]/src/order.py",
    "fix": null,
    "location": {
      "row": 1,
      "column": 1
    },
    "message": "this line is indented, but no block starts above it",
    "noqa_row": 1,
    "url": "https://freebytes.in/tools/interview-questions/python.php#:~:text=gentle%20learning%20curve",
    "name": "syntax-error",
    "severity": "error",
    "question": 1,
    "fingerprint": "2ecb4527518ba159",
    "related": [],
    "steps": [
      {
        "message": "line 1: Python can't make sense of `x = 1`",
        "location": {
          "row": 1,
          "column": 1
        },
        "end_location": {
          "row": 1,
          "column": 2
        }
      },
      {
        "message": "nothing in this file runs before that is mended, not even the lines above",
        "location": {
          "row": 1,
          "column": 1
        },
        "end_location": {
          "row": 1,
          "column": 2
        }
      }
    ]
  },
  {
    "cell": null,
    "code": "PP0001",
    "end_location": {
      "row": 2,
      "column": 32
    },
    "filename": "[FOLDER]/src/order.py",
    "fix": {
      "applicability": "safe",
      "edits": [
        {
          "content": "",
          "end_location": {
            "row": 2,
            "column": 32
          },
          "location": {
            "row": 2,
            "column": 6
          }
        }
      ],
      "message": "Remove what silences nothing"
    },
    "location": {
      "row": 2,
      "column": 8
    },
    "message": "`PP0002` silences nothing here; remove it from the comment",
    "noqa_row": 2,
    "url": null,
    "name": "unused-suppression",
    "severity": "hint",
    "question": null,
    "fingerprint": "907b302d120d0c6a",
    "related": [],
    "steps": []
  }
]

"#]]
    );
    assert_data_eq!(
        run.stderr,
        str![[r#"
2 findings in 1 file · revise Q01

"#]]
    );
}

#[test]
fn json_is_always_json() {
    let project = Project::with(&[("a.py", "x = 1\n"), ("b.py", "# coding: martian\n")]);
    for arguments in ["a.py", "b.py", "--diff -q a.py", ""] {
        let run = project.run(&format!("--output-format json {arguments}"));
        assert!(arguments.contains("diff") || run.stdout == "[]\n", "{run:?}");
    }
    project.write("c.py", format!("{BROKEN}y = 1\n").repeat(3));
    project.write("d.py", "x = '\u{1}' +\n");
    let run = project.run("--output-format json");
    let findings: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let findings = findings.as_array().unwrap();
    assert!(findings.len() >= 4, "{run:?}");
    let fingerprints: std::collections::HashSet<String> = findings
        .iter()
        .filter(|finding| finding["filename"].as_str().unwrap().ends_with("c.py"))
        .map(|finding| finding["fingerprint"].to_string())
        .collect();
    assert_eq!(fingerprints.len(), 3, "alike, but not the same: {run:?}");
}

/// What ruff's JSON has, ours has under the same name and in the same shape.
#[test]
fn json_has_the_fields_of_ruff() {
    let run = project().run("--hints --output-format json src/order.py --ignore PP0301");
    let findings: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let finding = findings.as_array().unwrap().iter().find(|finding| finding["code"] == "PP0001").unwrap();
    assert!(finding["cell"].is_null());
    assert_eq!(finding["code"], "PP0001");
    assert_eq!(finding["filename"], "[FOLDER]/src/order.py");
    assert_eq!(finding["location"], serde_json::json!({"row": 2, "column": 8}));
    assert_eq!(finding["end_location"], serde_json::json!({"row": 2, "column": 32}));
    assert_eq!(finding["noqa_row"], 2);
    assert_eq!(finding["fix"]["applicability"], "safe");
    assert_eq!(
        finding["fix"]["edits"],
        serde_json::json!([
            {"content": "", "location": {"row": 2, "column": 6}, "end_location": {"row": 2, "column": 32}}
        ])
    );
    assert!(finding["fix"]["message"].is_string());
}

#[test]
fn quiet_is_findings_only() {
    let project = Project::with(&[("a.py", BROKEN)]);
    let run = project.run("-q --output-format concise").status(1).silent();
    assert_eq!(run.stdout.lines().count(), 1, "{run:?}");
    project.write("a.py", "x = 1\n");
    let run = project.run("--quiet").status(0).silent();
    assert_eq!(run.stdout, "");
}

#[test]
fn colours_are_for_terminals() {
    let project = Project::with(&[("a.py", BROKEN)]);
    for format in ["full", "concise"] {
        let arguments = |color: &str| format!("--output-format {format} --color {color}");
        project.run(&arguments("auto")).hides("\x1b[");
        project.run(&arguments("never")).hides("\x1b[");
        project.run(&arguments("always")).shows("\x1b[");
    }
    project.run("--output-format json --color always").hides("\x1b[");
}

/// `script` gives the program a terminal.
#[cfg(target_os = "linux")]
#[test]
fn no_color_is_respected() {
    use std::process::Command;
    if Command::new("script").arg("--version").output().is_err() {
        return;
    }
    let project = Project::with(&[("a.py", BROKEN)]);
    let on_terminal = |no_color: Option<&str>| {
        let program = env!("CARGO_BIN_EXE_pyprep-lint");
        let mut command = Command::new("script");
        command.args(["-qec", &format!("'{program}' a.py"), "/dev/null"]).current_dir(project.path(""));
        command.env_remove("NO_COLOR").env("TERM", "xterm");
        no_color.map(|value| command.env("NO_COLOR", value));
        String::from_utf8_lossy(&command.output().unwrap().stdout).into_owned()
    };
    assert!(on_terminal(None).contains("\x1b["));
    assert!(on_terminal(Some("")).contains("\x1b["), "an empty NO_COLOR does not count");
    assert!(!on_terminal(Some("1")).contains("\x1b["));
}

/// The demo of the README: every flagship mistake is there, once.
#[test]
fn the_demo_shows_the_six_mistakes() {
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/demo");
    let run = Project::with(&[]).run(&format!("{demo} --output-format concise"));
    for (file, line, code) in [
        ("orders.py", 12, "PP0301"),
        ("orders.py", 21, "PP3001"),
        ("menu.py", 10, "PP1201"),
        ("menu.py", 24, "PP3901"),
        ("bells.py", 10, "PP2801"),
        ("bells.py", 19, "PP0801"),
    ] {
        let place = format!("{file}:{line}:");
        let found = run.stdout.lines().filter(|found| found.contains(&place) && found.contains(code)).count();
        assert_eq!(found, usize::from(is_written(code)), "{code} at {place} {run:?}");
    }
}
