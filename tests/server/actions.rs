//! Quick fixes, fixing all, ignoring, and opening the question.

use serde_json::{Value, json};

use crate::client::{Client, Reply, Workspace, capabilities};
use crate::model;

const COMPARISON: &str = "x = 1\nif x is 1000:\n    print('\u{1f40d}', x is 1000)\n";
const LESSON: &str = "def add(item, basket=[]):\n    basket.append(item)\n    return basket\n";

fn kind(action: &Value) -> &str {
    action["kind"].as_str().unwrap_or_default()
}

/// The only action that fits.
#[track_caller]
fn only<'v>(actions: &'v [Value], what: &str, fits: impl Fn(&Value) -> bool) -> &'v Value {
    let found: Vec<&Value> = actions.iter().filter(|action| fits(action)).collect();
    let [action] = found[..] else { panic!("{} actions {what} in {actions:#?}", found.len()) };
    action
}

fn is_ignoring(action: &Value) -> bool {
    action["title"].as_str().is_some_and(|title| title.to_lowercase().contains("ignore"))
}

fn is_opening(action: &Value) -> bool {
    action["title"].as_str().is_some_and(|title| title.starts_with("Open the question"))
}

fn is_asking(action: &Value) -> bool {
    action["title"].as_str().is_some_and(|title| title.starts_with("Ask me"))
}

fn is_fix(action: &Value) -> bool {
    kind(action) == "quickfix" && !is_ignoring(action) && action.get("command").is_none_or(Value::is_null)
}

impl Client {
    /// The edit of an action, resolved if it has to be, as a list of `TextEdit`s for the only document in it.
    #[track_caller]
    fn edits(&mut self, uri: &str, action: &Value) -> Value {
        let edit = match &action["edit"] {
            Value::Null => self.request("codeAction/resolve", action.clone())["edit"].take(),
            edit => edit.clone(),
        };
        let by_document = match &edit["documentChanges"] {
            Value::Null => edit["changes"].clone(),
            changes => {
                let changes = changes.as_array().expect("a list");
                assert!(edit.get("changes").is_none_or(Value::is_null), "one of both: {edit}");
                let version = &self.document(uri).version;
                for change in changes {
                    assert_eq!(change["textDocument"]["version"], *version, "{change}");
                }
                changes
                    .iter()
                    .map(|change| {
                        (change["textDocument"]["uri"].as_str().expect("a URI").to_owned(), change["edits"].clone())
                    })
                    .collect()
            }
        };
        let by_document = by_document.as_object().unwrap_or_else(|| panic!("changes: {edit}"));
        assert_eq!(by_document.keys().collect::<Vec<_>>(), [uri]);
        by_document[uri].clone()
    }

    /// The document's text after an action, which is not carried out.
    #[track_caller]
    fn after(&mut self, uri: &str, action: &Value) -> String {
        let edits = self.edits(uri, action);
        model::applied(&self.document(uri).text, &edits, self.unit)
    }

    /// Runs the command of an action.
    #[track_caller]
    fn run_command(&mut self, action: &Value) -> Value {
        let command = if action["command"].is_string() { action } else { &action["command"] };
        let params = json!({ "command": command["command"], "arguments": command["arguments"] });
        self.request("workspace/executeCommand", params)
    }
}

#[test]
fn a_quick_fix_does_what_the_command_line_does() {
    let workspace = Workspace::with(&[("a.py", COMPARISON)]);
    let mut client = Client::start(&workspace, capabilities::all());
    let uri = workspace.uri("a.py");
    client.open(&uri, COMPARISON);
    let at = client.find(&uri, "is 1000:");
    let actions = client.actions(&uri, at, at, None);
    let action = only(&actions, "that fix", is_fix);
    assert_eq!(action["isPreferred"], true, "it is safe: {action}");
    assert_eq!(action["diagnostics"][0]["code"], "PP3001");
    assert!(action["edit"].is_null(), "the client can resolve: {action}");
    let fixed = client.after(&uri, action);
    assert_eq!(fixed, COMPARISON.replacen("is 1000", "== 1000", 1));
    client.set(&uri, &fixed);
    assert_eq!(client.codes(&uri), ["PP3001"], "the other one");
    client.finish();
}

#[test]
fn a_fix_that_needs_a_look_says_so_and_is_not_preferred() {
    let workspace = Workspace::with(&[("a.py", LESSON)]);
    let mut client = Client::start(&workspace, capabilities::all());
    let uri = workspace.uri("a.py");
    client.open(&uri, LESSON);
    let at = client.find(&uri, "[]");
    let actions = client.actions(&uri, at, at, None);
    let action = only(&actions, "that fix", is_fix);
    assert!(action["isPreferred"] != true, "{action}");
    let safe_title = "Default to `None` and make the list in the body";
    let title = action["title"].as_str().expect("a title");
    assert!(title.starts_with(safe_title) && title.len() > safe_title.len(), "why a look is needed: {title}");
    assert_eq!(client.after(&uri, action), workspace.fixed("a.py", &["--unsafe-fixes"]));
    client.finish();
}

