//! What the language server sees of the workspace: all its files, open or not, as they are now.

use std::fs;

use serde_json::{Value, json};

use crate::client::{Client, Start, Workspace, capabilities};

const QUIZ: &str = "def main(): ...\n\nmain()\n";

/// Tells the server that a file was created (1), changed (2) or deleted (3).
fn changed(client: &mut Client, uri: &str, kind: u8) {
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri, "type": kind }] }));
}

#[test]
fn files_that_are_not_open_are_seen() {
    for capabilities in [capabilities::all(), capabilities::push()] {
        let workspace = Workspace::with(&[("quiz.py", QUIZ), ("deep/game.py", "x = 1\nimport quiz\n")]);
        let mut client = Client::start(&workspace, capabilities);
        let uri = workspace.uri("quiz.py");
        client.open(&uri, QUIZ);
        client.wait_for_codes(&uri, &["PP0902"]);
        let related = &client.diagnostics(&uri)[0]["relatedInformation"][0];
        assert_eq!(related["location"]["uri"], workspace.uri("deep/game.py"));
        assert_eq!(related["location"]["range"]["start"], json!({ "line": 1, "character": 0 }));
        client.finish();
    }
}

#[test]
fn changes_on_disk_are_seen() {
    for capabilities in [capabilities::all(), capabilities::push()] {
        let workspace = Workspace::with(&[("quiz.py", QUIZ), ("game.py", "")]);
        let mut client = Client::start(&workspace, capabilities);
        let (quiz, game) = (workspace.uri("quiz.py"), workspace.uri("game.py"));
        client.open(&quiz, QUIZ);
        assert_eq!(client.codes(&quiz), [""; 0]);
        workspace.write("game.py", "import quiz\n");
        changed(&mut client, &game, 2);
        client.wait_for_codes(&quiz, &["PP0902"]);
        workspace.write("game.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import quiz\n");
        changed(&mut client, &game, 2);
        client.wait_for_codes(&quiz, &[]);
        workspace.write("other.py", "from quiz import main\n");
        changed(&mut client, &workspace.uri("other.py"), 1);
        client.wait_for_codes(&quiz, &["PP0902"]);
        fs::remove_file(workspace.path("other.py")).expect("it was written");
        changed(&mut client, &workspace.uri("other.py"), 3);
        client.wait_for_codes(&quiz, &[]);
        client.finish();
    }
}

#[test]
fn the_server_watches_where_the_client_does_not() {
    let workspace = Workspace::with(&[("quiz.py", QUIZ), ("game.py", "")]);
    let capabilities = capabilities::without(capabilities::push(), "/workspace/didChangeWatchedFiles");
    let mut client = Client::start(&workspace, capabilities);
    let quiz = workspace.uri("quiz.py");
    client.open(&quiz, QUIZ);
    assert_eq!(client.codes(&quiz), [""; 0]);
    // A server that has answered has not always walked already: the watch must not miss what comes in between.
    workspace.write("game.py", "import quiz\n");
    client.wait_for_codes(&quiz, &["PP0902"]);
    fs::remove_file(workspace.path("game.py")).expect("it was written");
    client.wait_for_codes(&quiz, &[]);
    client.finish();
}

#[test]
fn the_open_text_counts_not_the_disks() {
    for capabilities in [capabilities::all(), capabilities::push()] {
        let workspace = Workspace::with(&[("quiz.py", QUIZ), ("game.py", "import quiz\n")]);
        let mut client = Client::start(&workspace, capabilities);
        let (quiz, game) = (workspace.uri("quiz.py"), workspace.uri("game.py"));
        client.open(&quiz, QUIZ);
        client.wait_for_codes(&quiz, &["PP0902"]);
        client.open(&game, "import quiz\n");
        client.replace(&game, "import quiz", "import quizzes");
        client.wait_for_codes(&quiz, &[]);
        // What happens on disk is of no interest while it is open.
        changed(&mut client, &game, 2);
        client.replace(&game, "import quizzes", "from quiz import main");
        client.wait_for_codes(&quiz, &["PP0902"]);
        client.replace(&game, "from quiz import main", "x = 1");
        client.wait_for_codes(&quiz, &[]);
        // Closed without saving: the file on disk counts again.
        client.close(&game);
        client.wait_for_codes(&quiz, &["PP0902"]);
        client.finish();
    }
}

