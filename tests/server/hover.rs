//! The hover teaches.

use serde_json::{Value, json};

use crate::client::{Client, Start, Workspace, capabilities};
use crate::model::range_of;

const LESSON: &str = "\
import os

def add(item, basket=[]):
    basket.append(item)
    return basket

try:
    os.remove('x')
except:  # pyprep: ignore[bare-except] the file may be anywhere
    pass

try:
    os.remove('y')
except:  # noqa: E722
    pass
";

#[track_caller]
fn text(hover: &Value) -> &str {
    hover["contents"]["value"].as_str().unwrap_or_else(|| panic!("a hover: {hover}"))
}

#[test]
fn on_a_finding_it_tells_what_happens_in_the_readers_names() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    let uri = workspace.uri("a.py");
    client.open(&uri, LESSON);
    let hover = client.hover(&uri, "[]):");
    assert_eq!(hover["contents"]["kind"], "markdown");
    let text = text(&hover);
    for part in
        ["basket", "add", "line 3", "line 4", "basket.append(item)", "None", "PP0301", "https://", "How do functions"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("{param}") && !text.contains("{function}"), "{text}");
    // The first line is enough for those who read no further.
    let first = text.lines().next().expect("a line");
    assert!(first.contains("basket") && first.contains("None"), "{first}");
    if hover.get("range").is_some() {
        assert_eq!(range_of(&hover), ((2, 21), (2, 23)));
    }
    // Both ends of the finding are on it.
    assert!(client.hover_at(&uri, (2, 22)).is_object());
    client.finish();
}

/// Editors show little of a hover without scrolling.
#[test]
fn the_remedy_and_the_question_come_before_the_background() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    let uri = workspace.uri("a.py");
    client.open(&uri, LESSON);
    let hover = client.hover(&uri, "[]):");
    let text = text(&hover);
    let parts = ["PP0301", "line 3", "Make the default `None`", "[Q03 How do functions", "Python runs the expression"];
    let places: Vec<Option<usize>> = parts.iter().map(|part| text.find(part)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}: {text}");
    client.finish();
}

#[test]
fn plain_text_is_plain() {
    let workspace = Workspace::with(&[]);
    let capabilities = capabilities::all();
    for formats in [json!(["plaintext"]), json!(["plaintext", "markdown"])] {
        let mut client = Client::start(
            &workspace,
            capabilities::with(capabilities.clone(), "/textDocument/hover/contentFormat", formats),
        );
        let uri = workspace.uri("a.py");
        client.open(&uri, LESSON);
        let hover = client.hover(&uri, "[]):");
        assert_eq!(hover["contents"]["kind"], "plaintext");
        let text = text(&hover);
        for part in ["basket", "add", "line 3", "None", "https://"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        for mark in ["**", "```", "](", "\n#"] {
            assert!(!text.contains(mark), "{mark}: {text}");
        }
        client.finish();
    }
}

#[test]
fn a_client_that_does_not_say_gets_plain_text() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::without(capabilities::all(), "/textDocument/hover"));
    let uri = workspace.uri("a.py");
    client.open(&uri, LESSON);
    assert_eq!(client.hover(&uri, "[]):")["contents"]["kind"], "plaintext");
    client.finish();
}

#[test]
fn on_a_comment_that_silences_it_names_the_rule() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    let uri = workspace.uri("a.py");
    client.open(&uri, LESSON);
    for comment in ["bare-except]", "# pyprep", "# noqa", "E722"] {
        let hover = client.hover(&uri, comment);
        let text = text(&hover);
        for part in ["bare-except", "PP0801"] {
            assert!(text.contains(part), "{comment}: {part}: {text}");
        }
    }
    client.finish();
}

#[test]
fn elsewhere_there_is_none() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    let uri = workspace.uri("a.py");
    client.open(&uri, LESSON);
    for place in ["import", "add", "item)\n", "return", "try", "pass"] {
        assert_eq!(client.hover(&uri, place), Value::Null, "{place}");
    }
    assert_eq!(client.hover_at(&uri, (1, 0)), Value::Null);
    assert_eq!(client.hover_at(&uri, (99, 99)), Value::Null);
    client.finish();
}