#[test]
fn a_client_that_cannot_resolve_gets_the_edit_at_once() {
    let workspace = Workspace::with(&[]);
    for capability in ["/textDocument/codeAction/resolveSupport", "/textDocument/codeAction/dataSupport"] {
        let mut client = Client::start(&workspace, capabilities::without(capabilities::all(), capability));
        let uri = workspace.uri("a.py");
        client.open(&uri, COMPARISON);
        let at = client.find(&uri, "is 1000:");
        for action in client.actions(&uri, at, at, None) {
            assert!(action["edit"].is_object() || action["command"].is_object(), "{capability}: {action}");
        }
        client.finish();
    }
}

#[test]
fn a_client_without_document_changes_gets_plain_changes() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::without(capabilities::all(), "/workspace/workspaceEdit"));
    let uri = workspace.uri("a.py");
    client.open(&uri, COMPARISON);
    let at = client.find(&uri, "is 1000:");
    let actions = client.actions(&uri, at, at, None);
    let resolved = client.request("codeAction/resolve", only(&actions, "that fix", is_fix).clone());
    assert!(resolved["edit"]["changes"].is_object(), "{resolved}");
    assert!(resolved["edit"].get("documentChanges").is_none_or(Value::is_null), "{resolved}");
    client.finish();
}

/// A resolved edit must not be applied to a text that it was not made for.
#[test]
fn an_action_for_an_older_text_is_not_resolved_to_a_wrong_edit() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    let uri = workspace.uri("a.py");
    client.open(&uri, COMPARISON);
    let at = client.find(&uri, "is 1000:");
    let actions = client.actions(&uri, at, at, None);
    let action = only(&actions, "that fix", is_fix).clone();
    client.edit(&uri, (0, 0), (0, 0), "# one more line\n\n");
    let response = client.call("codeAction/resolve", action);
    let edit = &response["result"]["edit"];
    if edit.is_object() {
        // For the text as it was, by its version, or as it is now.
        let change = &edit["documentChanges"][0];
        let version = change["textDocument"]["version"].as_i64();
        let text = client.document(&uri).text.clone();
        let right_now =
            || model::applied(&text, &change["edits"], client.unit) == text.replacen("is 1000", "== 1000", 1);
        assert!(version == Some(1) || version == Some(2) && right_now(), "{response}");
    }
    client.finish();
}

#[test]
fn fix_all_does_what_the_command_line_does() {
    let text = "x = 1\nif x is 1000:\n    y = x is not 'a'\ndef add(item, basket=[]):\n    basket.append(item)\nz = 1  # pyprep: ignore[bare-except] no\n";
    let workspace = Workspace::with(&[("a.py", text)]);
    let mut client = Client::start(&workspace, capabilities::all());
    let uri = workspace.uri("a.py");
    client.open(&uri, text);
    let end = client.find(&uri, "z = 1");
    for only_kind in ["source.fixAll.pyprep", "source.fixAll", "source"] {
        let actions = client.actions(&uri, (0, 0), end, Some(only_kind));
        let action = only(&actions, "that fix all", |action| kind(action) == "source.fixAll.pyprep");
        assert_eq!(actions.len(), 1, "{only_kind}: {actions:?}");
        let fixed = client.after(&uri, action);
        assert_eq!(fixed, workspace.fixed("a.py", &["--fix", "--hints"]), "{only_kind}");
    }
    let actions = client.actions(&uri, (0, 0), end, None);
    assert!(actions.len() > 3, "{actions:?}");
    client.finish();
}

#[test]
fn only_the_kinds_that_were_asked_for_are_offered() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    let uri = workspace.uri("a.py");
    client.open(&uri, COMPARISON);
    for (only_kind, wanted) in [
        ("quickfix", "quickfix"),
        ("source.fixAll", "source.fixAll"),
        ("source.fixAll.ruff", "-"),
        ("refactor", "-"),
        ("source.organizeImports", "-"),
        ("quick", "-"),
    ] {
        for action in client.actions(&uri, (0, 0), (2, 5), Some(only_kind)) {
            assert!(kind(&action).starts_with(wanted), "{only_kind}: {action}");
        }
    }
    client.finish();
}

