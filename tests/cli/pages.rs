//! `explain` and `rules`.

use crate::project::Project;

#[test]
fn explain_prints_pages() {
    let project = Project::with(&[]);
    for word in ["PP0301", "pp0301", "mutable-default-argument"] {
        let run = project.run(&format!("explain {word}")).status(0).silent();
        let run =
            run.shows("# One list for every call\n\n`PP0301` mutable-default-argument · warning · unsafe fix · Q03");
        run.shows("## What Python does").hides("symptoms:");
    }
    for word in ["Q3", "q03", "PP03"] {
        let run = project.run(&format!("explain {word}")).status(0).silent();
        run.shows("Q03 · Basic · rules: `PP0301` mutable-default-argument").shows("## The answer in short");
    }
    project.run("explain Q3 bare-except").status(0).shows("## Follow-up").shows("## Interview");
    project.run("explain PP0002").status(0).shows("syntax-error");
}

#[test]
fn explain_helps_with_typos() {
    let project = Project::with(&[]);
    project.run("explain bare-exept").status(2).complains("did you mean `bare-except`?");
    project.run("explain E722").status(2).complains("here it is `bare-except` (PP0801)");
    project.run("explain Q99").status(2).complains("no page for the question `Q99`; there are Q3, ");
    project.run("explain").status(2).complains("<WHAT>...");
}

#[test]
fn explain_is_plain_unless_asked() {
    let project = Project::with(&[]);
    project.run("explain Q3").hides("\x1b");
    project.run("explain Q3 --color always").shows("\x1b[1m# ");
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
