//! Configuration files and what the command line makes of them.

use crate::project::{BROKEN, Project};

#[test]
fn the_nearest_file_counts() {
    let project = Project::with(&[
        ("pyproject.toml", "[tool.pyprep-lint]\nignore = ['PP0002']\n"),
        ("a.py", BROKEN),
        ("inner/pyprep-lint.toml", "select = ['PP0002']\n"),
        ("inner/deep/b.py", BROKEN),
        ("other/pyproject.toml", "[project]\nname = 'other'\n"),
        ("other/c.py", BROKEN),
    ]);
    project.run("").status(1).silent().shows("b.py").hides("a.py").hides("c.py");
    project.run("--isolated").status(1).shows("a.py").shows("b.py").shows("c.py");
}

#[test]
fn the_dedicated_file_wins_in_the_same_folder() {
    let project = Project::with(&[
        ("pyproject.toml", "[tool.pyprep-lint]\nselect = ['PP0002']\n"),
        ("pyprep-lint.toml", "ignore = ['PP0002']\n"),
        ("a.py", BROKEN),
    ]);
    project.run("").status(0).silent();
}

#[test]
fn the_command_line_wins() {
    let project = Project::with(&[("pyprep-lint.toml", "ignore = ['PP0002']\nfail-on = 'hint'\n"), ("a.py", BROKEN)]);
    project.run("").status(0);
    project.run("--select syntax-error").status(1);
    project.run("--select PP --ignore PP0002").status(0);
    project.run("--select PP0002 --ignore PP00").status(1);
    project.run("--select ALL --ignore PP00").status(0);
    project.run("--select PP03,PP0002").status(1);
    project.run("--select PP03 --select PP0002").status(1);
}

#[test]
fn a_given_file_is_the_only_one() {
    let project = Project::with(&[
        ("pyprep-lint.toml", "select = ['PP0002']\n"),
        ("strict/my.toml", "ignore = ['PP0002']\n"),
        ("strict/pyproject.toml", "[project]\n"),
        ("a.py", BROKEN),
    ]);
    project.run("--config strict/my.toml").status(0).silent();
    project.run("--config strict/pyproject.toml").status(2).complains("it has no table [tool.pyprep-lint]");
}

#[test]
fn mistakes_are_named_with_line_and_remedy() {
    let project =
        Project::with(&[("pyproject.toml", "[project]\n\n[tool.pyprep-lint]\nselct = []\n"), ("a.py", BROKEN)]);
    let run = project.run("").status(2);
    assert_eq!(run.stderr, "error: [FOLDER]/pyproject.toml:4: unknown key `selct`; did you mean `select`?\n");
    assert_eq!(run.stdout, "no findings in 0 files · 1 file could not be checked\n");
    project.run("--isolated").status(1).silent();
    for (text, message) in [
        ("select = ['bare-exept']", "pyprep-lint.toml:1: unknown rule `bare-exept`; did you mean `bare-except`?"),
        ("fail-on = 'warn'", "pyprep-lint.toml:1: `fail-on`: unknown severity `warn`; did you mean `warning`?"),
        ("target-version = '3.99'", "pyprep-lint.toml:1: unknown Python version `3.99`"),
        ("\nselect = [", "pyprep-lint.toml:2: "),
        ("baseline = 'x'", "pyprep-lint.toml:1: `baseline` is not supported by this version; remove it"),
    ] {
        project.write("pyprep-lint.toml", text);
        project.run("").status(2).complains(message);
    }
}

#[test]
fn a_broken_file_spoils_its_own_folder_only() {
    let project =
        Project::with(&[("a.py", BROKEN), ("b/pyprep-lint.toml", "x"), ("b/c.py", BROKEN), ("b/d.py", BROKEN)]);
    let run = project.run("").status(2).shows("a.py").shows("1 finding in 1 file · 2 files could not be checked");
    assert_eq!(run.stderr.lines().count(), 1, "{run:?}");
}

#[test]
fn severities() {
    let project = Project::with(&[("a.py", BROKEN), ("pyprep-lint.toml", "[severity]\nsyntax-error = 'info'\n")]);
    project.run("").status(0).shows("info[PP0002]");
    project.run("--fail-on info").status(1);
    project.write("pyprep-lint.toml", "fail-on = 'info'\n[severity]\nPP00 = 'off'\nPP0002 = 'info'\n");
    project.run("").status(1);
    project.write("pyprep-lint.toml", "[severity]\nPP0002 = 'off'\n");
    project.run("").status(0).hides("PP0002");
}

#[test]
fn per_file_ignores() {
    let project = Project::with(&[
        ("src/a.py", BROKEN),
        ("tests/deep/b.py", BROKEN),
        ("src/c_test.py", BROKEN),
        ("pyproject.toml", "[tool.pyprep-lint.per-file-ignores]\n'tests/*' = ['PP00']\n'*_test.py' = ['ALL']\n"),
    ]);
    project.run("").status(1).shows("src/a.py").hides("b.py").hides("c_test.py");
    project.run("src/c_test.py").status(0);
}

#[test]
fn the_target_version_decides_what_parses() {
    // Parenthesised context managers came with 3.9's parser, `match` with 3.10, `except*` with 3.11.
    let text = "try:\n    x = 1\nexcept* ValueError:\n    x = 2\n";
    let project = Project::with(&[("a.py", text)]);
    // Nobody said that it must run on an older Python.
    project.run("").status(0).silent();
    project.run("--target-version 3.10").status(1).shows("PP0002");
    project.run("--target-version 3.11").status(0);
    project.run("--target-version py312").status(0);
    for (requires, status) in [(">=3.11", 0), ("~=3.10", 1), ("==3.12.*", 0), (">=3.9,<4", 1), ("nonsense", 0)] {
        project.write("pyproject.toml", format!("[project]\nrequires-python = '{requires}'\n"));
        project.run("").status(status).silent();
    }
    project.write(
        "pyproject.toml",
        "[project]\nrequires-python = '>=3.9'\n[tool.pyprep-lint]\ntarget-version = 'py311'\n",
    );
    project.run("").status(0);
    project.run("--target-version 3.10").status(1);
    // The dedicated file does not hide what the project requires.
    project.write("pyproject.toml", "[project]\nrequires-python = '>=3.12'\n");
    project.write("pyprep-lint.toml", "");
    project.run("").status(0);
    project.run("").status(0);
    project.write("pyproject.toml", "[project]\nrequires-python = '>=3.9'\n");
    project.run("").status(1);
    project.run("--isolated").status(0);
}

#[test]
fn links_lead_where_the_configuration_says() {
    let text = "def f():\n    try:\n        g()\n    except:\n        h()\n";
    let project = Project::with(&[("a.py", text), ("pyprep-lint.toml", "guide-url = 'https://example.org/guide'\n")]);
    project.run("--select PP0801").status(1).shows("https://example.org/guide#:~:text=");
}
