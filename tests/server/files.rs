//! Documents of every kind, size and name.

use serde_json::{Value, json};

use crate::client::{Client, Workspace, capabilities};

const LESSON: &str = "def add(item, basket=[]):\n    basket.append(item)\n    return basket\n";

#[test]
fn documents_that_are_no_files() {
    let workspace = Workspace::with(&[("pyprep-lint.toml", "ignore = ['PP0801']\n")]);
    for capabilities in [capabilities::all(), capabilities::push()] {
        let mut client = Client::start(&workspace, capabilities);
        for uri in ["untitled:Untitled-1", "untitled:Untitled-2?a=b#c", "git:/x/a.py?%7B%22ref%22%3A%22%22%7D"] {
            client.open(uri, LESSON);
            assert_eq!(client.codes(uri), ["PP0301"], "{uri}");
            assert!(client.hover(uri, "[]").is_object(), "{uri}");
            client.replace(uri, "[]", "None");
            assert_eq!(client.codes(uri), [""; 0], "{uri}");
            client.close(uri);
        }
        client.finish();
    }
}

/// Editors that don't know of notebook documents send their cells as documents of their own.
#[test]
fn cells_of_notebooks_that_come_as_documents() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::push());
    let cell = format!("vscode-notebook-cell:{}#W0sZmlsZQ%3D%3D", workspace.path("a.ipynb").display());
    client.open(&cell, LESSON);
    assert_eq!(client.codes(&cell), ["PP0301"]);
    assert!(client.hover(&cell, "[]").is_object());
    client.set(&cell, &format!("%matplotlib inline\n{LESSON}!ls"));
    assert_eq!(client.codes(&cell), ["PP0301"], "magics are fine");
    client.close(&cell);
    client.finish();
}

#[test]
fn paths_with_spaces_and_other_characters() {
    let folder = "my project/s\u{fc}\u{df} & #1/100%";
    let workspace = Workspace::with(&[]);
    workspace.write(&format!("{folder}/pyprep-lint.toml"), "ignore = ['PP0801']\n");
    for capabilities in [capabilities::all(), capabilities::push()] {
        let mut client = Client::start(&workspace, capabilities);
        let text = format!("{LESSON}try:\n    pass\nexcept:\n    print()\n");
        // The spelling of most editors, and one that escapes more, as VS Code does.
        let uri = workspace.uri(&format!("{folder}/a b.py"));
        let escaped = uri.replace('-', "%2D").replace('_', "%5F").replace("a%20b.py", "%61%20%62.py");
        assert_ne!(uri, escaped);
        for uri in [uri, escaped] {
            client.open(&uri, &text);
            assert_eq!(client.codes(&uri), ["PP0301"], "the file's own configuration counts for {uri}");
            for finding in client.diagnostics(&uri) {
                let related = &finding["relatedInformation"][0]["location"]["uri"];
                assert_eq!(*related, uri, "as the client spelt it");
            }
            client.close(&uri);
        }
        client.finish();
    }
}

#[test]
fn two_spellings_of_a_name_are_two_documents() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::push());
    let (one, other) = (workspace.uri("a.py"), workspace.uri("A.py"));
    client.open(&one, LESSON);
    client.open(&other, "x = (1 +)\n");
    assert_eq!(client.codes(&one), ["PP0301"]);
    assert_eq!(client.codes(&other), ["PP0002"]);
    client.finish();
}

#[test]
fn documents_in_other_languages_are_left_alone() {
    let workspace = Workspace::with(&[]);
    for capabilities in [capabilities::all(), capabilities::push()] {
        let mut client = Client::start(&workspace, capabilities);
        for (name, language) in
            [("pyproject.toml", "toml"), ("notes.md", "markdown"), ("x.rs", "rust"), ("a.json", "json")]
        {
            let uri = workspace.uri(name);
            client.open_as(&uri, "not python (at all", language);
            assert_eq!(client.hover_at(&uri, (0, 0)), Value::Null);
            assert_eq!(client.actions_at_start(&uri), [Value::Null; 0]);
        }
        let uri = workspace.uri("script");
        client.open_as(&uri, LESSON, "python");
        assert_eq!(client.codes(&uri), ["PP0301"], "the editor knows that it is Python");
        for message in client.finish() {
            let found = &message["params"]["diagnostics"];
            assert!(message["params"]["uri"] == uri || found.as_array().is_none_or(Vec::is_empty), "{message}");
        }
    }
}

impl Client {
    fn actions_at_start(&mut self, uri: &str) -> Vec<Value> {
        let start = json!({ "line": 0, "character": 0 });
        let params = json!({
            "textDocument": { "uri": uri },
            "range": { "start": start, "end": start },
            "context": { "diagnostics": [] },
        });
        self.request("textDocument/codeAction", params).as_array().cloned().unwrap_or_default()
    }
}

#[test]
fn stubs_are_known_by_their_names() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    let text = "def f(a: list[int] = []) -> None: ...\n";
    let (stub, module) = (workspace.uri("a.pyi"), workspace.uri("a.py"));
    client.open(&stub, text);
    client.open(&module, "def f(a=[]):\n    a.append(1)\n");
    assert_eq!(client.codes(&stub), [""; 0]);
    assert_eq!(client.codes(&module), ["PP0301"]);
    client.finish();
}

