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

#[test]
fn a_file_alone_is_judged_by_what_is_sure() {
    let project = Project::with(&[
        ("random.py", "from os import *\nprint(path)\n"),
        ("shop/__init__.py", ""),
        ("shop/random.py", ""),
        ("shop/quiz.py", "input()\n"),
        ("shop/game.py", "from . import quiz\n"),
    ]);
    let text = String::from_utf8(project.read("random.py")).expect("text");
    let codes = |arguments: &str, input: &str| {
        let run = project.pipe(&format!("{IMPORTS} --output-format json -q {arguments}"), input);
        let findings: Value = serde_json::from_str(&run.stdout).expect("JSON");
        let code = |finding: &Value| finding["code"].as_str().expect("a code").to_owned();
        findings.as_array().expect("a list").iter().map(code).collect::<Vec<String>>()
    };
    // Standard input is the file that it says it is, and sees no other.
    assert_eq!(codes("-", &text), ["PP0901"]);
    assert_eq!(codes("- --stdin-filename random.py", &text), ["PP0903", "PP0901"]);
    assert_eq!(codes("- --stdin-filename shop/random.py", ""), [""; 0]);
    assert_eq!(codes("- --stdin-filename shop/quiz.py", "input()\n"), [""; 0]);
    assert_eq!(
        project.pipe(&format!("{IMPORTS} --unsafe-fixes -"), &text).stdout,
        "from os import path\nprint(path)\n"
    );
    // In a package, its folder is no place where Python looks.
    let inside = |arguments: &[&str]| {
        let mut command =
            project.command(&[&["--select", "PP09", "--output-format", "concise", "-q"], arguments].concat());
        let output = command.current_dir(project.path("shop")).output().expect("the program runs");
        String::from_utf8(output.stdout).expect("text")
    };
    assert_eq!(inside(&["random.py"]), "");
    let found = inside(&["."]);
    assert!(found.starts_with("quiz.py:1:1: info[PP0902]") && found.lines().count() == 1, "{found}");
}

#[test]
fn imports_are_followed_as_python_follows_them() {
    let importing = [
        ("src/desk/till.py", "from shop import quiz0\n"),
        ("src/desk/till1.py", "import shop.quiz1 as q\n"),
        ("src/shop/deep/more.py", "from ..quiz2 import name\n"),
        ("src/shop/deep/other.py", "from .. import quiz3\n"),
        ("tests/test_all.py", "def test():\n    from shop.quiz4 import name\n"),
        ("src/names/space/inner.py", "from names.space.quiz5 import name\n"),
        ("tools/run.py", "import quiz6\n"),
        ("src/shop/__init__.py", "from .quiz7 import *\n"),
    ];
    let imported = [
        "src/shop/quiz0.py",
        "src/shop/quiz1.py",
        "src/shop/quiz2.py",
        "src/shop/quiz3.py",
        "src/shop/quiz4.py",
        "src/names/space/quiz5.py",
        "tools/quiz6.py",
        "src/shop/quiz7.py",
    ];
    let project = Project::with(&importing);
    project.write("src/shop/deep/__init__.py", "");
    imported.iter().for_each(|path| project.write(path, "name = input()\n"));
    // None of these is imported by anybody.
    for path in ["quiz0.py", "src/quiz1.py", "tests/quiz6.py", "src/shop/deep/quiz2.py", "other/shop/quiz4.py"] {
        project.write(path, "name = input()\n");
    }
    let mut all: Vec<String> = imported.iter().map(|path| format!("{path}:1 PP0902")).collect();
    all.sort();
    assert_eq!(found(&project, "--select PP0902"), all);
}