#[test]
fn only_what_a_change_concerns_is_published_again() {
    let workspace = Workspace::with(&[("quiz.py", QUIZ), ("game.py", "import quiz\n"), ("plain.py", "")]);
    let mut client = Client::start(&workspace, capabilities::push());
    let uri = |name: &str| workspace.uri(name);
    client.open(&uri("quiz.py"), QUIZ);
    client.wait_for_codes(&uri("quiz.py"), &["PP0902"]);
    client.open(&uri("plain.py"), "def f(x=[]):\n    x.append(1)\n");
    client.open(&uri("game.py"), "import quiz\n");
    assert_eq!(client.codes(&uri("plain.py")), ["PP0301"]);
    assert_eq!(client.codes(&uri("game.py")), [""; 0]);
    let published = |client: &Client, name: &str| {
        let all = client.all_of("textDocument/publishDiagnostics");
        all.iter().filter(|params| params["uri"] == uri(name)).count()
    };
    let before = (published(&client, "quiz.py"), published(&client, "plain.py"));
    for step in ["1", "2", "3"] {
        client.edit(&uri("game.py"), (1, 0), (1, 0), &format!("def f{step}():\n    return quiz.main()\n"));
        assert_eq!(client.codes(&uri("game.py")), [""; 0]);
    }
    client.replace(&uri("game.py"), "import quiz\n", "");
    client.wait_for_codes(&uri("quiz.py"), &[]);
    assert_eq!(published(&client, "quiz.py"), before.0 + 1, "once, when the import was gone");
    assert_eq!(published(&client, "plain.py"), before.1, "it has nothing to do with all that");
    client.finish();
}

#[test]
fn a_result_that_other_files_change_is_a_new_result() {
    let workspace = Workspace::with(&[("quiz.py", QUIZ), ("game.py", "")]);
    let mut client = Client::start(&workspace, capabilities::all());
    let quiz = workspace.uri("quiz.py");
    client.open(&quiz, QUIZ);
    let first = client.pull(&quiz, None);
    assert_eq!(client.pull(&quiz, Some(&first["resultId"]))["kind"], "unchanged");
    workspace.write("game.py", "import quiz\n");
    changed(&mut client, &workspace.uri("game.py"), 2);
    client.wait_for("workspace/diagnostic/refresh", |_| true);
    let second = client.pull(&quiz, Some(&first["resultId"]));
    assert_eq!(second["kind"], "full");
    assert_eq!(second["items"][0]["code"], "PP0902");
    client.finish();
}

#[test]
fn fixes_know_other_files() {
    let workspace = Workspace::with(&[("prices.py", "VAT = 0.19\ndef net(x): return x\n")]);
    let mut client = Client::start(&workspace, capabilities::push());
    let uri = workspace.uri("desk.py");
    client.open(&uri, "from prices import *\nprint(net(1), VAT)\n");
    client.wait_for_codes(&uri, &["PP0901"]);
    client.wait("a fix", |client| {
        let actions = client.actions(&uri, (0, 0), (0, 20), Some("quickfix"));
        let is_fix =
            |action: &Value| action["title"].as_str().is_some_and(|title| title.starts_with("List the 2 names"));
        let action = actions.iter().find(|action| is_fix(action))?.clone();
        let resolved = client.request("codeAction/resolve", action);
        let edit = &resolved["edit"]["documentChanges"][0]["edits"][0];
        assert_eq!(edit["newText"], "VAT, net");
        Some(())
    });
    client.finish();
}

/// The address of the file that imports `uri`, as its finding says.
fn importer(client: &mut Client, uri: &str) -> Value {
    client.diagnostics(uri)[0]["relatedInformation"][0]["location"]["uri"].clone()
}

#[test]
fn files_are_created_renamed_and_deleted() {
    let workspace = Workspace::with(&[("quiz.py", QUIZ)]);
    let mut client = Client::start(&workspace, capabilities::push());
    let quiz = workspace.uri("quiz.py");
    client.open(&quiz, QUIZ);
    assert_eq!(client.codes(&quiz), [""; 0]);
    workspace.write("game.py", "import quiz\n");
    changed(&mut client, &workspace.uri("game.py"), 1);
    client.wait_for_codes(&quiz, &["PP0902"]);
    fs::rename(workspace.path("game.py"), workspace.path("play.py")).expect("it was written");
    changed(&mut client, &workspace.uri("game.py"), 3);
    changed(&mut client, &workspace.uri("play.py"), 1);
    client.wait("the new name", |client| {
        let found = client.diagnostics(&quiz);
        let message = found.first()?["message"].as_str()?;
        message.starts_with("`play.py` imports").then_some(())
    });
    fs::remove_file(workspace.path("play.py")).expect("it was renamed");
    changed(&mut client, &workspace.uri("play.py"), 3);
    client.wait_for_codes(&quiz, &[]);
    client.finish();
}

