//! Clients that answer late, with an error, or never.

use serde_json::json;

use crate::client::{Client, Reply, Start, Workspace, capabilities};

const LESSON: &str = "def add(item, basket=[]):\n    basket.append(item)\n    return basket\n";

/// Five documents, 300 edits and a hover, whatever the client does with the server's questions.
#[track_caller]
fn works(workspace: &Workspace, mut client: Client) -> Client {
    let uris: Vec<String> = (0..5).map(|number| workspace.uri(&format!("{number}.py"))).collect();
    for uri in &uris {
        client.open(uri, LESSON);
    }
    for number in 0..300 {
        let uri = &uris[number % uris.len()];
        client.edit(uri, (0, 0), (0, 0), &format!("# {number}\n"));
    }
    for uri in &uris {
        let hover = client.hover(uri, "[]");
        assert!(hover["contents"]["value"].as_str().is_some_and(|text| text.contains("line 61")), "{hover}");
        assert_eq!(client.codes(uri), ["PP0301"]);
    }
    client
}

#[test]
fn a_client_that_never_answers() {
    let workspace = Workspace::with(&[]);
    for capabilities in [capabilities::all(), capabilities::push()] {
        let mut start = Start::new(&workspace, capabilities);
        for method in ["workspace/configuration", "client/registerCapability", "workspace/diagnostic/refresh"] {
            start = start.reply(method, Reply::Silence);
        }
        works(&workspace, start.run()).finish();
    }
}

#[test]
fn a_client_that_answers_with_errors() {
    let workspace = Workspace::with(&[]);
    let mut start = Start::new(&workspace, capabilities::all());
    for method in ["workspace/configuration", "client/registerCapability", "workspace/diagnostic/refresh"] {
        start = start.reply(method, Reply::WithError);
    }
    works(&workspace, start.run()).finish();
}

#[test]
fn a_client_that_answers_nonsense() {
    let workspace = Workspace::with(&[]);
    for nonsense in [json!(null), json!([]), json!({}), json!([[], [], []]), json!("text"), json!([{ "select": 7 }])] {
        let start = Start::new(&workspace, capabilities::all());
        works(&workspace, start.reply("workspace/configuration", Reply::With(nonsense)).run()).finish();
    }
}

/// The settings arrive after everything has been opened and edited, and then they count.
#[test]
fn a_client_that_answers_late() {
    let workspace = Workspace::with(&[]);
    for capabilities in [capabilities::all(), capabilities::push()] {
        let start = Start::new(&workspace, capabilities).reply("workspace/configuration", Reply::Silence);
        let mut client = works(&workspace, start.run());
        let asked = client.received.iter().filter(|message| message["method"] == "workspace/configuration");
        let asked: Vec<_> = asked.cloned().collect();
        assert!(!asked.is_empty(), "the server asks for its settings");
        for question in asked {
            let items = question["params"]["items"].as_array().expect("items").len();
            let settings = vec![json!({ "ignore": ["PP0301"] }); items];
            client.send(&json!({ "jsonrpc": "2.0", "id": question["id"], "result": settings }));
        }
        client.wait_for_codes(&workspace.uri("3.py"), &[]);
        client.finish();
    }
}

#[test]
fn many_requests_at_once_are_all_answered() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    let uri = workspace.uri("a.py");
    client.open(&uri, LESSON);
    let params = json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 21 } });
    let ids: Vec<_> = (0..200).map(|_| client.send_request("textDocument/hover", params.clone())).collect();
    for id in ids.iter().step_by(3) {
        client.notify("$/cancelRequest", json!({ "id": id }));
    }
    for id in &ids {
        let response = client.response(id);
        // What was cancelled in time has no result.
        assert!(response["result"].is_object() || response["error"]["code"] == -32800, "{response}");
    }
    client.finish();
}

/// Pipes are small: the server has to go on where it was stopped.
#[test]
fn a_client_that_reads_late() {
    let workspace = Workspace::with(&[]);
    for capabilities in [capabilities::all(), capabilities::push()] {
        let mut client = Client::start(&workspace, capabilities);
        let uri = workspace.uri("a.py");
        let gate = client.gate();
        let closed = gate.lock().expect("no panic");
        client.open(&uri, &LESSON.repeat(20));
        let params = json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 21 } });
        let mut asked = Vec::new();
        for number in 0..1000 {
            client.edit(&uri, (60, 0), (60, 0), &format!("# {number}\n"));
            asked.push(client.send_request("textDocument/hover", params.clone()));
        }
        drop(closed);
        for id in &asked {
            let response = client.response(id);
            assert!(response["result"].is_object(), "{response}");
        }
        assert_eq!(client.codes(&uri).len(), 20);
        client.finish();
    }
}
