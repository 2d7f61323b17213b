//! Input that nobody writes, and that must neither crash the program nor be called clean unseen.

use crate::project::{BROKEN, Project};

/// Checks one file among others, which are checked in any case; the program must end by itself.
fn check(text: impl AsRef<[u8]>) -> crate::project::Run {
    let project = Project::with(&[("other.py", BROKEN)]);
    project.write("a.py", text);
    project.run("--output-format concise").shows("other.py:1:9: error[PP0002]")
}

#[test]
fn nothing_at_all_is_clean() {
    for text in ["", "\n", "# only a comment", "# only a comment\n", "\u{feff}", "   \n\t\n", "\r", "\x0c"] {
        check(text).status(1).silent().hides("a.py");
    }
}

#[test]
fn nested_brackets() {
    let text = format!("{}{}", "(".repeat(20_000), ")".repeat(20_000));
    check(text).status(1).silent().shows("a.py:1:201: error[PP0002] more than 200 open brackets");
}

#[test]
fn long_chains_are_not_analysed() {
    check(vec!["1"; 20_000].join(" + ")).status(2).complains("error: a.py: not analysed").hides("a.py");
    check(format!("x{}", ".a".repeat(20_000))).status(2).complains("not analysed").hides("a.py");
    check(format!("x{}", "()".repeat(20_000))).status(2).complains("not analysed").hides("a.py");
}

#[test]
fn keywords_that_nest() {
    check(format!("x = {}1\n", "not ".repeat(100_000))).status(2).complains("not analysed").hides("a.py");
    check(format!("x = {}1\n", "lambda: ".repeat(20_000))).status(2).complains("not analysed").hides("a.py");
    check(format!("x = {}0\n", "1 if x else ".repeat(20_000))).status(2).complains("not analysed").hides("a.py");
    check(format!("if x: pass\n{}", "elif x: pass\n".repeat(20_000))).hides("panicked");
}

#[test]
fn nested_lists() {
    let depth = 10_000;
    let text = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let mut padded = text.clone();
    padded.push_str(&"\n# padding".repeat((64 * 1024 - text.len()) / 10));
    check(padded).status(1).shows("a.py:1:201: error[PP0002] more than 200 open brackets");
    // Each of its own, all shallow.
    check("x = [[1]]\n".repeat(10_000)).status(1).hides("a.py");
}

#[test]
fn deep_indentation() {
    let deep: String = (0..150).map(|level| format!("{}if 1:\n", " ".repeat(level))).collect();
    check(deep + &" ".repeat(150) + "pass\n").status(1).shows("a.py:101:").shows("99 levels of indentation");
}

#[test]
fn nul_bytes_and_control_characters() {
    check(b"x = 1\0\ny = 2\n").shows("a.py:1:").hides("\0");
    check(b"\0\0\0\0").shows("a.py:1:");
    let run = check("x = '\x1b[31m' +\n");
    assert!(!run.stdout.contains('\x1b'), "{run:?}");
    let project = Project::with(&[("a.py", "x = '\x1b[31m' +\n")]);
    let run = project.run("");
    assert!(!run.stdout.contains('\x1b'), "{run:?}");
}

#[test]
fn one_very_long_line() {
    let text = format!("x = [{}]; y = )\n", "1, ".repeat(100_000));
    let project = Project::with(&[("a.py", &text)]);
    let run = project.run("").status(1).shows("--> a.py:1:3000");
    assert!(run.stdout.len() < 10_000, "the line itself is too long to be shown");
}

#[test]
fn unterminated_things() {
    for text in [
        "'''",
        "f'''{",
        "f'{x!",
        "(",
        "\"",
        "def",
        "class X",
        "@",
        "x = \\",
        "x = \\\n",
        "f'{",
        "{**",
        "match x:\n case",
    ] {
        check(text).status(1).shows("a.py:");
    }
}

#[cfg(unix)]
#[test]
fn names_that_would_spoil_the_output() {
    let project = Project::with(&[]);
    project.write("a\nb\x1b[31m.py", BROKEN);
    project.run("--output-format concise").status(1).shows("a\\nb\\u{1b}[31m.py:1:9: error");
    project.run("").status(1).shows(" --> a\\nb\\u{1b}[31m.py:1:9");
}
