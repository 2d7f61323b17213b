//! Whatever arrives, the session goes on.

use serde_json::{Value, json};

use crate::client::{Client, Workspace, capabilities};

const LESSON: &str = "def add(item, basket=[]):\n    basket.append(item)\n    return basket\n";

fn frame(body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    [format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes(), body].concat()
}

/// Sends each of these on its own; a hover has to work after each of them.
#[track_caller]
fn survives(hostile: impl IntoIterator<Item = Vec<u8>>) -> Client {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    let uri = workspace.uri("a.py");
    client.open(&uri, LESSON);
    for bytes in hostile {
        client.send_raw(bytes);
        let hover = client.hover(&uri, "[]");
        assert!(hover["contents"]["value"].as_str().is_some_and(|text| text.contains("basket")), "{hover}");
    }
    client
}

/// The answer to what has no id that could be read.
#[track_caller]
fn answered(client: &mut Client, code: i64) {
    let response = client.response(&Value::Null);
    assert_eq!(response["error"]["code"], code, "{response}");
}

#[test]
fn broken_frames() {
    let client = survives([
        b"Content-Length: 10\r\n\r\n{\"jsonrpc\"".to_vec(),
        b"Content-Length: 0\r\n\r\n".to_vec(),
        b"Content-Length: none\r\n\r\n{}".to_vec(),
        b"Content-Length: -5\r\n\r\n{}".to_vec(),
        b"Content-Length: 99999999999999999999\r\n\r\n{}".to_vec(),
        b"Content-Length: 1000000000\r\n\r\n{}".to_vec(),
        b"Content-Length: 2\r\nContent-Length: 20\r\n\r\n{}".to_vec(),
        b"Content-Type: application/vscode-jsonrpc\r\n\r\n{}".to_vec(),
        b"\r\n\r\n\r\n".to_vec(),
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(),
        b"Traceback (most recent call last):\n  File \"wrapper.py\", line 1\n".to_vec(),
        b"\x00\x01\x02\xff\xfe".to_vec(),
        vec![b'x'; 300_000],
    ]);
    client.finish();
}

#[test]
fn headers_in_other_spellings() {
    let mut client = survives([]);
    let uri = client.documents.keys().next().expect("one is open").clone();
    for (id, headers) in [
        "content-length: {}\r\n\r\n",
        "Content-Length: {}\n\n",
        "Content-Type: application/vscode-jsonrpc; charset=utf8\r\nContent-Length: {}\r\n\r\n",
        "Content-Length:{}\r\nContent-Type: application/json\r\nX-Other: 1\r\n\r\n",
    ]
    .into_iter()
    .enumerate()
    {
        let id = format!("spelling {id}");
        let params = json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 21 } });
        let body = json!({ "jsonrpc": "2.0", "id": id, "method": "textDocument/hover", "params": params }).to_string();
        client.send_raw(headers.replace("{}", &body.len().to_string()) + &body);
        let response = client.response(&json!(id));
        assert!(response["result"].is_object(), "{headers:?}: {response}");
    }
    client.finish();
}

#[test]
fn a_length_that_is_wrong() {
    let body = json!({ "jsonrpc": "2.0", "method": "$/note", "params": { "text": "something to be cut" } }).to_string();
    let wrong = |length: usize| format!("Content-Length: {length}\r\n\r\n{body}").into_bytes();
    survives([1, 10, body.len() - 1, body.len() + 1, body.len() + 10, body.len() + 90].map(wrong)).finish();
}

