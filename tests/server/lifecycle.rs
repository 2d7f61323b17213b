//! From `initialize` to the exit status.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::client::{Client, Start, Workspace, capabilities};

const LESSON: &str = "def add(item, basket=[]):\n    basket.append(item)\n    return basket\n";

fn initialize(client: &mut Client) -> Value {
    client.request("initialize", json!({ "processId": null, "rootUri": null, "capabilities": {} }))
}

#[test]
fn a_session_from_start_to_end() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    let uri = workspace.uri("a.py");
    client.open(&uri, LESSON);
    assert_eq!(client.codes(&uri), ["PP0301"]);
    client.close(&uri);
    client.finish();
}

#[test]
fn the_server_says_who_it_is_and_what_it_can_do() {
    let workspace = Workspace::with(&[]);
    let mut client = Start::new(&workspace, Value::Null).spawn();
    let params = json!({ "processId": null, "rootUri": null, "capabilities": capabilities::all() });
    let result = client.request("initialize", params);
    assert_eq!(result["serverInfo"], json!({ "name": "pyprep-lint", "version": env!("CARGO_PKG_VERSION") }));
    let can = &result["capabilities"];
    assert_eq!(can["positionEncoding"], "utf-16");
    assert_eq!(can["hoverProvider"], true);
    assert_eq!(can["textDocumentSync"]["openClose"], true);
    assert_eq!(can["textDocumentSync"]["change"], 2, "incremental");
    assert!(can["textDocumentSync"]["save"] == true || can["textDocumentSync"]["save"].is_object());
    let kinds = can["codeActionProvider"]["codeActionKinds"].as_array().expect("kinds");
    for kind in ["quickfix", "source.fixAll.pyprep"] {
        assert!(kinds.contains(&json!(kind)), "{kind}: {kinds:?}");
    }
    assert_eq!(can["codeActionProvider"]["resolveProvider"], true);
    assert!(can["diagnosticProvider"]["interFileDependencies"].is_boolean(), "{can}");
    assert_eq!(can["diagnosticProvider"]["workspaceDiagnostics"], false);
    assert!(!can["executeCommandProvider"]["commands"].as_array().expect("commands").is_empty());
    assert_eq!(can["workspace"]["workspaceFolders"]["supported"], true);
}

#[test]
fn only_what_the_client_can_is_declared() {
    let workspace = Workspace::with(&[]);
    for (capability, declared) in [
        ("/notebookDocument", "/notebookDocumentSync"),
        ("/textDocument/diagnostic", "/diagnosticProvider"),
        ("/textDocument/codeAction/resolveSupport", "/codeActionProvider/resolveProvider"),
    ] {
        let client = Client::start(&workspace, capabilities::all());
        let found = client.capabilities.pointer(declared).cloned().unwrap_or_default();
        assert!(found.is_object() || found == true, "{declared}: {found}");
        client.finish();
        let client = Client::start(&workspace, capabilities::without(capabilities::all(), capability));
        let found = client.capabilities.pointer(declared).cloned().unwrap_or_default();
        assert!(found.is_null() || found == false, "{declared}: {found}");
        client.finish();
    }
}

#[test]
fn editors_may_pass_the_name_of_the_transport() {
    let workspace = Workspace::with(&[]);
    let client = Start::new(&workspace, capabilities::all()).argument("--stdio").run();
    client.finish();
}

#[test]
fn a_client_that_can_nothing_is_served() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, json!({}));
    let uri = workspace.uri("a.py");
    client.open(&uri, LESSON);
    client.wait_for_codes(&uri, &["PP0301"]);
    let hover = client.hover(&uri, "[]");
    assert_eq!(hover["contents"]["kind"], "plaintext", "{hover}");
    // Without literals there are only commands, which such a client runs as they are.
    for action in client.actions(&uri, (0, 0), (0, 20), None) {
        assert!(action["command"].is_string(), "{action}");
    }
    client.set(&uri, "x = 1\n");
    client.wait_for_codes(&uri, &[]);
    let received = client.finish();
    for message in received {
        assert!(message.get("id").is_none(), "nothing was offered to be asked for: {message}");
    }
}

#[test]
fn roots_can_be_given_in_the_old_ways_or_not_at_all() {
    let workspace = Workspace::with(&[("pyprep-lint.toml", "ignore = ['PP0301']\n")]);
    let path = workspace.path("");
    for roots in [
        json!({ "rootPath": path, "capabilities": {} }),
        json!({ "rootUri": workspace.uri(""), "processId": null, "capabilities": {} }),
        json!({ "rootUri": null, "workspaceFolders": null, "capabilities": {} }),
        json!({ "rootUri": null, "workspaceFolders": [], "capabilities": {} }),
        json!({ "rootUri": null, "capabilities": {}, "initializationOptions": {}, "trace": "verbose", "locale": "de" }),
    ] {
        let mut client = Start::new(&workspace, json!({})).spawn();
        client.request("initialize", roots);
        client.notify("initialized", json!({}));
        let uri = workspace.uri("a.py");
        client.open(&uri, &format!("{LESSON}x = (1 +)\n"));
        client.wait_for_codes(&uri, &["PP0002"]);
        client.finish();
    }
}