#[test]
fn where_nothing_is_found_nothing_is_offered() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    let uri = workspace.uri("a.py");
    client.open(&uri, "x = 1\n");
    assert_eq!(client.actions(&uri, (0, 0), (1, 0), None), [Value::Null; 0]);
    client.set(&uri, COMPARISON);
    for action in client.actions(&uri, (0, 0), (0, 1), None) {
        assert!(kind(&action).starts_with("source"), "another line's: {action}");
    }
    client.finish();
}

#[test]
fn a_line_can_be_ignored_with_a_reason() {
    let workspace = Workspace::with(&[]);
    for (text, needle) in [
        (LESSON, "[]"),
        ("def add(item, basket=[]):  # keeps all\r\n    basket.append(item)\r\n", "[]"),
        ("try:\n    x = '''\n    '''\nexcept:\n    pass", "except"),
        ("def add(\n    item,\n    basket=[],\n):\n    basket.append(item)\n", "[]"),
        ("x = 1\ny = x is 1000 and '''\n'''\n", "is 1000"),
        ("x = 1\ny = x is \\\n    1000\n", "is \\"),
        ("x = 1\nif x is 1000: pass  # pyprep: ignore[bare-except]", "is 1000"),
    ] {
        let mut client = Client::start(&workspace, capabilities::all());
        let uri = workspace.uri("a.py");
        client.open(&uri, text);
        let finding = client.diagnostics(&uri).remove(0);
        let code = finding["code"].clone();
        let at = client.find(&uri, needle);
        let actions = client.actions(&uri, at, at, Some("quickfix"));
        let action = only(&actions, "that ignore", is_ignoring);
        assert!(action["isPreferred"] != true, "{action}");
        let ignored = client.after(&uri, action);
        let comment = ignored.split("# pyprep: ignore[").last().expect("a comment");
        let (_, rest) = comment.split_once(']').unwrap_or_else(|| panic!("a bracket: {ignored:?}"));
        let reason = rest.lines().next().unwrap_or_default();
        // To a comment that is there already only the name is added.
        let is_new = !text.contains("# pyprep: ignore[");
        assert!(!is_new || reason.trim().len() > 3, "a reason, or its place: {ignored}");
        client.set(&uri, &ignored);
        assert!(client.diagnostics(&uri).iter().all(|left| left["code"] != code), "{ignored:?}");
        client.finish();
    }
}

#[test]
fn the_question_is_opened_in_the_editor() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    let uri = workspace.uri("a.py");
    client.open(&uri, LESSON);
    let at = client.find(&uri, "[]");
    let actions = client.actions(&uri, at, at, None);
    let action = only(&actions, "that open", is_opening);
    client.run_command(action);
    let shown = client.wait_for("window/showDocument", |_| true);
    assert!(shown.get("external").is_none_or(|external| external == false), "{shown}");
    let path = shown["uri"].as_str().and_then(|uri| uri.strip_prefix("file://")).expect("a file");
    assert!(path.ends_with(".md"), "{path}");
    let text = std::fs::read_to_string(path).expect("it was written");
    assert!(text.contains("# How do functions and default arguments work?"), "{text}");
    assert!(std::path::Path::new(path).starts_with(workspace.cache()), "in the cache folder: {path}");
    // Once more: it is there already.
    client.run_command(action);
    assert_eq!(client.wait_for("window/showDocument", |_| true), shown);
    client.finish();
}

#[test]
fn a_client_that_cannot_show_documents_gets_the_answer_in_short() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::without(capabilities::all(), "/window/showDocument"));
    let uri = workspace.uri("a.py");
    client.open(&uri, LESSON);
    let at = client.find(&uri, "[]");
    let actions = client.actions(&uri, at, at, None);
    client.run_command(only(&actions, "that open", is_opening));
    let shown = client.wait_for("window/showMessage", |_| true);
    let message = shown["message"].as_str().expect("a message");
    assert!(message.contains("`def` is a statement"), "{message}");
    let path = message.split_whitespace().find(|word| word.contains(".md")).expect("a path");
    let path = path.trim_matches(|c: char| !c.is_alphanumeric() && c != '/');
    assert!(std::fs::read_to_string(path).expect("it was written").contains("default arguments"), "{path}");
    for message in client.finish() {
        assert_ne!(message["method"], "window/showDocument", "{message}");
    }
}

/// What it asks about is what the reader saw when the action was offered.
#[test]
fn the_question_is_asked_about_the_readers_own_code() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    let uri = workspace.uri("a.py");
    client.open(&uri, &format!("import os\n\n\n{LESSON}"));
    let at = client.find(&uri, "[]");
    let actions = client.actions(&uri, at, at, None);
    let action = only(&actions, "that ask", is_asking).clone();
    client.set(&uri, "x = 1\n");
    client.run_command(&action);
    let shown = client.wait_for("window/showDocument", |_| true);
    let path = shown["uri"].as_str().and_then(|uri| uri.strip_prefix("file://")).expect("a file");
    let text = std::fs::read_to_string(path).expect("it was written");
    for part in ["def add(item, basket=[]):", "basket.append(item)", "a.py, line 4", "?"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("import os"), "what has nothing to do with it: {text}");
    client.finish();
}

