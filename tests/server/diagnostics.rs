//! What is shown, to whom, and when it goes away.

use serde_json::{Value, json};

use crate::client::{Client, Start, Workspace, capabilities};
use crate::model::range_of;

const LESSON: &str = "def add(item, basket=[]):\n    basket.append(item)\n    return basket\n";
const GUIDE: &str = "https://freebytes.in/tools/interview-questions/python.php#:~:text=";

/// One finding of each severity that there is, in the order of their places.
const MIXED: &str = "\
def add(item, basket=[]):
    basket.append(item)
def price(amount, rates={}):
    return amount * rates.get('vat', 1)
if add is 1000:
    pass
x = 1  # pyprep: ignore[bare-except] not needed
";

#[test]
fn a_finding_has_all_its_parts() {
    let workspace = Workspace::with(&[]);
    for capabilities in [capabilities::all(), capabilities::push()] {
        let mut client = Client::start(&workspace, capabilities);
        let uri = workspace.uri("a.py");
        client.open(&uri, LESSON);
        let found = client.diagnostics(&uri);
        let [finding] = &found[..] else { panic!("one finding: {found:?}") };
        assert_eq!(range_of(finding), ((0, 21), (0, 23)));
        assert_eq!(finding["severity"], 2);
        assert_eq!(finding["source"], "pyprep");
        assert_eq!(finding["code"], "PP0301");
        let href = finding["codeDescription"]["href"].as_str().expect("a link");
        assert!(href.starts_with(GUIDE), "{href}");
        let message = finding["message"].as_str().expect("a message");
        for word in ["`basket`", "`add`", "None"] {
            assert!(message.contains(word), "{word}: {message}");
        }
        let related = finding["relatedInformation"].as_array().expect("cause and effect");
        assert_eq!(related.len(), 1, "{related:?}");
        assert_eq!(related[0]["location"]["uri"], uri);
        assert_eq!(range_of(&related[0]["location"]), ((1, 4), (1, 23)));
        assert!(!related[0]["message"].as_str().expect("a message").is_empty());
        client.finish();
    }
}

#[test]
fn severities_are_the_protocols() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    let uri = workspace.uri("a.py");
    client.open(&uri, MIXED);
    let found = client.diagnostics(&uri);
    let severities: Vec<_> =
        found.iter().map(|finding| (finding["code"].as_str(), finding["severity"].as_i64())).collect();
    assert_eq!(
        severities,
        [(Some("PP0301"), Some(2)), (Some("PP0301"), Some(3)), (Some("PP3001"), Some(1)), (Some("PP0001"), Some(4)),]
    );
    client.finish();
}

#[test]
fn the_server_finds_what_the_command_line_finds() {
    let workspace = Workspace::with(&[("a.py", MIXED)]);
    let mut client = Client::start(&workspace, capabilities::all());
    let uri = workspace.uri("a.py");
    client.open(&uri, MIXED);
    let shown = |value: &Value, row: &Value, column: &Value| {
        format!("{}:{}: {} {}", row.as_u64().unwrap(), column.as_u64().unwrap(), value["code"], value["message"])
    };
    let in_editor: Vec<String> = client
        .diagnostics(&uri)
        .iter()
        .map(|finding| {
            let ((line, column), _) = range_of(finding);
            shown(finding, &json!(line + 1), &json!(column + 1))
        })
        .collect();
    let on_command_line = workspace.check("a.py");
    let on_command_line: Vec<String> = on_command_line
        .as_array()
        .expect("a list")
        .iter()
        .map(|finding| shown(finding, &finding["location"]["row"], &finding["location"]["column"]))
        .collect();
    assert_eq!(
        in_editor.iter().filter(|shown| !shown.contains("PP0001")).collect::<Vec<_>>(),
        on_command_line.iter().filter(|shown| !shown.contains("PP0001")).collect::<Vec<_>>()
    );
    assert!(in_editor.last().is_some_and(|shown| shown.contains("PP0001")), "editors can show hints faintly");
    client.finish();
}