#[test]
fn it_follows_edits_at_once() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    let uri = workspace.uri("a.py");
    client.open(&uri, LESSON);
    for name in ["shelf", "cart", "b\u{e4}ket"] {
        let text = client.document(&uri).text.clone();
        let old =
            text.split("item, ").nth(1).and_then(|rest| rest.split('=').next()).expect("the parameter").to_owned();
        client.edit(&uri, (0, 0), (0, 0), "\n");
        client.set(&uri, &client.document(&uri).text.replace(&old, name));
        let hover = client.hover(&uri, "[]):");
        assert!(self::text(&hover).contains(name), "{hover}");
        assert!(!self::text(&hover).contains(&old), "{hover}");
    }
    client.replace(&uri, "[]", "None");
    assert_eq!(client.hover(&uri, "None):"), Value::Null);
    client.finish();
}

#[test]
fn it_can_be_switched_off_and_on() {
    let workspace = Workspace::with(&[]);
    let off = json!({ "hover": { "enable": false } });
    let mut client = Start::new(&workspace, capabilities::all()).options(off.clone()).settings(off).run();
    let uri = workspace.uri("a.py");
    client.open(&uri, LESSON);
    assert_eq!(client.codes(&uri), ["PP0301"]);
    assert_eq!(client.hover(&uri, "[]):"), Value::Null);
    client.settings = json!({ "hover": { "enable": true } });
    client.notify("workspace/didChangeConfiguration", json!({ "settings": null }));
    client.wait_for("workspace/configuration", |_| true);
    client.wait_until_hover(&uri, "[]):");
    client.finish();
}

#[test]
fn it_works_while_pushing_and_for_rules_that_are_not_run() {
    let workspace = Workspace::with(&[("pyprep-lint.toml", "ignore = ['PP0301']\n")]);
    let mut client = Client::start(&workspace, capabilities::push());
    let uri = workspace.uri("a.py");
    client.open(&uri, LESSON);
    assert_eq!(client.hover(&uri, "[]):"), Value::Null, "what is ignored is not explained");
    let other = workspace.uri("b.py");
    client.open(&other, "try:\n    x = 1\nexcept:\n    pass\n");
    let hover = client.hover(&other, "except");
    assert!(text(&hover).contains("PP0801"), "{hover}");
    client.finish();
}

#[test]
fn two_findings_at_one_place_are_both_told() {
    let workspace = Workspace::with(&[]);
    let mut client = Client::start(&workspace, capabilities::all());
    let uri = workspace.uri("a.py");
    // The condition is always the same, and its comment silences something else.
    client.open(&uri, "x = 1\nif x is 1000: pass  # pyprep: ignore[bare-except] no\n");
    assert_eq!(client.codes(&uri), ["PP3001", "PP0001"]);
    assert!(text(&client.hover(&uri, "is 1000")).contains("PP3001"));
    let comment = client.hover(&uri, "bare-except]");
    assert!(text(&comment).contains("PP0001") || text(&comment).contains("bare-except"), "{comment}");
    client.finish();
}

impl Client {
    /// Waits until there is a hover: for settings that arrive when they do.
    #[track_caller]
    fn wait_until_hover(&mut self, uri: &str, needle: &str) {
        for _ in 0..3000 {
            if !self.hover(uri, needle).is_null() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        self.fail("no hover");
    }
}

const SHOP: &str = "def add(item, basket=[]):\n    basket.append(item)\n    return basket\n";

#[test]
fn hovers_give_away_as_much_as_is_wanted() {
    for (teach, first, has) in [
        ("nudge", "Two calls of `add`", [false, false]),
        ("explain", "`basket` is one list", [true, true]),
        ("fix", "`basket` is one list", [true, true]),
    ] {
        let workspace = Workspace::with(&[("pyprep-lint.toml", "teach = 'explain'\n")]);
        let mut client = Start::new(&workspace, capabilities::all()).options(json!({ "teach": teach })).run();
        // What is asked for later is stronger than what was sent first.
        client.settings = json!({ "teach": teach });
        let uri = workspace.uri("shop.py");
        client.open(&uri, SHOP);
        let hover = client.hover(&uri, "[]");
        let text = hover["contents"]["value"].as_str().expect("a hover");
        assert!(text.trim_start_matches('*').starts_with(first), "{teach}: {text}");
        let (why, remedy) = (text.find("Python runs the expression"), text.find("Make the default `None`"));
        assert_eq!([why.is_some(), remedy.is_some()], has, "{teach}: {text}");
        if teach == "fix" {
            assert!(remedy < why, "the remedy comes first: {text}");
        }
        assert!(text.contains("https://"), "{text}");
        client.finish();
    }
}