#[test]
fn a_comment_links_to_the_pages_of_its_rules() {
    let workspace = Workspace::with(&[]);
    for unit in model::Unit::ALL {
        let mut client = Client::start(&workspace, capabilities::counting(capabilities::all(), unit));
        let uri = workspace.uri("a.py");
        let comment = "# pyprep: ignore[bare-except, PP0301] \u{1f40d}";
        client.open(&uri, &format!("s = '\u{1f40d}'  {comment}\r\nx = 1  # no link\r\n"));
        let links = client.request("textDocument/documentLink", json!({ "textDocument": { "uri": uri } }));
        let links = links.as_array().expect("links");
        let places: Vec<model::Position> = links.iter().map(|link| model::range_of(link).0).collect();
        assert_eq!(places, [client.find(&uri, "bare-except"), client.find(&uri, "PP0301")], "{unit:?}");
        for (link, headline) in links.iter().zip(["except", "One list for every call"]) {
            assert!(link.get("target").is_none_or(Value::is_null), "written only when it is followed: {link}");
            let link = client.request("documentLink/resolve", link.clone());
            let path = link["target"].as_str().and_then(|uri| uri.strip_prefix("file://")).expect("a file");
            let text = std::fs::read_to_string(path).expect("it was written");
            assert!(text.contains(headline), "{headline}: {text}");
        }
        client.finish();
    }
}

/// A client that says it can and then does not must not hang the server.
#[test]
fn a_client_that_fails_to_show_the_question_is_told_where_it_is() {
    let workspace = Workspace::with(&[]);
    for reply in [Reply::WithError, Reply::With(json!({ "success": false })), Reply::Silence] {
        let mut client = Client::start(&workspace, capabilities::all());
        client.reply("window/showDocument", reply.clone());
        let uri = workspace.uri("a.py");
        client.open(&uri, LESSON);
        let at = client.find(&uri, "[]");
        let actions = client.actions(&uri, at, at, None);
        let action = only(&actions, "that open", is_opening);
        client.run_command(action);
        client.wait_for("window/showDocument", |_| true);
        if !matches!(reply, Reply::Silence) {
            let shown = client.wait_for("window/showMessage", |_| true);
            assert!(shown["message"].as_str().is_some_and(|message| message.contains(".md")), "{shown}");
        }
        assert!(client.hover(&uri, "[]").is_object());
        client.finish();
    }
}

#[test]
fn commands_that_do_not_exist_are_refused() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    let commands = client.capabilities["executeCommandProvider"]["commands"].clone();
    // The guide is opened without arguments.
    for command in commands.as_array().expect("commands").iter().filter(|command| *command != "pyprep-lint.openGuide") {
        for arguments in [json!([]), json!(["nonsense"]), json!([99]), json!([null, {}])] {
            let response =
                client.call("workspace/executeCommand", json!({ "command": command, "arguments": arguments }));
            assert!(response["error"]["message"].is_string(), "{command} {arguments}: {response}");
        }
    }
    let response = client.call("workspace/executeCommand", json!({ "command": "never.heard", "arguments": [] }));
    assert!(response["error"]["message"].is_string(), "{response}");
    client.finish();
}

#[test]
fn edits_in_every_unit_and_with_every_line_end() {
    let workspace = Workspace::with(&[]);
    for unit in model::Unit::ALL {
        for end in ["\n", "\r\n", "\r"] {
            let text = format!("{LESSON}s = '\u{1f469}\u{200d}\u{1f4bb}e\u{301}'; t = s is 'x'").replace('\n', end);
            let mut client = Client::start(&workspace, capabilities::counting(capabilities::all(), unit));
            let uri = workspace.uri("a.py");
            client.open(&uri, &text);
            let at = client.find(&uri, "is 'x'");
            let actions = client.actions(&uri, at, at, None);
            let action = only(&actions, "that fix", is_fix);
            assert_eq!(client.after(&uri, action), text.replace("is 'x'", "== 'x'"), "{unit:?} {end:?}");
            let at = client.find(&uri, "[]");
            let actions = client.actions(&uri, at, at, None);
            let fixed = client.after(&uri, only(&actions, "that fix", is_fix));
            let lines: Vec<&str> = fixed.split(end).collect();
            assert_eq!(
                lines[..4],
                [
                    "def add(item, basket=None):",
                    "    if basket is None:",
                    "        basket = []",
                    "    basket.append(item)"
                ],
                "{unit:?} {end:?}"
            );
            client.finish();
        }
    }
}