#[test]
fn what_a_client_cannot_show_is_left_out() {
    let workspace = Workspace::with(&[]);
    for (capabilities, part) in [
        (
            capabilities::without(capabilities::push(), "/textDocument/publishDiagnostics/relatedInformation"),
            "relatedInformation",
        ),
        (
            capabilities::without(capabilities::push(), "/textDocument/publishDiagnostics/codeDescriptionSupport"),
            "codeDescription",
        ),
        (capabilities::without(capabilities::push(), "/textDocument/publishDiagnostics/tagSupport"), "tags"),
    ] {
        let mut client = Client::start(&workspace, capabilities);
        let uri = workspace.uri("a.py");
        client.open(&uri, MIXED);
        for finding in client.diagnostics(&uri) {
            assert!(finding.get(part).is_none_or(Value::is_null), "{part}: {finding}");
        }
        client.finish();
    }
    let mut client = Client::start(
        &workspace,
        capabilities::without(capabilities::push(), "/textDocument/publishDiagnostics/versionSupport"),
    );
    let uri = workspace.uri("a.py");
    client.open(&uri, MIXED);
    let published = client.wait_for("textDocument/publishDiagnostics", |params| params["uri"] == uri);
    assert!(published.get("version").is_none_or(Value::is_null), "{published}");
    client.finish();
}

#[test]
fn an_unneeded_comment_is_tagged_as_such() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::push());
    let uri = workspace.uri("a.py");
    client.open(&uri, MIXED);
    for finding in client.diagnostics(&uri) {
        let tags = finding.get("tags").filter(|tags| !tags.is_null());
        // 1: not needed, shown faded.
        let wanted = (finding["code"] == "PP0001").then(|| json!([1]));
        assert_eq!(tags, wanted.as_ref(), "{finding}");
    }
    client.finish();
}

#[test]
fn a_client_that_pulls_is_never_pushed_to() {
    let workspace = Workspace::with(&[("pyprep-lint.toml", "")]);
    let mut client = Client::start(&workspace, capabilities::all());
    assert!(client.capabilities["diagnosticProvider"].is_object());
    let uri = workspace.uri("a.py");
    client.open(&uri, LESSON);
    assert_eq!(client.codes(&uri), ["PP0301"]);
    client.replace(&uri, "basket=[]", "basket=None");
    assert_eq!(client.codes(&uri), [""; 0]);
    client.save(&uri);
    workspace.write("pyprep-lint.toml", "ignore = ['PP0301']\n");
    let changed = json!({ "changes": [{ "uri": workspace.uri("pyprep-lint.toml"), "type": 2 }] });
    client.notify("workspace/didChangeWatchedFiles", changed);
    client.hover(&uri, "None");
    client.close(&uri);
    for message in client.finish() {
        assert_ne!(message["method"], "textDocument/publishDiagnostics", "{message}");
    }
}

#[test]
fn a_client_that_is_pushed_to_is_not_told_to_pull() {
    let workspace = Workspace::with(&[("pyprep-lint.toml", "")]);
    let mut client = Client::start(&workspace, capabilities::push());
    assert!(client.capabilities.get("diagnosticProvider").is_none_or(Value::is_null), "{}", client.capabilities);
    let uri = workspace.uri("a.py");
    client.open(&uri, LESSON);
    assert_eq!(client.codes(&uri), ["PP0301"]);
    workspace.write("pyprep-lint.toml", "ignore = ['PP0301']\n");
    let changed = json!({ "changes": [{ "uri": workspace.uri("pyprep-lint.toml"), "type": 2 }] });
    client.notify("workspace/didChangeWatchedFiles", changed);
    client.wait_for_codes(&uri, &[]);
    for message in client.finish() {
        assert_ne!(message["method"], "workspace/diagnostic/refresh", "{message}");
    }
}