#[test]
fn folders_come_and_go_as_a_whole() {
    let with_watch = capabilities::push();
    let without = capabilities::without(capabilities::push(), "/workspace/didChangeWatchedFiles");
    for (capabilities, tells) in [(with_watch, true), (without, false)] {
        let workspace = Workspace::with(&[("quiz.py", QUIZ), ("old/game.py", "import quiz\n")]);
        let mut client = Client::start(&workspace, capabilities);
        let quiz = workspace.uri("quiz.py");
        client.open(&quiz, QUIZ);
        client.wait_for_codes(&quiz, &["PP0902"]);
        for (from, to) in [("old", "new"), ("new", "old")] {
            // Editors tell of the folder, and not of the files in it.
            fs::rename(workspace.path(from), workspace.path("build")).expect("it is there");
            if tells {
                changed(&mut client, &workspace.uri(from), 3);
            }
            client.wait_for_codes(&quiz, &[]);
            fs::rename(workspace.path("build"), workspace.path(to)).expect("it is there");
            if tells {
                changed(&mut client, &workspace.uri(to), 1);
            }
            client.wait_for_codes(&quiz, &["PP0902"]);
            assert_eq!(importer(&mut client, &quiz), workspace.uri(&format!("{to}/game.py")));
        }
        client.finish();
    }
}

#[test]
fn a_buffer_without_a_file_imports_for_nobody() {
    let workspace = Workspace::with(&[("quiz.py", QUIZ)]);
    let mut client = Client::start(&workspace, capabilities::push());
    let quiz = workspace.uri("quiz.py");
    client.open(&quiz, QUIZ);
    client.open("untitled:Untitled-1", "import quiz\n");
    assert_eq!(client.codes("untitled:Untitled-1"), [""; 0]);
    assert_eq!(client.codes(&quiz), [""; 0]);
    workspace.write("game.py", "import quiz\n");
    changed(&mut client, &workspace.uri("game.py"), 1);
    client.wait_for_codes(&quiz, &["PP0902"]);
    assert_eq!(importer(&mut client, &quiz), workspace.uri("game.py"));
    client.finish();
}

#[test]
fn all_folders_of_a_workspace_are_one_project() {
    let files = [("shop/quiz.py", QUIZ), ("tests/src/test_quiz.py", "from quiz import main\n"), ("other/x.py", "")];
    let workspace = Workspace::with(&files);
    let mut client = Start::new(&workspace, capabilities::push()).roots(&["shop", "other"]).run();
    let quiz = workspace.uri("shop/quiz.py");
    client.open(&quiz, QUIZ);
    assert_eq!(client.codes(&quiz), [""; 0]);
    let tests = json!([{ "uri": workspace.uri("tests"), "name": "tests" }]);
    client.notify("workspace/didChangeWorkspaceFolders", json!({ "event": { "added": tests, "removed": [] } }));
    client.wait_for_codes(&quiz, &["PP0902"]);
    client.notify("workspace/didChangeWorkspaceFolders", json!({ "event": { "added": [], "removed": tests } }));
    client.wait_for_codes(&quiz, &[]);
    client.finish();
}

#[test]
fn what_the_configuration_leaves_out_imports_for_nobody() {
    let workspace = Workspace::with(&[("quiz.py", QUIZ), ("game.py", "import quiz\n")]);
    let mut client = Client::start(&workspace, capabilities::push());
    let (quiz, game) = (workspace.uri("quiz.py"), workspace.uri("game.py"));
    client.open(&quiz, QUIZ);
    client.wait_for_codes(&quiz, &["PP0902"]);
    // Open or not.
    client.open(&game, "import quiz\n");
    assert_eq!(client.codes(&game), [""; 0]);
    workspace.write("pyproject.toml", "[tool.pyprep-lint]\nexclude = ['game.py']\n");
    changed(&mut client, &workspace.uri("pyproject.toml"), 1);
    client.wait_for_codes(&quiz, &[]);
    client.close(&game);
    workspace.write("pyproject.toml", "[tool.pyprep-lint]\n");
    changed(&mut client, &workspace.uri("pyproject.toml"), 2);
    client.wait_for_codes(&quiz, &["PP0902"]);
    client.finish();
}
