//! Files, settings, and what happens when they change or are wrong.

use serde_json::{Value, json};

use crate::client::{Client, Start, Workspace, capabilities};

/// Findings: `PP0301` and `PP0801`.
const TEXT: &str = "\
def add(item, basket=[]):
    basket.append(item)
try:
    add(1)
except:
    print('failed')
";
const BOTH: &[&str] = &["PP0301", "PP0801"];

impl Client {
    /// Tells the server that a file of the workspace has changed on disk.
    fn changed(&mut self, workspace: &Workspace, path: &str) {
        let changes = json!([{ "uri": workspace.uri(path), "type": 2 }]);
        self.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
    }

    fn errors_shown(&self) -> Vec<&str> {
        let shown = self.all_of("window/showMessage").into_iter();
        shown.map(|params| params["message"].as_str().expect("a message")).collect()
    }
}

fn both_kinds() -> [Value; 2] {
    [capabilities::all(), capabilities::push()]
}

#[test]
fn the_nearest_file_counts() {
    let workspace = Workspace::with(&[
        ("pyproject.toml", "[tool.pyprep-lint]\nignore = ['PP0301']\n"),
        ("inner/pyprep-lint.toml", "ignore = ['PP0801']\n"),
        ("other/pyproject.toml", "[project]\nname = 'other'\n"),
        ("both/pyproject.toml", "[tool.pyprep-lint]\nignore = ['PP0301']\n"),
        ("both/pyprep-lint.toml", "select = ['PP0301']\n"),
    ]);
    for capabilities in both_kinds() {
        let mut client = Client::start(&workspace, capabilities);
        for (path, codes) in [
            ("a.py", ["PP0801"]),
            ("inner/b.py", ["PP0301"]),
            ("inner/deep/new/c.py", ["PP0301"]),
            ("other/d.py", ["PP0801"]),
            ("both/e.py", ["PP0301"]),
        ] {
            let uri = workspace.uri(path);
            client.open(&uri, TEXT);
            assert_eq!(client.codes(&uri), codes, "{path}");
        }
        client.finish();
    }
}

#[test]
fn severities_and_per_file_ignores() {
    let workspace = Workspace::with(&[(
        "pyprep-lint.toml",
        "[severity]\nPP0301 = 'error'\nbare-except = 'off'\n[per-file-ignores]\n'tests/*' = ['PP0301']\n",
    )]);
    let mut client = Client::start(&workspace, capabilities::all());
    let (uri, test) = (workspace.uri("a.py"), workspace.uri("tests/b.py"));
    client.open(&uri, TEXT);
    client.open(&test, TEXT);
    let found = client.diagnostics(&uri);
    assert_eq!((found.len(), &found[0]["code"], &found[0]["severity"]), (1, &json!("PP0301"), &json!(1)));
    assert_eq!(client.codes(&test), [""; 0]);
    client.finish();
}

#[test]
fn every_root_has_its_own() {
    let workspace = Workspace::with(&[
        ("one/pyprep-lint.toml", "ignore = ['PP0301']\n"),
        ("two/pyproject.toml", "[tool.pyprep-lint]\nignore = ['PP0801']\n"),
        ("three/x.py", ""),
    ]);
    let mut client = Start::new(&workspace, capabilities::all()).roots(&["one", "two"]).run();
    for (path, codes) in [("one/a.py", &["PP0801"][..]), ("two/a.py", &["PP0301"]), ("three/a.py", BOTH)] {
        let uri = workspace.uri(path);
        client.open(&uri, TEXT);
        assert_eq!(client.codes(&uri), codes, "{path}");
    }
    let folder = json!({ "uri": workspace.uri("three"), "name": "three" });
    client.notify("workspace/didChangeWorkspaceFolders", json!({ "event": { "added": [folder], "removed": [] } }));
    assert_eq!(client.codes(&workspace.uri("three/a.py")), BOTH);
    client.notify("workspace/didChangeWorkspaceFolders", json!({ "event": { "added": [], "removed": [folder] } }));
    assert_eq!(client.codes(&workspace.uri("three/a.py")), BOTH);
    client.finish();
}