#[test]
fn a_pull_for_what_is_known_is_answered_in_short() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    let uri = workspace.uri("a.py");
    client.open(&uri, LESSON);
    let first = client.pull(&uri, None);
    assert_eq!((&first["kind"], first["items"].as_array().map(Vec::len)), (&json!("full"), Some(1)), "{first}");
    assert!(first["resultId"].is_string(), "{first}");

    let again = client.pull(&uri, Some(&first["resultId"]));
    assert_eq!(again, json!({ "kind": "unchanged", "resultId": first["resultId"] }));
    let stranger = client.pull(&uri, Some(&json!("made up")));
    assert_eq!(stranger["items"], first["items"]);

    client.edit(&uri, (0, 0), (0, 0), "\n");
    let moved = client.pull(&uri, Some(&first["resultId"]));
    assert_eq!(moved["kind"], "full", "{moved}");
    assert_eq!(range_of(&moved["items"][0]).0, (1, 21));
    let again = client.pull(&uri, Some(&moved["resultId"]));
    assert_eq!(again["kind"], "unchanged", "{again}");

    client.replace(&uri, "[]", "None");
    let gone = client.pull(&uri, Some(&moved["resultId"]));
    assert_eq!((&gone["kind"], &gone["items"]), (&json!("full"), &json!([])), "{gone}");
    client.finish();
}

#[test]
fn a_pull_sees_every_edit_before_it() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    let uri = workspace.uri("a.py");
    client.open(&uri, "");
    // Asked for without waiting for the answers.
    let mut asked = Vec::new();
    for count in 1..=50 {
        client.edit(&uri, (0, 0), (0, 0), &format!("def f{count}(a=[]):\n    a.append(1)\n"));
        let id = client.send_request("textDocument/diagnostic", json!({ "textDocument": { "uri": uri } }));
        asked.push((count, id));
    }
    for (count, id) in asked {
        let response = client.response(&id);
        // What a newer edit has overtaken may be refused; an answer may be about a newer text, not about an older one.
        let found = response["result"]["items"].as_array().map(Vec::len);
        let refused = [-32801, -32802, -32800].map(Value::from).contains(&response["error"]["code"]);
        assert!(refused || found.is_some_and(|found| found >= count), "{count}: {response}");
    }
    assert_eq!(client.codes(&uri).len(), 50);
    client.finish();
}

#[test]
fn closing_takes_the_findings_away() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::push());
    let (uri, other) = (workspace.uri("a.py"), workspace.uri("b.py"));
    client.open(&uri, LESSON);
    client.open(&other, LESSON);
    assert_eq!(client.codes(&uri), ["PP0301"]);
    assert_eq!(client.codes(&other), ["PP0301"]);
    client.close(&uri);
    client.wait_for("textDocument/publishDiagnostics", |params| {
        params["uri"] == uri && params["diagnostics"] == json!([])
    });
    client.replace(&other, "[]", "{}");
    assert_eq!(client.codes(&other).len(), 1, "the other one stays");
    client.open(&uri, LESSON);
    assert_eq!(client.codes(&uri), ["PP0301"]);
    client.finish();
}

/// Right after an edit: what the analysis finds then must not be shown.
#[test]
fn findings_never_come_back_after_closing() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::push());
    let uri = workspace.uri("a.py");
    for _ in 0..50 {
        client.open(&uri, &LESSON.repeat(20));
        client.edit(&uri, (0, 0), (0, 0), "# edit\n");
        client.close(&uri);
    }
    let received = client.finish();
    let last = received.iter().rev().find(|message| message["method"] == "textDocument/publishDiagnostics");
    assert!(last.is_none_or(|message| message["params"]["diagnostics"] == json!([])), "{last:?}");
}

#[test]
fn published_versions_never_go_back() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::push());
    let uri = workspace.uri("a.py");
    client.open(&uri, &LESSON.repeat(30));
    for number in 0..200 {
        client.edit(&uri, (0, 0), (0, 0), "# line\n");
        if number % 50 == 0 {
            client.diagnostics(&uri);
        }
    }
    let found = client.diagnostics(&uri);
    assert_eq!(range_of(&found[0]).0.0, 200);
    let versions: Vec<i64> = client
        .all_of("textDocument/publishDiagnostics")
        .iter()
        .map(|params| params["version"].as_i64().expect("a version"))
        .collect();
    assert!(versions.is_sorted(), "{versions:?}");
    assert_eq!(versions.last(), Some(&201));
    client.finish();
}

