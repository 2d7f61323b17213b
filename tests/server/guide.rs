//! The guide in the editor: pages that the editor shows itself, the list of all pages, and what findings say of their question.

use std::path::Path;

use serde_json::{Value, json};

use crate::client::{Client, Workspace, capabilities};

const PAGE: &str = "pyprep-lint/guidePage";
const LESSON: &str = "def add(item, basket=[]):\n    basket.append(item)\n    return basket\n";

#[track_caller]
fn page(client: &mut Client, wanted: Value) -> (String, String) {
    let page = client.request(PAGE, wanted);
    for part in ["title", "style", "script"] {
        assert!(page[part].as_str().is_some_and(|text| !text.is_empty()), "{part}: {page}");
    }
    let text = |key: &str| page[key].as_str().unwrap_or_else(|| panic!("{key}: {page}")).to_owned();
    (text("path"), text("body"))
}

#[test]
fn an_editor_can_show_the_pages_itself() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    for (wanted, path, part) in [
        (json!({}), "index.html", "Python interview guide"),
        (json!({ "path": "03-functions/index.html" }), "03-functions/index.html", "The common mistake"),
        (json!({ "question": 3 }), "03-functions/index.html", "freebytes.in"),
        (
            json!({ "question": 3, "guideUrl": "https://wiki.example.org" }),
            "03-functions/index.html",
            "wiki.example.org",
        ),
        (json!({ "rule": "PP0301" }), "03-functions/mutable-default-argument.html", "What Python does"),
    ] {
        let (at, body) = page(&mut client, wanted.clone());
        assert_eq!(at, path, "{wanted}");
        assert!(body.contains(part) && body.contains("<main"), "{wanted}: {body}");
        assert!(!body.contains("<body") && !body.contains("<script"), "{wanted}: only what the editor frames: {body}");
    }
    for wanted in [json!({ "path": "nowhere.html" }), json!({ "question": 99 }), json!({ "rule": "PP9999" })] {
        let response = client.call(PAGE, wanted.clone());
        assert!(response["error"]["message"].is_string(), "{wanted}: {response}");
    }
    let entries = client.request("pyprep-lint/guideSearch", Value::Null);
    let entries = entries.as_array().expect("a list");
    assert!(entries.len() > 40, "all questions, and rules: {}", entries.len());
    assert!(
        entries
            .iter()
            .any(|entry| entry["code"] == "PP0301" && entry["url"] == "03-functions/mutable-default-argument.html")
    );
    client.finish();
}

#[test]
fn what_asks_about_code_asks_in_the_page_as_well() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    let uri = workspace.uri("a.py");
    client.open(&uri, LESSON);
    let at = client.find(&uri, "[]");
    let actions = client.actions(&uri, at, at, None);
    let command =
        |name: &str| actions.iter().map(|action| &action["command"]).find(|command| command["command"] == name);
    let asked = command("pyprep-lint.ask").expect("it can be asked")["arguments"][0].clone();
    let (path, body) = page(&mut client, asked);
    assert_eq!(path, "03-functions/index.html");
    for part in ["Your code", "a.py, line 1", "Think first.", "basket", "The common mistake"] {
        assert!(body.contains(part), "{part}: {body}");
    }
    let opened = command("pyprep-lint.openQuestion").expect("it can be opened")["arguments"][0].clone();
    assert!(!page(&mut client, opened).1.contains("a.py"));
    client.finish();
}

#[test]
fn the_list_of_all_pages_opens_with_links_that_lead_somewhere() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    client.request("workspace/executeCommand", json!({ "command": "pyprep-lint.openGuide" }));
    let shown = client.wait_for("window/showDocument", |_| true);
    let list = Path::new(shown["uri"].as_str().and_then(|uri| uri.strip_prefix("file://")).expect("a file"));
    let text = std::fs::read_to_string(list).expect("it was written");
    let links: Vec<&str> = text.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0)).collect();
    assert!(links.len() > 40, "{text}");
    for link in links {
        assert!(list.with_file_name(link).is_file(), "{link} is nowhere");
    }
    client.finish();
}

#[test]
fn a_finding_names_its_question_where_the_editor_keeps_it() {
    let workspace = Workspace::with(&[]);
    let without = |capabilities| capabilities::without(capabilities, "/textDocument/publishDiagnostics/dataSupport");
    let mut client = Client::start(&workspace, capabilities::push());
    let uri = workspace.uri("a.py");
    client.open(&uri, LESSON);
    let question = json!({ "question": 3, "title": "How do functions and default arguments work?" });
    assert_eq!(client.diagnostics(&uri)[0]["data"], question);
    client.finish();
    let mut client = Client::start(&workspace, without(capabilities::push()));
    client.open(&uri, LESSON);
    assert_eq!(client.diagnostics(&uri)[0].get("data"), None);
    client.finish();
}