#[test]
fn changes_on_disk_take_effect() {
    for capabilities in both_kinds() {
        let pulls = capabilities["textDocument"]["diagnostic"].is_object();
        let workspace = Workspace::with(&[]);
        let mut client = Client::start(&workspace, capabilities);
        let uri = workspace.uri("deep/in/a.py");
        client.open(&uri, TEXT);
        assert_eq!(client.codes(&uri), BOTH);
        for (path, text, codes) in [
            ("pyprep-lint.toml", "ignore = ['PP0301']\n", &["PP0801"][..]),
            ("pyprep-lint.toml", "ignore = ['PP0801']\n", &["PP0301"]),
            ("deep/pyproject.toml", "[tool.pyprep-lint]\nselect = ['PP0002']\n", &[]),
            ("deep/pyproject.toml", "[project]\n", &["PP0301"]),
        ] {
            workspace.write(path, text);
            client.changed(&workspace, path);
            if pulls {
                client.wait_for("workspace/diagnostic/refresh", |_| true);
            }
            client.wait_for_codes(&uri, codes);
        }
        std::fs::remove_file(workspace.path("pyprep-lint.toml")).expect("it exists");
        client.changed(&workspace, "pyprep-lint.toml");
        client.wait_for_codes(&uri, BOTH);
        client.finish();
    }
}

/// Nobody tells the server: it watches for itself.
#[test]
fn changes_on_disk_take_effect_if_the_client_cannot_watch() {
    for capabilities in both_kinds() {
        let capability = "/workspace/didChangeWatchedFiles/dynamicRegistration";
        let workspace = Workspace::with(&[("deep/in/x.py", "")]);
        let mut client = Client::start(&workspace, capabilities::with(capabilities, capability, json!(false)));
        let uri = workspace.uri("deep/in/a.py");
        client.open(&uri, TEXT);
        client.wait_for_codes(&uri, BOTH);
        workspace.write("pyprep-lint.toml", "ignore = ['PP0301']\n");
        client.wait_for_codes(&uri, &["PP0801"]);
        workspace.write("deep/in/pyproject.toml", "[tool.pyprep-lint]\nignore = ['PP0801']\n");
        client.wait_for_codes(&uri, &["PP0301"]);
        std::fs::remove_file(workspace.path("deep/in/pyproject.toml")).expect("it exists");
        client.wait_for_codes(&uri, &["PP0801"]);
        workspace.write("pyprep-lint.toml", "selct = []\n");
        client.wait_for("window/showMessage", |_| true);
        let received = client.finish();
        assert!(!received.iter().any(|message| message["method"] == "window/showMessage"), "once: {received:?}");
    }
}

#[test]
fn changes_are_watched_if_the_client_can() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    let registered =
        client.wait_for("client/registerCapability", |params| params.to_string().contains("didChangeWatchedFiles"));
    let watchers = registered.to_string();
    assert!(watchers.contains("pyproject.toml") && watchers.contains("pyprep-lint.toml"), "{watchers}");
    client.finish();

    let capability = "/workspace/didChangeWatchedFiles/dynamicRegistration";
    let mut client = Client::start(&workspace, capabilities::with(capabilities::all(), capability, json!(false)));
    let uri = workspace.uri("a.py");
    client.open(&uri, TEXT);
    assert_eq!(client.codes(&uri), BOTH);
    for message in client.finish() {
        assert!(!message.to_string().contains("workspace/didChangeWatchedFiles"), "{message}");
    }
}

#[test]
fn no_refresh_for_a_client_that_cannot() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::without(capabilities::all(), "/workspace/diagnostics"));
    let uri = workspace.uri("a.py");
    client.open(&uri, TEXT);
    assert_eq!(client.codes(&uri), BOTH);
    workspace.write("pyprep-lint.toml", "ignore = ['PP0301']\n");
    client.changed(&workspace, "pyprep-lint.toml");
    client.wait_for_codes(&uri, &["PP0801"]);
    for message in client.finish() {
        assert_ne!(message["method"], "workspace/diagnostic/refresh", "{message}");
    }
}

