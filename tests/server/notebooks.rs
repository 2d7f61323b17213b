//! Notebooks, cell by cell.

use serde_json::{Value, json};

use crate::client::{Client, Workspace, capabilities, codes};

struct Notebook {
    uri: String,
    version: i64,
}

fn cell(workspace: &Workspace, number: usize) -> String {
    format!("vscode-notebook-cell:{}#W{number}", workspace.path("a.ipynb").display())
}

fn item(uri: &str, text: &str) -> Value {
    json!({ "uri": uri, "languageId": "python", "version": 1, "text": text })
}

impl Notebook {
    /// Opens a notebook with a Markdown cell first and these Python cells, numbered from 0.
    #[track_caller]
    fn open(client: &mut Client, workspace: &Workspace, texts: &[&str]) -> Notebook {
        let uri = workspace.uri("a.ipynb");
        let mut cells = vec![json!({ "kind": 1, "document": cell(workspace, 99) })];
        cells.extend((0..texts.len()).map(|number| json!({ "kind": 2, "document": cell(workspace, number) })));
        let items: Vec<Value> =
            texts.iter().enumerate().map(|(number, text)| item(&cell(workspace, number), text)).collect();
        client.notify(
            "notebookDocument/didOpen",
            json!({
                "notebookDocument": { "uri": uri, "notebookType": "jupyter-notebook", "version": 1, "cells": cells },
                "cellTextDocuments": items,
            }),
        );
        Notebook { uri, version: 1 }
    }

    fn change(&mut self, client: &mut Client, cells: Value) {
        self.version += 1;
        client.notify(
            "notebookDocument/didChange",
            json!({ "notebookDocument": { "uri": self.uri, "version": self.version }, "change": { "cells": cells } }),
        );
    }
}

#[track_caller]
fn found(client: &mut Client, uri: &str) -> Vec<String> {
    let report = client.pull(uri, None);
    codes(report["items"].as_array().expect("a list"))
}

#[test]
fn findings_belong_to_their_cells() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    let texts = [
        "%matplotlib inline\nx = 'a'",
        "é = 1\nx is 'a'",
        "%%bash\nls is 'a'",
        "def f(a=[]):\n    a.append(1)\n    return a\n",
    ];
    Notebook::open(&mut client, &workspace, &texts);
    let all: Vec<Vec<String>> = (0..4).map(|number| found(&mut client, &cell(&workspace, number))).collect();
    assert_eq!(all, [&[][..], &["PP3001"], &[], &["PP0301"]]);
    let report = client.pull(&cell(&workspace, 1), None);
    assert_eq!(
        report["items"][0]["range"],
        json!({ "start": { "line": 1, "character": 2 }, "end": { "line": 1, "character": 4 } })
    );
    let report = client.pull(&cell(&workspace, 3), None);
    assert_eq!(report["items"][0]["relatedInformation"][0]["location"]["uri"], cell(&workspace, 3));
    let position = json!({ "line": 0, "character": 9 });
    let hover = client
        .request("textDocument/hover", json!({ "textDocument": { "uri": cell(&workspace, 3) }, "position": position }));
    assert!(hover["contents"]["value"].as_str().is_some_and(|text| text.contains("PP0301")), "{hover}");
    client.finish();
}

#[test]
fn names_flow_through_cells_as_they_are_ordered() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    let mut notebook =
        Notebook::open(&mut client, &workspace, &["list = tuple", "def f(a=list()):\n    a.append(1)\n    return a"]);
    let second = cell(&workspace, 1);
    assert_eq!(found(&mut client, &second), [""; 0], "`list` is not the builtin here");
    // The first Python cell goes: cell 1 of the notebook, behind the Markdown.
    let gone = json!({ "array": { "start": 1, "deleteCount": 1 }, "didClose": [{ "uri": cell(&workspace, 0) }] });
    notebook.change(&mut client, json!({ "structure": gone }));
    assert_eq!(found(&mut client, &second), ["PP0301"]);
    let new = cell(&workspace, 7);
    let come = json!({
        "array": { "start": 0, "deleteCount": 0, "cells": [{ "kind": 2, "document": new }] },
        "didOpen": [item(&new, "x = 'a' is x")],
    });
    notebook.change(&mut client, json!({ "structure": come }));
    assert_eq!(found(&mut client, &new), ["PP3001"]);
    let edit = json!([{ "document": { "uri": new, "version": 2 }, "changes": [{ "text": "list = tuple" }] }]);
    notebook.change(&mut client, json!({ "textContent": edit }));
    assert_eq!(found(&mut client, &new), [""; 0]);
    assert_eq!(found(&mut client, &second), [""; 0]);
    client.finish();
}

#[test]
fn fixes_change_their_own_cells() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    Notebook::open(&mut client, &workspace, &["x = 'a'\nx is 'a'", "x is 'b'; x"]);
    let second = cell(&workspace, 1);
    let everywhere = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 11 } });
    let params = json!({
        "textDocument": { "uri": second }, "range": everywhere,
        "context": { "diagnostics": [], "only": ["source.fixAll.pyprep"] },
    });
    let actions = client.request("textDocument/codeAction", params);
    let edit = client.request("codeAction/resolve", actions[0].clone())["edit"].take();
    let changes = edit["documentChanges"].as_array().expect("of both cells");
    let texts: Vec<(&str, &str)> = changes
        .iter()
        .map(|change| {
            (change["textDocument"]["uri"].as_str().unwrap(), change["edits"][0]["newText"].as_str().unwrap())
        })
        .collect();
    assert_eq!(texts, [(cell(&workspace, 0).as_str(), "x == 'a'"), (second.as_str(), "x == 'b'; x")]);
    client.finish();
}

#[test]
fn closing_clears_all_cells() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::push());
    let notebook = Notebook::open(&mut client, &workspace, &["x = 'a' is x", "y = 'a' is y"]);
    let cells = [cell(&workspace, 0), cell(&workspace, 1)];
    cells.iter().for_each(|uri| client.wait_for_codes(uri, &["PP3001"]));
    let identifiers: Vec<Value> = cells.iter().map(|uri| json!({ "uri": uri })).collect();
    client.notify(
        "notebookDocument/didClose",
        json!({ "notebookDocument": { "uri": notebook.uri }, "cellTextDocuments": identifiers }),
    );
    cells.iter().for_each(|uri| client.wait_for_codes(uri, &[]));
    client.finish();
}