/// The position is the one in the version that is named: it can be computed from the version alone.
#[test]
fn published_findings_belong_to_the_version_that_they_name() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::push());
    let uri = workspace.uri("a.py");
    client.open(&uri, LESSON);
    for _ in 0..100 {
        client.edit(&uri, (0, 0), (0, 0), "\n");
    }
    client.diagnostics(&uri);
    for params in client.all_of("textDocument/publishDiagnostics") {
        let line = range_of(&params["diagnostics"][0]).0.0;
        assert_eq!(i64::from(line) + 1, params["version"].as_i64().expect("a version"), "{params}");
    }
    client.finish();
}

#[test]
fn opening_again_replaces_the_text() {
    let workspace = Workspace::with(&[]);
    for capabilities in [capabilities::all(), capabilities::push()] {
        let mut client = Client::start(&workspace, capabilities);
        let uri = workspace.uri("a.py");
        client.open(&uri, LESSON);
        assert_eq!(client.codes(&uri), ["PP0301"]);
        client.open(&uri, "x = (1 +)\n");
        client.wait_for_codes(&uri, &["PP0002"]);
        client.finish();
    }
}

#[test]
fn several_changes_in_one_message_are_applied_in_their_order() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    let uri = workspace.uri("a.py");
    client.open(&uri, "");
    let change = |line: u32, text: &str| json!({ "range": { "start": { "line": line, "character": 0 }, "end": { "line": line, "character": 0 } }, "text": text });
    let changes = json!([{ "text": "x = 1\n" }, change(0, "def f(a=[]):\n"), change(1, "    a.append(1)\n")]);
    client.change(&uri, "def f(a=[]):\n    a.append(1)\nx = 1\n".to_owned(), changes);
    assert_eq!(client.codes(&uri), ["PP0301"]);
    client.finish();
}

#[test]
fn with_run_on_save_only_saved_texts_are_shown() {
    let workspace = Workspace::with(&[]);
    let mut client = Start::new(&workspace, capabilities::push())
        .options(json!({ "run": "onSave" }))
        .settings(json!({ "run": "onSave" }))
        .run();
    let uri = workspace.uri("a.py");
    client.open(&uri, LESSON);
    assert_eq!(client.codes(&uri), ["PP0301"], "opening counts as saving");
    client.replace(&uri, "[]", "None");
    client.hover(&uri, "None");
    client.replace(&uri, "None", "{}");
    client.save(&uri);
    assert_eq!(client.codes(&uri), ["PP0301"]);
    let versions: Vec<&Value> =
        client.all_of("textDocument/publishDiagnostics").iter().map(|params| &params["version"]).collect();
    assert!(!versions.contains(&&json!(2)), "{versions:?}");
    client.finish();
}

#[test]
fn with_run_on_save_a_client_that_pulls_is_told_to_pull_when_it_has_saved() {
    let workspace = Workspace::with(&[]);
    let mut client = Start::new(&workspace, capabilities::all())
        .options(json!({ "run": "onSave" }))
        .settings(json!({ "run": "onSave" }))
        .run();
    let uri = workspace.uri("a.py");
    client.open(&uri, LESSON);
    assert_eq!(client.codes(&uri), ["PP0301"]);
    client.replace(&uri, "[]", "None");
    assert_eq!(client.codes(&uri), ["PP0301"], "it is not saved yet");
    let before = client.all_of("workspace/diagnostic/refresh").len();
    client.save(&uri);
    client.wait("a refresh", |client| (client.all_of("workspace/diagnostic/refresh").len() > before).then_some(()));
    assert_eq!(client.codes(&uri), [""; 0]);
    client.finish();
}