#[test]
fn a_wrong_file_is_shown_once_and_the_last_good_one_is_kept() {
    for capabilities in both_kinds() {
        let workspace = Workspace::with(&[("pyprep-lint.toml", "# first\nignore = ['PP0301']\n")]);
        let mut client = Client::start(&workspace, capabilities);
        let uris: Vec<String> = ["a.py", "b.py", "deep/c.py"].iter().map(|path| workspace.uri(path)).collect();
        for uri in &uris {
            client.open(uri, TEXT);
            assert_eq!(client.codes(uri), ["PP0801"]);
        }
        workspace.write("pyprep-lint.toml", "# first\n\nignor = ['PP0801']\n");
        client.changed(&workspace, "pyprep-lint.toml");
        let shown = client.wait_for("window/showMessage", |_| true);
        assert_eq!(shown["type"], 1, "an error");
        let message = shown["message"].as_str().expect("a message");
        for part in ["pyprep-lint.toml", "3", "ignor", "did you mean `ignore`"] {
            assert!(message.contains(part), "{part}: {message}");
        }
        for uri in &uris {
            client.edit(uri, (0, 0), (0, 0), "\n");
            assert_eq!(client.codes(uri), ["PP0801"], "as the last good one says");
        }
        for new in ["new.py", "new/folder/new.py"] {
            let new = workspace.uri(new);
            client.open(&new, TEXT);
            assert_eq!(client.codes(&new), ["PP0801"], "{new}");
        }
        assert_eq!(client.errors_shown(), [""; 0], "once");
        // The editor's settings go on counting.
        for (settings, codes) in [(json!({ "severity": { "PP0801": "off" } }), &[][..]), (json!({}), &["PP0801"])] {
            client.settings = settings;
            client.notify("workspace/didChangeConfiguration", json!({ "settings": null }));
            client.wait_for_codes(&uris[0], codes);
        }

        workspace.write("pyprep-lint.toml", "ignore = ['PP0801']\n");
        client.changed(&workspace, "pyprep-lint.toml");
        for uri in &uris {
            client.wait_for_codes(uri, &["PP0301"]);
        }
        assert_eq!(client.errors_shown(), [""; 0]);
        // Another mistake is another message.
        workspace.write("pyprep-lint.toml", "select = ['bare-exept']\n");
        client.changed(&workspace, "pyprep-lint.toml");
        let shown = client.wait_for("window/showMessage", |_| true);
        assert!(shown["message"].as_str().is_some_and(|message| message.contains("`bare-except`")), "{shown}");
        client.finish();
    }
}

#[test]
fn a_file_that_is_wrong_from_the_start_is_shown_and_the_defaults_count() {
    let workspace = Workspace::with(&[("pyproject.toml", "[tool.pyprep-lint]\nselect = 'PP03'\n")]);
    let mut client = Client::start(&workspace, capabilities::all());
    let uris: Vec<String> = ["a.py", "b.py", "deep/c.py"].iter().map(|path| workspace.uri(path)).collect();
    for uri in &uris {
        client.open(uri, TEXT);
        assert_eq!(client.codes(uri), BOTH);
    }
    let shown = client.wait_for("window/showMessage", |_| true);
    let message = shown["message"].as_str().expect("a message");
    for part in ["pyproject.toml", "2", "list"] {
        assert!(message.contains(part), "{part}: {message}");
    }
    for message in client.finish() {
        assert_ne!(message["method"], "window/showMessage", "once: {message}");
    }
}

/// A folder below with a file of its own doesn't need the wrong one above, and is no reason to tell of it again.
#[test]
fn a_wrong_file_above_a_right_one_is_shown_once() {
    let workspace =
        Workspace::with(&[("pyprep-lint.toml", "selct = []\n"), ("inner/pyprep-lint.toml", "ignore = ['PP0301']\n")]);
    let mut client = Client::start(&workspace, capabilities::all());
    let (outer, inner) = (workspace.uri("a.py"), workspace.uri("inner/b.py"));
    client.open(&outer, TEXT);
    client.open(&inner, TEXT);
    for _ in 0..5 {
        for (uri, codes) in [(&outer, BOTH), (&inner, &["PP0801"][..])] {
            client.edit(uri, (0, 0), (0, 0), "\n");
            assert_eq!(client.codes(uri), codes);
        }
    }
    let shown = client.finish().into_iter().filter(|message| message["method"] == "window/showMessage").count();
    assert_eq!(shown, 1);
}

#[test]
fn settings_at_the_start() {
    let workspace = Workspace::with(&[]);
    for (settings, codes) in [
        (json!({ "ignore": ["PP0301"] }), &["PP0801"][..]),
        (json!({ "select": ["mutable-default-argument"] }), &["PP0301"]),
        (json!({ "select": ["PP08", "PP03"], "ignore": ["PP0801"] }), &["PP0301"]),
        (json!({ "severity": { "PP0301": "off" } }), &["PP0801"]),
        (json!({}), BOTH),
        (Value::Null, BOTH),
    ] {
        // A client that can be asked, and one that can't.
        let asked = capabilities::all();
        let not_asked = capabilities::with(capabilities::all(), "/workspace/configuration", json!(false));
        let mut client = Start::new(&workspace, not_asked).options(settings.clone()).run();
        let uri = workspace.uri("a.py");
        client.open(&uri, TEXT);
        assert_eq!(client.codes(&uri), codes, "{settings}");
        for message in client.finish() {
            assert_ne!(message["method"], "workspace/configuration", "{message}");
        }
        let mut client = Start::new(&workspace, asked).settings(settings.clone()).run();
        client.open(&uri, TEXT);
        client.wait_for_codes(&uri, codes);
        client.finish();
    }
}