#[test]
fn nothing_but_initialize_is_answered_at_first() {
    let workspace = Workspace::with(&[]);
    let mut client = Start::new(&workspace, json!({})).spawn();
    client.notify("initialized", json!({}));
    client.open(&workspace.uri("early.py"), LESSON);
    for method in ["textDocument/hover", "shutdown", "workspace/executeCommand", "nonsense/method"] {
        let response = client.call(method, json!({}));
        assert!([-32002, -32601].map(Value::from).contains(&response["error"]["code"]), "{method}: {response}");
    }
    initialize(&mut client);
    let uri = workspace.uri("a.py");
    client.open(&uri, LESSON);
    client.wait_for_codes(&uri, &["PP0301"]);
    let received = client.finish();
    assert!(!received.iter().any(|message| message["params"]["uri"] == workspace.uri("early.py")), "{received:?}");
}

#[test]
fn a_wrong_initialize_can_be_repeated_and_a_right_one_cannot() {
    let workspace = Workspace::with(&[]);
    let mut client = Start::new(&workspace, json!({})).spawn();
    assert_eq!(client.call("initialize", json!({ "capabilities": 7 }))["error"]["code"], -32602);
    initialize(&mut client);
    assert_eq!(client.call("initialize", json!({ "capabilities": {} }))["error"]["code"], -32600);
    client.finish();
}

#[test]
fn after_shutdown_there_is_only_exit() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    client.request("shutdown", Value::Null);
    let hover = json!({ "textDocument": { "uri": workspace.uri("a.py") }, "position": { "line": 0, "character": 0 } });
    assert_eq!(client.call("textDocument/hover", hover)["error"]["code"], -32600);
    assert_eq!(client.call("shutdown", Value::Null)["error"]["code"], -32600);
    client.open(&workspace.uri("a.py"), LESSON);
    client.notify("exit", Value::Null);
    assert_eq!(client.wait_exit().code(), Some(0));
}

#[test]
fn a_session_can_end_in_the_middle_of_work() {
    let workspace = Workspace::with(&[]);
    for capabilities in [capabilities::all(), capabilities::push()] {
        let mut client = Client::start(&workspace, capabilities);
        let uri = workspace.uri("a.py");
        client.open(&uri, &LESSON.repeat(2000));
        for _ in 0..20 {
            client.edit(&uri, (0, 0), (0, 0), "# edit\n");
            let position = json!({ "line": 0, "character": 0 });
            client.send_request("textDocument/hover", json!({ "textDocument": { "uri": uri }, "position": position }));
        }
        client.finish();
    }
}

#[test]
fn exit_without_shutdown_is_a_failure() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    client.notify("exit", Value::Null);
    assert_eq!(client.wait_exit().code(), Some(1));

    let mut client = Start::new(&workspace, json!({})).spawn();
    client.notify("exit", Value::Null);
    assert_eq!(client.wait_exit().code(), Some(1), "before initialize, too");
}

#[test]
fn the_end_of_the_input_is_the_end() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::push());
    client.open(&workspace.uri("a.py"), LESSON);
    client.close_input();
    assert_eq!(client.wait_exit().code(), Some(1), "nobody asked for a shutdown");

    let mut client = Client::start(&workspace, capabilities::all());
    client.request("shutdown", Value::Null);
    client.close_input();
    assert_eq!(client.wait_exit().code(), Some(0));

    let mut client = Start::new(&workspace, json!({})).spawn();
    client.close_input();
    assert_eq!(client.wait_exit().code(), Some(1), "before initialize, too");
}

#[test]
fn the_input_may_end_in_the_middle_of_a_message_or_of_waiting() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    client.send_raw("Content-Length: 1000\r\n\r\n{\"jsonrpc\"");
    client.close_input();
    assert_eq!(client.wait_exit().code(), Some(1));

    // The server still waits for the client's settings.
    let start = Start::new(&workspace, capabilities::all());
    let mut client = start.reply("workspace/configuration", crate::client::Reply::Silence).run();
    client.open(&workspace.uri("a.py"), LESSON);
    client.close_input();
    assert_eq!(client.wait_exit().code(), Some(1));
}

/// An editor can die and leave the pipes open in another process.
#[test]
#[cfg(unix)]
fn the_server_ends_when_its_editor_dies() {
    let workspace = Workspace::with(&[]);
    let mut editor = Command::new("sleep").arg("600").stdin(Stdio::null()).spawn().expect("sleep starts");
    let mut client = Start::new(&workspace, capabilities::all()).process(editor.id()).run();
    let uri = workspace.uri("a.py");
    client.open(&uri, LESSON);
    assert_eq!(client.codes(&uri), ["PP0301"]);
    editor.kill().expect("it was running");
    editor.wait().expect("it is our child");
    assert_eq!(client.wait_exit().code(), Some(1));
}

#[test]
fn after_a_crash_a_new_server_says_the_same() {
    let workspace = Workspace::with(&[]);
    let texts = [LESSON, "try:\n    x = 1\nexcept:\n    pass\n", "x = (1 +)\n"];
    let mut before = Vec::new();
    for round in 0..3 {
        let mut client = Client::start(&workspace, capabilities::all());
        let mut found = Vec::new();
        for (number, text) in texts.iter().enumerate() {
            let uri = workspace.uri(&format!("{number}.py"));
            client.open(&uri, text);
            found.push(client.diagnostics(&uri));
        }
        if round > 0 {
            assert_eq!(found, before);
        }
        before = found;
        client.kill();
    }
}