#[test]
fn the_editors_text_counts_not_the_disks() {
    let workspace = Workspace::with(&[("a.py", "x = (1 +)\n")]);
    let mut client = Client::start(&workspace, capabilities::all());
    let uri = workspace.uri("a.py");
    client.open(&uri, LESSON);
    assert_eq!(client.codes(&uri), ["PP0301"]);
    workspace.write("a.py", "x = 1\n");
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri, "type": 2 }] }));
    assert_eq!(client.codes(&uri), ["PP0301"]);
    client.finish();
}

#[test]
fn a_hundred_open_documents() {
    let workspace = Workspace::with(&[]);
    for capabilities in [capabilities::all(), capabilities::push()] {
        let mut client = Client::start(&workspace, capabilities);
        let uris: Vec<String> =
            (0..100).map(|number| workspace.uri(&format!("p{}/m{number}.py", number % 7))).collect();
        for (number, uri) in uris.iter().enumerate() {
            client.open(uri, &"\n".repeat(number));
        }
        for (number, uri) in uris.iter().enumerate() {
            client.edit(uri, (number as u32, 0), (number as u32, 0), LESSON);
        }
        for (number, uri) in uris.iter().enumerate() {
            let found = client.diagnostics(uri);
            assert_eq!(found.len(), 1, "{uri}");
            assert_eq!(found[0]["range"]["start"]["line"], number);
        }
        for uri in uris.iter().step_by(2) {
            client.close(uri);
        }
        for uri in uris.iter().skip(1).step_by(2) {
            client.set(uri, "x = 1\n");
            assert_eq!(client.codes(uri), [""; 0]);
        }
        client.finish();
    }
}

/// Never "clean" when something could not be analysed.
#[track_caller]
fn says_not_analysed(client: &mut Client, uri: &str) {
    let found = client.diagnostics(uri);
    let is_found =
        found.iter().any(|finding| finding["message"].as_str().is_some_and(|text| text.contains("not analysed")));
    if !is_found {
        client.wait_for("window/showMessage", |params| {
            params["message"].as_str().is_some_and(|text| text.contains("not analysed"))
        });
    }
}

#[test]
fn a_huge_document_is_said_not_to_be_analysed() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    let (huge, small) = (workspace.uri("huge.py"), workspace.uri("a.py"));
    client.open(&huge, &"x = 1\n".repeat(3 << 20));
    client.open(&small, LESSON);
    assert_eq!(client.codes(&small), ["PP0301"]);
    says_not_analysed(&mut client, &huge);
    assert_eq!(client.hover_at(&huge, (0, 0)), Value::Null);
    client.set(&huge, LESSON);
    assert_eq!(client.codes(&huge), ["PP0301"], "it has shrunk");
    client.finish();
}

#[test]
fn a_large_document_is_analysed() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    let uri = workspace.uri("large.py");
    let line = "x = 1  # a comment of some length that makes the file large\n";
    client.open(&uri, &(line.repeat(50_000) + LESSON));
    assert_eq!(client.codes(&uri), ["PP0301"]);
    for _ in 0..20 {
        client.edit(&uri, (25_000, 0), (25_000, 0), "y");
    }
    assert_eq!(client.codes(&uri), ["PP0301"]);
    client.finish();
}

#[test]
fn deep_nesting_is_an_error_and_no_crash() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    let small = workspace.uri("a.py");
    client.open(&small, LESSON);
    for (name, text) in [
        ("brackets", format!("x = {}{}\n", "(".repeat(300), ")".repeat(300))),
        ("many", format!("x = {}{}\n", "[".repeat(200_000), "]".repeat(200_000))),
        ("open", "(".repeat(100_000)),
        ("indents", (0..150).map(|depth| format!("{}if x:\n", " ".repeat(depth))).collect()),
    ] {
        let uri = workspace.uri(&format!("{name}.py"));
        client.open(&uri, &text);
        let found = client.codes(&uri);
        assert!(found.contains(&"PP0002".to_owned()), "{name}: {found:?}");
        client.edit(&uri, (0, 0), (0, 0), "# edited\n");
        client.hover_at(&uri, (1, 5));
    }
    for (name, text) in [
        ("operators", format!("x = 1{}\n", " + 1".repeat(20_000))),
        ("attributes", format!("x = y{}\n", ".z".repeat(20_000))),
        ("calls", format!("x = y{}\n", "()".repeat(20_000))),
    ] {
        let uri = workspace.uri(&format!("{name}.py"));
        client.open(&uri, &text);
        says_not_analysed(&mut client, &uri);
    }
    assert_eq!(client.codes(&small), ["PP0301"]);
    client.finish();
}

#[test]
fn empty_and_odd_texts() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    let uri = workspace.uri("a.py");
    client.open(&uri, "");
    assert_eq!(client.codes(&uri), [""; 0]);
    for text in ["\u{feff}", "\n", "\r", "\0", "\x0c", "\\", "#", "\"\"\"", "'\u{1f40d}", "\t", "\u{200b}x", "x = '\0'"]
    {
        client.set(&uri, text);
        client.hover_at(&uri, (0, 0));
        client.pull(&uri, None);
    }
    client.set(&uri, LESSON);
    assert_eq!(client.codes(&uri), ["PP0301"]);
    client.finish();
}