#[test]
fn settings_win_over_files() {
    let workspace = Workspace::with(&[("pyprep-lint.toml", "select = ['PP0301']\n")]);
    let settings = json!({ "select": ["PP0801"] });
    let mut client = Start::new(&workspace, capabilities::all()).options(settings.clone()).settings(settings).run();
    let uri = workspace.uri("a.py");
    client.open(&uri, TEXT);
    client.wait_for_codes(&uri, &["PP0801"]);
    client.finish();
}

#[test]
fn settings_change_without_a_restart() {
    let workspace = Workspace::with(&[]);
    for capabilities in both_kinds() {
        // Asked again.
        let mut client = Start::new(&workspace, capabilities.clone()).run();
        let uri = workspace.uri("a.py");
        client.open(&uri, TEXT);
        client.wait_for_codes(&uri, BOTH);
        for (settings, codes) in [
            (json!({ "ignore": ["PP0301"] }), &["PP0801"][..]),
            (json!({ "ignore": ["PP0801"] }), &["PP0301"]),
            (json!({ "select": ["PP0002"] }), &[]),
            // What an editor sends that knows the setting and whose user has said nothing.
            (json!({ "select": [], "ignore": [] }), BOTH),
            (json!({}), BOTH),
        ] {
            client.settings = settings;
            client.notify("workspace/didChangeConfiguration", json!({ "settings": null }));
            client.wait_for_codes(&uri, codes);
        }
        client.finish();

        // Told.
        let capabilities = capabilities::with(capabilities, "/workspace/configuration", json!(false));
        let mut client = Client::start(&workspace, capabilities);
        client.open(&uri, TEXT);
        client.wait_for_codes(&uri, BOTH);
        let settings = json!({ "pyprep-lint": { "ignore": ["PP0801"] } });
        client.notify("workspace/didChangeConfiguration", json!({ "settings": settings }));
        client.wait_for_codes(&uri, &["PP0301"]);
        let settings = json!({ "pyprep-lint": {} });
        client.notify("workspace/didChangeConfiguration", json!({ "settings": settings }));
        client.wait_for_codes(&uri, BOTH);
        client.finish();
    }
}

#[test]
fn the_target_version_takes_effect() {
    let workspace = Workspace::with(&[]);
    let text = "match 1:\n    case 1:\n        pass\n";
    let old = json!({ "targetVersion": "3.9" });
    let mut client = Start::new(&workspace, capabilities::all()).options(old.clone()).settings(old).run();
    let uri = workspace.uri("a.py");
    client.open(&uri, text);
    client.wait_for_codes(&uri, &["PP0002"]);
    client.settings = json!({ "targetVersion": "3.12" });
    client.notify("workspace/didChangeConfiguration", json!({ "settings": null }));
    client.wait_for_codes(&uri, &[]);
    client.finish();
}

#[test]
fn wrong_settings_are_shown_and_the_rest_goes_on() {
    let workspace = Workspace::with(&[]);
    for (settings, parts) in [
        (json!({ "select": "PP03" }), ["select", "list"]),
        (json!({ "ignore": ["bare-exept"] }), ["bare-exept", "bare-except"]),
        (json!({ "severity": { "PP0301": "warn" } }), ["warn", "warning"]),
        (json!({ "run": "always" }), ["run", "onSave"]),
        (json!({ "targetVersion": "4" }), ["4", "3.7"]),
        (json!({ "hover": { "enable": "no" } }), ["enable", "true"]),
    ] {
        let mut client =
            Start::new(&workspace, capabilities::all()).options(settings.clone()).settings(settings.clone()).run();
        let uri = workspace.uri("a.py");
        client.open(&uri, TEXT);
        assert_eq!(client.codes(&uri), BOTH, "{settings}");
        let shown = client.wait_for("window/showMessage", |_| true);
        let message = shown["message"].as_str().expect("a message").to_owned();
        for part in parts {
            assert!(message.contains(part), "{settings}: {part}: {message}");
        }
        for again in client.finish() {
            assert_ne!(again["params"]["message"], *message, "once");
        }
    }
}

#[test]
fn where_links_lead_can_be_changed() {
    let workspace = Workspace::with(&[("pyprep-lint.toml", "guide-url = 'https://guide.example/python'\n")]);
    let mut client = Client::start(&workspace, capabilities::all());
    let uri = workspace.uri("a.py");
    client.open(&uri, TEXT);
    let found = client.diagnostics(&uri);
    let href = found[0]["codeDescription"]["href"].as_str().expect("a link");
    assert!(href.starts_with("https://guide.example/python#"), "{href}");
    let hover = client.hover(&uri, "[]");
    assert!(
        hover["contents"]["value"].as_str().is_some_and(|text| text.contains("https://guide.example/python#")),
        "{hover}"
    );
    client.finish();
}
