//! What `pyprep-lint path` sees of a path.

use serde_json::Value;

use crate::project::Project;

/// `file:line code` of each finding of these rules.
fn found(project: &Project, arguments: &str) -> Vec<String> {
    let run = project.run(&format!("{arguments} --output-format json -q"));
    let findings: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let folder = "[FOLDER]/";
    let line = |finding: &Value| {
        let file = finding["filename"].as_str().expect("a path").replace(folder, "");
        format!("{file}:{} {}", finding["location"]["row"], finding["code"].as_str().expect("a code"))
    };
    findings.as_array().expect("a list").iter().map(line).collect()
}

const IMPORTS: &str = "--select PP09,PP1201";

#[test]
fn a_path_is_seen_as_a_whole() {
    let project = Project::with(&[
        ("shop/quiz.py", "def main(): ...\n\nmain()\n"),
        ("shop/__init__.py", ""),
        ("tests/test_quiz.py", "from shop.quiz import main\n"),
    ]);
    assert_eq!(found(&project, IMPORTS), ["shop/quiz.py:3 PP0902"]);
    assert_eq!(found(&project, &format!("shop tests {IMPORTS}")), ["shop/quiz.py:3 PP0902"]);
    // Without the file that imports it, nobody does.
    assert_eq!(found(&project, &format!("shop {IMPORTS}")), [""; 0]);
    assert_eq!(found(&project, &format!("shop/quiz.py {IMPORTS}")), [""; 0]);
    assert_eq!(found(&project, &format!("tests/test_quiz.py shop/quiz.py {IMPORTS}")), ["shop/quiz.py:3 PP0902"]);
}

#[test]
fn other_files_are_named_with_their_lines() {
    let project = Project::with(&[
        ("quiz.py", "name = input()\n"),
        ("deep/game.py", "import os\n\ndef later():\n    import quiz\n"),
    ]);
    let run = project.run("--select PP0902").status(0);
    let run = run.shows("`game.py` imports this file, which calls `input()`");
    run.shows("note: deep/game.py:4:5: this import calls `input()`");
    let run = project.run("--select PP0902 --output-format json -q");
    let findings: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let related = &findings[0]["related"][0];
    assert_eq!(related["filename"], "[FOLDER]/deep/game.py");
    assert_eq!(related["location"]["row"], 4);
    assert_eq!(related["location"]["column"], 5);
}

#[test]
fn notebooks_import_files_but_are_not_imported() {
    let cell = |code: &str| {
        format!(
            r#"{{"cells": [{{"cell_type": "code", "metadata": {{}}, "outputs": [], "execution_count": null, "source": ["{code}"]}}],
            "metadata": {{"language_info": {{"name": "python"}}}}, "nbformat": 4, "nbformat_minor": 5}}"#
        )
    };
    let project = Project::with(&[("quiz.py", "name = input()\n"), ("game.py", "import notes\n")]);
    project.write("study.ipynb", cell("import quiz"));
    project.write("notes.ipynb", cell("name = input()"));
    assert_eq!(found(&project, IMPORTS), ["quiz.py:1 PP0902"]);
    project.run("--select PP0902").shows("`study.ipynb` imports this file");
}

#[test]
fn what_is_left_out_is_not_seen() {
    let project = Project::with(&[
        ("quiz.py", "name = input()\n"),
        ("game.py", "import quiz\n"),
        ("build/lib.py", "import quiz\n"),
        ("pyproject.toml", "[tool.pyprep-lint]\nexclude = ['game.py']\n"),
    ]);
    assert_eq!(found(&project, IMPORTS), [""; 0]);
}

#[test]
fn packages_and_roots_are_told_apart() {
    let project = Project::with(&[
        ("random.py", ""),
        ("src/queue.py", ""),
        ("src/json/__init__.py", ""),
        ("src/shop/__init__.py", ""),
        ("src/shop/logging.py", ""),
        ("tools/string.py", ""),
        ("week1/calendar.py", ""),
        ("week1/run.py", "if __name__ == '__main__':\n    print(1)\n"),
        ("services/mail/pyproject.toml", "[project]\nname = 'mail'\n"),
        ("services/mail/email.py", ""),
        ("services/log/setup.py", ""),
        ("services/log/csv.py", ""),
    ]);
    let all = [
        "random.py",
        "services/log/csv.py",
        "services/mail/email.py",
        "src/json/__init__.py",
        "src/queue.py",
        "week1/calendar.py",
    ];
    assert_eq!(found(&project, IMPORTS), all.map(|file| format!("{file}:1 PP0903")));
    // A folder that is named is looked at as a whole; one inside a package belongs to that.
    assert_eq!(found(&project, &format!("tools {IMPORTS}")), ["tools/string.py:1 PP0903"]);
    assert_eq!(found(&project, &format!("src/shop {IMPORTS}")), [""; 0]);
    assert_eq!(found(&project, &format!("random.py {IMPORTS}")), ["random.py:1 PP0903"]);
    assert_eq!(found(&project, &format!("src/shop/logging.py {IMPORTS}")), [""; 0]);
}

#[test]
fn star_imports_are_listed_from_what_other_files_say() {
    let project = Project::with(&[
        ("prices.py", "__all__ = ['net', 'VAT']\nVAT = 0.19\ndef net(x): return x\ndef gross(x): return x\n"),
        ("desk.py", "from prices import *\nfrom math import *  # round\n\nprint(net(pi), VAT)\n"),
        ("shop/__init__.py", "from prices import *\nfrom .till import *\n"),
        ("shop/till.py", "drawer = 1\n"),
        ("main.py", "from shop import drawer\n"),
    ]);
    assert_eq!(found(&project, IMPORTS), ["desk.py:1 PP0901", "desk.py:2 PP0901", "shop/__init__.py:2 PP0901"]);
    project.run(&format!("{IMPORTS} --unsafe-fixes")).status(0);
    assert_eq!(
        String::from_utf8_lossy(&project.read("desk.py")),
        "from prices import VAT, net\nfrom math import pi  # round\n\nprint(net(pi), VAT)\n"
    );
    assert_eq!(
        String::from_utf8_lossy(&project.read("shop/__init__.py")),
        "from prices import *\nfrom .till import drawer\n"
    );
}

#[test]
fn decorators_are_known_from_their_uses() {
    let project = Project::with(&[
        ("wrappers.py", "def timed(func):\n    def wrapper(x):\n        return func(x)\n    return wrapper\n"),
        ("main.py", "import wrappers\n\n\n@wrappers.timed\ndef net(x):\n    return x\n"),
    ]);
    assert_eq!(found(&project, IMPORTS), ["wrappers.py:2 PP1201"]);
    let run = project.run(IMPORTS);
    run.shows("note: main.py:4:1: `net` is called `wrapper` from here on").shows("`net` in `main.py` now stands");
    assert_eq!(found(&project, &format!("wrappers.py {IMPORTS}")), [""; 0]);
}

#[test]
fn a_comment_about_what_hangs_on_other_files_is_never_useless() {
    let project = Project::with(&[
        ("quiz.py", "name = input()  # pyprep: ignore[import-side-effects] the test machine types\n"),
        ("game.py", "import quiz\n"),
    ]);
    assert_eq!(found(&project, "--hints"), [""; 0]);
    assert_eq!(found(&project, "quiz.py --hints"), [""; 0]);
}