#[test]
fn bodies_that_are_no_messages() {
    let mut client = survives([]);
    for (body, code) in [
        (&b"{\"jsonrpc\":\"2.0\",\"method\":"[..], -32700),
        (b"nonsense", -32700),
        (b"\xff\xfe\x00", -32700),
        (b"{\"jsonrpc\":\"2.0\",\"method\":\"x\xff\"}", -32700),
        (b"[]", -32600),
        (b"[{\"jsonrpc\":\"2.0\",\"id\":900,\"method\":\"shutdown\"}]", -32600),
        (b"17", -32600),
        (b"null", -32600),
        (b"{}", -32600),
        (b"{\"jsonrpc\":\"2.0\",\"method\":7}", -32600),
        (b"{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"shutdown\"}", -32600),
    ] {
        client.send_raw(frame(body));
        answered(&mut client, code);
    }
    for (body, id) in [
        (r#"{"jsonrpc":"1.0","id":901,"method":"shutdown"}"#, json!(901)),
        (r#"{"id":"902","method":"shutdown"}"#, json!("902")),
        (r#"{"jsonrpc":"2.0","id":903}"#, json!(903)),
        (r#"{"jsonrpc":"2.0","id":904.5,"method":"shutdown"}"#, json!(904.5)),
    ] {
        client.send_raw(frame(body));
        assert_eq!(client.response(&id)["error"]["code"], -32600, "{body}");
    }
    let uri = client.documents.keys().next().expect("one is open").clone();
    assert!(client.hover(&uri, "[]").is_object());
    client.finish();
}

#[test]
fn messages_of_the_right_shape_with_wrong_contents() {
    let notifications = [
        r#"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":[1,2]}"#,
        r#"{"jsonrpc":"2.0","method":"textDocument/didOpen"}"#,
        r#"{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///never/opened.py","version":2},"contentChanges":[{"text":"x"}]}}"#,
        r#"{"jsonrpc":"2.0","method":"textDocument/didClose","params":{"textDocument":{"uri":"file:///never/opened.py"}}}"#,
        r#"{"jsonrpc":"2.0","method":"textDocument/didSave","params":{"textDocument":{"uri":"file:///never/opened.py"}}}"#,
        r#"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"not a uri","languageId":"python","version":1,"text":"x"}}}"#,
        r#"{"jsonrpc":"2.0","method":"workspace/didChangeConfiguration","params":{"settings":7}}"#,
        r#"{"jsonrpc":"2.0","method":"workspace/didChangeWatchedFiles","params":{"changes":[{"uri":"nowhere:","type":9}]}}"#,
        r#"{"jsonrpc":"2.0","method":"workspace/didChangeWorkspaceFolders","params":{"event":{"added":[],"removed":[]}}}"#,
        r#"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":12345}}"#,
        r#"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":null}}"#,
        r#"{"jsonrpc":"2.0","method":"$/setTrace","params":{"value":"verbose"}}"#,
        r#"{"jsonrpc":"2.0","method":"$/unknownNotification","params":{}}"#,
        r#"{"jsonrpc":"2.0","method":"unknown/notification"}"#,
        r#"{"jsonrpc":"2.0","method":"textDocument/hover","params":{}}"#,
        r#"{"jsonrpc":"2.0","id":777,"result":{}}"#,
        r#"{"jsonrpc":"2.0","id":"778","error":{"code":1,"message":"m","more":true}}"#,
        r#"{"jsonrpc":"2.0","id":null,"result":null}"#,
    ];
    let mut client = survives(notifications.map(frame));
    for (method, params, code) in [
        ("textDocument/hover", json!("text"), -32602),
        ("textDocument/hover", json!({ "textDocument": {} }), -32602),
        ("textDocument/codeAction", json!({}), -32602),
        ("workspace/executeCommand", json!({ "command": 1 }), -32602),
        ("unknown/method", json!({}), -32601),
        (
            "textDocument/definition",
            json!({ "textDocument": { "uri": "file:///a.py" }, "position": { "line": 0, "character": 0 } }),
            -32601,
        ),
    ] {
        let response = client.call(method, params);
        assert_eq!(response["error"]["code"], code, "{method}: {response}");
    }
    client.finish();
}

#[test]
fn requests_about_documents_that_are_not_open() {
    let mut client = survives([]);
    let document = json!({ "uri": "file:///never/opened.py" });
    for (method, params) in [
        ("textDocument/hover", json!({ "textDocument": document, "position": { "line": 3, "character": 9 } })),
        ("textDocument/diagnostic", json!({ "textDocument": document })),
        (
            "textDocument/codeAction",
            json!({
                "textDocument": document,
                "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } },
                "context": { "diagnostics": [] },
            }),
        ),
    ] {
        let response = client.call(method, params);
        let items = response["result"].get("items").unwrap_or(&response["result"]);
        let is_empty = items.is_null() || items.as_array().is_some_and(Vec::is_empty);
        assert!(response.get("error").is_some() || is_empty, "{method}: {response}");
    }
    client.finish();
}

#[test]
fn positions_that_do_not_exist() {
    let mut client = survives([]);
    let uri = client.documents.keys().next().expect("one is open").clone();
    let far = u32::MAX >> 1;
    for position in [(0, far), (far, 0), (far, far), (3, 1)] {
        assert_eq!(client.hover_at(&uri, position), Value::Null);
        client.actions(&uri, (0, 0), position, None);
    }
    client.edit(&uri, (far, 7), (far, 9), "\nx = (1 +)\n");
    assert_eq!(client.codes(&uri), ["PP0301", "PP0002"]);
    client.finish();
}

#[test]
fn a_message_byte_by_byte() {
    let mut client = survives([]);
    let uri = client.documents.keys().next().expect("one is open").clone();
    let params = json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 21 } });
    let body = json!({ "jsonrpc": "2.0", "id": "slow", "method": "textDocument/hover", "params": params }).to_string();
    for byte in frame(body) {
        client.send_raw([byte]);
    }
    assert!(client.response(&json!("slow"))["result"].is_object());
    client.finish();
}
