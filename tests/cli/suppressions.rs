//! Comments that silence findings. Syntax errors can be silenced like anything else.

use crate::project::Project;

const ERROR: &str = "x = )  ";

#[test]
fn comments_silence() {
    for comment in [
        "# pyprep: ignore[PP0002] why",
        "# pyprep: ignore[syntax-error]",
        "# pyprep: ignore",
        "# noqa",
        "# noqa: E999",
        "# noqa: PP0002",
        "# ruff: noqa",
        "# ruff: noqa: E999",
        "# flake8: noqa",
    ] {
        let project = Project::with(&[("a.py", &format!("{ERROR}{comment}\n"))]);
        project.run("--hints").status(0).silent().shows("no findings in 1 file\n");
        project.run("--hints --no-suppress").status(1).shows("PP0002").hides("PP0001");
    }
}

#[test]
fn pylint_names_silence() {
    let text = "def f():\n    try:\n        g()\n    except:  # pylint: disable=bare-except\n        h()\n";
    let project = Project::with(&[("a.py", text)]);
    project.run("--select PP0801").status(0);
    project.run("--select PP0801 --no-suppress").status(1).shows("PP0801");
    project.write("a.py", text.replace("pylint: disable=bare-except", "noqa: E722"));
    project.run("--select PP0801").status(0);
}

#[test]
fn others_do_not() {
    for comment in ["# noqa: E722", "# pyprep: ignore[PP0301]", "# pylint: disable=bare-except"] {
        let project = Project::with(&[("a.py", &format!("{ERROR}{comment}\n"))]);
        project.run("").status(1).shows("PP0002");
    }
}

#[test]
fn what_silences_nothing_is_a_hint() {
    let project = Project::with(&[("a.py", "x = 1  # pyprep: ignore[PP0002, Bare-Excpt]\ny = 1  # noqa\n")]);
    let run = project.run("--hints --output-format concise -q").status(0);
    assert_eq!(
        run.stdout,
        "a.py:1:8: hint[PP0001] `PP0002` silences nothing here; remove it from the comment\n\
         a.py:1:8: hint[PP0001] `Bare-Excpt` is no rule, so it silences nothing; remove or correct it\n"
    );
    // Rules that don't run may silence something another time.
    project.run("--hints --ignore PP0002").status(0).hides("`PP0002`").shows("Bare-Excpt");
    project.run("--hints --ignore PP0001").status(0).hides("PP0001");
}
